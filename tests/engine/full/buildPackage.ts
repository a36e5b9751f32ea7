import { execFileSync } from "node:child_process";
import { join } from "node:path";

import { repository } from "../../../sandbox/workspace/sandboxFolder.ts";

/** Builds the package and the plugin that examples and pipelines use, once for all files, of which two run at a time. */
export default function buildPackage(): void {
  for (const script of ["build.ts", "plugin.ts"])
    execFileSync(process.execPath, [join(repository, "scripts", script)], { stdio: "pipe" });
}
