import { visible } from "./foreignText.ts";

/**
 * A text as one argument of PowerShell, in one line: in single quotes, with every character doubled that ends them there. The
 * four curly ones do, too. What could act where the line is printed or read is written as its number. Source: PowerShell's
 * page about_Quoting_Rules.
 */
export function powerShellText(text: string): string {
  const quoted = text.replaceAll(/['\u2018-\u201B]/g, "$&$&");
  const inert = visible(quoted, (character) => `' + ${characterCodes(character)} + '`);
  return inert === quoted ? `'${quoted}'` : `('${inert}')`;
}

/** A text as a comment of PowerShell. */
export function powerShellComment(text: string): string {
  return `# ${visible(text)}`;
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
