import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";

import { type Archive, archiveFor } from "../../../sandbox/toolchain/archive.ts";
import { findPulumi } from "../../../sandbox/toolchain/findPulumi.ts";

// Every executable here is a real file that really runs: a shell script with one line of its own.
let folder: string;
let lines: string[];
let env: NodeJS.ProcessEnv;
let cached: string;

// What is downloaded is served by this machine.
let url: string;
let archive: Archive;
let offered: Buffer | undefined;
const server = createServer((_, response) => {
  response.writeHead(offered === undefined ? 404 : 200).end(offered);
});

beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/pulumi.tar.gz`;
});

afterAll(() => server.close());

beforeEach(() => {
  archive = { url, checksum: "0".repeat(64) };
  refuse();
  folder = mkdtempSync(join(tmpdir(), "toolchain-"));
  lines = [];
  const home = join(folder, "home");
  env = { HOME: home, PATH: `${join(folder, "path")}:/usr/bin:/bin` };
  cached = join(home, ".cache/exchange-auth/pulumi/3.259.0/bin/pulumi");
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const find = () => findPulumi({ env, platform: "linux", archive, report: (line) => lines.push(line) });

function script(path: string, body: string): string {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/sh\n${body}\n`);
  chmodSync(file, 0o755);
  return file;
}

const prints = (version: string): string => `echo ${version}`;

/** Has the archive hold executables of a version. */
function offer(version: string): void {
  for (const name of ["pulumi", "pulumi-language-nodejs"]) script(`pulumi/${name}`, prints(version));
  execFileSync("tar", ["-czf", "pulumi.tar.gz", "pulumi"], { cwd: folder });
  offered = readFileSync(join(folder, "pulumi.tar.gz"));
  archive = { url, checksum: createHash("sha256").update(offered).digest("hex") };
}

function refuse(): void {
  offered = undefined;
}

const notFound = (): string => `${url} answers with status 404`;

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
  script("home/.cache/exchange-auth/pulumi/3.259.0/bin/pulumi", prints("v3.259.0"));

  expect((await find()).path).toBe(cached);
  expect(existsSync(ran)).toBe(false);
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
  offer("v3.259.0");

  const expected = { path: cached, version: "3.259.0", hasLanguageHost: true };
  expect(await find()).toEqual(expected);
  expect(lines).toEqual([
    "Downloading Pulumi's CLI 3.259.0: about 100 MB, once.",
    expect.stringMatching(/^ {2}done in \d+ s$/),
  ]);
  expect(readdirSync(dirname(dirname(cached)))).toEqual(["bin"]);

  refuse();
  expect(await find()).toEqual(expected);
  expect(lines).toHaveLength(2);
});

test("builds with Go where the download is refused", async () => {
  script("path/go", go("v3.259.0", "echo go: downloading x v1 >&2"));

  expect(await find()).toEqual({ path: cached, version: "3.259.0", hasLanguageHost: false });
  expect(lines).toEqual([
    "Downloading Pulumi's CLI 3.259.0: about 100 MB, once.",
    `  the download failed: ${notFound()}`,
    "Building Pulumi's CLI 3.259.0 with Go: 3 to 6 minutes on two cores, once.",
    expect.stringMatching(/^ {2}done in \d+ s$/),
  ]);
});

test("never runs a download that has another checksum", async () => {
  const ran = join(folder, "ran");
  offer(`v3.259.0; touch ${ran}`);
  const { checksum } = archive;
  archive = { url, checksum: "0".repeat(64) };

  await expect(find()).rejects.toThrow(
    `The download failed: ${url} is not what it was: SHA-256 must be ${"0".repeat(64)}, got ${checksum}. `,
  );
  expect(existsSync(ran)).toBe(false);
  expect(readdirSync(join(folder, "home/.cache/exchange-auth/pulumi"))).toEqual([]);
});

test("builds where the download is something else", async () => {
  offer("v3.1.0");
  script("path/go", go("v3.259.0"));

  expect((await find()).path).toBe(cached);
  expect(lines).toContain("  the download failed: the new executable is not Pulumi 3.259.0, got 3.1.0");
});

test.for([
  ["linux", "x64"],
  ["linux", "arm64"],
  ["darwin", "x64"],
  ["darwin", "arm64"],
] as const)("knows the checksum of Pulumi's archive for %s on %s", ([platform, processor]) => {
  expect(archiveFor(platform, processor)).toEqual({
    url: `https://github.com/pulumi/pulumi/releases/download/v3.259.0/pulumi-v3.259.0-${platform}-${processor}.tar.gz`,
    checksum: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
});

test("downloads nothing for a platform whose archive has no checksum here", async () => {
  expect(archiveFor("win32", "x64")).toBeUndefined();
  script("path/go", go("v3.259.0"));

  await findPulumi({ env, platform: "win32", report: (line) => lines.push(line) });
  expect(lines[0]).toBe("  the download failed: there is no archive for this platform");
});

test("says what to install without network and without Go", async () => {
  await expect(find()).rejects.toThrow(
    "Pulumi's CLI is missing, got none on PATH that is at least 3.259.0. " +
      `The download failed: ${notFound()}. The build failed: Go is not on PATH. ` +
      "Install Pulumi (https://www.pulumi.com/docs/iac/download-install/) or Go (https://go.dev/doc/install), " +
      "or run this once with access to the network.",
  );
});

test("gives Go's last words where the build fails, and leaves nothing behind", async () => {
  script("path/go", go("", "echo 'dial tcp: no such host' >&2; exit 1"));

  await expect(find()).rejects.toThrow("The build failed: dial tcp: no such host. Install");
  expect(readdirSync(join(folder, "home/.cache/exchange-auth/pulumi"))).toEqual([]);
});

test("never takes a killed build for a finished one, and removes what it left when it is a day old", async () => {
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
