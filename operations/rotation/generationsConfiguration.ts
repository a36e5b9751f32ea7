import path from "node:path";
import type { PulumiOptions } from "../../stack/pulumiCli.ts";
import { readConfigurationOfFile } from "../../stack/configuration.ts";
import { findProject } from "../../stack/projectFile.ts";
import { type DeclaredGeneration, declaredGenerations } from "./declaredGenerations.ts";
import {
  listedGenerations,
  readSettingsFile,
  requireUnchanged,
  type SettingsFile,
} from "../../stack/settingsFile.ts";
import { settingsPath } from "../../stack/settingsPath.ts";

/** The generations where the stack's own settings file lists them, or may list them. */
export interface GenerationsConfiguration {
  /** As in `exchange-auth:certificate`. */
  readonly key: string;
  /** The next update makes the first the current one. */
  readonly declared: readonly DeclaredGeneration[];
  readonly file: SettingsFile;
}

/**
 * Finds the generations in the stack's configuration.
 *
 * @returns undefined where they are elsewhere: in the code of a program that does not declare the setting, in
 *   Pulumi.yaml for all stacks, in an environment, in Pulumi Cloud, or in a setting that is secret as a whole.
 * @throws Failure
 */
export async function readGenerationsConfiguration(
  { project, stack }: { readonly project: string; readonly stack: string },
  options: PulumiOptions,
): Promise<GenerationsConfiguration | undefined> {
  const key = `${project}:certificate`;
  const projectFile = await findProject(path.resolve(options.cwd ?? process.cwd()));
  if (!projectFile.declares("certificate", project)) return undefined;
  const file = await readSettingsFile(await settingsPath({ ...options, stack }));
  const settings = await readConfigurationOfFile(file.path, options);
  // Two states of the file would look as if the generations were elsewhere.
  await requireUnchanged(file);
  if (settings === undefined) return undefined;
  const declared = declaredGenerations(settings[key]?.objectValue);
  const own = listedGenerations(file.text, key) ?? ["1"];
  return declared?.map(({ name }) => name).join() === own.join() ? { key, declared, file } : undefined;
}
