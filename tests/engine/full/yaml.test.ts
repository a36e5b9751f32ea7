import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { parse } from "yaml";

import { createSandbox, type Sandbox } from "../../../sandbox/createSandbox.ts";
import { findPulumi } from "../../../sandbox/toolchain/findPulumi.ts";
import { findYamlHost } from "../../../sandbox/toolchain/yamlHost.ts";
import { auditPermissions, optionalAuditPermissions } from "../../../operations/audit/rules.ts";
import { trustInThisProcess } from "../../../sandbox/workspace/trust.ts";
import { repository } from "../../../sandbox/workspace/sandboxFolder.ts";
import type { StackWorkspace } from "../../../sandbox/workspace/workspace.ts";
import { componentType } from "../../../common/typeTokens.ts";
import { commandsOf } from "../../docs/pages.ts";
import { brief, day, rotateOnce } from "../rotationSupport.ts";
import { whyMissing } from "./missingProgram.ts";
import { names, ours } from "./stackInNames.ts";
import { movableClock } from "../standIns.ts";
import { tenantGraph } from "../tenantGraph.ts";
import { callGraph, destroy, expectNoChanges, stateOf, up, within, writes } from "../support.ts";

// Programs in YAML, which know the component by its plugin alone.
let sandbox: Sandbox;
/** Stands in for the repository: it has the examples and the plugin at their places. */
let folder: string;
/** Why no program in YAML can run here. */
let missing: string | undefined;

beforeAll(async () => {
  sandbox = await createSandbox(movableClock);
  trustInThisProcess(sandbox.tenant.certificateAuthorityPem);
  mkdirSync(join(repository, ".sandbox"), { recursive: true });
  folder = mkdtempSync(join(repository, ".sandbox", "yaml-"));
  cpSync(join(repository, "examples", "yaml"), join(folder, "examples/yaml"), { recursive: true });
  symlinkSync(join(repository, "plugin"), join(folder, "plugin"));
  // Without Go or a network for it, the host for YAML is not to be had.
  const { hasLanguageHost } = await findPulumi();
  if (!hasLanguageHost) missing = await whyMissing(findYamlHost);
});

beforeEach(({ skip }) => skip(missing !== undefined, missing));

afterAll(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true });
});

/** Writes a program, and gives its stack. */
async function program(name: string, resources: string): Promise<StackWorkspace> {
  const project = join(folder, "examples", name);
  mkdirSync(project, { recursive: true });
  const head = `name: ${name}\nruntime: yaml\npackages:\n  exchange-auth: ../../plugin/dist\nresources:\n`;
  writeFileSync(join(project, "Pulumi.yaml"), head + resources);
  return sandbox.stack("contoso", { project });
}

/** Pulumi's CLI leaves out a list that has nothing. */
function withoutEmptyLists(_key: string, value: unknown): unknown {
  return Array.isArray(value) && value.length === 0 ? undefined : value;
}

test("the example does what the same program in TypeScript does", async () => {
  const project = join(folder, "examples/yaml");
  const yaml = await sandbox.stack("contoso", { project });
  const env = { ...yaml.env, PULUMI_OPTION_YES: "true", PULUMI_OPTION_SKIP_PREVIEW: "true" };
  // The last one is about a release's tag, which gitTag.test.ts makes.
  const commands = commandsOf("examples/yaml/README.md")
    .map(({ text }) => text)
    .slice(1, -1);
  for (const command of commands) {
    const { exitCode, stdout, stderr } = await yaml.run("sh", ["-c", command], { env });
    expect({ command, exitCode, said: exitCode === 0 ? "" : stdout + stderr }).toEqual({
      command,
      exitCode: 0,
      said: "",
    });
  }
  expect(await expectNoChanges(yaml)).toBe(0);

  const typescript = await sandbox.stack("contoso", { project: join(repository, "examples/basic") });
  expect(await up(typescript)).toMatchObject({ exitCode: 0 });
  const [made, same] = await Promise.all([stateOf(yaml), stateOf(typescript)]);
  expect(ours(made)).toHaveLength(13);
  expect(new Set(ours(made))).toEqual(new Set(ours(same)));
  expect(await destroy(typescript)).toMatchObject({ exitCode: 0 });
});

test("exo-auth works on its stack: status, verify, drift, and what somebody changed", async () => {
  const yaml = await sandbox.stack("contoso", { project: join(folder, "examples/yaml") });
  for (const command of ["status", "verify", "drift", "preflight"])
    expect({ command, ...(await yaml.run("exo-auth", [command])) }).toMatchObject({ command, exitCode: 0 });
  const { clientId, clientSecret } = await tenantGraph(sandbox.tenant).reader([
    ...auditPermissions,
    ...optionalAuditPermissions,
  ]);
  const env = { ...yaml.env, ARM_CLIENT_ID: clientId, ARM_CLIENT_SECRET: clientSecret };
  expect(await yaml.run("exo-auth", ["audit"], { env })).toMatchObject({ exitCode: 0 });
  const application = (await stateOf(yaml)).find(({ type }) => type.endsWith(":Application"));
  await callGraph(sandbox.tenant, "PATCH", String(application?.id), { notes: "Changed by hand." });
  expect(await yaml.run("exo-auth", ["drift", "--wait", "0s"])).toMatchObject({
    exitCode: 7,
    stdout: expect.stringContaining("notes") as unknown,
  });
  const { changes } = await up(yaml, "--refresh");
  expect(changes.filter((change) => !change.startsWith("refresh "))).toEqual([
    "update azuread:Application exchange",
  ]);
});

test("exo-auth rotate says what to change in the program", async () => {
  const yaml = await sandbox.stack("contoso", { project: join(folder, "examples/yaml") });
  const later = new Date(Date.now() + 300 * day);
  const result = await rotateOnce(yaml, { cwd: join(folder, "examples/yaml"), now: () => later });
  expect(brief(result)).toBe("toDo add 1 -> 1 2");
  expect(result.toDo).toContain(
    'In the place that lists them for component "exchange", set `certificate.generations` to',
  );
});

test("`pulumi package add` gives a program the component, and `get-schema` prints what it knows", async () => {
  const project = join(folder, "added");
  mkdirSync(project);
  writeFileSync(join(project, "Pulumi.yaml"), "name: added\nruntime: yaml\n");
  const stack = await sandbox.stack("contoso", { project });
  const plugin = join(folder, "plugin", "dist");
  const added = await stack.run("pulumi", ["package", "add", plugin]);
  expect({ ...added, stdout: "" }).toMatchObject({ exitCode: 0 });
  const settings = readFileSync(join(project, "Pulumi.yaml"), "utf8");
  expect(parse(settings)).toMatchObject({ packages: { "exchange-auth": plugin } });
  writeFileSync(
    join(project, "Pulumi.yaml"),
    `${settings}resources:\n  exchange:\n    type: exchange-auth:ExchangeAppOnlyAuth\n`,
  );
  expect(await up(stack)).toMatchObject({ exitCode: 0, messages: "" });

  const { exitCode, stdout } = await stack.run("pulumi", ["package", "get-schema", plugin]);
  expect(exitCode).toBe(0);
  const schema: unknown = JSON.parse(readFileSync(join(plugin, "schema.json"), "utf8"), withoutEmptyLists);
  expect(JSON.parse(stdout)).toMatchObject(schema as object);
});

test("wrong arguments are named all at once, with no key and no stack trace, and nothing is created", async () => {
  const wrong = await program(
    "wrong",
    `  exchange:
    type: exchange-auth:ExchangeAppOnlyAuth
    properties:
      roles: [Exchange Admin]
      expectedTenantId: contoso
      certificate:
        validityDays: 900
        generations:
          - name: "1"
          - name: "2"
            publicCertificate: |
              -----BEGIN PRIVATE KEY-----
              c2VjcmV0
              -----END PRIVATE KEY-----
`,
  );
  const before = writes(sandbox.tenant).length;
  const { exitCode, messages, output } = await up(wrong);
  expect(exitCode).not.toBe(0);
  const problems = messages.split("\n").filter((line) => line.includes("  - "));
  expect(problems.map((line) => line.trim().split(" ")[1])).toEqual([
    "`roles[0]`",
    "`certificate.generations[1].publicCertificate`",
    "`certificate.validityDays`",
    "`expectedTenantId`",
  ]);
  expect(messages).toContain('ExchangeAppOnlyAuth "exchange" has 4 problems, nothing was created:');
  expect(messages).not.toMatch(/^\s*at |goroutine|node:internal|Traceback/m);
  expect(output).not.toContain("PRIVATE KEY");
  expect(writes(sandbox.tenant)).toHaveLength(before);
});

test("a tenant that is not meant is refused before anything is created", async () => {
  const wrong = await program(
    "guarded",
    `  exchange:
    type: exchange-auth:ExchangeAppOnlyAuth
    properties: { expectedTenantId: 11111111-2222-3333-4444-555555555555 }
`,
  );
  const before = writes(sandbox.tenant).length;
  const { exitCode, messages } = await up(wrong);
  expect(exitCode).not.toBe(0);
  expect(messages).toContain("11111111-2222-3333-4444-555555555555");
  expect(messages).not.toMatch(/^\s*at |goroutine|node:internal|Traceback/m);
  expect(writes(sandbox.tenant)).toHaveLength(before);
});

const two = (name: string) => `  ${name}:
    type: exchange-auth:ExchangeAppOnlyAuth
    properties: { displayName: First }
    options:
      protect: true
      dependsOn: ["\${second}"]
      aliases: [{ name: old }]
  second:
    type: exchange-auth:ExchangeAppOnlyAuth
    properties:
      displayName: Second
      certificate: { generations: [{ name: a }, { name: b }] }
`;

test("a second component, `protect`, `dependsOn` and an alias work as in TypeScript", async () => {
  const stack = await program("options", two("old"));
  expect(await up(stack)).toMatchObject({ exitCode: 0, messages: "" });
  expect(await expectNoChanges(stack)).toBe(0);
  const made = await stateOf(stack);
  const dependent = made.find(({ type, urn }) => type === componentType && urn.endsWith("::old"));
  expect(dependent?.dependencies).toContainEqual(expect.stringMatching(/ExchangeAppOnlyAuth::second$/));
  expect(names(made, ({ protect }) => protect)).toEqual([
    "old",
    "old",
    "old",
    "old-exchange-administrator",
    "old-office365-exchange-online-exchange-manage-as-app",
  ]);

  const { exitCode, changes } = await up(await program("options", two("new")));
  expect(exitCode).toBe(0);
  // The description names the component, by which a repair recognises its own.
  expect(changes).toEqual(["update azuread:Application new", "update azuread:ServicePrincipal new"]);
});

test("an explicit provider reaches every child", async () => {
  // The stand-in plugin has no schema, so a YAML program cannot give its provider any property.
  const stack = await program(
    "provided",
    `  explicit:
    type: pulumi:providers:azuread
  exchange:
    type: exchange-auth:ExchangeAppOnlyAuth
    options:
      providers: ["\${explicit}"]
`,
  );
  expect(await up(stack)).toMatchObject({ exitCode: 0, messages: "" });
  expect(await expectNoChanges(stack)).toBe(0);
  const children = await stateOf(stack);
  expect(names(children, ({ provider }) => String(provider).includes("::explicit::"))).toEqual(
    names(children, ({ type }) => type.startsWith("azuread:")),
  );
});

test("what the engine's error hooks say arrives", async () => {
  const stack = await program("hooks", "  hooked:\n    type: exchange-auth:ExchangeAppOnlyAuth\n");
  const refused = sandbox.tenant.faults.refuse(
    { method: "POST", path: /\/roleManagement\/directory\/roleAssignments$/ },
    { status: 403 },
  );
  const { exitCode, messages } = await up(within(stack, { ...stack.env }));
  refused.remove();
  expect(exitCode).not.toBe(0);
  expect(messages).toContain("hooked-exchange-administrator: ");
});

test("a policy pack judges what the component makes for the program", async () => {
  const stack = await program(
    "judged",
    `  exchange:
    type: exchange-auth:ExchangeAppOnlyAuth
    properties:
      roles: [Global Administrator]
      allowGlobalAdministrator: true
      owners: ["11111111-2222-3333-4444-555555555555"]
      certificate: { validityDays: 730 }
`,
  );
  const args = ["preview", "--non-interactive", "--policy-pack", join(repository, "policy")];
  const { exitCode, stdout } = await stack.run("pulumi", args);
  expect(exitCode).not.toBe(0);
  for (const violation of [
    "no-global-administrator  (azuread:index:DirectoryRoleAssignment: exchange-global-administrator)",
    "no-owners  (azuread:index:Application: exchange)",
    "certificate-lifetime  (tls:index:SelfSignedCert: exchange-cert-1)",
    "tenant-pinned  (exchange-auth:index:ExchangeAppOnlyAuth: exchange)",
  ])
    expect(stdout).toContain(violation);
  expect(stdout.match(/^ +- \[mandatory\]/gm)).toHaveLength(4);
});
