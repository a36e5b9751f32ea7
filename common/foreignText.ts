/**
 * What could do something where it is printed: controls (C0, C1, escape sequences begin with one), marks that turn or
 * hide text, separators that begin a line, halves of characters.
 */
const acting = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;

/**
 * What the runners of pipelines act upon: Azure Pipelines' commands anywhere in a line, GitHub's at its start, GitLab's
 * sections. Sources: the platforms' pages on logging commands, workflow commands and custom collapsible sections.
 */
const commands = /#(?=#(?:vso)?\[)|(?<=^\s*):(?=:)|(?<=section)_(?=(?:start|end):)/gi;

/**
 * A text that somebody else wrote, safe to print in one line: what could act stands as `\u{1b}`, the rest as it is.
 *
 * A text that was made safe stays as it is when that is done again.
 *
 * @param escape how a character that could act is written
 */
export function visible(text: string, escape: (character: string) => string = escaped): string {
  const written = (character: string): string => escape(character);
  return text.replaceAll(acting, written).replaceAll(commands, written);
}

/** Whether a text has a character that nobody sees: what could act, or turn or hide other text. */
export function hasInvisible(text: string): boolean {
  return text.search(acting) !== -1;
}

/** As `visible`, for a message of several lines. */
export function visibleLines(text: string): string {
  return text
    .split(/\r?\n/)
    .map((line) => visible(line.replaceAll("\t", "  ")))
    .join("\n");
}

/** Every text in a value made safe, at any depth; names of properties are ours. */
export function visibleValues<T>(value: T): T;
export function visibleValues(value: unknown): unknown {
  if (typeof value === "string") return visible(value);
  if (Array.isArray(value)) return value.map((item: unknown) => visibleValues(item));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, visibleValues(inner)]));
}

/** A value as JSON that is safe to print: what could act is escaped, which changes nothing for who parses it. */
export function visibleJson(value: unknown, space?: number): string {
  // Of an escaped control, JSON's own backslash is left alone.
  return JSON.stringify(value, undefined, space)
    .replaceAll(acting, (character) => (character === "\n" ? character : jsonEscaped(character)))
    .replaceAll(/#(?=#(?:vso)?\[)|(?<=section)_(?=(?:start|end):)/gi, jsonEscaped);
}

/** Whole characters, at most so many. */
export function clipped(text: string, length: number): string {
  if (text.length <= length) return text;
  const characters = Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment);
  let kept = "";
  for (const character of characters) {
    if (kept.length + character.length > length) break;
    kept += character;
  }
  return kept;
}

function escaped(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

function jsonEscaped(character: string): string {
  return Array.from(
    { length: character.length },
    (_, index) => String.raw`\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`,
  ).join("");
}
