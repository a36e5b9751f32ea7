import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
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
export async function findSdkGenerator(options?: FindGoProgramOptions): Promise<string> {
  const moduleFolder = fileURLToPath(new URL("sdks", import.meta.url));
  const source = createHash("sha256")
    .update(readFileSync(join(moduleFolder, "main.go")))
    .digest("hex");
  const program = {
    title: "Pulumi's generator of SDKs",
    cacheName: "pulumi-sdks",
    cacheVersion: `${pulumiVersion}-${source.slice(0, 8)}`,
    executable: "sdks",
    duration: "1 to 3 minutes",
    moduleFolder,
    mainPackage: ".",
    packageCount: "800",
  };
  return findGoProgram(program, options);
}
