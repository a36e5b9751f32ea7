import type { Command, Option } from "./command.ts";
import { exitCodeMeanings } from "./exitCodes.ts";

/** The list of commands. */
export function overview(commands: readonly Command[]): string {
  return `exo-auth: app-only sign-in to Exchange Online, looked after.

Usage: exo-auth COMMAND [options]

Commands:
${rows(commands.map(({ name, summary }) => [name, summary]))}

\`exo-auth COMMAND --help\` tells more about one; --version prints the version.
`;
}

/** One command's help. */
export function commandHelp(command: Command): string {
  const sections = [
    `Usage: exo-auth ${command.name} [options]`,
    wrap(command.description),
    `Options:\n${rows(Object.entries(command.options).map(([name, option]) => [flag(name, option), option.description]))}`,
    `Permissions it needs:\n${command.permissions.map((line) => `  ${line}`).join("\n")}`,
    `Examples:\n${command.examples.map(({ command: line, meaning }) => `  ${line}\n      ${meaning}`).join("\n")}`,
    `Exit codes:\n${rows(exitCodesOf(command).map((code) => [String(code), exitCodeMeanings[code]]))}`,
  ];
  return `${sections.join("\n\n")}\n`;
}

/** The exit codes that a command can end with, in order. */
export function exitCodesOf({ exitCodes }: Command): readonly (keyof typeof exitCodeMeanings)[] {
  const all = [0, 1, 2, 6, 8, 255, ...exitCodes] as const;
  return [...new Set(all)].toSorted((a, b) => a - b);
}

/** An option as it is typed. */
export function flag(name: string, { short, value }: Option): string {
  return `${short ? `-${short}, ` : ""}--${name}${value ? ` ${value}` : ""}`;
}

function rows(pairs: readonly (readonly [string, string])[]): string {
  const width = Math.max(...pairs.map(([left]) => left.length));
  return pairs.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join("\n");
}

function wrap(text: string, width = 100): string {
  return text.replaceAll(new RegExp(`(?![^\\n]{1,${width}}$)([^\\n]{1,${width}}) `, "g"), "$1\n");
}
