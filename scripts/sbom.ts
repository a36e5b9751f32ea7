/**
 * Prints the software bill of materials of the npm package (CycloneDX): every package that comes with it, in the version
 * that the lockfile has.
 */
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const root = path.dirname(import.meta.dirname);
const {
  devDependencies: _,
  workspaces: __,
  ...manifest
} = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as Record<string, unknown>;

const temporary = mkdtempSync(path.join(tmpdir(), "sbom-"));
try {
  // npm sbom takes the folder's name for the package's. And `--omit dev` leaves out what a development dependency needs as
  // well, such as yaml (npm 11.19), so here there are none.
  const folder = path.join(temporary, String(manifest["name"]));
  mkdirSync(folder);
  copyFileSync(path.join(root, "package-lock.json"), path.join(folder, "package-lock.json"));
  writeFileSync(path.join(folder, "package.json"), JSON.stringify(manifest));
  npm(folder, "install", "--package-lock-only", "--offline", "--ignore-scripts", "--no-audit", "--no-fund");
  process.stdout.write(
    npm(folder, "sbom", "--package-lock-only", "--omit", "dev", "--sbom-format", "cyclonedx"),
  );
} finally {
  rmSync(temporary, { recursive: true });
}

function npm(cwd: string, ...args: readonly string[]): string {
  const { error, status, stdout } = spawnSync("npm", args, {
    cwd,
    encoding: "utf8",
    maxBuffer: 100_000_000,
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`npm ${args[0]} ended with exit code ${status}.`);
  return stdout;
}
