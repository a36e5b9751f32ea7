import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { isBuiltin } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";

import { runCommand, type RunResult } from "../../sandbox/workspace/runCommand.ts";
import { productFolders, root } from "../docs/pages.ts";
import { installInto, type Packed, packCommand, packPackage, succeed } from "./installPackage.ts";

// npm and compilers, on a machine that does other things too.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 300_000 });

const folder = mkdtempSync(path.join(tmpdir(), "exchange-auth-package-"));
const consumer = path.join(folder, "consumer");
const manifest = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as {
  version: string;
  license: string;
  dependencies: Record<string, string>;
  engines: Record<string, string>;
};

let packed: Packed;

beforeAll(async () => {
  packed = await packPackage(folder);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function tool(name: string, ...args: string[]): Promise<RunResult> {
  return succeed(path.join(root, "node_modules/.bin", name), args, folder);
}

describe("the tarball", () => {
  it("holds the built component and the papers, and nothing of the sandbox", () => {
    const { files } = packed;
    expect(files.filter((file) => !file.startsWith("dist/")).toSorted()).toEqual([
      "CHANGELOG.md",
      "LICENSE",
      "README.md",
      "package.json",
    ]);
    const built = files.filter((file) => file.startsWith("dist/"));
    expect(new Set(built.map((file) => file.split("/")[1]))).toEqual(
      new Set([...productFolders, "package.json"]),
    );
    expect(built.filter((file) => !/(\.js|\.d\.ts|package\.json)$/.test(file))).toEqual([]);
  });

  it("has the same bytes when it is built and packed again", async () => {
    const again = await packPackage(path.join(folder, "again"));
    const bytes = [packed, again].map(({ tarball }) => readFileSync(tarball));
    expect(bytes[0]?.equals(bytes[1]!)).toBe(true);
  });

  it("loads only packages that it depends on", () => {
    const built = globSync(path.join(folder, "package/dist/**/*.js")).map((file) =>
      readFileSync(file, "utf8"),
    );
    const loaded = built
      .flatMap((text) => [...text.matchAll(/\brequire\("([^".][^"]*)"\)/g)].map(([, name = ""]) => name))
      .filter((name) => !isBuiltin(name))
      .map((name) =>
        name.startsWith("@") ? name.split("/").slice(0, 2).join("/") : (name.split("/")[0] ?? name),
      );
    expect(loaded).toContain("@pulumi/pulumi");
    expect(loaded.filter((name) => !(name in manifest.dependencies))).toEqual([]);
  });

  it("has nothing that publint objects to", async () => {
    expect(await tool("publint", "run", "--strict", packed.tarball)).toMatchObject({ exitCode: 0 });
  });

  it("has types that every kind of module resolution finds", async () => {
    expect(await tool("attw", "--no-color", packed.tarball)).toMatchObject({ exitCode: 0 });
  });
});

describe("in a project as Pulumi's TypeScript template makes it", () => {
  beforeAll(() => installInto(consumer, packed));

  const tsc = "node_modules/typescript/bin/tsc";

  it.each([
    ["the template's", []],
    ["older projects'", ["--module", "commonjs", "--moduleResolution", "node"]],
  ])("type-checks with %s module settings", async (_, settings) => {
    const { stdout } = await succeed(process.execPath, [tsc, "--noEmit", ...settings], consumer);
    expect(stdout).toBe("");
  });

  it("runs on mocks under the ts-node that Pulumi brings", async () => {
    const { stdout } = await succeed(process.execPath, ["runOnMocks.js"], consumer);
    const result: unknown = JSON.parse(stdout);
    expect(result).toEqual({
      tsNode: expect.stringMatching(/vendor.ts-node@7/),
      typescript: expect.stringMatching(/^5\./),
      outputs: { appId: "client-id", tenantDomain: "contoso.onmicrosoft.com" },
      resources: [
        "azuread:index/appRoleAssignment:AppRoleAssignment exchange-office365-exchange-online-exchange-manage-as-app",
        "azuread:index/appRoleAssignment:AppRoleAssignment exchange-office365-exchange-online-protection-exchange-manage-as-app",
        "azuread:index/application:Application exchange",
        "azuread:index/applicationCertificate:ApplicationCertificate exchange-cert-1",
        "azuread:index/directoryRoleAssignment:DirectoryRoleAssignment exchange-global-reader",
        "azuread:index/servicePrincipal:ServicePrincipal exchange",
        "exchange-auth:index:AppCertificate exchange-cert-1",
        "exchange-auth:index:ExchangeAppOnlyAuth exchange",
        "random:index/randomPassword:RandomPassword exchange-cert-1-pfx-password",
        "random:index/randomUuid:RandomUuid exchange-cert-1-key-id",
        "random:index/randomUuid:RandomUuid exchange-marker",
        "random:index/randomUuid:RandomUuid exchange-marker-used",
        "tls:index/privateKey:PrivateKey exchange-cert-1-key",
        "tls:index/selfSignedCert:SelfSignedCert exchange-cert-1",
      ],
    });
  });

  it("is imported by an ES module under the same names as it is required", async () => {
    const script = `
      import { createRequire } from "node:module";
      import * as imported from "exchange-auth";
      const required = createRequire(import.meta.url)("exchange-auth");
      const same = Object.keys(required).filter((name) => imported[name] === required[name]);
      console.log(JSON.stringify([same, Object.keys(required)]));`;
    const { stdout } = await succeed(process.execPath, ["--input-type=module", "--eval", script], consumer);
    const [same, all] = JSON.parse(stdout) as [string[], string[]];
    expect(all).toContain("ExchangeAppOnlyAuth");
    expect(same).toEqual(all);
  });

  it("puts exo-auth into node_modules/.bin", async () => {
    const { stdout } = await succeed(process.execPath, ["node_modules/.bin/exo-auth", "--version"], consumer);
    expect(stdout).toBe(`${manifest.version}\n`);
  });
});

describe("the package exo-auth", () => {
  const project = path.join(folder, "exo-auth");
  let command: Packed;

  beforeAll(async () => {
    // As the release workflow does.
    cpSync(path.join(root, "LICENSE"), path.join(folder, "package/exo-auth/LICENSE"));
    command = await packCommand(folder);
    mkdirSync(project);
    const args = ["install", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"];
    await succeed("npm", [...args, packed.tarball, command.tarball], project);
  });

  it("only depends on the package of its own version, and has the command", () => {
    expect(command.files.toSorted()).toEqual(["LICENSE", "README.md", "main.cjs", "package.json"]);
    const { version, license, engines } = manifest;
    expect(JSON.parse(readFileSync(path.join(root, "exo-auth/package.json"), "utf8"))).toMatchObject({
      name: "exo-auth",
      version,
      license,
      engines,
      bin: { "exo-auth": "main.cjs" },
      dependencies: { "exchange-auth": version },
    });
  });

  it("has nothing that publint objects to", async () => {
    expect(await tool("publint", "run", "--strict", command.tarball)).toMatchObject({ exitCode: 0 });
  });

  it("runs the command with `npx exo-auth`", async () => {
    const { stdout } = await succeed("npx", ["--offline", "--no-install", "exo-auth", "--version"], project);
    expect(stdout).toBe(`${manifest.version}\n`);
  });

  it("gives the command its arguments, and its exit code back", async () => {
    const main = path.join(project, "node_modules/exo-auth/main.cjs");
    const run = (...args: string[]): Promise<RunResult> =>
      runCommand(process.execPath, [main, ...args], { cwd: project });
    expect(await run("--version")).toMatchObject({ exitCode: 0, stdout: `${manifest.version}\n` });
    expect(await run("rotat")).toMatchObject({ exitCode: 2 });
  });
});
