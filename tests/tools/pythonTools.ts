import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";

import { cacheFolder } from "../../sandbox/toolchain/userCache.ts";

const requirements = join(import.meta.dirname, "requirements.txt");

/**
 * Where the packages of requirements.txt are, or would be: in the user's cache, a folder for each list of packages and
 * each Python. Undefined without Python.
 */
const folder = folderOf(spawnSync("python3", ["--version"], { encoding: "utf8" }).stdout);

function folderOf(version: string | null): string | undefined {
  if (!version) return undefined;
  const key = createHash("sha256").update(version).update(readFileSync(requirements)).digest("hex");
  return join(dirname(cacheFolder(process.env, process.platform)), "testTools", key.slice(0, 16));
}

/** An environment in which Python finds the installed packages, and a shell their programs. */
export function withPythonTools(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  if (folder === undefined || !existsSync(folder)) return env;
  const { PATH = "", PYTHONPATH } = env;
  return {
    ...env,
    PATH: [join(folder, "bin"), PATH].join(delimiter),
    PYTHONPATH: [folder, ...(PYTHONPATH === undefined ? [] : [PYTHONPATH])].join(delimiter),
  };
}

/**
 * Installs the packages, each of the version and with the bytes that requirements.txt names, unless they are there.
 *
 * @returns why they are not there; undefined where they are
 */
export function installPythonTools(): string | undefined {
  if (folder === undefined) return "there is no Python to install it with";
  if (existsSync(folder)) return undefined;
  mkdirSync(dirname(folder), { recursive: true });
  const unfinished = mkdtempSync(`${folder}-`);
  try {
    const args = ["--require-hashes", "--only-binary=:all:", "--target", join(unfinished, "new")];
    const { status, stderr } = spawnSync(
      "python3",
      [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        ...args,
        "--requirement",
        requirements,
      ],
      { encoding: "utf8", timeout: 300_000 },
    );
    if (status !== 0) return `pip cannot install it: ${stderr.trim().split("\n").at(-1)}`;
    renameSync(join(unfinished, "new"), folder);
    return undefined;
  } catch (error) {
    // Another run was first.
    if (existsSync(folder)) return undefined;
    throw error;
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}
