import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import * as v from "valibot";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { secretSignature, signatureKey } from "../../common/pulumiSignatures.ts";
import { childTypes } from "../../common/typeTokens.ts";
import type { Sandbox } from "../../sandbox/createSandbox.ts";
import { repository } from "../../sandbox/workspace/sandboxFolder.ts";
import type { StackWorkspace } from "../../sandbox/workspace/workspace.ts";
import { contentHash } from "../../operations/findings/contentHash.ts";
import { driftChanges } from "./driftChanges.ts";
import { deployedSandbox } from "./savedStacks.ts";
import { callGraph, outputs, secretsOf, stateOf, up, whileHeld, within } from "./support.ts";
import { type TenantGraph, tenantGraph } from "./tenantGraph.ts";

// One stack, read by somebody who cannot open its secrets.
let sandbox: Sandbox;
let stack: StackWorkspace;
let graph: TenantGraph;
let temporary: string;

beforeAll(async () => {
  ({ sandbox, stack } = await deployedSandbox("open"));
  graph = tenantGraph(sandbox.tenant);
  temporary = join(sandbox.folder.path, "temporary");
  mkdirSync(temporary);
});

beforeEach(() => sandbox.tenant.faults.clear());

afterAll(() => sandbox.close());

/** The stack with another passphrase, or none. */
function keyless(passphrase?: string): StackWorkspace {
  const { PULUMI_CONFIG_PASSPHRASE: _, ...env } = stack.env;
  return within(stack, {
    ...env,
    TMPDIR: temporary,
    ...(passphrase !== undefined && { PULUMI_CONFIG_PASSPHRASE: passphrase }),
  });
}

/** Another one for each request that Graph refuses, and the time of a check. */
const changing = /request ID [-0-9a-f]+|\d{4}-\d\d-\d\d \d\d:\d\d UTC/g;

const passphrases = [
  ["a wrong passphrase", "wrong"],
  ["no passphrase", undefined],
] as const;

describe.each(passphrases)("with %s", (_, passphrase) => {
  test.each([
    ["status"],
    ["status", "--quiet", "--fail-if-expiring", "30d"],
    ["drift", "--wait", "0s"],
    ["audit", "--wait", "0s"],
    ["check", "--wait", "0s"],
    ["matrix"],
    ["discover"],
    ["repair"],
    ["grant"],
    ["grant", "--print"],
    ["fleet", "check", "--wait", "0s"],
  ])("%s %s %s %s", async (...args) => {
    const given = args.filter((arg) => arg !== undefined);
    const [withKey, without] = [
      await stack.run("exo-auth", given),
      await keyless(passphrase).run("exo-auth", given),
    ];
    const told = without.stdout.replaceAll(changing, "");
    expect({ ...without, stdout: told }).toEqual({
      exitCode: 0,
      stdout: withKey.stdout.replaceAll(changing, ""),
      stderr: "",
    });
    expect(readdirSync(temporary)).toEqual([]);
  });

  test("revoke --block says the same, and asks for --yes alone", async () => {
    const args = ["revoke", "--block"];
    const withKey = await stack.run("exo-auth", args);
    expect(withKey).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/To do this, add --yes\.\n$/),
    });
    expect(await keyless(passphrase).run("exo-auth", args)).toEqual(withKey);
  });

  test.each<readonly [string, ...string[]]>([
    ["verify", "--wait", "0s"],
    ["export", "--stdout", "pem"],
    ["token"],
    ["rotate", "--dry-run"],
    ["revoke", "--yes"],
    ["audit", "--against-program"],
    ["preflight"],
  ])("%s %s asks for it", async (...args) => {
    const { exitCode, stdout, stderr } = await keyless(passphrase).run("exo-auth", args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toMatch(/Set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE\.\n$/);
  });
});

test("repair shows without a passphrase what it shows with it, and imports with it alone", async () => {
  const lost = (await stateOf(stack)).find(({ type }) => type === childTypes.directoryRoleAssignment)!;
  const removed = await stack.run("pulumi", ["state", "delete", lost.urn, "--yes"]);
  expect(removed).toMatchObject({ exitCode: 0 });
  const withKey = await stack.run("exo-auth", ["repair", "--json"]);
  expect(JSON.parse(withKey.stdout)).toMatchObject({
    leftovers: [{ kind: "roleAssignment", action: "import", urn: lost.urn }],
  });
  expect(await keyless().run("exo-auth", ["repair", "--json"])).toEqual({ ...withKey, exitCode: 7 });
  const { exitCode, stderr } = await keyless().run("exo-auth", ["repair", "--yes"]);
  expect({ exitCode, stderr }).toEqual({
    exitCode: 2,
    stderr: expect.stringMatching(/^exo-auth repair: `pulumi preview` failed: .*passphrase must be set/),
  });
  expect(await stack.run("exo-auth", ["repair", "--yes"])).toMatchObject({ exitCode: 0 });
});

test("repair asks for a secret of the program's settings by name", async () => {
  const set = await stack.run("pulumi", ["config", "set", "--secret", "notes", "made-up"]);
  expect(set).toMatchObject({ exitCode: 0 });
  const { exitCode, stderr } = await keyless().run("exo-auth", ["repair"]);
  expect({ exitCode, stderr }).toEqual({
    exitCode: 2,
    stderr: expect.stringMatching(
      /^exo-auth repair: `exchange-auth:notes` of the stack's settings is a secret, and this command needs its value\. So it needs the stack's secrets\.\n`pulumi preview` failed: /,
    ),
  });
  expect(await stack.run("exo-auth", ["repair"])).toMatchObject({ exitCode: 0 });
  await stack.run("pulumi", ["config", "rm", "notes"]);
});

test.each(driftChanges)("$name is found alone", async ({ change, repair, finding }) => {
  const ids = await outputs(stack);
  const changed = {
    graph,
    application: `/applications/${String(ids["applicationObjectId"])}`,
    principal: `/servicePrincipals/${String(ids["servicePrincipalObjectId"])}`,
    update: () => up(stack, "--refresh"),
  };
  await change(changed);
  expect(await drift(keyless())).toEqual({ exitCode: 7, findings: [finding], unread: [] });
  await repair(changed);
});

test.each([
  ["SIGINT", 1],
  ["SIGTERM", 1],
  ["SIGINT", 2],
] as const)(
  "the copy of the state holds nothing secret, is for this user alone, and is gone after %s, %i times",
  async (signal, times) => {
    // azuread calls a certificate a secret, which others of the state have as it is.
    const secrets = Object.values(await secretsOf(stack)).filter((one) => !one.includes("CERTIFICATE"));
    expect(secrets.length).toBeGreaterThan(5);
    const running = whileHeld(sandbox.tenant, { method: "GET", path: /\/applications\// }, () => {
      const copy = join(temporary, readdirSync(temporary).join());
      const files = readdirSync(copy, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
      const texts = files.map(({ parentPath, name }) => readFileSync(join(parentPath, name), "utf8"));
      for (let time = 0; time < times; time += 1) child.kill(signal);
      return { mode: statSync(copy).mode & 0o777, text: texts.join("\n") };
    });
    const { env } = keyless();
    const child = spawn(process.execPath, [main, "drift"], { cwd: repository, env, stdio: "ignore" });
    const closed = once(child, "close");
    const { mode, text } = await running;
    expect(mode).toBe(0o700);
    expect(text).toContain("[secret]");
    expect(text).not.toMatch(/PRIVATE KEY|ciphertext/);
    for (const secret of secrets) expect(text).not.toContain(JSON.stringify(secret).slice(1, -1));
    const [exitCode] = await closed;
    expect({ exitCode, left: readdirSync(temporary) }).toEqual({ exitCode: 8, left: [] });
  },
);

const main = join(repository, "cli", "main.ts");

describe("where a secret decides", () => {
  const application = (): string => String(ids["applicationObjectId"]);
  let ids: Record<string, unknown>;

  beforeAll(async () => {
    ids = await outputs(stack);
  });

  test("a secret of azuread's that differs is listed as not read, and the rest is compared", async () => {
    await seal(childTypes.application, "displayName");
    expect(await drift(stack)).toEqual({ exitCode: 0, findings: [], unread: [] });
    await callGraph(sandbox.tenant, "PATCH", `/applications/${application()}`, {
      signInAudience: "AzureADMultipleOrgs",
    });
    const finding = [
      "EXO-DRIFT-CHANGED",
      `azuread:Application exchange signInAudience ${contentHash('signInAudience is "AzureADMultipleOrgs"')}`,
      'signInAudience is "AzureADMultipleOrgs"',
    ];
    expect(await drift(stack)).toEqual({ exitCode: 7, findings: [finding], unread: [] });
    expect(await drift(keyless())).toEqual({
      exitCode: 1,
      findings: [finding],
      unread: [
        expect.stringMatching(
          /^`displayName` of azuread:Application exchange is a secret in the state, so the comparison needs the stack's secrets\. `pulumi refresh` failed: .*passphrase must be set.* Set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE\.$/s,
        ),
      ],
    });
    await up(stack, "--refresh");
  });

  test("a list that is a secret is not read as a text", async () => {
    await seal(childTypes.application, "requiredResourceAccesses");
    expect(await drift(stack)).toEqual({ exitCode: 0, findings: [], unread: [] });
    const { exitCode, findings, unread } = await drift(keyless());
    expect({ exitCode, findings, unread: unread.length }).toEqual({ exitCode: 1, findings: [], unread: 1 });
    await up(stack, "--refresh");
  });

  test("a provider's own secret is asked for by name", async () => {
    await seal("pulumi:providers:azuread", "clientSecret", stack.env["ARM_CLIENT_SECRET"]);
    expect(await drift(stack)).toEqual({ exitCode: 0, findings: [], unread: [] });
    const { exitCode, stderr } = await keyless().run("exo-auth", ["drift"]);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: expect.stringMatching(
        /^exo-auth drift: The provider "default_[^"]+" of the package azuread signs in with `clientSecret`, which is a secret in the state, so the comparison needs the stack's secrets\.\n`pulumi refresh` failed: /,
      ),
    });
    await up(stack);
  });

  test("status and audit name a value that is public by nature and a secret in the state", async () => {
    await seal("exchange-auth:index:AppCertificate", "certificatePem");
    for (const args of [["status"], ["audit", "--wait", "0s"]]) {
      expect(await stack.run("exo-auth", args)).toMatchObject({ exitCode: 0, stderr: "" });
      const { exitCode, stderr } = await keyless("wrong").run("exo-auth", args);
      expect({ exitCode, stderr }).toEqual({
        exitCode: 2,
        stderr: expect.stringContaining(
          '`certificatePem` of AppCertificate "exchange-cert-1" is a secret, and this command needs its value. So it needs the stack\'s secrets.\n`pulumi stack export` failed: ',
        ),
      });
    }
  });
});

/** What `exo-auth drift` finds: id, subject and words of each finding, and why each check was not read. */
async function drift(
  reader: StackWorkspace,
): Promise<{ exitCode: number; findings: readonly (readonly string[])[]; unread: readonly string[] }> {
  const { exitCode, stdout, stderr } = await reader.run("exo-auth", ["drift", "--json", "--wait", "0s"]);
  const document = v.parse(Document, JSON.parse(stdout), { message: stdout + stderr });
  const [{ findings, unread }] = document.sections;
  return {
    exitCode,
    findings: findings.map(({ id, subject, found }) => [id, subject, found]),
    unread: unread.map(({ reason }) => reason),
  };
}

const Document = v.object({
  sections: v.tuple([
    v.object({
      findings: v.array(v.object({ id: v.string(), subject: v.string(), found: v.string() })),
      unread: v.array(v.object({ reason: v.string() })),
    }),
  ]),
});

/** Makes a property of the first resource of a type a secret in the stack's state. @param given its value, where it has none */
async function seal(type: string, property: string, given?: string): Promise<void> {
  const { stdout } = await stack.run("pulumi", ["stack", "export", "--show-secrets"]);
  const exported: { deployment: { resources: { type: string; inputs: Sides; outputs: Sides }[] } } =
    JSON.parse(stdout);
  const { inputs, outputs: found } = exported.deployment.resources.find(
    (resource) => resource.type === type,
  )!;
  for (const side of [inputs, found]) {
    const value = side[property] ?? given;
    if (value !== undefined)
      side[property] = { [signatureKey]: secretSignature, plaintext: JSON.stringify(value) };
  }
  const file = join(sandbox.folder.path, "state.json");
  writeFileSync(file, JSON.stringify(exported));
  const { exitCode, stderr } = await stack.run("pulumi", ["stack", "import", "--file", file]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
}

type Sides = Record<string, unknown>;
