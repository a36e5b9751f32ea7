import { durationForm } from "../common/duration.ts";
import type { Command, Option } from "./command.ts";
import { exitCodeMeanings } from "./exitCodes.ts";

/** The list of commands. */
export function overview(commands: readonly Command[]): string {
  return `exo-auth looks after applications that sign in to Exchange Online with a certificate.

Usage: exo-auth COMMAND [options]

Commands:
${rows(commands.map(({ name, summary }) => [name, summary]))}

To learn more about a command, run \`exo-auth COMMAND --help\`. To print the version, run \`exo-auth --version\`.
`;
}

/** One command's help. */
export function commandHelp(command: Command): string {
  const sections = [
    `Usage: ${usageOf(command)}`,
    wrap(command.description),
    ...(command.operand === undefined
      ? []
      : [`${command.operand.value}:\n${wrap(`  ${command.operand.description}`, 2)}`]),
    `Options:\n${rows(Object.entries(command.options).map(([name, option]) => [flag(name, option), option.description]))}`,
    ...valueNotes(command),
    `Permissions that it needs:\n${command.permissions.map((line) => wrap(`  ${line}`, 2)).join("\n")}`,
    `Examples:\n${command.examples.map(({ command: line, meaning }) => `  ${line}\n      ${meaning}`).join("\n")}`,
    `Exit codes:\n${rows(exitCodesOf(command).map((code) => [String(code), exitCodeMeanings[code]]))}`,
  ];
  return `${sections.join("\n\n")}\n`;
}

/** What the options' values are that need an explanation: each once, below the options. */
export function valueNotes({ options }: Command): readonly string[] {
  const hasTime = Object.values(options).some(({ value }) => value === "TIME");
  return hasTime ? [`TIME is ${durationForm}.`] : [];
}

/** How a command is typed. */
export function usageOf({ name, operand }: Command): string {
  return `exo-auth ${name}${operand === undefined ? "" : ` ${operand.value}`} [options]`;
}

/** The exit codes that a command can end with, in order. */
export function exitCodesOf({
  exitCodes,
  withoutStack,
}: Command): readonly (keyof typeof exitCodeMeanings)[] {
  const all = [0, 1, 2, ...(withoutStack ? [] : ([6] as const)), 8, 255, ...exitCodes] as const;
  return [...new Set(all)].toSorted((a, b) => a - b);
}

/** An option as it is typed. */
export function flag(name: string, { short, value }: Option): string {
  return `${short ? `-${short}, ` : ""}--${name}${value ? ` ${value}` : ""}`;
}

function rows(pairs: readonly (readonly [string, string])[]): string {
  const width = Math.max(...pairs.map(([left]) => left.length));
  return pairs.map(([left, right]) => wrap(`  ${left.padEnd(width)}  ${right}`, width + 4)).join("\n");
}

/** Breaks each line between words; what follows a break stands below the column `indent`. */
function wrap(text: string, indent = 0): string {
  const width = 100;
  return text
    .split("\n")
    .map((line) => {
      const lines = [line.slice(0, indent)];
      for (const word of line.slice(indent).split(" ")) {
        const last = lines.at(-1) ?? "";
        const joined = last.length > indent ? `${last} ${word}` : `${last}${word}`;
        if (joined.length <= width || last.length <= indent) lines[lines.length - 1] = joined;
        else lines.push(`${" ".repeat(indent)}${word}`);
      }
      return lines.join("\n");
    })
    .join("\n");
}
