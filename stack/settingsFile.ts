import { readFile } from "node:fs/promises";
import writeFileAtomic from "write-file-atomic";
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  parseDocument,
  Scalar,
  visit,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import { Failure } from "../common/failure.ts";
import { unquotedName } from "../common/generationName.ts";
import { checkSettings, editableDocument, textSetting, withEdited } from "./settingsText.ts";
import { errorMessage } from "../common/errorMessage.ts";

/** A stack's settings file as it was read. */
export interface SettingsFile {
  readonly path: string;
  /** Empty where there is none yet. */
  readonly text: string;
}

/** Reads a settings file. @throws Failure where it is there and cannot be read, or is not YAML */
export async function readSettingsFile(file: string): Promise<SettingsFile> {
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
    throw fileError(file, "read", error);
  });
  checkSettings(file, text);
  return { path: file, text };
}

/**
 * Writes a settings file whole or not at all; a link to one stays, and so do its mode and owner.
 *
 * @throws Failure where it cannot be written, or where somebody changed it since it was read
 */
export async function writeSettingsFile(file: SettingsFile, text: string): Promise<SettingsFile> {
  await requireUnchanged(file);
  try {
    await writeFileAtomic(file.path, text);
  } catch (error) {
    throw fileError(file.path, "written", error);
  }
  return { path: file.path, text };
}

/** @throws Failure where somebody changed the file since it was read */
export async function requireUnchanged({ path, text }: SettingsFile): Promise<void> {
  if ((await readSettingsFile(path)).text === text) return;
  throw new Failure(
    "EXO_AUTH_FILE",
    `The stack's settings file "${path}" was changed by somebody else in the meantime. Run this again.`,
  );
}

/**
 * The generations that a settings file itself lists, by name; undefined where it lists none that can be edited.
 *
 * @throws Failure where the setting is a text
 */
export function listedGenerations(text: string, key: string): readonly string[] | undefined {
  const document = parseDocument(text);
  const setting = document.getIn(["config", key], true);
  if (isScalar(setting) && typeof setting.value === "string") throw textSetting(key);
  // A secret as a whole lists nothing, and cannot be added to. With an anchor of YAML, an edited list would lose what stands
  // elsewhere, or what stands elsewhere would lose this.
  if ((isMap(setting) && setting.has("secure")) || hasAnchors(setting)) return [];
  const generations = document.getIn(["config", key, "generations"]);
  if (!isSeq(generations)) return undefined;
  const names = generations.items.map(nameOf);
  return names.includes(undefined) ? undefined : names.filter((name) => name !== undefined);
}

/**
 * Lists the generations in this order: those that are there move with all that they hold, the others join, the rest goes.
 * Everything else in the file stays, comments too.
 */
export function withGenerations(text: string, key: string, names: readonly string[]): string {
  const document = editableDocument(text);
  const where = ["config", key, "generations"];
  const listed = document.getIn(where);
  const generations = isSeq(listed) ? listed : document.createNode<unknown[]>([]);
  moveLeadingComment(generations);
  moveTrailingComment(generations);
  for (const item of generations.items) quoteNumber(item);
  const added = names.map((name) => newItem(document, name));
  generations.items = names.map(
    (name, index) => generations.items.find((item) => nameOf(item) === name) ?? added[index],
  );
  if (!isSeq(listed)) document.setIn(where, generations);
  return withEdited(text, document.toString({ lineWidth: 0, ...indentationOf(text) }), where);
}

/** The parser gives the comment before the first item to the list, but it belongs to the item. */
function moveLeadingComment(list: YAMLSeq): void {
  const [first] = list.items;
  if (!isMap(first) || list.flow || !list.commentBefore) return;
  first.commentBefore = list.commentBefore;
  list.commentBefore = null;
}

/** The parser gives the comment after the last item to the item, but it is mostly of what follows the list. */
function moveTrailingComment(list: YAMLSeq): void {
  const last = list.items.at(-1);
  if (!isMap(last) || list.flow || !last.comment) return;
  list.comment = last.comment;
  last.comment = null;
}

function hasAnchors(setting: unknown): boolean {
  if (isAlias(setting)) return true;
  if (!isMap(setting)) return false;
  let found = false;
  visit(setting, {
    Node(_, node) {
      if (!isAlias(node) && node.anchor === undefined) return undefined;
      found = true;
      return visit.BREAK;
    },
  });
  return found;
}

function nameOf(item: unknown): string | undefined {
  const name: unknown = isMap(item) ? (item as YAMLMap<unknown, Node>).get("name", true) : undefined;
  if (!isScalar(name)) return undefined;
  if (name.type === "PLAIN") return unquotedName(name.source ?? "");
  return typeof name.value === "string" ? name.value : undefined;
}

/** A number such as `010` would be written anew as 10, which is another one to Pulumi: in quotes it stays what it is. */
function quoteNumber(item: unknown): void {
  const name: unknown = isMap(item) ? (item as YAMLMap<unknown, Node>).get("name", true) : undefined;
  if (!isScalar(name) || typeof name.value !== "number" || String(name.value) === name.source) return;
  name.value = nameOf(item);
  name.type = "QUOTE_DOUBLE";
}

/** A new generation's item; its name has quotes where Pulumi would read another one without them. */
function newItem(document: Document, name: string): Node {
  const scalar = new Scalar(name);
  if (unquotedName(name) !== name || Number.isInteger(Number(name))) scalar.type = "QUOTE_DOUBLE";
  return document.createNode({ name: scalar });
}

/** The file's own indentation, so that a change touches no other line. */
function indentationOf(text: string): { indent: number; indentSeq: boolean } {
  const indent = /^( +)\S/m.exec(text)?.[1]?.length ?? 2;
  const flush = /^( *)[^\s#-][^\n]*:[^\S\n]*\n\1- /m.test(text);
  return { indent, indentSeq: !flush };
}

function fileError(file: string, what: "read" | "written", error: unknown): Failure {
  return new Failure(
    "EXO_AUTH_FILE",
    `The stack's settings file "${file}" cannot be ${what}: ${errorMessage(error)}.`,
    { cause: error },
  );
}
