#!/usr/bin/env node
/**
 * Where every command of this repository begins: plain JavaScript that any Node from 18 on runs without a
 * package. It installs what is missing or out of date, then goes on with the entry under Node 24 from node_modules.
 *
 * Usage: node scripts/bootstrap.mjs ENTRY [ARGUMENT...], with ENTRY relative to the repository.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const node = join(root, "node_modules", "node", "bin", process.platform === "win32" ? "node.exe" : "node");

if (!isInstalled()) install();
goOn(process.argv.slice(2));

/** Compares the lockfile with the record that npm keeps of what it installed: a few milliseconds. */
function isInstalled() {
  const installed = packagesOf(join("node_modules", ".package-lock.json"));
  const isThere = ([path, { version, integrity, optional }]) => {
    const found = installed[path];
    // Optional packages that are missing are those of other platforms, which npm leaves out.
    return path === "" || (found ? found.version === version && found.integrity === integrity : optional);
  };
  return existsSync(node) && Object.entries(packagesOf("package-lock.json")).every(isThere);
}

function packagesOf(lockfile) {
  try {
    return JSON.parse(readFileSync(join(root, lockfile), "utf8")).packages;
  } catch {
    return {};
  }
}

function install() {
  say(
    "Installing the packages of package-lock.json with npm ci; half a minute to two minutes when npm's cache is empty.",
  );
  const start = Date.now();
  // npm's own Node where npm tells it: the one on PATH may be the one in node_modules, which npm ci removes.
  const { npm_execpath: npm, npm_node_execpath: npmNode } = process.env;
  const [command, ...first] = npm?.endsWith("npm-cli.js") ? [npmNode ?? process.execPath, npm] : ["npm"];
  const { status, error } = spawnSync(
    command,
    [...first, "ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"],
    // The output of npm ci must not mix with the output of the command that asked for it.
    { cwd: root, stdio: ["inherit", 2, 2], shell: process.platform === "win32" && command === "npm" },
  );
  if (error)
    fail(`npm does not start, got ${error.message}. Install Node with npm and run the command again.`);
  if (status !== 0) fail(`npm ci failed, got exit code ${status}. Its messages stand above.`);
  if (!existsSync(node)) {
    fail(
      "Node 24 is missing after npm ci, got no node_modules/node/bin. " +
        "Let the npm package `node` run its install script (npm config set ignore-scripts false) and run the command again.",
    );
  }
  say(`Installed in ${Math.round((Date.now() - start) / 1000)} s.`);
}

function goOn([entry, ...args]) {
  if (!entry) fail("The entry is missing. Say which file to run: node scripts/bootstrap.mjs ENTRY.");
  const compileCache = new URL("compileCache.mjs", import.meta.url).href;
  const child = spawn(node, ["--import", compileCache, join(root, entry), ...args], { stdio: "inherit" });
  // A terminal sends Ctrl-C to the child as well, which decides when to end; a signal to this process alone is passed on.
  process.on("SIGINT", () => {});
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) =>
    fail(`${node} does not start, got ${error.message}. Run npm ci and try again.`),
  );
  child.on("exit", (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}

function say(line) {
  process.stderr.write(`${line}\n`);
}

function fail(message) {
  say(message);
  process.exit(1);
}
