import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { type RunResult, runCommand } from "../../sandbox/workspace/runCommand.ts";
import { repository } from "../../sandbox/workspace/sandboxFolder.ts";

// A repository of its own, with an npm that leaves a mark.
let folder: string;

const wanted = {
  "": { name: "made-up" },
  "node_modules/vitest": { version: "5.1.0", integrity: "sha512-vitest" },
  "node_modules/for-windows": { version: "1.0.0", integrity: "sha512-windows", optional: true },
};
const installed = { "node_modules/vitest": wanted["node_modules/vitest"] };

/** A package that brings a Node, for this platform unless told otherwise. */
const nodePackage = (more: object = {}): object => ({
  version: "24.1.0",
  integrity: "sha512-node",
  optional: true,
  os: process.platform,
  cpu: process.arch,
  bin: { node: "bin/node" },
  ...more,
});
const wantedNodes = {
  "": { name: "made-up-node" },
  "node_modules/node-elsewhere": nodePackage({ os: "plan9" }),
  "node_modules/node-here": nodePackage(),
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "bootstrap-"));
  writePackages("package-lock.json", wanted);
  writePackages("scripts/node/package-lock.json", wantedNodes);
  write(
    "entry.mjs",
    `console.log(process.execPath.endsWith("node") + " " + process.argv.slice(2));
     process.exitCode = process.env.PATH.split(":")[0] === process.argv0.replace(/\\/node$/, "") ? 5 : 6;`,
  );
  for (const script of ["scripts/bootstrap.mjs", "scripts/compileCache.mjs"])
    copyFileSync(join(repository, script), join(folder, script));
});

afterEach(() => rmSync(folder, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

function writePackages(path: string, packages: object): void {
  write(path, JSON.stringify({ packages }));
}

function install(packages: object): void {
  writePackages("node_modules/.package-lock.json", packages);
}

function installNode(more: object = {}): void {
  writePackages("scripts/node/node_modules/.package-lock.json", {
    "node_modules/node-here": nodePackage(more),
  });
  mkdirSync(join(folder, nodeBin), { recursive: true });
  symlinkSync(process.execPath, join(folder, nodeBin, "node"));
}

const nodeBin = "scripts/node/node_modules/node-here/bin";

/** Runs the bootstrap as npm does, with an npm that says with which arguments and where it is run, and does `work`. */
function bootstrap(work: string, ...args: string[]): Promise<RunResult> {
  write(
    "npm-cli.js",
    `const { basename } = require("node:path");
     console.log("npm " + process.argv.slice(2, 6) + " in " + basename(process.cwd())); ${work}`,
  );
  const env = {
    ...process.env,
    npm_execpath: join(folder, "npm-cli.js"),
    npm_node_execpath: process.execPath,
  };
  return runCommand(process.execPath, [join(folder, "scripts/bootstrap.mjs"), ...args], { env });
}

/** What npm does in either folder. */
const installWork = `
  const fs = require("node:fs");
  const { packages } = JSON.parse(fs.readFileSync("package-lock.json"));
  for (const path of ["", "node_modules/node-elsewhere", "node_modules/for-windows"]) delete packages[path];
  fs.mkdirSync("node_modules/node-here/bin", { recursive: true });
  fs.symlinkSync(process.execPath, "node_modules/node-here/bin/node");
  fs.writeFileSync("node_modules/.package-lock.json", JSON.stringify({ packages }));`;

const npmCi = "npm ci,--include=dev,--include=optional,--ignore-scripts in ";
const installsPackages = expect.stringMatching(/^Installing the packages of package-lock\.json\. .*\.$/);
const installsNode = "Installing Node 24.1.0 of scripts/node/package-lock.json. This takes a few seconds.";
const done = expect.stringMatching(/^Installed in \d+ s\.$/);

const lines = (text: string): string[] => text.trimEnd().split("\n");

test("goes on at once where everything is installed, with the entry's arguments and exit code, under the pinned Node, which is first on PATH", async () => {
  install(installed);
  installNode();

  expect(await bootstrap("", "entry.mjs", "a", "--b")).toEqual({
    exitCode: 5,
    stdout: "true a,--b\n",
    stderr: "",
  });
});

test("installs Node and what is missing without a script of theirs, and says on standard error what it does and how long it took", async () => {
  const { exitCode, stdout, stderr } = await bootstrap(installWork, "entry.mjs");

  expect({ exitCode, stdout }).toEqual({ exitCode: 5, stdout: "true \n" });
  expect(lines(stderr)).toEqual([
    installsNode,
    `${npmCi}node`,
    done,
    installsPackages,
    npmCi + basename(folder),
    done,
  ]);
});

test.for([
  ["another version", { "node_modules/vitest": { version: "5.0.0", integrity: "sha512-vitest" } }],
  ["other content", { "node_modules/vitest": { version: "5.1.0", integrity: "sha512-other" } }],
  ["a package too few", {}],
] as const)("installs where there is %s", async ([, packages]) => {
  install(packages);
  installNode();

  const { exitCode, stderr } = await bootstrap("", "entry.mjs");
  expect(exitCode).toBe(5);
  expect(lines(stderr)).toEqual([installsPackages, npmCi + basename(folder), done]);
});

test.for([
  ["missing", undefined],
  ["another version", { version: "24.0.0" }],
  ["other content", { integrity: "sha512-other" }],
] as const)("installs Node where it is %s", async ([, found]) => {
  install(installed);
  if (found) installNode(found);

  const work = installWork.replace(
    "fs.symlinkSync",
    "if (!fs.existsSync('node_modules/node-here/bin/node')) $&",
  );
  const { exitCode, stderr } = await bootstrap(work, "entry.mjs");
  expect(exitCode).toBe(5);
  expect(lines(stderr)).toEqual([installsNode, `${npmCi}node`, done]);
});

test("stops where npm fails", async () => {
  const { exitCode, stdout, stderr } = await bootstrap("process.exit(3);", "entry.mjs");

  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
  expect(stderr).toContain("npm ci failed, got exit code 3. Its messages are above.");
});

test("stops where npm leaves Node out, as it does with an optional package that it cannot get", async () => {
  const { exitCode, stderr } = await bootstrap("", "entry.mjs");

  expect(exitCode).toBe(1);
  expect(stderr).toContain(
    `Node 24.1.0 is missing after npm ci, got no ${join(folder, nodeBin, "node")}. ` +
      "Run npm ci in scripts/node: it says why. Then run the command again.\n",
  );
});

test("goes on under Node 24 from PATH where no package has one for the platform", async () => {
  install(installed);
  writePackages("scripts/node/package-lock.json", {
    "node_modules/node-elsewhere": nodePackage({ os: "plan9" }),
    "node_modules/node-other": nodePackage({ cpu: "pdp11" }),
  });

  expect(await bootstrap("", "entry.mjs")).toEqual({ exitCode: 5, stdout: "true \n", stderr: "" });
});

test("says what to do where PATH has another Node then", async () => {
  install(installed);
  writePackages("scripts/node/package-lock.json", {});
  write("older.mjs", "Object.defineProperty(process, 'versions', { value: { node: '20.20.2' } });");

  const args = ["--import", join(folder, "older.mjs"), join(folder, "scripts/bootstrap.mjs"), "entry.mjs"];
  expect(await runCommand(process.execPath, args, {})).toEqual({
    exitCode: 1,
    stdout: "",
    stderr:
      "Node 24 is missing, got Node 20.20.2, and npm has no package of it for " +
      `${process.platform} ${process.arch}. Put Node 24 first on PATH and run the command again.\n`,
  });
});

test("passes on how a signal ended the entry", async () => {
  install(installed);
  installNode();
  write("entry.mjs", "process.kill(process.pid, 'SIGTERM'); setInterval(() => {}, 1000);");

  expect(await bootstrap("", "entry.mjs")).toMatchObject({ exitCode: 143 });
});
