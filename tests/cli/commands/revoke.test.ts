import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { blockExitCode, revokeCommand, revokeExitCode } from "../../../cli/commands/revoke.ts";
import { blockView } from "../../../cli/views/blockView.ts";
import { revokeView } from "../../../cli/views/revokeView.ts";
import type { Finding } from "../../../operations/findings/finding.ts";
import type { RevokeResult } from "../../../operations/rotation/revoke.ts";
import type { BlockResult } from "../../../operations/tenant/block.ts";

const result: RevokeResult = {
  project: "exchange-auth",
  stack: "contoso",
  component: "exchange",
  generation: "1",
  thumbprint: "A1",
  keyId: "key",
  revoked: true,
  current: "2",
  removed: [{ holder: "application", keyId: "key" }],
  putBack: [],
  proof: { by: "signIn", copies: [], hidden: [], answer: "refused", attempts: 3 },
  tokensEnd: "2026-11-23T11:30:00Z",
  left: [],
  notLookedAt: [],
};
const proof = result.proof!;

function text(changes: Partial<RevokeResult>): readonly string[] {
  return stripVTControlCharacters(revokeView({ ...result, ...changes }))
    .trimEnd()
    .split("\n");
}

test("what was revoked, what is current, and what lives on", () => {
  expect(text({})).toEqual([
    "exchange, stack contoso",
    "✓ Revoked: generation 1, certificate A1. Entra refused it three times in a row",
    "✓ The current generation is 2",
    "Tokens that were issued for it live on until about 2026-11-23 11:30 UTC, or longer if a token lifetime policy says so. Exchange accepts them until then, and nothing recalls them. Look into the sign-in log for what was done with it.",
    "✓ No access that the stack does not declare",
  ]);
  expect(revokeExitCode(result)).toBe(0);
});

test.each([
  [
    { ...proof, answer: "accepted", attempts: 9 },
    "✗ Removed, and still accepted by some server after 9 sign-ins: generation 1, certificate A1. Wait some minutes, and run this again. Until then, `exo-auth revoke --block --yes` stops every sign-in",
  ],
  [
    { ...proof, answer: "unclear", reason: "AADSTS53003: blocked" },
    "✗ Removed, and not proven: generation 1, certificate A1. The tenant no longer lists it, but the sign-in with it was refused for another reason: AADSTS53003: blocked",
  ],
  [
    { ...proof, copies: [{ holder: "servicePrincipal", keyId: "again" }] },
    "✗ Not revoked, the tenant still lists it: key again on the service principal; generation 1, certificate A1",
  ],
] as const)("not proven is not done: %j", (changed, line) => {
  const unproven = { ...result, revoked: changed.copies.length === 0, proof: changed };
  expect(text(unproven)[1]).toBe(line);
  expect(revokeExitCode(unproven)).toBe(7);
});

test("where no sign-in can prove it, the tenant's read does, which is said", () => {
  const read = {
    ...result,
    proof: { by: "read", copies: [], hidden: [], reason: "its private key is elsewhere" },
  } as const;
  expect(text(read)[1]).toBe(
    "✓ Revoked: generation 1, certificate A1. The tenant no longer lists it. No sign-in was tried, because its private key is elsewhere",
  );
  expect(revokeExitCode(read)).toBe(0);
  const hidden = {
    ...read,
    proof: { ...read.proof, hidden: [{ holder: "application", keyId: "x" }] },
  } as const;
  expect(text(hidden)[2]).toBe(
    "- This can be the same certificate, because its bytes could not be read: key x on the application",
  );
  expect(revokeExitCode(hidden)).toBe(7);
});

test("copies, what was put back, and what a thief may have left are named", () => {
  const finding: Finding = {
    id: "EXO-AUDIT-APPLICATION-OWNER",
    title: "Owner of the application",
    severity: "high",
    why: "",
    source: "",
    subject: "s",
    check: "c",
    found: "Mallory, object ID 1",
    declared: "none",
    remedy: "r",
  };
  const severities = ["critical", "high", "medium", "low"] as const;
  expect(
    severities.map((severity) => revokeExitCode({ ...result, left: [{ ...finding, severity }] })),
  ).toEqual([7, 7, 0, 0]);
  const lines = text({
    removed: [
      { holder: "application", keyId: "key" },
      { holder: "servicePrincipal", keyId: "again" },
    ],
    putBack: [{ holder: "application", keyId: "other" }],
    left: [finding],
    notLookedAt: [{ check: "Role eligibilities", reason: "403", denied: true }],
  });
  expect(lines.slice(2, 4)).toEqual([
    "✗ Removed, too, because it is of the same certificate or key: key again on the service principal",
    "✗ Somebody else's credential vanished with it, and was put back: key other on the application",
  ]);
  expect(lines.slice(-3)).toEqual([
    "✗ Not declared, high: Owner of the application: Mallory, object ID 1",
    "The attacker may have left these. `exo-auth audit` says what to do about each.",
    "- Not read: Role eligibilities: 403",
  ]);
});

test("what people have to do", () => {
  const { removed: _r, putBack: _p, proof: _f, tokensEnd: _t, left: _l, notLookedAt: _n, ...rest } = result;
  const toDo = { ...rest, revoked: false, current: "1", toDo: "Make a new one." };
  expect(stripVTControlCharacters(revokeView(toDo)).trimEnd().split("\n")).toEqual([
    "exchange, stack contoso",
    "✗ Nothing was removed: generation 1, certificate A1",
    "Make a new one.",
  ]);
  expect(revokeExitCode(toDo)).toBe(7);
});

const blocked: BlockResult = {
  project: "exchange-auth",
  stack: "contoso",
  component: "exchange",
  appId: "CLIENT",
  blocked: true,
  before: false,
  couldLift: ['owner "Mallory", object ID 1'],
  notRead: ["its sleeping owners (403)"],
  alsoBlocked: ['client secret "payroll", keyId 2'],
};

test("a block: who could lift it, what was not looked at, and whom else it blocks", () => {
  expect(stripVTControlCharacters(blockView(blocked)).trimEnd().split("\n")).toEqual([
    "exchange, stack contoso",
    "✓ Blocked: application CLIENT. Nobody gets a token for it",
    "Tokens that were issued live on: in Exchange for 60 to 90 minutes, or longer if a token lifetime policy says so. Microsoft Graph's tokens for clients with continuous access evaluation live longer. To end these, disable the service principal.",
    '✗ Could lift the block: owner "Mallory", object ID 1',
    "- Not read: its sleeping owners (403)",
    '✗ Blocked, too: client secret "payroll", keyId 2',
  ]);
  expect(blockExitCode(blocked, true)).toBe(0);
  expect(blockExitCode(blocked, false)).toBe(4);
});

test("a block that is lifted", () => {
  expect(stripVTControlCharacters(blockView({ ...blocked, blocked: false })).split("\n")[1]).toBe(
    "✓ Not blocked: application CLIENT, as it was before. Everyone who has one of its keys or secrets can sign in",
  );
});

test.each([
  [{ block: true, unblock: true }, "Use either --block or --unblock, not both."],
  [
    { block: true, now: true },
    "--block is for the whole application and removes nothing, so you cannot combine it with --now or --generation. Run the command once for each.",
  ],
  [
    { unblock: true, generation: "1" },
    "--unblock is for the whole application and removes nothing, so you cannot combine it with --now or --generation. Run the command once for each.",
  ],
])("options that exclude each other: %j", async (values, message) => {
  const context = {
    env: {},
    signal: new AbortController().signal,
    operand: "",
    progress: () => undefined,
    isTerminal: false,
  };
  await expect(revokeCommand.run({ ...values, wait: "0s" }, context)).rejects.toMatchObject({
    code: "EXO_AUTH_USAGE",
    message,
  });
});
