import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";

import { componentType } from "../../../common/typeTokens.ts";
import { createSandbox, type Sandbox } from "../../../sandbox/createSandbox.ts";
import { findPulumi } from "../../../sandbox/toolchain/findPulumi.ts";
import { findYamlHost } from "../../../sandbox/toolchain/yamlHost.ts";
import { runCommand } from "../../../sandbox/workspace/runCommand.ts";
import { repository } from "../../../sandbox/workspace/sandboxFolder.ts";
import { commandsOf } from "../../docs/pages.ts";
import { expectNoChanges, stateOf, up } from "../support.ts";
import { type GitServer, startGitServer } from "./gitServer.ts";
import { whyMissing } from "./missingProgram.ts";

// A program that gets the component from a release's tag. No package of this repository is within its reach, so it has
// what the tag names, and nothing else.
const folder = mkdtempSync(join(tmpdir(), "exchange-auth-tag-"));
const plugin = join(repository, "plugin", "dist");
const manifest = readFileSync(join(plugin, "package.json"), "utf8");
const { version, dependencies } = JSON.parse(manifest) as {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
};
const alone = Object.fromEntries(
  Object.entries(dependencies).filter(([name]) => name.startsWith("@pulumi/")),
);
let sandbox: Sandbox;
let platform: GitServer;
/** Why none of this can run here. */
let missing: string | undefined;

beforeAll(async () => {
  makeRepository(join(folder, "git", "contoso", "exchange-auth.git"));
  platform = await startGitServer("github.com", join(folder, "git"));
  sandbox = await createSandbox();
  for (const file of [sandbox.folder.certificateAuthority, sandbox.folder.trustedAuthorities])
    appendFileSync(file, platform.authorityPem);
  missing = await whyNot();
});

beforeEach(({ skip }) => skip(missing !== undefined, missing));

afterAll(async () => {
  await sandbox.close();
  await platform.close();
  rmSync(folder, { recursive: true });
});

/** A repository whose main branch is empty, with the tag of a release. */
function makeRepository(place: string): void {
  mkdirSync(place, { recursive: true });
  const git = (...args: readonly string[]): string =>
    execFileSync("git", args, { cwd: place, encoding: "utf8", input: "" }).trim();
  git("init", "--quiet", "--bare", "--initial-branch=main");
  const identity = ["-c", "user.name=a", "-c", "user.email=a@b.example"];
  git("update-ref", "HEAD", git(...identity, "commit-tree", git("mktree"), "-m", "Begin"));
  const script = join(repository, "scripts", "releaseTag.ts");
  execFileSync(process.execPath, [script, "github.com/contoso/exchange-auth"], { cwd: place });
}

/** Without npm's registry, or Go for the host for YAML, there is nothing to run. Fills npm's cache, too. */
async function whyNot(): Promise<string | undefined> {
  for (const [name, text] of [
    ["tag", manifest],
    ["alone", JSON.stringify({ dependencies: alone })],
  ] as const) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, "package.json"), text);
    const args = ["install", "--omit=dev", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"];
    const { exitCode, stderr } = await runCommand("npm", args, { cwd: join(folder, name) });
    if (exitCode !== 0) return `npm cannot install the plugin's packages: ${stderr.trim()}`;
  }
  const { hasLanguageHost } = await findPulumi();
  return hasLanguageHost ? undefined : whyMissing(findYamlHost);
}

/** The folder of the plugin that Pulumi cloned. */
function installed(): string {
  const [place = ""] = globSync("home/*/plugins/resource-github.com_contoso_*-v*/", {
    cwd: sandbox.folder.path,
  });
  return join(sandbox.folder.path, place);
}

/** How many packages npm installed in a folder, and the MB of all its files. */
function sizeOf(place: string): { readonly packages: number; readonly megabytes: number } {
  const lock = readFileSync(join(place, "node_modules", ".package-lock.json"), "utf8");
  const { packages } = JSON.parse(lock) as { readonly packages: object };
  const files = readdirSync(place, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  const bytes = files.reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
  return { packages: Object.keys(packages).length, megabytes: bytes / 1e6 };
}

test("a YAML program adds the package from the tag, and its component works", async () => {
  const project = join(folder, "program");
  mkdirSync(project);
  writeFileSync(join(project, "Pulumi.yaml"), "name: program\nruntime: yaml\n");
  const stack = await sandbox.stack("contoso", { project });
  const { text: command = "" } =
    commandsOf("examples/yaml/README.md").find(({ text }) => text.startsWith("pulumi package add ")) ?? {};
  const here = command.replace("OWNER/REPOSITORY", "contoso/exchange-auth").replace(/@.*/, `@${version}`);
  // The proxy leads to the platform alone, so npm takes what it has.
  const env = { ...stack.env, HTTPS_PROXY: platform.proxy, npm_config_offline: "true" };
  expect(await stack.run("sh", ["-c", here], { env })).toMatchObject({ exitCode: 0 });
  const settings = readFileSync(join(project, "Pulumi.yaml"), "utf8");
  expect(settings).toContain(`packages:\n  exchange-auth: github.com/contoso/exchange-auth@${version}\n`);

  // As on another machine.
  rmSync(installed(), { recursive: true });
  expect(await stack.run("pulumi", ["install"], { env })).toMatchObject({ exitCode: 0 });

  const resource = "resources:\n  exchange:\n    type: exchange-auth:ExchangeAppOnlyAuth\n";
  writeFileSync(join(project, "Pulumi.yaml"), settings + resource);
  expect(await up(stack)).toMatchObject({ exitCode: 0, messages: "" });
  expect(await expectNoChanges(stack)).toBe(0);
  const made = await stateOf(stack);
  expect(made.filter(({ urn }) => urn.includes(componentType))).toHaveLength(13);
  // The name that the engine looks for, so that it starts the plugin without a language host.
  const [, name = ""] = /\/resource-(.*)-v[^/]*\/?$/.exec(installed()) ?? [];
  expect(globSync("pulumi-resource-*", { cwd: installed() }).toSorted()).toEqual([
    `pulumi-resource-${name}`,
    `pulumi-resource-${name}.cmd`,
  ]);
  expect(statSync(join(installed(), `pulumi-resource-${name}`)).mode & 0o111).toBe(0o111);
});

test("`pulumi new` with the tag's template asks for nothing but the settings", async () => {
  const { text: command = "" } =
    commandsOf("docs/template.md").find(({ text }) => text.startsWith("pulumi new https:")) ?? {};
  const here = command.replace("OWNER/REPOSITORY", "contoso/exchange-auth").replace("v0.2.0", `v${version}`);
  const settings = "--yes --stack contoso --config expectedTenantId=a7d4f3c2-6b1e-4f58-9c0d-2e8b5a913f47";
  const project = join(folder, "fromTemplate");
  mkdirSync(project);
  const env = { ...sandbox.env, HTTPS_PROXY: platform.proxy, npm_config_offline: "true" };
  const made = await sandbox.run("sh", ["-c", `${here} ${settings}`], { cwd: project, env });
  expect(made).toMatchObject({ exitCode: 0 });
  const stack = await sandbox.stack("contoso", { project });
  expect(await up(stack)).toMatchObject({ exitCode: 0, messages: "" });
  expect(await expectNoChanges(stack)).toBe(0);
});

test("it installs at most 60 packages and 60 MB more than the four packages of Pulumi alone", () => {
  expect(Object.keys(alone).toSorted()).toEqual([
    "@pulumi/azuread",
    "@pulumi/pulumi",
    "@pulumi/random",
    "@pulumi/tls",
  ]);
  const [whole, pulumi] = [sizeOf(installed()), sizeOf(join(folder, "alone"))];
  expect(pulumi.packages).toBeGreaterThan(4);
  const more = {
    packages: whole.packages - pulumi.packages,
    megabytes: whole.megabytes - pulumi.megabytes,
  };
  expect(more.packages).toBeGreaterThan(0);
  expect(more.packages).toBeLessThanOrEqual(60);
  expect(more.megabytes).toBeGreaterThan(0);
  expect(more.megabytes).toBeLessThanOrEqual(60);
});
