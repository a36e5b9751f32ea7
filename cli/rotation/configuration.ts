import { readFile } from "node:fs/promises";
import path from "node:path";
import * as v from "valibot";
import { parse } from "yaml";
import { usageError } from "../cliError.ts";
import type { PulumiOptions } from "../pulumiCli.ts";
import { runPulumi } from "../pulumiCli.ts";
import { type DeclaredGeneration, declaredGenerations } from "./declaredGenerations.ts";
import { listedGenerations, readSettingsFile, type SettingsFile } from "./settingsFile.ts";

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
 *   Pulumi.yaml for all stacks, in an environment, or in a setting that is secret as a whole.
 * @throws CliError
 */
export async function readGenerationsConfiguration(
  { project, stack }: { readonly project: string; readonly stack: string },
  stackName: string | undefined,
  options: PulumiOptions,
): Promise<GenerationsConfiguration | undefined> {
  const key = `${project}:certificate`;
  const { cwd = process.cwd(), env } = options;
  const projectFile = await findProject(path.resolve(cwd));
  if (!projectFile.declares("certificate", project)) return undefined;
  const override = env["PULUMI_OPTION_CONFIG_FILE"];
  const file = await readSettingsFile(override ? path.resolve(cwd, override) : projectFile.settingsOf(stack));
  const selection = stackName === undefined ? [] : ["--stack", stackName];
  const args = ["config", "--json", "--show-secrets", ...selection];
  const settings = v.parse(Settings, JSON.parse(await runPulumi(args, options)));
  const declared = declaredGenerations(settings[key]?.objectValue);
  const own = listedGenerations(file.text, key) ?? ["1"];
  return declared?.map(({ name }) => name).join() === own.join() ? { key, declared, file } : undefined;
}

const Settings = v.record(v.string(), v.object({ objectValue: v.optional(v.unknown()) }));

const Project = v.object({
  stackConfigDir: v.optional(v.string(), ""),
  config: v.optional(v.record(v.string(), v.unknown()), {}),
});

interface ProjectFile {
  readonly declares: (setting: string, namespace: string) => boolean;
  readonly settingsOf: (stack: string) => string;
}

/** Pulumi looks for its project in the folder and above, and so does this. @throws CliError */
async function findProject(folder: string): Promise<ProjectFile> {
  for (const extension of [".yaml", ".yml"]) {
    const text = await readFile(path.join(folder, `Pulumi${extension}`), "utf8").catch(() => undefined);
    if (text === undefined) continue;
    const { config, stackConfigDir } = v.parse(Project, parse(text));
    return {
      declares: (setting, namespace) => setting in config || `${namespace}:${setting}` in config,
      settingsOf: (stack) => path.join(folder, stackConfigDir, `Pulumi.${stack}${extension}`),
    };
  }
  const parent = path.dirname(folder);
  if (parent !== folder) return findProject(parent);
  throw usageError("There is no Pulumi.yaml here or above. Give the project's folder with --cwd.");
}
