import { lstat, mkdir, readdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import * as v from "valibot";
import writeFileAtomic from "write-file-atomic";
import { Failure } from "../../common/failure.ts";
import type { FleetHistory } from "./fleetChanges.ts";
import { type FleetDocument, parseFleetDocument } from "./fleetDocument.ts";
import { severities } from "../findings/finding.ts";
import { errorMessage } from "../../common/errorMessage.ts";

/** Beside the documents while a run is under way: when it began. */
const runFile = "run.began";

/** Beside the documents once a report compared them: what the next one compares with. */
const historyFile = "findings.history";

const KnownFindings = v.array(
  v.object({
    stack: v.string(),
    part: v.picklist(["drift", "audit", "policies", "status"]),
    section: v.string(),
    id: v.string(),
    title: v.string(),
    severity: v.picklist(severities),
    subject: v.string(),
    check: v.string(),
  }),
);

const History: v.GenericSchema<unknown, FleetHistory> = v.object({
  stacks: v.array(v.string()),
  open: KnownFindings,
  resolved: KnownFindings,
});

/** A larger file is none of a stack: one of a thousand findings has two million bytes. */
const maximumBytes = 64 * 1_048_576;

/** How far two machines' clocks may differ, in milliseconds. */
const clockSkewMs = 300_000;

/** A document that cannot be read. */
export interface BrokenDocument {
  readonly file: string;
  readonly reason: string;
}

/** What a folder has. */
export interface FleetFolder {
  /** The newest of each stack, by the stack's name. */
  readonly documents: readonly FleetDocument[];
  readonly broken: readonly BrokenDocument[];
}

/** Writes a stack's document: whole, or not at all. @throws Failure */
export async function writeFleetDocument(folder: string, document: FleetDocument): Promise<void> {
  // Pulumi Cloud's names have slashes, and the rest of a name is what Pulumi allows.
  const file = path.join(folder, `${document.stack.replaceAll("/", "%2F")}.json`);
  await write(file, `${JSON.stringify(document, undefined, 2)}\n`);
}

/**
 * Begins a run, or goes on with one that was ended.
 *
 * @returns the stacks that the run has finished already
 * @throws Failure
 */
export async function beginRun(
  folder: string,
  resumes: boolean,
  now: Date,
): Promise<readonly FleetDocument[]> {
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw unusable(folder, error);
  });
  const file = path.join(folder, runFile);
  const began = resumes ? Date.parse(await readFile(file, "utf8").catch(() => "")) : Number.NaN;
  if (!Number.isNaN(began)) {
    const { documents } = await readFleetFolder(folder, now);
    return documents.filter((document) => Date.parse(document.began) >= began);
  }
  await write(file, now.toISOString());
  return [];
}

/** Ends a run, so that nothing is resumed. */
export async function endRun(folder: string): Promise<void> {
  await rm(path.join(folder, runFile), { force: true });
}

/**
 * Reads the documents of one run, or of a pipeline's jobs with a folder each. What is no document is told, and never hides
 * the others.
 *
 * @throws Failure where there is no such folder
 */
export async function readFleetFolder(folder: string, now: Date): Promise<FleetFolder> {
  const names = await readdir(folder, { recursive: true }).catch((error: unknown) => {
    throw unusable(folder, error);
  });
  const newest = new Map<string, FleetDocument>();
  const broken: BrokenDocument[] = [];
  for (const name of names.filter((one) => one.endsWith(".json")).toSorted()) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- a fleet's files at once would be too many open ones.
      const document = parseFleetDocument(await readDocument(path.join(folder, name)));
      // It would be the newest of its stack, and fresh, until then.
      if (Date.parse(document.began) > now.getTime() + clockSkewMs)
        throw new Error(`\`began\` is in the future: ${document.began}`);
      const other = newest.get(document.stack);
      if (other === undefined || Date.parse(other.began) < Date.parse(document.began)) {
        newest.set(document.stack, document);
      }
    } catch (error) {
      broken.push({ file: name, reason: errorMessage(error) });
    }
  }
  const documents = [...newest.values()].toSorted((a, b) => (a.stack < b.stack ? -1 : 1));
  return { documents, broken };
}

/** A job that wrote a folder can have put a link there, to what its reader may read. @throws Error */
async function readDocument(file: string): Promise<string> {
  const found = await lstat(file);
  if (!found.isFile()) throw new Error("it is not a file");
  if (found.size > maximumBytes) throw new Error(`it has more than ${maximumBytes} bytes`);
  return readFile(file, "utf8");
}

/** What the report of a folder kept for the next one; undefined where there was none. @throws Failure where it cannot be read */
export async function readHistory(folder: string): Promise<FleetHistory | undefined> {
  const file = path.join(folder, historyFile);
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw unusable(file, error);
  });
  if (text === undefined) return undefined;
  try {
    return v.parse(History, JSON.parse(text));
  } catch (error) {
    throw new Failure(
      "EXO_AUTH_FILE",
      `"${file}" cannot be read: ${errorMessage(error)}. If you delete it, the report compares with the documents of "${folder}" alone.`,
      { reason: "configuration" },
    );
  }
}

/** Keeps what the next report compares with. @throws Failure */
export async function writeHistory(folder: string, history: FleetHistory): Promise<void> {
  await write(path.join(folder, historyFile), `${JSON.stringify(history)}\n`);
}

async function write(file: string, text: string): Promise<void> {
  await writeUnlinked(file, text).catch((error: unknown) => {
    throw new Failure(
      "EXO_AUTH_FILE",
      `"${file}" could not be written: ${errorMessage(error)}. Give another folder with --out.`,
    );
  });
}

/** A link would lead what is written to another place. */
async function writeUnlinked(file: string, text: string): Promise<void> {
  const found = await lstat(file).catch(() => undefined);
  if (found?.isSymbolicLink()) throw new Error("it is a link");
  await writeFileAtomic(file, text);
}

function unusable(folder: string, error: unknown): Failure {
  const reason = isMissing(error) ? "it does not exist" : errorMessage(error);
  return new Failure("EXO_AUTH_FILE", `The folder "${folder}" cannot be used: ${reason}.`, {
    reason: "configuration",
  });
}

function isMissing(error: unknown): boolean {
  return v.is(v.object({ code: v.literal("ENOENT") }), error);
}
