import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";

import packageJson from "../../../package.json" with { type: "json" };
import { createSandbox, type Sandbox } from "../../../sandbox/createSandbox.ts";
import { findPulumi } from "../../../sandbox/toolchain/findPulumi.ts";
import { findYamlHost } from "../../../sandbox/toolchain/yamlHost.ts";
import { runCommand, type RunResult } from "../../../sandbox/workspace/runCommand.ts";
import { repository } from "../../../sandbox/workspace/sandboxFolder.ts";
import { commandsOf } from "../../docs/pages.ts";
import { packPackage, succeed } from "../../package/installPackage.ts";
import { expectNoChanges, up, within, writes } from "../support.ts";
import { whyMissing } from "./missingProgram.ts";

// What somebody gets who begins with `pulumi new`.
const folder = mkdtempSync(path.join(tmpdir(), "exchange-auth-template-"));
const tenantId = "a7d4f3c2-6b1e-4f58-9c0d-2e8b5a913f47";
const template = (name: string) => path.join(repository, "plugin/dist/template", name);
let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await createSandbox();
});

afterAll(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true });
});

/** Runs `pulumi new` in an empty folder of the project's name. */
async function begin(name: string, language: string, ...args: string[]): Promise<string> {
  const project = path.join(folder, name);
  mkdirSync(project);
  await sandbox.installHost(template(language));
  const command = ["new", template(language), "--yes", ...args];
  const made = await sandbox.run("pulumi", command, { cwd: project });
  expect(made).toMatchObject({ exitCode: 0 });
  return project;
}

/** What Entra has of a role's assignments, in `pulumi up`'s words. */
const assignsTheRole = (changes: readonly string[]) =>
  changes.filter((change) => change.includes("DirectoryRoleAssignment"));

describe("the template in YAML", () => {
  let missing: string | undefined;

  beforeAll(async () => {
    const { hasLanguageHost } = await findPulumi();
    if (!hasLanguageHost) missing = await whyMissing(findYamlHost);
  });

  beforeEach(({ skip }) => skip(missing !== undefined, missing));

  test("the commands of its page work as they stand", async () => {
    const home = path.join(folder, "page", "exchange-auth");
    mkdirSync(home, { recursive: true });
    const env = { ...process.env, SANDBOX_FOLDER: path.join(folder, "sandbox") };
    // The first builds the plugin, which is there; the last are about a release's tag, which gitTag.test.ts makes.
    const commands = commandsOf("docs/template.md")
      .map(({ text }) => text.replaceAll("../exchange-auth", repository))
      .slice(1, -4);
    expect(commands.at(-1)).toMatch(/exo-auth verify$/);
    const { exitCode, stdout, stderr } = await runCommand("sh", ["-ec", commands.join("\n")], {
      cwd: home,
      env,
    });
    expect({ exitCode, said: exitCode === 0 ? "" : stdout + stderr }).toEqual({ exitCode: 0, said: "" });
    expect(stdout).toContain("✓ roles in the token: Global Reader\n");
    expect(parse(readFileSync(path.join(folder, "page/exchange/Pulumi.contoso.yaml"), "utf8"))).toMatchObject(
      {
        config: { "exchange:expectedTenantId": tenantId, "exchange:role": "Global Reader" },
      },
    );
  });

  test("gives the role that was asked for, and plans nothing after the update", async () => {
    const project = await begin(
      "chosen",
      "yaml",
      "--stack",
      "contoso",
      "--config",
      `expectedTenantId=${tenantId}`,
      "--config",
      "role=Security Reader",
    );
    const stack = await sandbox.stack("contoso", { project });
    const { exitCode, messages, changes } = await up(stack);
    expect({ exitCode, messages }).toEqual({ exitCode: 0, messages: "" });
    expect(assignsTheRole(changes)).toEqual([
      "create azuread:DirectoryRoleAssignment exchange-security-reader",
    ]);
    expect(await expectNoChanges(stack)).toBe(0);
  });

  test.each(["expectedTenantId", "role"])("creates nothing without `%s`", async (setting) => {
    const given = { expectedTenantId: tenantId, role: "Global Reader" };
    const config = Object.entries(given).flatMap(([name, value]) => ["--config", `${name}=${value}`]);
    const project = await begin(`without-${setting}`, "yaml", "--stack", "contoso", ...config);
    const stack = await sandbox.stack("contoso", { project });
    expect(await stack.run("pulumi", ["config", "rm", setting])).toMatchObject({ exitCode: 0 });
    await refuses(stack, setting);
  });
});

async function refuses(stack: Parameters<typeof up>[0], named: string): Promise<void> {
  const before = writes(sandbox.tenant).length;
  const { stdout, stderr, exitCode } = await stack.run("pulumi", ["up", "--yes", "--skip-preview"]);
  expect(exitCode).not.toBe(0);
  expect(stdout + stderr).toContain(named);
  expect(writes(sandbox.tenant)).toHaveLength(before);
}

describe("the template in TypeScript", () => {
  let project: string;

  beforeAll(async () => {
    const { tarball } = await packPackage(folder);
    project = await begin("typed", "typescript", "--generate-only");
    const args = ["install", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error", tarball];
    await succeed("npm", args, project);
  });

  test("asks for this version of the package", () => {
    const { dependencies } = JSON.parse(
      readFileSync(path.join(template("typescript"), "package.json"), "utf8"),
    ) as {
      readonly dependencies: Readonly<Record<string, string>>;
    };
    expect(dependencies["exchange-auth"]).toBe(`^${packageJson.version}`);
    expect(dependencies["@pulumi/pulumi"]).toBe(packageJson.dependencies["@pulumi/pulumi"]);
  });

  test("has no mistake that its own compiler finds", async () => {
    const { stdout } = await succeed(process.execPath, ["node_modules/typescript/bin/tsc"], project);
    expect(stdout).toBe("");
  });

  test("creates nothing until both settings are there, then what they say, and plans nothing after it", async () => {
    const stack = await sandbox.stack("contoso", { project });
    const set = (...args: string[]): Promise<RunResult> => stack.run("pulumi", ["config", "set", ...args]);
    await refuses(stack, "expectedTenantId");
    expect(await set("expectedTenantId", tenantId)).toMatchObject({ exitCode: 0 });
    await refuses(stack, "role");
    expect(await set("role", "Global Reader")).toMatchObject({ exitCode: 0 });
    const { exitCode, messages, changes } = await up(within(stack, { ...stack.env }));
    expect({ exitCode, messages }).toEqual({ exitCode: 0, messages: "" });
    expect(assignsTheRole(changes)).toEqual([
      "create azuread:DirectoryRoleAssignment exchange-global-reader",
    ]);
    expect(await expectNoChanges(stack)).toBe(0);
  });
});
