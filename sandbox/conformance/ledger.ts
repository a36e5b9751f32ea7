import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import * as v from "valibot";
import { SandboxError } from "../sandboxError.ts";
import { type OwnedKind, ownedKinds } from "./ownedKinds.ts";

/** Something that a run creates, noted before it does. */
export interface Entry {
  readonly kind: OwnedKind;
  /** What finds it where its ID is not known: a name that nobody else gives, or the ID of what it hangs on. */
  readonly key: string;
  /** Its IDs: none before the answer, and several where a lost answer made a client ask twice. */
  readonly ids: readonly string[];
}

/** What a run has created, on disk before each creation, so that a kill leaves what cleaning up needs. */
export class Ledger {
  readonly #file: string | undefined;
  readonly #entries: { kind: OwnedKind; key: string; ids: string[] }[] = [];
  readonly #folders: string[] = [];

  /** @param file where it is kept; it continues what is there. Undefined for memory only */
  constructor(file: string | undefined) {
    this.#file = file;
    if (file === undefined) return;
    for (const line of existsSync(file) ? readFileSync(file, "utf8").split("\n") : []) this.#take(line);
  }

  get entries(): readonly Entry[] {
    return this.#entries;
  }

  /** Where the run's commands work. */
  get folders(): readonly string[] {
    return this.#folders;
  }

  /** Notes a folder where commands are about to work. */
  worksIn(folder: string): void {
    this.#append({ folder });
    this.#folders.push(folder);
  }

  /** Notes what is about to be created. @returns its number */
  intend(kind: OwnedKind, key: string): number {
    this.#append({ kind, key });
    return this.#entries.push({ kind, key, ids: [] }) - 1;
  }

  /** Notes the ID that something got. */
  made(number: number, id: string): void {
    const entry = this.#entries[number];
    if (entry === undefined || entry.ids.includes(id)) return;
    this.#append({ number, id });
    entry.ids.push(id);
  }

  /** Whether a text names something that this run has created. */
  owns(text: string): boolean {
    const low = text.toLowerCase();
    return this.#entries.some(({ key, ids }) =>
      [key, ...ids].some((name) => low.includes(name.toLowerCase())),
    );
  }

  /** Forgets everything: nothing is left. */
  remove(): void {
    if (this.#file !== undefined) rmSync(this.#file, { force: true });
    this.#entries.length = 0;
    this.#folders.length = 0;
  }

  #append(line: v.InferInput<typeof Line>): void {
    if (this.#file === undefined) return;
    mkdirSync(dirname(this.#file), { recursive: true });
    const file = openSync(this.#file, "a", 0o600);
    writeSync(file, `${JSON.stringify(line)}\n`);
    fsyncSync(file);
    closeSync(file);
  }

  /** The last line can be half of one: then nothing was sent yet. */
  #take(text: string): void {
    if (text === "") return;
    const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), Line), text);
    if (!parsed.success) {
      if (!text.endsWith("}")) return;
      throw new SandboxError(`${this.#file} must have one entry a line, got ${text.slice(0, 80)}.`);
    }
    const line = parsed.output;
    if ("kind" in line) this.#entries.push({ ...line, ids: [] });
    else if ("folder" in line) this.#folders.push(line.folder);
    else this.#entries[line.number]?.ids.push(line.id);
  }
}

const Line = v.union([
  v.strictObject({ kind: v.picklist(Object.keys(ownedKinds) as OwnedKind[]), key: v.string() }),
  v.strictObject({ number: v.number(), id: v.string() }),
  v.strictObject({ folder: v.string() }),
]);
