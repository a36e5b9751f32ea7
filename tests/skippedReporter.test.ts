import { spawnSync } from "node:child_process";
import { join } from "node:path";

import { expect, test } from "vitest";

const repository = join(import.meta.dirname, "..");
const vitest = join(repository, "node_modules/vitest/vitest.mjs");
const root = join(import.meta.dirname, "fixtures/skipped");

function lastLines(...args: readonly string[]): string {
  const run = spawnSync(process.execPath, [vitest, "run", "--root", root, ...args], { encoding: "utf8" });
  expect(run.status).toBe(0);
  return run.stdout;
}

test("the last lines of a run say what did not run, or on which plugins, and why", () => {
  expect(lastLines()).toBe(`
Not tested here (3):
  some.fixture.ts: lacks a tool: this machine has no keytool
  some.fixture.ts: a group > that was left out: no reason given
  some.fixture.ts: is to be written: no reason given

Tested on the stand-ins, not on the official plugins (1):
  some.fixture.ts: it moves the clock
`);
});

test("but not what nobody asked for", () => {
  expect(lastLines("--testNamePattern", "lacks")).toBe(`
Not tested here (1):
  some.fixture.ts: lacks a tool: this machine has no keytool
`);
});
