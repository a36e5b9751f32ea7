#!/usr/bin/env node
/**
 * Where every command of this repository begins: plain JavaScript that any Node from 18 on runs without a
 * package. It installs what is missing or out of date, then goes on with the entry under the Node of scripts/node.
 *
 * Usage: node scripts/bootstrap.mjs ENTRY [ARGUMENT...], with ENTRY relative to the repository.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { constants } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** Has a lockfile of its own, so that no one who installs the package gets a Node with it. */
const nodeFolder = join(root, "scripts", "node");

const pinned = pinnedNode();
const node = pinned?.executable ?? ownNode();
if (pinned && !pinned.isInstalled()) {
  install(
    nodeFolder,
    `Installing Node ${pinned.version} of scripts/node/package-lock.json. This takes a few seconds.`,
  );
  if (!pinned.isInstalled()) {
    fail(
      `Node ${pinned.version} is missing after npm ci, got no ${pinned.executable}. ` +
        "Run npm ci in scripts/node: it says why. Then run the command again.",
    );
  }
}
if (!isInstalled()) {
  install(
    root,
    "Installing the packages of package-lock.json. If npm's cache is empty, this takes up to two minutes.",
  );
}
goOn(process.argv.slice(2));

/** The Node that the lockfile names for this platform; undefined where it names none. */
function pinnedNode() {
  const [path, wanted] = Object.entries(packagesOf(nodeFolder, "package-lock.json")).find(isForHere) ?? [];
  if (!path) return undefined;
  const executable = join(nodeFolder, path, wanted.bin.node);
  const isThere = () =>
    isSame(packagesOf(nodeFolder, "node_modules/.package-lock.json")[path], wanted) && existsSync(executable);
  return { version: wanted.version, executable, isInstalled: isThere };
}

function isForHere([, { os, cpu }]) {
  return [os].flat().includes(process.platform) && [cpu].flat().includes(process.arch);
}

/** The Node that runs this file, which is the one on PATH. */
function ownNode() {
  if (process.versions.node.startsWith("24.")) return process.execPath;
  return fail(
    `Node 24 is missing, got Node ${process.versions.node}, and npm has no package of it for ` +
      `${process.platform} ${process.arch}. Put Node 24 first on PATH and run the command again.`,
  );
}

/** Compares the lockfile with the record that npm keeps of what it installed: a few milliseconds. */
function isInstalled() {
  const installed = packagesOf(root, "node_modules/.package-lock.json");
  // Optional packages that are missing are those of other platforms, which npm leaves out.
  const isThere = ([path, wanted]) =>
    path === "" || (installed[path] ? isSame(installed[path], wanted) : wanted.optional);
  return (
    existsSync(join(root, "node_modules")) &&
    Object.entries(packagesOf(root, "package-lock.json")).every(isThere)
  );
}

function isSame(installed, { version, integrity }) {
  return installed?.version === version && installed.integrity === integrity;
}

function packagesOf(folder, lockfile) {
  try {
    return JSON.parse(readFileSync(join(folder, lockfile), "utf8")).packages;
  } catch {
    return {};
  }
}

function install(cwd, what) {
  say(what);
  const start = Date.now();
  // npm's own Node where npm tells it: another one on PATH may be too old for this npm.
  const { npm_execpath: npm, npm_node_execpath: npmNode } = process.env;
  const [command, ...first] = npm?.endsWith("npm-cli.js") ? [npmNode ?? process.execPath, npm] : ["npm"];
  const args = ["ci", "--include=dev", "--include=optional", "--ignore-scripts", "--no-audit", "--no-fund"];
  const { status, error } = spawnSync(command, [...first, ...args, "--loglevel=error"], {
    cwd,
    // The output of npm ci must not mix with the output of the command that asked for it.
    stdio: ["inherit", 2, 2],
    shell: process.platform === "win32" && command === "npm",
  });
  if (error)
    fail(`npm does not start, got ${error.message}. Install Node with npm and run the command again.`);
  if (status !== 0) fail(`npm ci failed, got exit code ${status}. Its messages are above.`);
  say(`Installed in ${Math.round((Date.now() - start) / 1000)} s.`);
}

function goOn([entry, ...args]) {
  if (!entry) fail("The entry is missing. Say which file to run: node scripts/bootstrap.mjs ENTRY.");
  const compileCache = new URL("compileCache.mjs", import.meta.url).href;
  // What the entry starts by the name node is this one, too.
  process.env.PATH = [dirname(node), process.env.PATH].filter(Boolean).join(delimiter);
  const child = spawn(node, ["--import", compileCache, join(root, entry), ...args], { stdio: "inherit" });
  // A terminal sends Ctrl-C to the child as well, which decides when to end; a signal to this process alone is passed on.
  process.on("SIGINT", () => {});
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) =>
    fail(`${node} does not start, got ${error.message}. Run npm ci in scripts/node and try again.`),
  );
  child.on("exit", (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}

function say(line) {
  process.stderr.write(`${line}\n`);
}

/** @returns {never} */
function fail(message) {
  say(message);
  process.exit(1);
}
