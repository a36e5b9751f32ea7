/**
 * Writes docs/reference from the sources' own comments; an exported symbol without one is an error.
 *
 * Usage: node scripts/referenceDocs.ts [--check], which compares only.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const root = path.dirname(import.meta.dirname);
const committed = path.join(root, "docs/reference");

if (process.argv.includes("--check")) {
  const folder = mkdtempSync(path.join(tmpdir(), "exchange-auth-reference-"));
  try {
    generate(folder);
    if (process.exitCode === undefined) compare(filesIn(folder), filesIn(committed));
  } finally {
    rmSync(folder, { recursive: true });
  }
} else {
  generate(committed);
}

function generate(folder: string): void {
  const typedoc = path.join(root, "node_modules/typedoc/bin/typedoc");
  const args = [typedoc, "--logLevel", "Warn", "--out", folder];
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: "inherit" });
  if (status !== 0) process.exitCode = 1;
}

function compare(fresh: ReadonlyMap<string, string>, kept: ReadonlyMap<string, string>): void {
  const names = [...new Set([...fresh.keys(), ...kept.keys()])];
  const stale = names.filter((name) => fresh.get(name) !== kept.get(name));
  if (stale.length === 0) return;
  process.stderr.write(
    `docs/reference is out of date, got other text for ${stale.join(", ")}. Run npm run docs and commit what it writes.\n`,
  );
  process.exitCode = 1;
}

function filesIn(folder: string): Map<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".md"),
  );
  return new Map(names.map((name) => [name, readFileSync(path.join(folder, name), "utf8")]));
}
