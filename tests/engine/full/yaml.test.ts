import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { parse } from "yaml";

import { createSandbox, type Sandbox } from "../../../sandbox/createSandbox.ts";
import { findPulumi } from "../../../sandbox/toolchain/findPulumi.ts";
import { findYamlHost } from "../../../sandbox/toolchain/yamlHost.ts";
import { repository } from "../../../sandbox/workspace/sandboxFolder.ts";
import type { StackWorkspace } from "../../../sandbox/workspace/workspace.ts";
import { whyMissing } from "./missingProgram.ts";
import { up, within } from "../support.ts";

// What the plugin does for a program, shown by programs in YAML. The table of languages has what each of them can do.
let sandbox: Sandbox;
/** Stands in for the repository: it has the examples and the plugin at their places. */
let folder: string;
/** Why no program in YAML can run here. */
let missing: string | undefined;

beforeAll(async () => {
  sandbox = await createSandbox();
  mkdirSync(join(repository, ".sandbox"), { recursive: true });
  folder = mkdtempSync(join(repository, ".sandbox", "yaml-"));
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
async function program(
  name: string,
  resources: string,
  plugin = "../../plugin/dist",
): Promise<StackWorkspace> {
  const project = join(folder, "examples", name);
  mkdirSync(project, { recursive: true });
  const head = `name: ${name}\nruntime: yaml\npackages:\n  exchange-auth: ${plugin}\nresources:\n`;
  writeFileSync(join(project, "Pulumi.yaml"), head + resources);
  return sandbox.stack("contoso", { project });
}

test("the engine starts the plugin itself, without a language host", async () => {
  const plugin = join(folder, "withoutHost");
  cpSync(join(repository, "plugin", "dist"), plugin, {
    recursive: true,
    // A host finds the plugin by this file alone.
    filter: (source) => !source.endsWith("PulumiPlugin.yaml"),
  });
  const stack = await program("direct", "  exchange:\n    type: exchange-auth:ExchangeAppOnlyAuth\n", plugin);
  const { exitCode, stdout } = await stack.run("pulumi", ["preview", "--non-interactive"]);
  expect(exitCode).toBe(0);
  expect(stdout).toContain("14 to create");
});

/** Pulumi's CLI leaves out a list that has nothing. */
function withoutEmptyLists(_key: string, value: unknown): unknown {
  return Array.isArray(value) && value.length === 0 ? undefined : value;
}

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
