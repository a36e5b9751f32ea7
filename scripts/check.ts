/** Everything that must hold before a commit: each check in turn, all of them, then what failed. */
import { spawnSync } from "node:child_process";
import { styleText } from "node:util";
import path from "node:path";

const root = path.dirname(import.meta.dirname);

const checks: readonly (readonly [name: string, script: string, ...args: string[]])[] = [
  ["format", "node_modules/oxfmt/bin/oxfmt", "--check"],
  ["lint", "node_modules/oxlint/bin/oxlint"],
  ["types", "node_modules/typescript/bin/tsc"],
  ["unused code", "node_modules/knip/bin/knip.js"],
  ["generated pages", "scripts/docs.ts", "--check"],
  ["English", "scripts/prose.ts"],
  ["tests", "node_modules/vitest/vitest.mjs", "run", "--project", "unit", "--project", "engine"],
];

const failed = checks.filter((check) => !holds(...check)).map(([name]) => name);
if (failed.length > 0) {
  process.stderr.write(styleText("red", `Failed: ${failed.join(", ")}.\n`));
  process.exitCode = 1;
}

function holds(name: string, script: string, ...args: string[]): boolean {
  process.stderr.write(styleText("bold", `${name}\n`));
  const { status } = spawnSync(process.execPath, [script, ...args], { cwd: root, stdio: "inherit" });
  return status === 0;
}
