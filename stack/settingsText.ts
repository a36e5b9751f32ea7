import { type Document, isMap, isPair, isScalar, parseDocument } from "yaml";
import { Failure, usageFailure } from "../common/failure.ts";
import { isGarbled } from "../common/textFile.ts";

const byteOrderMark = "\uFEFF";

/**
 * Puts an edited setting into the text that it was in. Everything else stays as it was: line ends, a byte order mark,
 * folded texts.
 *
 * @param edited the whole text as it was printed after the edit, with line ends of Unix
 * @param path of the setting
 */
export function withEdited(text: string, edited: string, path: readonly string[]): string {
  const lineEnd = text.includes("\r\n") ? "\r\n" : "\n";
  const printed = edited.replaceAll("\n", lineEnd);
  const [mark, content] = text.startsWith(byteOrderMark) ? [byteOrderMark, text.slice(1)] : ["", text];
  const [was, is] = [placeOf(content, path), placeOf(printed, path)];
  if (was === undefined || is === undefined) return mark + printed;
  const spliced = content.slice(0, was.from) + printed.slice(is.from, is.to) + content.slice(was.to);
  // A file whose lines are indented in an odd way may read otherwise now.
  return mark + (sameMeaning(spliced, printed) ? spliced : printed);
}

/** Where a setting stands, from its name to the end of its value. */
function placeOf(text: string, path: readonly string[]): { from: number; to: number } | undefined {
  const map = parseDocument(text).getIn(path.slice(0, -1), true);
  const pair = isMap(map)
    ? map.items.find(({ key }) => isScalar(key) && key.value === path.at(-1))
    : undefined;
  if (!isPair(pair) || !isScalar(pair.key)) return undefined;
  const value = pair.value as { readonly range?: readonly number[] | null } | null;
  const [from, to] = [pair.key.range?.[0], value?.range?.[1]];
  if (from === undefined || to === undefined) return undefined;
  // After a comment, the parser counts the next line's indentation to the value.
  const next = /\n[ \t]+$/.exec(text.slice(from, to));
  return { from, to: next === null ? to : from + next.index + 1 };
}

/** The settings as they can be edited. `config:` with nothing behind it is as good as none. */
export function editableDocument(text: string): Document.Parsed {
  const document = parseDocument(text.replaceAll("\r\n", "\n"));
  const config: unknown = document.get("config", true);
  if (isScalar(config) && config.value === null) document.delete("config");
  return document;
}

function sameMeaning(one: string, other: string): boolean {
  const [first, second] = [one, other].map((text) => parseDocument(text));
  return first?.errors.length === 0 && JSON.stringify(first.toJS()) === JSON.stringify(second?.toJS());
}

/** Refuses a settings file that is not YAML, in words for those who edit it. @throws Failure */
export function checkSettings(file: string, text: string): void {
  const conflict = /^(?:<{7}|={7}|>{7})(?: |\r?$)/m.exec(text);
  if (conflict) throw problem(`has a merge conflict in line ${lineOf(text, conflict.index)}. Resolve it`);
  if (isGarbled(text)) throw problem("must be UTF-8. Save it as UTF-8");
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error === undefined) return checkForm(document);
  const line = error.linePos?.[0].line ?? lineOf(text, error.pos[0]);
  if (error.code === "MULTIPLE_DOCS") {
    throw problem(`must be one YAML document, but another one begins in line ${line} (---). Remove it`);
  }
  if (error.code === "DUPLICATE_KEY") {
    throw problem(`has the same key twice, the second time in line ${line}. Remove one of them`);
  }
  const reason = error.message.split(/ at line \d+/)[0] ?? "";
  throw problem(`must be YAML, and line ${line} is not: ${reason}. Correct it`);

  function checkForm({ contents }: Document.Parsed): void {
    const config: unknown = isMap(contents) ? contents.get("config", true) : undefined;
    if (!isNothing(contents) && !isMap(contents))
      throw problem("must be lines such as `config:`, and is something else. Correct it");
    if (!isNothing(config) && !isMap(config))
      throw problem("must have lines such as `exchange-auth:roles:` below `config:`. Correct it");
  }

  function problem(words: string): Failure {
    return new Failure("EXO_AUTH_FILE", `The stack's settings file "${file}" ${words}.`, {
      reason: "configuration",
    });
  }
}

function isNothing(node: unknown): boolean {
  return node === null || node === undefined || (isScalar(node) && node.value === null);
}

/** Why a setting that is a text, such as JSON, is not edited. */
export function textSetting(key: string): Failure {
  return usageFailure(
    `The setting ${key} must be YAML lines to be edited, but is a text, such as JSON. Remove it with \`pulumi config rm ${key}\`, and set its parts with \`pulumi config set --path '${key}.generations[0].name' …\`.`,
  );
}

function lineOf(text: string, index: number): number {
  return text.slice(0, index).split("\n").length;
}
