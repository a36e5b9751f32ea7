import path from "node:path";
import { usageFailure } from "../../common/failure.ts";
import { rolesSetting } from "../../common/rolesSetting.ts";
import { ownDescription } from "../../common/marker.ts";
import type { PulumiOptions } from "../../stack/pulumiCli.ts";
import { findProject } from "../../stack/projectFile.ts";
import { readConfigurationOfFile } from "../../stack/configuration.ts";
import { readSettingsFile, type SettingsFile } from "../../stack/settingsFile.ts";
import {
  absentSettings,
  differentSettings,
  settingsOfNamespace,
  withSettings,
} from "../../stack/settingsValues.ts";
import { settingsPath } from "../../stack/settingsPath.ts";
import { stackName } from "../../stack/stackNames.ts";
import type { RoleService } from "../grant/declaredRoles.ts";
import type { AdoptedSettings } from "./declaration.ts";
import { rightsKeys } from "./declaredRights.ts";

/** A stack's settings file, and what it is to become. */
export interface AdoptionSettings {
  readonly file: SettingsFile;
  readonly text: string;
}

/** What the descriptions of a stack's applications begin with. @throws Failure where there is no project or no stack */
export async function ownDescriptions(options: PulumiOptions): Promise<string> {
  const { name } = await findProject(path.resolve(options.cwd ?? process.cwd()));
  return ownDescription(name, await stackName(options), "");
}

/**
 * Finds where a stack's settings are, and writes down what they become.
 *
 * @param unread services whose rights could not be read: what an earlier run wrote of them stays
 * @returns undefined where the program declares the component in its code
 * @throws Failure where Pulumi Cloud keeps the settings, or where they describe another application
 */
export async function adoptionSettings(
  settings: AdoptedSettings,
  unread: readonly RoleService[],
  options: PulumiOptions,
): Promise<AdoptionSettings | undefined> {
  const project = await findProject(path.resolve(options.cwd ?? process.cwd()));
  if (!project.declares("certificate", project.name)) return undefined;
  const file = await readSettingsFile(await settingsPath(options));
  if ((await readConfigurationOfFile(file.path, options)) === undefined)
    throw usageFailure(
      "Pulumi Cloud keeps the settings of this stack, so they cannot be written to a file. Use a stack with a settings file, or --code.",
    );
  const values = Object.fromEntries(
    Object.entries({ ...settings, roles: rolesSetting(settings.roles) }).map(([key, value]) => [
      `${project.name}:${key}`,
      value,
    ]),
  );
  const isRepeated = absentSettings(file.text, values).length === 0;
  const kept = isRepeated ? unread.flatMap((service) => rightsKeys[service]) : [];
  const known = new Set([...Object.keys(values), ...kept.map((key) => `${project.name}:${key}`)]);
  const others = settingsOfNamespace(file.text, project.name).filter((key) => !known.has(key));
  const wrong = [...differentSettings(file.text, values), ...others];
  if (wrong.length > 0)
    throw usageFailure(
      `The stack's settings must describe this application or none, but they set ${wrong.join(", ")} to something else. Use a new stack (\`pulumi stack init\`), or remove these settings.`,
    );
  return { file, text: withSettings(file.text, values) };
}
