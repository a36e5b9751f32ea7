import { randomUUID } from "node:crypto";
import { link, lstat, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Failure } from "../../common/failure.ts";
import { existsError, type FileSystem, placeNew, putInPlace, replace } from "./placeFiles.ts";
import { restrictToUser } from "./restrictToUser.ts";
import { errorMessage } from "../../common/errorMessage.ts";

/** A file to be written. */
export interface NewFile {
  readonly name: string;
  readonly content: string | Uint8Array;
  /** Readable by its owner only. */
  readonly isSecret: boolean;
}

/** Files that were written. */
export interface WrittenFiles {
  readonly paths: readonly string[];
  /** Those of the secret ones that the drive lets others read. */
  readonly exposed: readonly string[];
}

const thisMachine: FileSystem = { link, rename, restrict: restrictToUser };

/**
 * Writes files into a folder: all or none, each of them whole or not at all.
 *
 * @param force whether files that are there may be replaced
 * @throws Failure where one is there already, or cannot be written; what was there is there again then
 */
export async function writeFiles(
  folder: string,
  files: readonly NewFile[],
  force: boolean,
  system: FileSystem = thisMachine,
): Promise<WrittenFiles> {
  const exposed: string[] = [];
  const paths = files.map(({ name }) => join(folder, name));
  if (!force) await refuseExisting(paths);
  const run = randomUUID();
  const made = (path: string): string => `${path}.${run}.tmp`;
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    for (const [index, { content, isSecret }] of files.entries()) {
      const path = paths[index] ?? "";
      const file = made(path);
      await writeFile(file, "", { flag: "wx", mode: isSecret ? 0o600 : 0o644 });
      if (isSecret && !(await system.restrict(file))) exposed.push(path);
      await writeFile(file, content);
    }
    await putInPlace(
      paths.map((path) => ({ path, made: made(path), replaced: `${path}.${run}.old` })),
      force ? replace : placeNew,
      system,
    );
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure(
      "EXO_AUTH_FILE",
      `The files could not be written to "${folder}": ${errorMessage(error)}. Choose another folder with --out.`,
      { cause: error },
    );
  } finally {
    await Promise.all(paths.map((path) => rm(made(path), { force: true })));
  }
  return { paths, exposed };
}

async function refuseExisting(paths: readonly string[]): Promise<void> {
  const found = await Promise.all(paths.map(async (path) => ((await exists(path)) ? [path] : [])));
  const [existing] = found.flat();
  if (existing !== undefined) throw existsError(existing);
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
