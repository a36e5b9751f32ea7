import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";

import { afterAll, beforeAll, expect, test, vi } from "vitest";

import { revokeExitCode } from "../../cli/commands/revoke.ts";
import { rotateExitCode } from "../../cli/commands/rotate.ts";
import { revoke } from "../../operations/rotation/revoke.ts";
import type { RotateOptions, RotateResult } from "../../operations/rotation/rotate.ts";
import { createSandbox, type Sandbox } from "../../sandbox/createSandbox.ts";
import { repository } from "../../sandbox/workspace/sandboxFolder.ts";
import type { StackWorkspace } from "../../sandbox/workspace/workspace.ts";
import { trustInThisProcess } from "../../sandbox/workspace/trust.ts";
import { makeKeyPair } from "../components/mocks.ts";
import { readStack, type StackComponent } from "../../stack/components.ts";
import { brief, context, day, rotateOnce, validThumbprints } from "./rotationSupport.ts";
import { callGraph, up, within } from "./support.ts";
import { onMovableClock } from "./standIns.ts";

// Another project's program, whose code lists the generations: what is due is told instead of done.
let sandbox: Sandbox;
let folder: string;
let stack: StackWorkspace;

beforeAll(async () => {
  sandbox = await createSandbox(onMovableClock());
  trustInThisProcess(sandbox.tenant.certificateAuthorityPem);
  folder = path.join(sandbox.folder.path, "jobs");
  mkdirSync(folder);
  symlinkSync(path.join(repository, "node_modules"), path.join(folder, "node_modules"));
  writeFileSync(path.join(folder, "package.json"), JSON.stringify({ type: "module", main: "index.ts" }));
  writeFileSync(
    path.join(folder, "Pulumi.yaml"),
    "name: jobs\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n",
  );
  writeFileSync(
    path.join(folder, "index.ts"),
    `import { ExchangeAppOnlyAuth } from "${repository}/components/index.ts";
for (const [name, generations] of Object.entries(JSON.parse(process.env.COMPONENTS)))
  new ExchangeAppOnlyAuth(name, { displayName: name, certificate: { generations } });
`,
  );
  stack = await sandbox.stack("jobs", { project: folder });
});

afterAll(() => sandbox.close());

/** Updates the stack with these components, whose new certificates were made so long ago. */
async function update(components: Record<string, unknown>, ageDays = 0): Promise<void> {
  const env = {
    ...stack.env,
    COMPONENTS: JSON.stringify(components),
    SANDBOX_TIME: new Date(Date.now() - ageDays * day).toISOString(),
  };
  const { exitCode, output } = await up(within(stack, env));
  if (exitCode !== 0) throw new Error(output);
}

function rotateHere(changes: Partial<RotateOptions> = {}): Promise<RotateResult> {
  return rotateOnce(stack, { cwd: folder, ...changes });
}

test("a successor is due: the change to make, and exit code 7", async () => {
  await update({ jobs: [{ name: "1" }] }, 300);
  const result = await rotateHere();
  expect(brief(result)).toBe("toDo add 1 -> 1 2");
  expect(result.settings).toBeUndefined();
  expect(result.toDo).toBe(
    'The command cannot edit the generations: the stack\'s own settings do not list them, or `Pulumi.yaml` does not declare `certificate` under `config`. In the place that lists them for component "jobs", set `certificate.generations` to [{ name: "1" }, { name: "2" }], each with everything that it has now, and run `pulumi up`.',
  );
  expect(rotateExitCode(result)).toBe(7);
});

test("it is up: signed in with, then the change to make", async () => {
  await update({ jobs: [{ name: "1" }, { name: "2" }] });
  const result = await rotateHere();
  expect(brief(result)).toBe("toDo makeCurrent 1 2 -> 2 1");
  expect(result.verification).toMatchObject({ organization: "contoso.onmicrosoft.com" });
  expect(result.toDo).toMatch(/set `certificate\.generations` to \[\{ name: "2" \}, \{ name: "1" \}\]/);
});

test.each([false, true])(
  "a stolen one that the program lists, at once %s: nothing is removed, and how to stop sign-ins is said",
  async (immediately) => {
    const before = await componentNamed("jobs");
    const accepted = await validThumbprints(sandbox.tenant, before);
    expect(accepted).toHaveLength(2);
    const options = { ...context(stack), cwd: folder, generation: "1", confirmed: true, waitMs: 0 };
    const result = await revoke({ ...options, immediately, pause: async () => undefined });
    expect(result).toMatchObject({ generation: "1", revoked: false, current: "1" });
    expect(result.toDo).toMatch(
      /^The command cannot edit the generations: .* set `certificate\.generations` to \[\{ name: "2" \}\], .* To stop every sign-in until then, run `exo-auth revoke --block --yes`\.$/,
    );
    expect(revokeExitCode(result)).toBe(7);
    expect(await validThumbprints(sandbox.tenant, before)).toEqual(accepted);
  },
);

test("it is current: the old one stays for the overlap from the last update on, then has to leave", async () => {
  await update({ jobs: [{ name: "2" }, { name: "1" }] });
  expect(brief(await rotateHere())).toBe("nothingDue none 2 1 -> 2 1");
  const later = await rotateHere({ now: () => new Date(Date.now() + 8 * day) });
  expect(brief(later)).toBe("toDo remove 2 1 -> 2");
});

test("made elsewhere: the successor has to be supplied; a program of several components needs --component", async () => {
  const { certificatePem } = makeKeyPair();
  await update({ jobs: [{ name: "2" }], own: [{ name: "1", publicCertificate: certificatePem }] });
  await expect(rotateHere()).rejects.toMatchObject({ code: "EXO_AUTH_NO_COMPONENT" });
  const result = await rotateHere({ component: "own", now: whenEnded });
  expect(brief(result)).toBe("toDo supply 1 -> 2");
  expect(result.toDo).toBe(
    'The certificate was created elsewhere, so create its successor there, too. Add it in the program that declares "own", in place of the expired one, in one update: { name: "2", publicCertificate: "…" }. Run `pulumi up`, and then this again.',
  );
  expect(rotateExitCode(result)).toBe(7);
});

test("made elsewhere, and its successor is up: it has to be signed in with where its key is", async () => {
  const { certificatePem: first } = makeKeyPair();
  const madeAt = Date.now();
  await update({ jobs: [{ name: "2" }], own: [{ name: "a", publicCertificate: first }] });
  // Certificates count whole seconds, and this one is to be newer.
  await vi.waitUntil(() => Date.now() >= madeAt + 1000, { timeout: 5000 });
  const { certificatePem: second } = makeKeyPair();
  await update({
    jobs: [{ name: "2" }],
    own: [
      { name: "a", publicCertificate: first },
      { name: "b", publicCertificate: second },
    ],
  });
  const result = await rotateHere({ component: "own" });
  expect(brief(result)).toBe("toDo makeCurrent a b -> b a");
  expect(result.toDo).toMatch(
    /^The private key of generation "b" is elsewhere\. Sign in with it there, with `exo-auth verify --certificate-file FILE --app-id \S+ --organization contoso\.onmicrosoft\.com`\. If that works, set `certificate\.generations` to \[\{ name: "b" \}, \{ name: "a" \}\]/,
  );
});

test("made elsewhere: the old one goes only where the tenant lists the current one, and the read is named", async () => {
  const current = await componentNamed("own");
  const { generations } = current;
  const [a, b] = generations.toSorted((one, other) => one.generation.localeCompare(other.generation));
  await update({
    jobs: [{ name: "2" }],
    own: [
      { name: "b", publicCertificate: b?.certificatePem },
      { name: "a", publicCertificate: a?.certificatePem },
    ],
  });
  const later = { component: "own", now: () => new Date(Date.now() + 8 * day) };
  const seen = await rotateHere(later);
  expect(brief(seen)).toBe("toDo remove b a -> b");
  expect(seen).toMatchObject({ seenInTenant: true });
  expect(seen.verification).toBeUndefined();

  const application = `/applications/${current.applicationObjectId}`;
  const { keyCredentials } = await callGraph(sandbox.tenant, "GET", `${application}?$select=keyCredentials`);
  const staying = (keyCredentials as { keyId: string }[])
    .filter(({ keyId }) => keyId !== b?.keyId)
    .map((one) => ({ ...one, key: null }));
  await callGraph(sandbox.tenant, "PATCH", application, { keyCredentials: staying });
  const stopped = await rotateHere(later);
  expect(brief(stopped)).toBe("failed remove b a -> b");
  expect(stopped).toMatchObject({
    seenInTenant: false,
    toDo: `Certificate ${b?.thumbprint}, generation "b", is no longer on application ${current.appId}, so nothing is removed. Run \`exo-auth audit\`. \`pulumi up --refresh\` puts the credential back.`,
  });
  expect(rotateExitCode(stopped)).toBe(1);
});

async function componentNamed(name: string): Promise<StackComponent> {
  const { components } = await readStack({ ...context(stack), cwd: folder });
  return components.find((component) => component.name === name)!;
}

/** When every certificate of today has ended. */
function whenEnded(): Date {
  return new Date(Date.now() + 40_000 * day);
}
