import { randomUUID } from "node:crypto";
import { link, lstat, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Failure, usageFailure } from "../../common/failure.ts";
import { restrictToUser } from "./restrictToUser.ts";

/** A file to be written. */
export interface NewFile {
  readonly name: string;
  readonly content: string | Uint8Array;
  /** Readable by its owner only. */
  readonly isSecret: boolean;
}

/** What of the file system differs from one machine to another. */
export interface FileSystem {
  readonly link: typeof link;
  readonly rename: typeof rename;
  /** Takes an empty file from everyone else. @returns whether the drive lets it */
  readonly restrict: (file: string) => Promise<boolean>;
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
      `The files could not be written to "${folder}": ${String(error)}. Choose another folder with --out.`,
      { cause: error },
    );
  } finally {
    await Promise.all(paths.map((path) => rm(made(path), { force: true })));
  }
  return { paths, exposed };
}

/** A file that is written, and is to take its place. */
interface Placement {
  readonly path: string;
  readonly made: string;
  /** Where what stood there is kept until all are in place. */
  readonly replaced: string;
}

/** Puts a file in its place; gives back how to undo that. @throws where it stays as it was */
type Place = (placement: Placement, system: FileSystem) => Promise<() => Promise<void>>;

async function putInPlace(placements: readonly Placement[], place: Place, system: FileSystem): Promise<void> {
  const undo: (() => Promise<void>)[] = [];
  try {
    for (const placement of placements) undo.unshift(await place(placement, system));
  } catch (error) {
    for (const step of undo) await step();
    throw error;
  }
  await Promise.all(placements.map(({ replaced }) => rm(replaced, { force: true })));
}

/** A copy of a file's name, not of its content, brings it back whole. */
async function replace(
  { path, made, replaced }: Placement,
  system: FileSystem,
): Promise<() => Promise<void>> {
  const there = await lstat(path).catch(() => undefined);
  if (there === undefined) return placeNew({ path, made, replaced }, system);
  if (there.isDirectory()) throw new Error(`"${path}" is a folder`);
  await system.rename(path, replaced);
  const back = (): Promise<void> => rename(replaced, path);
  try {
    await system.rename(made, path);
  } catch (error) {
    await back();
    throw error;
  }
  return back;
}

/** Renaming would replace what came into being in the meantime; a link does not. */
async function placeNew({ path, made }: Placement, system: FileSystem): Promise<() => Promise<void>> {
  try {
    await system.link(made, path);
  } catch (error) {
    if (codeOf(error) === "EEXIST") throw existsError(path);
    if (!withoutLinks.has(codeOf(error))) throw error;
    await claim(path);
    await system.rename(made, path).catch(async (failed: unknown) => {
      await rm(path, { force: true });
      throw failed;
    });
  }
  return () => rm(path, { force: true });
}

/**
 * What file systems say that know no links, such as exFAT, SMB and ReFS. EISDIR is Node's word for what Windows says on
 * exFAT (nodejs/node#65817).
 */
const withoutLinks: ReadonlySet<unknown> = new Set([
  "EINVAL",
  "EISDIR",
  "ENOSYS",
  "ENOTSUP",
  "EOPNOTSUPP",
  "EPERM",
]);

/** Takes a name that is free, with an empty file, which may then be replaced. */
async function claim(path: string): Promise<void> {
  await writeFile(path, "", { flag: "wx", mode: 0o600 }).catch((error: unknown) => {
    throw codeOf(error) === "EEXIST" ? existsError(path) : error;
  });
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

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}

function existsError(path: string): Failure {
  return usageFailure(
    `"${path}" exists already. Choose another folder with --out, or replace it with --force.`,
  );
}
