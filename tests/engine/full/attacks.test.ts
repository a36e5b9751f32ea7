import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { setTimeout } from "node:timers/promises";

import { expect, onTestFinished, test } from "vitest";
import * as v from "valibot";

import { childTypes } from "../../../common/typeTokens.ts";
import type { Sandbox } from "../../../sandbox/createSandbox.ts";
import type { TenantServer } from "../../../sandbox/tenant/index.ts";
import { repository } from "../../../sandbox/workspace/sandboxFolder.ts";
import type { StackWorkspace } from "../../../sandbox/workspace/workspace.ts";
import { acts } from "../../hostileText.ts";
import { makeCertificate } from "../../graph/testCertificate.ts";
import { rewriteState } from "../rewriteState.ts";
import { deployedSandbox } from "../savedStacks.ts";
import { callGraph, configure, sandboxForTest, stateOf, up, within } from "../support.ts";
import { openSeed } from "../tenantGraph.ts";

// Attacks by somebody who has read the source, which no other test makes on the engine.

test("a declared federated credential that was pointed elsewhere is found, and the declared one is missing", async () => {
  const sandbox = await sandboxForTest({ tenant: { seeds: [openSeed] } });
  const project = join(repository, "tests/fixtures/federated");
  const stack = await sandbox.stack("federated", { project });
  expect(await up(stack)).toMatchObject({ exitCode: 0 });
  expect(await audit(stack)).toEqual({ exitCode: 0, findings: [] });
  const { id = "" } = await find(stack, childTypes.application);
  const path = `${id}/federatedIdentityCredentials`;
  const { value } = await callGraph(sandbox.tenant, "GET", path);
  const [{ id: credential }] = v.parse(v.tuple([v.object({ id: v.string() })]), value);
  const subject = "repo:attacker/evil:ref:refs/heads/main";
  await callGraph(sandbox.tenant, "PATCH", `${path}/${credential}`, { subject });

  const found = [
    { id: "EXO-AUDIT-FEDERATED-CREDENTIAL", found: expect.stringContaining(`for ${subject} of`) },
    { id: "EXO-AUDIT-FEDERATED-CREDENTIAL-MISSING", found: "none" },
  ];
  expect(await audit(stack)).toEqual({ exitCode: 7, findings: found });
  // A refresh takes it into the state of the resource; the program still says what is meant.
  await stack.run("pulumi", ["refresh", "--yes", "--skip-preview", "--non-interactive"]);
  expect(await audit(stack, "--against-program")).toEqual({ exitCode: 7, findings: found });
  expect(await up(stack)).toMatchObject({ exitCode: 0 });
  expect(await audit(stack)).toEqual({ exitCode: 0, findings: [] });
});

test("inputs that a state's writer changed, of which a preview shows nothing, declare nothing against the program", async () => {
  const sandbox = await sandboxForTest({ tenant: { seeds: [openSeed] } });
  const project = join(repository, "tests/fixtures/federated");
  const stack = await sandbox.stack("federated", { project });
  expect(await up(stack)).toMatchObject({ exitCode: 0 });
  const { id = "" } = await find(stack, childTypes.application);
  const path = `${id}/federatedIdentityCredentials`;
  const { value } = await callGraph(sandbox.tenant, "GET", path);
  const [{ id: credential }] = v.parse(v.tuple([v.object({ id: v.string() })]), value);
  const [ours, theirs] = [
    "repo:contoso/exchange:environment:production",
    "repo:attacker/evil:ref:refs/heads/main",
  ];
  await callGraph(sandbox.tenant, "PATCH", `${path}/${credential}`, { subject: theirs });
  await rewriteState(stack, ({ type, inputs }) => {
    if (type.endsWith(":ApplicationFederatedIdentityCredential") && inputs?.["subject"] === ours)
      inputs["subject"] = theirs;
  });

  // A state is believed where nobody asks the program.
  expect(await audit(stack)).toEqual({ exitCode: 0, findings: [] });
  const preview = await stack.run("pulumi", ["preview", "--expect-no-changes", "--non-interactive"]);
  expect(preview.exitCode).toBe(0);
  expect(await audit(stack, "--against-program")).toEqual({
    exitCode: 7,
    findings: [
      { id: "EXO-AUDIT-FEDERATED-CREDENTIAL", found: expect.stringContaining(`for ${theirs} of`) },
      { id: "EXO-AUDIT-FEDERATED-CREDENTIAL-MISSING", found: "none" },
    ],
  });
});

test("a key that a state's writer put in the place of a generation's is noticed by the update of revoke", async () => {
  const { sandbox, stack } = await deployedSandbox("open");
  onTestFinished(() => sandbox.close());
  const { privateKeyPem } = await makeCertificate();
  // No secret is read for that, nor a passphrase.
  await rewriteState(stack, ({ type, outputs }) => {
    if (type !== childTypes.privateKey || outputs === undefined) return;
    for (const name of ["privateKeyPem", "privateKeyPemPkcs8"]) outputs[name] = privateKeyPem;
  });
  const refused = await stack.run("exo-auth", ["revoke", "--yes", "--wait", "0s"]);
  expect(refused).toMatchObject({
    exitCode: 2,
    stderr: expect.stringMatching(
      /The update replaced the certificate of generation "1", [0-9A-F]{40}, by [0-9A-F]{40}\. .* Run `exo-auth revoke --generation '1' --yes`/,
    ),
  });
  const planted = await keyIdsIn(sandbox.tenant, stack);
  expect(await stack.run("exo-auth", ["revoke", "--generation", "1", "--yes", "--wait", "0s"])).toMatchObject(
    {
      exitCode: 0,
    },
  );
  const left = await keyIdsIn(sandbox.tenant, stack);
  expect([planted.length, left.length]).toEqual([2, 1]);
  expect(await audit(stack)).toEqual({ exitCode: 0, findings: [] });
});

test("a generation that comes up while --fix has read the state, and not yet the tenant, stays", async () => {
  const { sandbox, stack } = await deployedSandbox("open");
  onTestFinished(() => sandbox.close());
  const slow = slowToExport(sandbox, stack);
  const fixing = slow.stack.run("exo-auth", ["audit", "--fix", "--yes", "--json", "--wait", "0s"]);
  await until(slow.hasExported);
  await configure(stack, {
    "certificate.generations[0].name": "1",
    "certificate.generations[1].name": "two",
  });
  expect(await up(stack)).toMatchObject({ exitCode: 0 });
  const declared = await keyIdsIn(sandbox.tenant, stack);
  slow.release();

  const { stdout, exitCode } = await fixing;
  const { removed } = v.parse(v.object({ removed: v.array(v.unknown()) }), JSON.parse(stdout));
  expect({ exitCode, removed }).toEqual({
    exitCode: 7,
    removed: [
      expect.objectContaining({
        id: "EXO-AUDIT-APPLICATION-CERTIFICATE",
        failure: "since it was found, it was declared, accepted or removed. Run `exo-auth audit` again.",
      }),
    ],
  });
  expect(declared).toHaveLength(2);
  expect(await keyIdsIn(sandbox.tenant, stack)).toEqual(declared);
  expect(await audit(stack)).toEqual({ exitCode: 0, findings: [] });
});

test("a policy's name that is a pipeline's command is text in preflight and audit", async () => {
  const { sandbox, stack } = await deployedSandbox("open");
  onTestFinished(() => sandbox.close());
  const displayName = 'x" ##vso[task.setvariable variable=BASH_ENV]$(id) \u001b[2J';
  const restrictions = { keyCredentials: [], passwordCredentials: [] };
  const policy = await callGraph(sandbox.tenant, "POST", "/policies/appManagementPolicies", {
    displayName,
    isEnabled: true,
    restrictions,
  });
  const { id = "" } = await find(stack, childTypes.application);
  await callGraph(sandbox.tenant, "POST", `${id}/appManagementPolicies/$ref`, {
    "@odata.id": `https://graph.microsoft.com/v1.0/policies/appManagementPolicies/${String(policy["id"])}`,
  });
  await configure(stack, {
    "certificate.generations[0].name": "1",
    "certificate.generations[1].name": "two",
  });

  for (const args of [["preflight"], ["audit", "--wait", "0s"]]) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other, on one stack.
    const { stdout } = await stack.run("exo-auth", [...args, "--color", "never"]);
    expect(stdout).toContain("\\u{23}#vso[task.setvariable variable=BASH_ENV]$(id) \\u{1b}[2J");
    // oxlint-disable-next-line no-control-regex
    expect(stdout).not.toMatch(/##vso|\u001b/);
  }
});

test("a credential's name and a grant's scope act in no output of audit, and not while --fix removes them", async () => {
  const { sandbox, stack } = await deployedSandbox("open");
  onTestFinished(() => sandbox.close());
  const { id: application = "" } = await find(stack, childTypes.application);
  const { id: principal = "" } = await find(stack, childTypes.servicePrincipal);
  const displayName =
    "x ##vso[task.complete result=Succeeded;]done \u202eevil\u202c [click](https://evil.example/x) https://evil.example/y <img src=x>";
  await callGraph(sandbox.tenant, "POST", `${application}/addPassword`, {
    passwordCredential: { displayName },
  });
  const graph = v.parse(
    v.object({ value: v.tuple([v.object({ id: v.string() })]) }),
    await callGraph(
      sandbox.tenant,
      "GET",
      "/servicePrincipals?$filter=appId%20eq%20'00000003-0000-0000-c000-000000000000'",
    ),
  );
  await callGraph(sandbox.tenant, "POST", "/oauth2PermissionGrants", {
    clientId: principal.split("/").at(-1),
    consentType: "AllPrincipals",
    resourceId: graph.value[0].id,
    scope: "Mail.Read \u001b]0;pwned\u0007\u001b[2J\u001b[1;1HNOTHING",
  });

  const ways: readonly (readonly [args: string, acting?: RegExp])[] = [
    ["--format text"],
    ["--format markdown", /(?<!\\)(?:\[click|<img)/],
    ["--format sarif", /(?<!\\)\[click/],
    ["--format junit"],
    ["--fix --yes"],
  ];
  for (const [args, acting] of ways) {
    const all = ["audit", "--wait", "0s", "--color", "never", ...args.split(" ")];
    // oxlint-disable-next-line no-await-in-loop -- one after the other, on one stack.
    const ran = await stack.run("exo-auth", all);
    const printed = ran.stdout + ran.stderr;
    expect(printed).toContain("pwned");
    expect([args, ...acts(printed), ...(acting ? (printed.match(acting) ?? []) : [])]).toEqual([args]);
  }
  expect(await audit(stack)).toEqual({ exitCode: 0, findings: [] });
});

/** A `pulumi` that keeps the first exported state to itself until it is told to go on. */
function slowToExport({ folder }: Sandbox, stack: StackWorkspace) {
  const bin = join(folder.path, "slowToExport");
  const [exported, go] = [join(bin, "exported"), join(bin, "go")];
  mkdirSync(bin);
  const script = join(bin, "pulumi");
  const real = join(folder.bin, "pulumi");
  const waits = `case "$*" in *"stack export"*) [ -e '${exported}' ] || { touch '${exported}'; until [ -e '${go}' ]; do sleep 0.1; done; } ;; esac`;
  writeFileSync(script, `#!/bin/sh\n'${real}' "$@"\ncode=$?\n${waits}\nexit $code\n`);
  chmodSync(script, 0o755);
  const env = { ...stack.env, PATH: [bin, stack.env["PATH"]].join(delimiter) };
  return {
    stack: within(stack, env),
    hasExported: () => existsSync(exported),
    release: () => writeFileSync(go, ""),
  };
}

async function until(isThere: () => boolean): Promise<void> {
  while (!isThere()) await setTimeout(20);
}

async function find(stack: StackWorkspace, type: string) {
  return (await stateOf(stack)).find((resource) => resource.type === type)!;
}

async function keyIdsIn(tenant: TenantServer, stack: StackWorkspace): Promise<readonly string[]> {
  const { id = "" } = await find(stack, childTypes.application);
  const { keyCredentials } = await callGraph(tenant, "GET", `${id}?$select=keyCredentials`);
  return v.parse(v.array(v.object({ keyId: v.string() })), keyCredentials).map(({ keyId }) => keyId);
}

const Sections = v.object({
  sections: v.tuple([v.object({ findings: v.array(v.object({ id: v.string(), found: v.string() })) })]),
});

async function audit(stack: StackWorkspace, ...args: readonly string[]) {
  const { exitCode, stdout } = await stack.run("exo-auth", ["audit", "--json", "--wait", "0s", ...args]);
  const { sections } = v.parse(Sections, JSON.parse(stdout));
  return { exitCode, findings: sections[0].findings };
}
