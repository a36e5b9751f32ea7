import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { isNewEnough, pulumiVersion } from "../../../sandbox/toolchain/pulumiVersion.ts";

const read = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");

test("the Go module and the sandbox mean the same version", () => {
  expect(read("sandbox/toolchain/cli/go.mod")).toContain(
    `github.com/pulumi/pulumi/pkg/v3 v${pulumiVersion} // indirect\n`,
  );
});

test.for([
  ["3.259.0", true],
  ["3.259.1-alpha.2", true],
  ["3.270.0", true],
  ["3.1000.0", true],
  ["3.259.0-dev.0", false],
  ["3.258.99", false],
  ["2.999.0", false],
  ["4.0.0", false],
  ["", false],
] as const)("%s is new enough: %s", ([version, expected]) => {
  expect(isNewEnough(version)).toBe(expected);
});
