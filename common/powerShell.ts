/**
 * A text as one argument of PowerShell, in one line: in single quotes, with every character doubled that ends them there. The
 * four curly ones do, too. Source: PowerShell's page about_Quoting_Rules.
 */
export function powerShellText(text: string): string {
  return `'${inOneLine(text).replaceAll(/['\u2018-\u201B]/g, "$&$&")}'`;
}

/** A text as a comment of PowerShell. */
export function powerShellComment(text: string): string {
  return `# ${inOneLine(text)}`;
}

function inOneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]/gu, " ");
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
