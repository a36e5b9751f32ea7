import { accessSync, constants, readFileSync, realpathSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";

/** The file name of Pulumi's CLI on a platform. */
export function executableName(platform: NodeJS.Platform): string {
  return platform === "win32" ? "pulumi.exe" : "pulumi";
}

/** Whether there is a file with content that may be run. */
export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    const found = statSync(path);
    return found.isFile() && found.size > 0;
  } catch {
    return false;
  }
}

/**
 * Every executable named pulumi on PATH, first one first, without those that only start the npm package `pulumi`:
 * npm puts that one first on PATH, and running it would begin a download that nothing checks.
 */
export function pulumiOnPath(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string[] {
  const folders = (env["PATH"] ?? env["Path"] ?? "").split(delimiter).filter((folder) => folder !== "");
  return folders
    .map((folder) => join(folder, executableName(platform)))
    .filter((path) => isExecutable(path) && !isNpmShim(path));
}

/** npm links the package's run.js; pnpm and Yarn write a small shell script that names it. */
function isNpmShim(path: string): boolean {
  const runJs = /[/\\]pulumi[/\\]run\.js\b/;
  if (runJs.test(realpathSync(path))) return true;
  return statSync(path).size < 100_000 && runJs.test(readFileSync(path, "utf8"));
}
