import { lstat, rename, rm, writeFile, type link } from "node:fs/promises";
import { type Failure, usageFailure } from "../../common/failure.ts";

/** What of the file system differs from one machine to another. */
export interface FileSystem {
  readonly link: typeof link;
  readonly rename: typeof rename;
  /** Takes an empty file from everyone else. @returns whether the drive lets it */
  readonly restrict: (file: string) => Promise<boolean>;
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

/** Puts files in their places: all of them, or none. @throws what the first one that failed threw */
export async function putInPlace(
  placements: readonly Placement[],
  place: Place,
  system: FileSystem,
): Promise<void> {
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
export async function replace(
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
export async function placeNew({ path, made }: Placement, system: FileSystem): Promise<() => Promise<void>> {
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

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}

/** Why a file is not written. */
export function existsError(path: string): Failure {
  return usageFailure(
    `"${path}" exists already. Choose another folder with --out, or replace it with --force.`,
  );
}
