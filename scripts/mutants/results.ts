import { existsSync, readFileSync, writeFileSync } from "node:fs";

import * as v from "valibot";

const resultsFile = "docs/results/mutants.json";

const Count = v.object({
  name: v.string(),
  mutants: v.number(),
  /** How many of them a test notices. */
  killed: v.number(),
});
/** A change that no test noticed: the code, and what stood in its place. */
const Survivor = v.object({ original: v.string(), replacement: v.string() });
const FileCount = v.object({
  ...Count.entries,
  /** Absent where the file was tried before they were noted. */
  survivors: v.optional(v.array(Survivor)),
});
const Results = v.object({ folders: v.array(Count), files: v.array(FileCount) });

/** How many mutants of a file or a folder a test noticed. */
export type Count = v.InferOutput<typeof Count>;

/** What was found of a file when it was last tried. */
export type FileCount = v.InferOutput<typeof FileCount>;

/** @returns of each file; none before the first run. */
export function readResults(): readonly FileCount[] {
  if (!existsSync(resultsFile)) return [];
  return v.parse(Results, JSON.parse(readFileSync(resultsFile, "utf8"))).files;
}

/**
 * Writes what was found, and what is known already of the files that were not tried.
 *
 * @param known all files that have mutants, without which a row is not kept
 * @returns the sums of the files, by top folder
 */
export function writeResults(tried: readonly FileCount[], known: readonly string[]): readonly Count[] {
  const rows = new Map([...readResults(), ...tried].map((row) => [row.name, row]));
  const files = known.toSorted().flatMap((name) => rows.get(name) ?? []);
  const folders = sumsOf(files);
  writeFileSync(resultsFile, `${JSON.stringify({ folders, files }, undefined, 2)}\n`);
  return folders;
}

/** The sums of files, by top folder. */
export function sumsOf(files: readonly Count[]): readonly Count[] {
  const folders = [...new Set(files.map(({ name }) => topFolder(name)))];
  return folders.map((folder) => {
    const own = files.filter(({ name }) => topFolder(name) === folder);
    const sum = (key: "mutants" | "killed"): number => own.reduce((total, file) => total + file[key], 0);
    return { name: folder, mutants: sum("mutants"), killed: sum("killed") };
  });
}

/** @returns percent, of 100 where nothing can be killed. */
export function shareOf({ mutants, killed }: Count): number {
  return mutants === 0 ? 100 : (100 * killed) / mutants;
}

/** @returns the first part of a path, such as `components`. */
export function topFolder(file: string): string {
  return file.split("/", 1).join();
}
