import path from "node:path";
import { parse } from "yaml";
import type { Configuration } from "./configuration.ts";
import { findProject } from "./projectFile.ts";
import type { PulumiOptions } from "./pulumiCli.ts";
import { readSettingsFile } from "./settingsFile.ts";
import { settingsPath } from "./settingsPath.ts";

/**
 * Settings of a stack whose backend is not Pulumi Cloud, read from its file and from Pulumi.yaml: as
 * `readConfiguration` of these keys, but without starting Pulumi, which is half of what reading many stacks costs.
 *
 * Pulumi Cloud alone keeps settings itself, and has environments. What goes before what: mergeConfig in
 * pkg/workspace/config.go (3.259).
 *
 * @param isWanted which keys matter, such as `pipeline:reader`
 * @returns undefined where only Pulumi can say: a wanted setting is not a plain text, the file imports environments, or
 * something cannot be read
 */
export async function plainSettings(
  isWanted: (key: string) => boolean,
  options: PulumiOptions & { readonly stack: string },
): Promise<Configuration | undefined> {
  try {
    const project = await findProject(path.resolve(options.cwd ?? process.cwd()));
    const { text } = await readSettingsFile(await settingsPath(options));
    const own = (parse(text) ?? {}) as { readonly environment?: unknown; readonly config?: object | null };
    if (own.environment !== undefined) return undefined;
    const wanted = Object.entries({
      ...byWholeKey(fromProject(project.settings, project.name)),
      ...byWholeKey(own.config ?? {}),
    }).filter(([key]) => isWanted(key));
    const texts = wanted.flatMap(([key, value]) =>
      typeof value === "string" ? [[key, { value }] as const] : [],
    );
    return texts.length === wanted.length ? Object.fromEntries(texts) : undefined;
  } catch {
    return undefined;
  }
}

/** What Pulumi.yaml gives to each stack that does not set it itself. */
function fromProject(
  settings: Readonly<Record<string, unknown>>,
  project: string,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(settings).flatMap(([key, declared]) => {
      const value: unknown = isMap(declared) ? (declared["default"] ?? declared["value"]) : declared;
      return value === undefined ? [] : [[key.includes(":") ? key : `${project}:${key}`, value]];
    }),
  );
}

/** Pulumi takes `azuread:config:tenantId` for `azuread:tenantId`, too. */
function byWholeKey(settings: object): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(settings).map(([key, value]) => [key.replace(/^([^:]+):config:/, "$1:"), value]),
  );
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
