import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import * as v from "valibot";
import { parse } from "yaml";
import { usageFailure } from "../common/failure.ts";

/** Pulumi takes a text as `config` for what is called `stackConfigDir` now (its RewriteConfigPathIntoStackConfigDir). */
const Project = v.object({
  name: v.optional(v.string(), ""),
  runtime: v.nullish(v.union([v.string(), v.looseObject({ name: v.optional(v.string()) })])),
  stackConfigDir: v.nullish(v.string()),
  config: v.nullish(v.union([v.string(), v.record(v.string(), v.unknown())])),
});

/** A Pulumi project's file. */
export interface ProjectFile {
  readonly name: string;
  /** As Pulumi names it: `nodejs`, `python`. Undefined where the file does not say. */
  readonly language: string | undefined;
  /** The settings that it declares, by key as it stands there; each with its `default` or `value`, or the value itself. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Whether it declares a setting of this namespace. */
  readonly declares: (setting: string, namespace: string) => boolean;
  /** The path of a stack's settings file. */
  readonly settingsOf: (stack: string) => string;
}

/**
 * The folders from this one up to that of its project, as Pulumi looks for a project; this one alone where there is none.
 */
export async function foldersOfProject(folder: string): Promise<readonly string[]> {
  const folders: string[] = [];
  for (let at = path.resolve(folder); ; at = path.dirname(at)) {
    folders.push(at);
    const files = await readdir(at).catch(() => []);
    if (files.some((name) => name === "Pulumi.yaml" || name === "Pulumi.yml")) return folders;
    if (path.dirname(at) === at) return folders.slice(0, 1);
  }
}

/**
 * What a project's file says of the plugins that it brings itself, with their whole paths; empty where it says nothing, or
 * where there is no project.
 */
export async function pluginsOfProject(folder: string): Promise<Partial<v.InferOutput<typeof Plugins>>> {
  const at = (await foldersOfProject(folder)).at(-1) ?? folder;
  for (const name of ["Pulumi.yaml", "Pulumi.yml"]) {
    // oxlint-disable-next-line no-await-in-loop -- the first that is there
    const text = await readFile(path.join(at, name), "utf8").catch(() => undefined);
    const read = v.safeParse(Plugins, text === undefined ? undefined : parse(text));
    if (!read.success) continue;
    const kinds = Object.entries(read.output.plugins).map(([kind, plugins]) => [
      kind,
      plugins.map((plugin) => ({ ...plugin, path: path.resolve(at, plugin.path) })),
    ]);
    return { plugins: Object.fromEntries(kinds) as v.InferOutput<typeof Plugins>["plugins"] };
  }
  return {};
}

/** By kind: providers, languages, analyzers. */
const Plugins = v.object({
  plugins: v.record(v.string(), v.array(v.looseObject({ path: v.string() }))),
});

/** Pulumi looks for its project in the folder and above, and so does this. @throws Failure */
export async function findProject(folder: string): Promise<ProjectFile> {
  for (const extension of [".yaml", ".yml"]) {
    const text = await readFile(path.join(folder, `Pulumi${extension}`), "utf8").catch(() => undefined);
    if (text === undefined) continue;
    const { name, runtime, config, stackConfigDir } = readProject(
      path.join(folder, `Pulumi${extension}`),
      text,
    );
    const settings = typeof config === "object" ? (config ?? {}) : {};
    const settingsFolder = stackConfigDir ?? (typeof config === "string" ? config : "");
    return {
      name,
      language: typeof runtime === "string" ? runtime : runtime?.name,
      settings,
      declares: (setting, namespace) => setting in settings || `${namespace}:${setting}` in settings,
      settingsOf: (stack) => path.join(folder, settingsFolder, `Pulumi.${stack}${extension}`),
    };
  }
  const parent = path.dirname(folder);
  if (parent !== folder) return findProject(parent);
  throw usageFailure(
    "There is no Pulumi.yaml in this folder or above it. Give the project's folder with --cwd.",
  );
}

/** The language of the project of a folder; undefined where there is none, or none that can be read. */
export async function languageOfProject(folder: string): Promise<string | undefined> {
  return (await findProject(folder).catch(() => undefined))?.language;
}

function readProject(file: string, text: string): v.InferOutput<typeof Project> {
  try {
    return v.parse(Project, parse(text));
  } catch (error) {
    const [reason = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
    throw usageFailure(`"${file}" must be a project of Pulumi, but cannot be read as one: ${reason}`);
  }
}
