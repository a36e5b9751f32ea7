import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { type RunResult, runCommand } from "../../sandbox/workspace/runCommand.ts";
import { repository } from "../../sandbox/workspace/sandboxFolder.ts";

// A repository of its own, with an npm that leaves a mark.
let folder: string;

const wanted = {
  "": { name: "made-up" },
  "node_modules/node": { version: "24.1.0", integrity: "sha512-node" },
  "node_modules/vitest": { version: "5.1.0", integrity: "sha512-vitest" },
  "node_modules/for-windows": { version: "1.0.0", integrity: "sha512-windows", optional: true },
};
const installed = {
  "node_modules/node": wanted["node_modules/node"],
  "node_modules/vitest": wanted["node_modules/vitest"],
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "bootstrap-"));
  write("package-lock.json", JSON.stringify({ packages: wanted }));
  write(
    "entry.mjs",
    "console.log(process.execPath.endsWith('node') + ' ' + process.argv.slice(2)); process.exit(5);",
  );
  mkdirSync(join(folder, "scripts"));
  for (const script of ["scripts/bootstrap.mjs", "scripts/compileCache.mjs"])
    copyFileSync(join(repository, script), join(folder, script));
});

afterEach(() => rmSync(folder, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

function install(packages: object): void {
  write("node_modules/.package-lock.json", JSON.stringify({ packages }));
  mkdirSync(join(folder, "node_modules/node/bin"), { recursive: true });
  symlinkSync(process.execPath, join(folder, "node_modules/node/bin/node"));
}

/** Runs the bootstrap as npm does, with an npm that says with which arguments it is run, and does `work`. */
function bootstrap(work: string, ...args: string[]): Promise<RunResult> {
  write("npm-cli.js", `console.log("npm " + process.argv.slice(2)); ${work}`);
  const env = {
    ...process.env,
    npm_execpath: join(folder, "npm-cli.js"),
    npm_node_execpath: process.execPath,
  };
  return runCommand(process.execPath, [join(folder, "scripts/bootstrap.mjs"), ...args], { env });
}

const installWork = `
  const fs = require("node:fs");
  fs.mkdirSync("node_modules/node/bin", { recursive: true });
  fs.symlinkSync(process.execPath, "node_modules/node/bin/node");`;

test("goes on at once where everything is installed, with the entry's arguments and exit code", async () => {
  install(installed);

  expect(await bootstrap("", "entry.mjs", "a", "--b")).toEqual({
    exitCode: 5,
    stdout: "true a,--b\n",
    stderr: "",
  });
});

test("installs what is missing, and says on standard error what it does and how long it took", async () => {
  expect(await bootstrap(installWork, "entry.mjs")).toEqual({
    exitCode: 5,
    stdout: "true \n",
    stderr: expect.stringMatching(
      /^Installing the packages of package-lock\.json with npm ci; .*\nnpm ci,--include=dev,.*\nInstalled in \d+ s\.\n$/,
    ),
  });
});

test.for([
  [
    "another version",
    { ...installed, "node_modules/vitest": { version: "5.0.0", integrity: "sha512-vitest" } },
  ],
  ["other content", { ...installed, "node_modules/vitest": { version: "5.1.0", integrity: "sha512-other" } }],
  ["a package too few", { "node_modules/node": wanted["node_modules/node"] }],
] as const)("installs where there is %s", async ([, packages]) => {
  install(packages);

  const { exitCode, stderr } = await bootstrap("", "entry.mjs");
  expect({ exitCode, installs: stderr.includes("npm ci,") }).toEqual({ exitCode: 5, installs: true });
});

test("installs where Node itself is missing", async () => {
  write("node_modules/.package-lock.json", JSON.stringify({ packages: installed }));

  expect((await bootstrap(installWork, "entry.mjs")).stderr).toContain("npm ci,");
});

test("stops where npm fails", async () => {
  const { exitCode, stdout, stderr } = await bootstrap("process.exit(3);", "entry.mjs");

  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
  expect(stderr).toContain("npm ci failed, got exit code 3. Its messages stand above.");
});

test("says what to do where npm was not allowed to bring Node", async () => {
  const { exitCode, stderr } = await bootstrap("", "entry.mjs");

  expect(exitCode).toBe(1);
  expect(stderr).toContain(
    "Let the npm package `node` run its install script (npm config set ignore-scripts false)",
  );
});

test("passes on how a signal ended the entry", async () => {
  install(installed);
  write("entry.mjs", "process.kill(process.pid, 'SIGTERM'); setInterval(() => {}, 1000);");

  expect(await bootstrap("", "entry.mjs")).toMatchObject({ exitCode: 143 });
});
