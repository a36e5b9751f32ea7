import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { findPulumi } from "../../../sandbox/toolchain/findPulumi.ts";

// Every executable here is a real file that really runs: a shell script with one line of its own.
let folder: string;
let lines: string[];
let env: NodeJS.ProcessEnv;
let cached: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "toolchain-"));
  lines = [];
  const home = join(folder, "home");
  env = { HOME: home, PATH: `${join(folder, "path")}:/usr/bin:/bin` };
  cached = join(home, ".cache/exchange-auth/pulumi/3.259.0/bin/pulumi");
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const find = () =>
  findPulumi({
    env,
    platform: "linux",
    runJs: join(folder, "npm/pulumi/run.js"),
    report: (line) => lines.push(line),
  });

function script(path: string, body: string): string {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/sh\n${body}\n`);
  chmodSync(file, 0o755);
  return file;
}

const prints = (version: string): string => `echo ${version}`;

/** The npm package: run.js is run by Node, so it is JavaScript. */
function npmPackage(body: string): void {
  mkdirSync(join(folder, "npm/pulumi"), { recursive: true });
  writeFileSync(join(folder, "npm/pulumi/run.js"), body);
}

const refusedDownload = `console.error("Downloading pulumi v3.259.0..."); console.error("pulumi: fetch failed"); process.exit(1);`;

const download = (version: string): string => `
  const { mkdirSync, writeFileSync } = require("node:fs");
  const bin = process.env.PULUMI_HOME + "/versions/" + process.env.PULUMI_VERSION + "/bin";
  mkdirSync(bin, { recursive: true });
  for (const name of ["pulumi", "pulumi-language-nodejs"]) {
    writeFileSync(bin + "/" + name, "#!/bin/sh\\necho ${version}\\n", { mode: 0o755 });
  }
  console.log("${version}");`;

/** Go that writes an executable to where -o says, after `before`. */
const go = (version: string, before = ""): string => `
  if [ "$1" = version ]; then echo go version go1.26.8 linux/amd64; exit; fi
  ${before}
  while [ "$1" != -o ]; do shift; done
  mkdir -p "$(dirname "$2")"
  printf '#!/bin/sh\\necho ${version}\\n' > "$2"
  chmod +x "$2"`;

test("takes the one on PATH that is new enough, without a word", async () => {
  const path = script("path/pulumi", prints("v3.260.1"));

  expect(await find()).toEqual({ path, version: "3.260.1", hasLanguageHost: false });
  expect(lines).toEqual([]);
});

test("sees the language host beside the real file that a link on PATH leads to", async () => {
  const real = script("opt/pulumi/bin/pulumi", prints("v3.259.0"));
  script("opt/pulumi/bin/pulumi-language-nodejs", "");
  mkdirSync(join(folder, "path"));
  symlinkSync(real, join(folder, "path/pulumi"));

  expect(await find()).toEqual({
    path: join(folder, "path/pulumi"),
    version: "3.259.0",
    hasLanguageHost: true,
  });
});

test.for([
  ["v3.258.9", "3.258.9 is not 3.259.0 or newer"],
  ["v3.99.0", "3.99.0 is not 3.259.0 or newer"],
  ["v3.259.0-alpha.1", "3.259.0-alpha.1 is not 3.259.0 or newer"],
  ["v4.0.0", "4.0.0 is not 3.259.0 or newer"],
  ["something else", "it does not start"],
] as const)("passes over %s on PATH and takes the next one", async ([printed, reason]) => {
  const old = script("path/pulumi", prints(printed));
  const next = script("path2/pulumi", prints("v3.259.1"));
  env["PATH"] = `${join(folder, "path")}:${join(folder, "path2")}:/usr/bin:/bin`;

  expect((await find()).path).toBe(next);
  expect(lines).toEqual([`${old} is not used: ${reason}.`]);
});

test("does not take the npm package's own starter for a CLI, nor run it", async () => {
  const ran = join(folder, "ran");
  const runJs = script("lib/node_modules/pulumi/run.js", `touch ${ran}; echo v3.259.0`);
  mkdirSync(join(folder, "path"));
  symlinkSync(runJs, join(folder, "path/pulumi"));
  script("path2/pulumi", `touch ${ran}; exec node "$basedir/../pulumi/run.js" "$@"`);
  env["PATH"] = `${join(folder, "path")}:${join(folder, "path2")}:/usr/bin:/bin`;
  const kept = script("home/.pulumi/versions/3.259.0/bin/pulumi", prints("v3.259.0"));

  expect((await find()).path).toBe(kept);
  expect(existsSync(ran)).toBe(false);
  expect(lines).toEqual([]);
});

test("takes what the npm package keeps, in PULUMI_HOME where that is set", async () => {
  script("home/.pulumi/versions/3.259.0/bin/pulumi", prints("v3.259.0"));
  const kept = script("elsewhere/versions/3.259.0/bin/pulumi", prints("v3.259.0"));
  env["PULUMI_HOME"] = join(folder, "elsewhere");

  expect(await find()).toEqual({ path: kept, version: "3.259.0", hasLanguageHost: false });
});

test("takes the cached one rather than half a file of the npm package", async () => {
  const half = script("home/.pulumi/versions/3.259.0/bin/pulumi", "");
  writeFileSync(half, "\x7fELF half");
  script("home/.cache/exchange-auth/pulumi/3.259.0/bin/pulumi", prints("v3.259.0"));

  expect((await find()).path).toBe(cached);
  expect(lines).toEqual([]);
});

test.for([
  ["linux", "XDG_CACHE_HOME", "xdg"],
  ["win32", "LOCALAPPDATA", "local"],
] as const)("on %s the cache is in %s", async ([platform, variable, name]) => {
  const executable = platform === "win32" ? "pulumi.exe" : "pulumi";
  const path = script(`${name}/exchange-auth/pulumi/3.259.0/bin/${executable}`, prints("v3.259.0"));
  env[variable] = join(folder, name);

  expect((await findPulumi({ env, platform, report: (line) => lines.push(line) })).path).toBe(path);
});

test("on macOS the cache is in ~/Library/Caches, and a relative XDG_CACHE_HOME counts nowhere", async () => {
  const path = script("home/Library/Caches/exchange-auth/pulumi/3.259.0/bin/pulumi", prints("v3.259.0"));
  expect((await findPulumi({ env, platform: "darwin" })).path).toBe(path);

  script("home/.cache/exchange-auth/pulumi/3.259.0/bin/pulumi", prints("v3.259.0"));
  env["XDG_CACHE_HOME"] = "relative";
  expect((await find()).path).toBe(cached);
});

test("downloads into the cache, once, with the language host", async () => {
  npmPackage(download("v3.259.0"));

  const expected = { path: cached, version: "3.259.0", hasLanguageHost: true };
  expect(await find()).toEqual(expected);
  expect(lines).toEqual([
    "Downloading Pulumi's CLI 3.259.0 with the npm package pulumi: about 100 MB, once.",
    expect.stringMatching(/^ {2}done in \d+ s$/),
  ]);
  expect(existsSync(join(folder, "home/.pulumi"))).toBe(false);

  npmPackage(refusedDownload);
  expect(await find()).toEqual(expected);
  expect(lines).toHaveLength(2);
});

test("builds with Go where the download is refused", async () => {
  npmPackage(refusedDownload);
  script("path/go", go("v3.259.0", "echo go: downloading x v1 >&2"));

  expect(await find()).toEqual({ path: cached, version: "3.259.0", hasLanguageHost: false });
  expect(lines).toEqual([
    "Downloading Pulumi's CLI 3.259.0 with the npm package pulumi: about 100 MB, once.",
    "  the download failed: pulumi: fetch failed",
    "Building Pulumi's CLI 3.259.0 with Go: 3 to 6 minutes on two cores, once.",
    expect.stringMatching(/^ {2}done in \d+ s$/),
  ]);
});

test("builds where the download is something else", async () => {
  npmPackage(download("v3.1.0"));
  script("path/go", go("v3.259.0"));

  expect((await find()).path).toBe(cached);
  expect(lines).toContain("  the download failed: the new executable is not Pulumi 3.259.0, got 3.1.0");
});

test("says what to install without network and without Go", async () => {
  npmPackage(refusedDownload);

  await expect(find()).rejects.toThrow(
    "Pulumi's CLI is missing, got none on PATH that is at least 3.259.0. " +
      "The download failed: pulumi: fetch failed. The build failed: Go is not on PATH. " +
      "Install Pulumi (https://www.pulumi.com/docs/iac/download-install/) or Go (https://go.dev/doc/install), " +
      "or run this once with access to the network.",
  );
});

test("gives Go's last words where the build fails, and leaves nothing behind", async () => {
  npmPackage(refusedDownload);
  script("path/go", go("", "echo 'dial tcp: no such host' >&2; exit 1"));

  await expect(find()).rejects.toThrow("The build failed: dial tcp: no such host. Install");
  expect(readdirSync(join(folder, "home/.cache/exchange-auth/pulumi"))).toEqual([]);
});

test("never takes a killed build for a finished one, and removes what it left when it is a day old", async () => {
  npmPackage(refusedDownload);
  script("path/go", go("v3.259.0"));
  const cache = join(folder, "home/.cache/exchange-auth/pulumi");
  script("home/.cache/exchange-auth/pulumi/.unfinished-old/bin/pulumi", prints("v3.259.0"));
  script("home/.cache/exchange-auth/pulumi/.unfinished-now/bin/pulumi", prints("v3.259.0"));
  mkdirSync(join(cache, "3.259.0/bin"), { recursive: true });
  const dayBefore = new Date(Date.now() - 25 * 60 * 60 * 1000);
  utimesSync(join(cache, ".unfinished-old"), dayBefore, dayBefore);

  expect((await find()).path).toBe(cached);
  expect(lines).toContain("Building Pulumi's CLI 3.259.0 with Go: 3 to 6 minutes on two cores, once.");
  expect(readdirSync(cache).toSorted()).toEqual([".unfinished-now", "3.259.0"]);
  expect(readdirSync(join(cache, "3.259.0"))).toEqual(["bin"]);
});

test("two builds at once end in one whole CLI", async () => {
  npmPackage(refusedDownload);
  // Each build waits for the other one to have begun.
  script(
    "path/go",
    go(
      "v3.259.0",
      `touch ${folder}/$$.begun; while [ "$(ls ${folder}/*.begun | wc -l)" -lt 2 ]; do sleep 0.01; done`,
    ),
  );

  const both = await Promise.all([find(), find()]);

  expect(both.map(({ path }) => path)).toEqual([cached, cached]);
  expect(readdirSync(join(folder, "home/.cache/exchange-auth/pulumi"))).toEqual(["3.259.0"]);
});
