import { createHash } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { findGoProgram, type FindGoProgramOptions } from "./keptGoProgram.ts";
import { pulumiVersion } from "./pulumiVersion.ts";

/**
 * Finds the program that writes the SDK of a package as Pulumi's language hosts do, or builds it with Go. It takes the
 * language (`go`, `nodejs` or `python`), the schema's file, and the folder to write to.
 *
 * @returns its path
 * @throws SandboxError where Go is missing or fails, with its last words
 */
export function findSdkGenerator(options?: FindGoProgramOptions): Promise<string> {
  return findGenerator("sdks", "Pulumi's generator of SDKs", options);
}

/**
 * The same for `csharp` and `java`. Their generators are Go modules of their own, which not every place has.
 *
 * @returns its path
 * @throws SandboxError where Go is missing or fails, with its last words
 */
export function findOtherSdkGenerator(options?: FindGoProgramOptions): Promise<string> {
  return findGenerator("otherSdks", "Pulumi's generator of SDKs for C# and Java", options);
}

function findGenerator(name: string, title: string, options?: FindGoProgramOptions): Promise<string> {
  const moduleFolder = fileURLToPath(new URL(name, import.meta.url));
  const source = createHash("sha256");
  // Both programs have a package of the first one's module.
  for (const folder of new Set([moduleFolder, fileURLToPath(new URL("sdks", import.meta.url))])) {
    for (const file of globSync("**/*.{go,mod}", { cwd: folder }).toSorted())
      source.update(readFileSync(join(folder, file)));
  }
  const program = {
    title,
    cacheName: `pulumi-${name}`,
    cacheVersion: `${pulumiVersion}-${source.digest("hex").slice(0, 8)}`,
    executable: name,
    duration: "1 to 3 minutes",
    moduleFolder,
    mainPackage: ".",
    packageCount: "800",
  };
  return findGoProgram(program, options);
}
