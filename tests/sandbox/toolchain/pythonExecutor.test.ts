import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { findPythonExecutor } from "../../../sandbox/toolchain/pythonExecutor.ts";

// Go is a shell script here, with one line of its own.
let folder: string;
let kept: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "python-executor-"));
  kept = join(folder, "home/.cache/exchange-auth/pulumi-python/3.259.0/pulumi-language-python-exec");
  mkdirSync(join(folder, "path"));
});

afterEach(() => rmSync(folder, { recursive: true }));

const find = (path = `${join(folder, "path")}:/usr/bin:/bin`) =>
  findPythonExecutor({ env: { HOME: join(folder, "home"), PATH: path } });

function go(line: string): void {
  const file = join(folder, "path/go");
  writeFileSync(file, `#!/bin/sh\n${line}\n`);
  chmodSync(file, 0o755);
}

test("it comes from Pulumi's Go module once, into the user's cache", async () => {
  const script = join(folder, "module/python/cmd/pulumi-language-python-exec");
  mkdirSync(dirname(script), { recursive: true });
  writeFileSync(script, "print()");
  go(`[ "$*" = "mod download -json github.com/pulumi/pulumi/sdk/v3" ] && echo '{"Dir":"${folder}/module"}'`);
  expect(await find()).toBe(kept);
  expect(readdirSync(dirname(kept))).toEqual(["pulumi-language-python-exec"]);

  go("exit 1");
  expect(await find()).toBe(kept);
});

test("a download that fails ends in Go's last words and what to install, and leaves nothing behind", async () => {
  go('echo "go: sdk/v3@v3.259.0: no route to host" >&2; exit 1');
  await expect(find()).rejects.toThrow(
    "Pulumi's script that runs Python programs is missing: go: sdk/v3@v3.259.0: no route to host. " +
      "Install Pulumi (https://www.pulumi.com/docs/iac/download-install/), which has it, or Go (https://go.dev/doc/install).",
  );
  expect(existsSync(dirname(kept))).toBe(false);
});

test("a machine without Go is told so", async () => {
  await expect(find(join(folder, "path"))).rejects.toThrow("is missing: Go is not on PATH. Install Pulumi");
});
