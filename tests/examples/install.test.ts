import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

// The script that installs what the jobs of examples/pipelines run, on its own. On the engine, and with checksums that
// are wrong: tests/engine/full/pipelinesGithub.test.ts.
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "install-"));
  cpSync("examples/pipelines/steps/install.sh", path.join(folder, "pipelines/steps/install.sh"));
  const manifests: Readonly<Record<string, object>> = {
    "": {},
    "node_modules/@pulumi/azuread": { pulumi: { resource: true, name: "azuread", version: "6.9.1" } },
    "node_modules/@pulumi/pulumi": { version: "3.259.0" },
    "node_modules/@pulumi/tls": { pulumi: { resource: true, name: "tls", version: "5.5.0" } },
    "node_modules/a/node_modules/@pulumi/tls": { pulumi: { resource: true, name: "tls", version: "4.11.0" } },
    "node_modules/b": { version: "1.0.0" },
  };
  write("package-lock.json", JSON.stringify({ packages: { ...manifests, "node_modules/for-windows": {} } }));
  for (const [name, manifest] of Object.entries(manifests)) {
    write(path.join(name, "package.json"), JSON.stringify(manifest));
  }
  tool("npm", `echo "$@" >> "${folder}/npm.calls"`);
  // Each archive holds its own address.
  tool("curl", `for url; do :; done; while [ "$1" != --output ]; do shift; done; echo "$url" > "$2"`);
});

afterEach(() => rmSync(folder, { recursive: true }));

function write(file: string, text: string): void {
  mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
  writeFileSync(path.join(folder, file), text);
}

function tool(name: string, script: string): void {
  write(`tools/${name}`, `#!/bin/sh\n${script}\n`);
  chmodSync(path.join(folder, "tools", name), 0o755);
}

function install(...args: readonly string[]): {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
} {
  const env = {
    PATH: [path.join(folder, "tools"), path.dirname(process.execPath), process.env["PATH"]].join(":"),
  };
  return spawnSync("sh", ["pipelines/steps/install.sh", ...args], { cwd: folder, env, encoding: "utf8" });
}

/** What is printed for an archive at an address. */
function line(address: string): string {
  const content = `https://get.pulumi.com/releases/${address}\n`;
  return `${createHash("sha256").update(content).digest("hex")}  ${address.split("/")[1]}\n`;
}

test("it prints a checksum for Pulumi and for every version of a plugin in the lockfile, from Pulumi's own addresses", () => {
  const { status, stdout } = install("--pin");
  expect(status).toBe(0);
  expect(stdout).toBe(
    line("sdk/pulumi-v3.259.0-linux-x64.tar.gz") +
      line("plugins/pulumi-resource-azuread-v6.9.1-linux-amd64.tar.gz") +
      line("plugins/pulumi-resource-tls-v4.11.0-linux-amd64.tar.gz") +
      line("plugins/pulumi-resource-tls-v5.5.0-linux-amd64.tar.gz"),
  );
  expect(readFileSync(path.join(folder, "npm.calls"), "utf8")).toBe("ci --ignore-scripts\n");
});

test.each([
  ["no file of checksums", undefined],
  ["an empty one", ""],
])("with %s it installs nothing, and says how to make it", (_, sums) => {
  if (sums !== undefined) write("pipelines/pulumi.sha256", sums);
  const { status, stderr } = install();
  expect([status, stderr]).toEqual([
    2,
    `${folder}/pipelines/pulumi.sha256 is missing. Make it with: sh pipelines/steps/install.sh --pin > pipelines/pulumi.sha256\n`,
  ]);
});

test("nothing of an archive with another checksum is unpacked", () => {
  write("pipelines/pulumi.sha256", `${"0".repeat(64)}  pulumi-v3.259.0-linux-x64.tar.gz\n`);
  const unpacked = path.join(folder, "unpacked");
  tool("tar", `touch "${unpacked}"`);
  const { status, stdout, stderr } = install();
  expect(status).toBe(1);
  expect(stdout + stderr).toContain("pulumi-v3.259.0-linux-x64.tar.gz: FAILED");
  expect(() => readFileSync(unpacked)).toThrow("ENOENT");
});
