import { visible } from "./foreignText.ts";

/**
 * A text as one argument of PowerShell, in one line: in single quotes, which are doubled within. What is not ASCII, and what
 * could act where the line is printed, stands as its number.
 *
 * Windows PowerShell reads a script without a byte order mark in the code page of the machine. There, the second byte of
 * U+0412 is a curly quote, which ends a text. Sources: PowerShell's pages about_Character_Encoding and about_Quoting_Rules.
 */
export function powerShellText(text: string): string {
  const quoted = text.replaceAll("'", "''");
  const inert = visible(quoted, numbered).replaceAll(notAscii, numbered);
  return inert === quoted ? `'${quoted}'` : `('${inert}')`;
}

/** A text as a comment of PowerShell, in ASCII too. */
export function powerShellComment(text: string): string {
  return `# ${visible(text).replaceAll(notAscii, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`)}`;
}

const notAscii = /[^ -~]/gu;

function numbered(character: string): string {
  return `' + ${characterCodes(character)} + '`;
}

/** PowerShell's characters are halves of those beyond the Basic Multilingual Plane. */
function characterCodes(character: string): string {
  return Array.from(
    { length: character.length },
    (_, index) => `[char]0x${character.charCodeAt(index).toString(16)}`,
  ).join(" + ");
}

/** A command with its parameters, in one line. A list is an array there, and true a switch. */
export function powerShellCommand(
  name: string,
  parameters: Readonly<Record<string, string | boolean>>,
): string {
  const words = Object.entries(parameters).map(([parameter, value]) =>
    typeof value === "boolean" ? `-${parameter}:$${String(value)}` : `-${parameter} ${powerShellText(value)}`,
  );
  return [name, ...words].join(" ");
}
