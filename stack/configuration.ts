import { open, rm } from "node:fs/promises";
import * as v from "valibot";
import type { PulumiOptions } from "./pulumiCli.ts";
import { pulumiFailure, tryPulumi, withoutPlugins } from "./pulumiCli.ts";
import { pulumiJson } from "./pulumiJson.ts";
import { readSettingsFile } from "./settingsFile.ts";
import { settingsPath } from "./settingsPath.ts";

/** A stack's settings by key, as in `exchange-auth:certificate`. */
export type Configuration = v.InferOutput<typeof Configuration>;

const Configuration = v.record(
  v.string(),
  v.object({
    /** Absent where it is a secret that was not asked for. */
    value: v.optional(v.string()),
    objectValue: v.optional(v.unknown()),
    /** Whether it is one; absent where Pulumi does not say. */
    secret: v.optional(v.boolean()),
  }),
);

/** Asks Pulumi for a stack's settings without its secrets, with what Pulumi.yaml and environments add. @throws Failure */
export async function readConfiguration(options: PulumiOptions): Promise<Configuration> {
  return (await askPulumi(["config", "--json"], options)).settings;
}

/** As `readConfiguration`, with its secrets. @throws Failure */
export async function readConfigurationWithSecrets(options: PulumiOptions): Promise<Configuration> {
  return (await askPulumi(withSecrets, options)).settings;
}

const withSecrets = ["config", "--json", "--show-secrets"];

/**
 * As `readConfiguration`, where only those of one namespace matter: opens secrets, which takes the stack's key, where one
 * of these is a secret.
 *
 * @param namespace as in `azuread`
 * @throws Failure
 */
export async function readConfigurationOf(namespace: string, options: PulumiOptions): Promise<Configuration> {
  const settings = await readConfiguration(options);
  const isHidden = Object.entries(settings).some(
    ([key, one]) => key.startsWith(`${namespace}:`) && one.secret,
  );
  return isHidden ? readConfigurationWithSecrets(options) : settings;
}

/**
 * As `readConfigurationWithSecrets`, where the settings are to be edited in a file.
 *
 * @param file of the stack's settings; need not exist.
 * @returns undefined where Pulumi does not read the file, because Pulumi Cloud keeps the stack's settings.
 * @throws Failure
 */
export async function readConfigurationOfFile(
  file: string,
  options: PulumiOptions,
): Promise<Configuration | undefined> {
  // Pulumi tells of a file that it ignores, but only where there is one.
  const made = await open(file, "wx").catch(() => undefined);
  await made?.close();
  try {
    const { settings, ignoresFile } = await askPulumi(withSecrets, options);
    return ignoresFile ? undefined : settings;
  } finally {
    if (made !== undefined) await rm(file, { force: true });
  }
}

/** Source of the warning: LoadProjectStack in pkg/cmd/pulumi/stack/io.go (3.253 to 3.259). */
const ignored = "exists but will be ignored because this stack uses remote config";

async function askPulumi(
  args: readonly string[],
  options: PulumiOptions,
): Promise<{ readonly settings: Configuration; readonly ignoresFile: boolean }> {
  const result = await tryPulumi(args, withoutPlugins(options));
  if (result.exitCode !== 0) {
    await requireReadableSettings(result.errors, options);
    throw pulumiFailure(args, result, options);
  }
  return {
    settings: v.parse(Configuration, pulumiJson("config", result.output)),
    ignoresFile: result.errors.includes(ignored),
  };
}

/** Where Pulumi cannot read a YAML file, says in words of ours what is wrong with the stack's settings. @throws Failure */
async function requireReadableSettings(errors: string, options: PulumiOptions): Promise<void> {
  if (!/\byaml\b/i.test(errors)) return;
  await readSettingsFile(await settingsPath(options));
}
