import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { findYamlHost } from "../../../sandbox/toolchain/yamlHost.ts";

// Go is a shell script here, with one line of its own.
let folder: string;
let lines: string[];
let kept: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "yaml-host-"));
  lines = [];
  kept = join(folder, "home/.cache/exchange-auth/pulumi-yaml/1.38.3/pulumi-language-yaml");
});

afterEach(() => rmSync(folder, { recursive: true }));

const find = () =>
  findYamlHost({
    env: { HOME: join(folder, "home"), PATH: `${join(folder, "path")}:/usr/bin:/bin` },
    report: (line) => lines.push(line),
  });

function script(file: string, body: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/sh\n${body}\n`);
  chmodSync(file, 0o755);
}

const go = (build: string) => script(join(folder, "path/go"), `[ "$1" = version ] || { ${build}; }`);

test("Go builds it once into the user's cache", async () => {
  // go build -v -trimpath -buildvcs=false -o PATH …
  go('[ "$1 $5" = "build -o" ] && echo "#!/bin/sh" > "$6" && chmod +x "$6"');
  expect(await find()).toBe(kept);
  expect(existsSync(kept)).toBe(true);
  expect(lines[0]).toContain("Building Pulumi's language host for YAML 1.38.3 with Go");

  go("exit 1");
  lines = [];
  expect(await find()).toBe(kept);
  expect(lines).toEqual([]);
});

test("a build that fails ends in Go's last words and what to install, and leaves nothing behind", async () => {
  go('echo "go: downloading a v1" >&2; echo "a@v1: dial tcp: no route to host" >&2; exit 1');
  await expect(find()).rejects.toThrow(
    "Pulumi's language host for YAML is missing. The build failed: a@v1: dial tcp: no route to host. " +
      "Install Pulumi (https://www.pulumi.com/docs/iac/download-install/), which has it, or Go (https://go.dev/doc/install).",
  );
  expect(readdirSync(dirname(dirname(kept)))).toEqual(["1.38.3"]);
  expect(existsSync(kept)).toBe(false);
});

test("a machine without Go is told so", async () => {
  script(join(folder, "path/go"), "exit 127");
  await expect(find()).rejects.toThrow("The build failed: Go is not on PATH. Install Pulumi");
});
