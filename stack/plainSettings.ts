import { readFile } from "node:fs/promises";
import path from "node:path";
import { parse } from "yaml";
import type { Configuration } from "./configuration.ts";
import { findProject } from "./projectFile.ts";
import type { PulumiOptions } from "./pulumiCli.ts";

/**
 * Settings of a stack whose backend is not Pulumi Cloud, read from its file and from Pulumi.yaml: as
 * `readConfiguration` of these keys, but without starting Pulumi, which is half of what reading many stacks costs.
 *
 * Pulumi Cloud alone keeps settings itself, and has environments
 * (https://www.pulumi.com/docs/iac/concepts/config/#project-level-configuration says what goes before what).
 *
 * @param isWanted which keys matter, such as `pipeline:reader`
 * @returns undefined where only Pulumi can say: a wanted setting is not a plain text, the file imports environments, or
 * something cannot be read
 */
export async function plainSettings(
  isWanted: (key: string) => boolean,
  { stack, cwd = ".", env }: PulumiOptions & { readonly stack: string },
): Promise<Configuration | undefined> {
  try {
    const folder = path.resolve(cwd);
    const project = await findProject(folder);
    const override = env["PULUMI_OPTION_CONFIG_FILE"];
    const file = override ? path.resolve(folder, override) : project.settingsOf(stack);
    const own: unknown = parse(await textOf(file)) ?? {};
    if (!isMap(own) || "environment" in own) return undefined;
    const config = own["config"] ?? {};
    if (!isMap(config)) return undefined;
    const wanted = {
      ...wantedOf(fromProject(project.settings, project.name), isWanted),
      ...wantedOf(config, isWanted),
    };
    const texts = Object.entries(wanted).flatMap(([key, value]) =>
      typeof value === "string" ? [[key, { value }] as const] : [],
    );
    return texts.length === Object.keys(wanted).length ? Object.fromEntries(texts) : undefined;
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

function wantedOf(
  settings: Readonly<Record<string, unknown>>,
  isWanted: (key: string) => boolean,
): Readonly<Record<string, unknown>> {
  // Pulumi takes `azuread:config:tenantId` for `azuread:tenantId`, too.
  const named = Object.entries(settings).map(
    ([key, value]) => [key.replace(/^([^:]+):config:/, "$1:"), value] as const,
  );
  return Object.fromEntries(named.filter(([key]) => isWanted(key)));
}

async function textOf(file: string): Promise<string> {
  return readFile(file, "utf8").catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
    throw error;
  });
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
