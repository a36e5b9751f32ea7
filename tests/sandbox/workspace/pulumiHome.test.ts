import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { pluginVersions } from "../../../sandbox/plugins/install.ts";
import { inUse, preparePulumiHome } from "../../../sandbox/workspace/pulumiHome.ts";
import { SandboxError } from "../../../sandbox/sandboxError.ts";

let folder: string;
let user: string;
let outer: NodeJS.ProcessEnv;
const cli = { path: "/opt/pulumi/pulumi", version: "3.259.0", hasLanguageHost: false };
const { azuread, random, tls } = pluginVersions();
const names = `azuread ${azuread}, random ${random}, tls ${tls}`;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "home-"));
  user = mkdtempSync(join(tmpdir(), "user-"));
  outer = { PULUMI_HOME: user };
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
  rmSync(user, { recursive: true });
});

function official(name: string): string {
  const plugin = join(user, "plugins", name);
  mkdirSync(plugin, { recursive: true });
  writeFileSync(join(plugin, name.replace(/-v.*/, "").replace("resource", "pulumi-resource")), "");
  return plugin;
}

const pluginsIn = (home: string): string[] => readdirSync(join(home, "plugins")).toSorted();

test("puts the stand-ins in a home of their own", async () => {
  official(`resource-azuread-v${azuread}`);

  const home = await preparePulumiHome(folder, "stand-in", cli, outer);
  const { path } = home;

  expect(inUse(cli, home)).toBe(
    `Pulumi 3.259.0 (/opt/pulumi/pulumi), stand-in plugins (${names}), stand-in language host`,
  );
  expect(pluginsIn(path)).toEqual([
    expect.stringMatching(/^language-nodejs-v3\./),
    `resource-azuread-v${azuread}`,
    `resource-random-v${random}`,
    `resource-tls-v${tls}`,
  ]);
});

test("links whole official plugins of the user's Pulumi home, and none that the component does not need", async () => {
  const plugin = official(`resource-azuread-v${azuread}`);
  official(`resource-tls-v${tls}`);
  writeFileSync(join(user, `plugins/resource-tls-v${tls}.partial`), "");
  // Not the version that the engine asks for.
  official("resource-random-v4.0.0");
  official("resource-aws-v7.0.0");

  const hosted = { ...cli, hasLanguageHost: true };
  const home = await preparePulumiHome(folder, "official", hosted, outer);
  const { path } = home;

  expect(inUse(hosted, home)).toBe(
    `Pulumi 3.259.0 (/opt/pulumi/pulumi), official plugins (azuread ${azuread}, random ${random} is not there: the engine downloads it, tls ${tls} is not there: the engine downloads it), official language host`,
  );
  expect(pluginsIn(path)).toEqual([
    expect.stringMatching(/^language-nodejs-v3\./),
    `resource-azuread-v${azuread}`,
    "resource-random-v4.0.0",
  ]);
  const executable = `resource-azuread-v${azuread}/pulumi-resource-azuread`;
  expect(readlinkSync(join(path, "plugins", executable))).toBe(join(plugin, "pulumi-resource-azuread"));
});

test("takes nothing from the sandbox's own home, which a sandbox within a sandbox is told of", async () => {
  const { path } = await preparePulumiHome(folder, "stand-in", cli, outer);
  vi.stubEnv("HOME", join(folder, "nobody"));

  const inner = await preparePulumiHome(folder, "official", cli, { PULUMI_HOME: path });

  expect(pluginsIn(inner.path)).toEqual([expect.stringMatching(/^language-nodejs-v3\./)]);
});

test("leaves what is there alone", async () => {
  official("resource-azuread-v6.9.1");
  const { path } = await preparePulumiHome(folder, "official", cli, outer);
  writeFileSync(join(path, "plugins/resource-azuread-v6.9.1/mark"), "");

  await preparePulumiHome(folder, "official", cli, outer);

  expect(existsSync(join(path, "plugins/resource-azuread-v6.9.1/mark"))).toBe(true);
});

test.for([
  [
    "darwin",
    "official",
    "Official plugins trust the sandbox's tenant on Linux only, got darwin. Leave out --plugins official and SANDBOX_PLUGINS.",
  ],
  ["win32", "stand-in", "The sandbox runs on Linux and macOS, got Windows. Run it in WSL."],
] as const)("refuses on %s to run %s plugins", async ([platform, source, message]) => {
  vi.spyOn(process, "platform", "get").mockReturnValue(platform);

  await expect(preparePulumiHome(folder, source, cli, outer)).rejects.toThrow(new SandboxError(message));
});
