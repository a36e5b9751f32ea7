import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { rotateExitCode } from "../../../cli/commands/rotate.ts";
import type { RotateResult } from "../../../operations/rotation/rotate.ts";
import type { Verification } from "../../../operations/verification/verify.ts";
import { rotateCommand } from "../../../cli/commands/rotate.ts";
import { rotateView } from "../../../cli/views/rotateView.ts";

const signedIn: Verification = {
  component: "exchange",
  clientId: "client",
  tenantId: "tenant",
  tenantDomain: "contoso.onmicrosoft.com",
  cloud: "global",
  thumbprint: "B2",
  notAfter: "2027-10-01T00:00:00Z",
  attempts: 2,
  organization: "Contoso",
  permissions: ["Exchange.ManageAsApp"],
  roles: ["Exchange Administrator"],
};

const { organization: _, ...notAnswered } = signedIn;
const refused: Verification = {
  ...notAnswered,
  permissions: [],
  roles: [],
  problem: {
    cause: "certificateNotAccepted",
    message: "Entra does not accept the certificate.",
    remedy: "Wait.",
  },
};

function result(changes: Partial<RotateResult>): RotateResult {
  return {
    project: "exchange-auth",
    stack: "contoso",
    component: "exchange",
    step: "makeCurrent",
    outcome: "done",
    reason: 'Generation "2" is deployed, and it is newer than "1".',
    generations: ["2"],
    before: ["1", "2"],
    after: ["2", "1"],
    settings: "Pulumi.contoso.yaml",
    ...changes,
  };
}

function text(changes: Partial<RotateResult>): readonly string[] {
  return stripVTControlCharacters(rotateView(result(changes)))
    .trimEnd()
    .split("\n");
}

test("a step that is done, with its sign-in", () => {
  expect(text({ verification: signedIn })).toEqual([
    "exchange, stack contoso",
    'Generation "2" is deployed, and it is newer than "1".',
    "✓ signed in as application client with certificate B2, valid until 2027-10-01",
    "✓ permissions in the token: Exchange.ManageAsApp",
    "✓ roles in the token: Exchange Administrator",
    "✓ Exchange Online answered for Contoso",
    "- Security & Compliance: no role opens it",
    "✓ Done: switch to another generation: 2; generations 1, 2 -> 2, 1",
  ]);
});

test("a sign-in that does not work", () => {
  expect(text({ outcome: "failed", verification: refused }).slice(2)).toEqual([
    "✗ Entra does not accept the certificate.",
    "  Wait.",
    "✗ Not done: switch to another generation: 2. The current generation stays the same",
  ]);
});

test.each([
  [
    { step: "none", outcome: "nothingDue", next: { step: "add", at: "2027-07-01T00:00:00Z" } },
    "✓ Nothing is due. Next: add a generation, at 2027-07-01 00:00 UTC",
  ],
  [
    { step: "add", outcome: "planned", before: ["1"], after: ["1", "2"] },
    "- To be done: add a generation: 2; generations 1 -> 1, 2",
  ],
  [
    { outcome: "edited" },
    '✓ Edited "Pulumi.contoso.yaml": switch to another generation: 2; generations 1, 2 -> 2, 1. Run `pulumi up` after the review',
  ],
  [
    { step: "update", outcome: "waiting", generations: [], after: ["1", "2"] },
    "- Waiting for `pulumi up`: finish the last update; generations 1, 2 -> 1, 2",
  ],
  [
    { step: "replaceExpired", outcome: "failed", verification: refused },
    "✗ Done, but the sign-in does not work: replace the expired generation: 2",
  ],
  [
    { step: "remove", outcome: "failed", generations: ["1"], verification: refused },
    "✗ Not done, because the current certificate does not work: remove the old generation: 1. Nothing was removed",
  ],
] as const)("%j", (changes, line) => {
  expect(text(changes).at(-1)).toBe(line);
});

test("a current certificate that could only be read in the tenant", () => {
  expect(text({ step: "remove", seenInTenant: true }).slice(2, 3)).toEqual([
    "- The tenant lists the current certificate. No sign-in was tried, because its private key is elsewhere",
  ]);
});

test("what people have to do comes last", () => {
  expect(text({ step: "supply", outcome: "toDo", toDo: "Make one." }).slice(-2)).toEqual([
    "✗ To do by hand: supply a new certificate: 2; generations 1, 2 -> 2, 1",
    "Make one.",
  ]);
});

test("the exit code is the sign-in's, 7 where people have to act, 0 otherwise", () => {
  expect(rotateExitCode(result({ outcome: "failed", verification: refused }))).toBe(3);
  expect(rotateExitCode(result({ outcome: "toDo" }))).toBe(7);
  for (const outcome of ["nothingDue", "planned", "done", "edited", "waiting"] as const)
    expect(rotateExitCode(result({ outcome }))).toBe(0);
});

test("an overlap shorter than a token's life is refused before anything is asked", async () => {
  const context = {
    env: {},
    signal: new AbortController().signal,
    operand: "",
    progress: () => undefined,
    isTerminal: false,
  };
  await expect(rotateCommand.run({ overlap: "89m", wait: "5m" }, context)).rejects.toMatchObject({
    code: "EXO_AUTH_USAGE",
    message:
      '--overlap must be at least the 90 minutes that tokens live, got "89m". Give 90m or more. If a token lifetime policy lets tokens live longer, give more.',
  });
});
