import path from "node:path";
import { findProject } from "./projectFile.ts";
import type { PulumiOptions } from "./pulumiCli.ts";
import { stackName } from "./stackNames.ts";

/** The path of a stack's settings file, which need not exist. @throws Failure where there is no project or no such stack */
export async function settingsPath(options: PulumiOptions): Promise<string> {
  const folder = path.resolve(options.cwd ?? process.cwd());
  const override = options.env["PULUMI_OPTION_CONFIG_FILE"];
  if (override) return path.resolve(folder, override);
  return (await findProject(folder)).settingsOf(await stackName(options));
}
