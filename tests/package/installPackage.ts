import { cpSync, existsSync, mkdirSync, readdirSync, symlinkSync } from "node:fs";
import path from "node:path";

import { expect } from "vitest";

import { runCommand, type RunResult } from "../../sandbox/workspace/runCommand.ts";
import { productFolders, root } from "../docs/pages.ts";

/** A tarball, and the paths of the files in it. */
export interface Packed {
  readonly tarball: string;
  readonly files: readonly string[];
}

/** What the build and the tarball are made from. */
const sources = [
  ".npmrc",
  "CHANGELOG.md",
  "LICENSE",
  "README.md",
  "exo-auth",
  "package-lock.json",
  "package.json",
  "scripts",
  "tsconfig.build.json",
  "tsconfig.json",
  ...productFolders,
];

/** Builds and packs the package in a folder, as a release does; nothing in the repository changes. */
export async function packPackage(folder: string): Promise<Packed> {
  const copy = path.join(folder, "package");
  copySources(copy);
  await succeed("npm", ["run", "build"], copy);
  return pack(copy);
}

/** Packs the package that has the command alone, from the copy of the sources that the other one was packed in. */
export function packCommand(folder: string): Promise<Packed> {
  return pack(path.join(folder, "package"), "./exo-auth");
}

async function pack(cwd: string, ...args: readonly string[]): Promise<Packed> {
  const { stdout } = await succeed("npm", ["pack", "--json", "--silent", ...args], cwd);
  const [packed] = JSON.parse(stdout) as [{ filename: string; files: { path: string }[] }];
  return { tarball: path.join(cwd, packed.filename), files: packed.files.map((file) => file.path) };
}

/** Copies what the package is made from; the packages that make it stay where they are. */
export function copySources(copy: string): void {
  const packages = path.join(root, "scripts/node/node_modules");
  for (const name of sources) {
    const filter = (file: string): boolean => file !== packages;
    cpSync(path.join(root, name), path.join(copy, name), { recursive: true, filter });
  }
  for (const folder of ["", "scripts/node"]) linkPackages(path.join(root, folder), path.join(copy, folder));
}

/** A link to each, not to all: where the bootstrap found one out of date, npm would empty the folder behind the link. */
function linkPackages(from: string, to: string): void {
  const packages = path.join(from, "node_modules");
  mkdirSync(path.join(to, "node_modules"));
  for (const name of existsSync(packages) ? readdirSync(packages) : []) {
    symlinkSync(path.join(packages, name), path.join(to, "node_modules", name));
  }
}

/** Makes a project as Pulumi's TypeScript template makes it, and installs the package there. */
export async function installInto(consumer: string, { tarball }: Packed): Promise<void> {
  cpSync(path.join(root, "tests/fixtures/consumer"), consumer, { recursive: true });
  const args = ["install", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error", tarball];
  await succeed("npm", args, consumer);
}

/** Runs a command that must end with exit code 0. */
export async function succeed(command: string, args: readonly string[], cwd: string): Promise<RunResult> {
  const result = await runCommand(command, args, { cwd });
  expect(result, `${command} ${args.join(" ")}\n${result.stdout}${result.stderr}`).toMatchObject({
    exitCode: 0,
  });
  return result;
}
