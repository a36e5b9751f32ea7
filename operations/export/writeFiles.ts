import { randomUUID } from "node:crypto";
import { access, link, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Failure, usageFailure } from "../../common/failure.ts";

/** A file to be written. */
export interface NewFile {
  readonly name: string;
  readonly content: string | Uint8Array;
  /** Readable by its owner only. */
  readonly isSecret: boolean;
}

/**
 * Writes files into a folder: all or none, each of them whole or not at all.
 *
 * @param force whether files that are there may be replaced
 * @returns their paths
 * @throws Failure where one is there already, or cannot be written
 */
export async function writeFiles(
  folder: string,
  files: readonly NewFile[],
  force: boolean,
): Promise<readonly string[]> {
  const paths = files.map(({ name }) => join(folder, name));
  if (!force) await refuseExisting(paths);
  const suffix = `.${randomUUID()}.tmp`;
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    for (const [index, { content, isSecret }] of files.entries()) {
      await writeFile(paths[index] + suffix, content, { flag: "wx", mode: isSecret ? 0o600 : 0o644 });
    }
    for (const path of paths) await (force ? rename : linkNew)(path + suffix, path);
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure(
      "EXO_AUTH_FILE",
      `The files could not be written into "${folder}": ${String(error)}. Choose another folder with --out.`,
      { cause: error },
    );
  } finally {
    await Promise.all(paths.map((path) => rm(path + suffix, { force: true })));
  }
  return paths;
}

async function refuseExisting(paths: readonly string[]): Promise<void> {
  const found = await Promise.all(paths.map(async (path) => ((await exists(path)) ? [path] : [])));
  const [existing] = found.flat();
  if (existing !== undefined) throw existsError(existing);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Renaming would replace what came into being in the meantime; a link does not. */
async function linkNew(from: string, to: string): Promise<void> {
  await link(from, to).catch((error: unknown) => {
    throw error instanceof Error && "code" in error && error.code === "EEXIST" ? existsError(to) : error;
  });
}

function existsError(path: string): Failure {
  return usageFailure(
    `"${path}" exists already. Choose another folder with --out, or replace it with --force.`,
  );
}
