import type { Command } from "../../cli/command.ts";
import { commonOptions, fileOf } from "../../cli/command.ts";
import { commands } from "../../cli/commands.ts";
import { causeExitCodes, exitCodeMeanings, failureExitCode, obstacleExitCodes } from "../../cli/exitCodes.ts";
import { exitCodesOf, flag, usageOf, valueNotes } from "../../cli/help.ts";
import { alignedMarkdownTable } from "../../common/markdownTable.ts";
import { type ErrorCode, errorCodeMeanings } from "../../common/failure.ts";

/** The command line's reference by path below the repository: one page for what commands share, and one a command. */
export function commandPages(): ReadonlyMap<string, string> {
  return new Map([
    ["docs/exoAuth.md", overviewPage()],
    ...commands.map((command) => [`docs/commands/${fileOf(command)}.md`, commandPage(command)] as const),
  ]);
}

function overviewPage(): string {
  return page([
    "# exo-auth",
    "`exo-auth` is the command line for applications that the component created. It comes with the package. In this repository, `npm run sandbox -- exo-auth COMMAND` runs it against the sandbox's tenant.",
    alignedMarkdownTable(
      ["command", "does"],
      commands.map((command) => [`[\`${command.name}\`](commands/${fileOf(command)}.md)`, command.summary]),
    ),
    "The commands read a stack with `pulumi stack export`, in the folder of any project that uses the component. Errors go to standard error. With `--json`, standard output is one JSON document, also if the command fails. `exo-auth --help` lists the commands, and `exo-auth --version` prints the version.",
    "## Options of every command",
    optionTable(Object.entries(commonOptions)),
    "## Exit codes",
    "They are the codes that Pulumi publishes for its own command line.",
    alignedMarkdownTable(["code", "meaning"], Object.entries(exitCodeMeanings)),
    "Each cause that `verify` can find has an exit code:",
    byExitCode(causeExitCodes),
    "Each obstacle that `preflight` can find has one, too:",
    byExitCode(obstacleExitCodes),
    "## Error codes",
    "If a command fails, the field `error.code` of its JSON document has one of these codes. They are never renamed. `EXO_AUTH_PULUMI` and `EXO_AUTH_FILE` can have another exit code than the one shown, if the cause is known.",
    errorTable(Object.keys(errorCodeMeanings) as ErrorCode[]),
  ]);
}

/** Errors that no command has which reads no single stack. */
const ofOneStack: ReadonlySet<ErrorCode> = new Set([
  "EXO_AUTH_STACK_NOT_FOUND",
  "EXO_AUTH_NO_COMPONENT",
  "EXO_AUTH_INCOMPLETE",
  "EXO_AUTH_OUTDATED",
  "EXO_AUTH_APPLICATION_DELETED",
  "EXO_AUTH_APPLICATION_BLOCKED",
  "EXO_AUTH_SIGN_IN_REDIRECTED",
  "EXO_AUTH_WRONG_TENANT",
]);

function commandPage(command: Command): string {
  const { name, summary, description, operand, options, permissions, examples, withoutStack } = command;
  const own = Object.entries(options).filter(([option]) => !(option in commonOptions));
  const exitCodes = exitCodesOf(command);
  const errors = (Object.keys(errorCodeMeanings) as ErrorCode[]).filter(
    (code) =>
      exitCodes.includes(failureExitCode({ code })) && !(withoutStack === true && ofOneStack.has(code)),
  );
  return page([
    `# exo-auth ${name}`,
    `\`exo-auth ${name}\`: ${summary}.`,
    description,
    "## Usage",
    `\`\`\`text\n${usageOf(command)}\n\`\`\``,
    ...(operand === undefined ? [] : [`\`${operand.value}\`: ${operand.description}.`]),
    "## Options",
    ...(own.length > 0 ? [optionTable(own)] : []),
    ...valueNotes(command),
    "[Options of every command](../exoAuth.md#options-of-every-command) work, too.",
    "## Permissions",
    permissions.map((permission) => `- ${permission}`).join("\n"),
    "## Examples",
    `\`\`\`text\n${examples.map(({ command: line, meaning }) => `# ${meaning}\n${line}`).join("\n\n")}\n\`\`\``,
    "## Exit codes",
    alignedMarkdownTable(
      ["code", "meaning"],
      exitCodes.map((code) => [String(code), exitCodeMeanings[code]]),
    ),
    "## Errors",
    errorTable(errors),
    "## JSON",
    `With \`--json\`, the command prints one document. [Its schema](../schemas/${fileOf(command)}.schema.json) describes each field.`,
  ]);
}

function page(sections: readonly string[]): string {
  return `${sections.join("\n\n")}\n`;
}

function optionTable(options: readonly (readonly [string, Command["options"][string]])[]): string {
  return alignedMarkdownTable(
    ["option", "meaning"],
    options.map(([name, option]) => [`\`${flag(name, option)}\``, option.description]),
  );
}

function errorTable(codes: readonly ErrorCode[]): string {
  return alignedMarkdownTable(
    ["error", "exit code", "meaning"],
    codes.map((code) => [`\`${code}\``, String(failureExitCode({ code })), errorCodeMeanings[code]]),
  );
}

/** Names by their exit code. */
function byExitCode(codes: Readonly<Record<string, number>>): string {
  const different = [...new Set(Object.values(codes))].toSorted((a, b) => a - b);
  const namesOf = (code: number): string[] => Object.keys(codes).filter((name) => codes[name] === code);
  return alignedMarkdownTable(
    ["code", "names"],
    different.map((code) => [String(code), `\`${namesOf(code).join("`, `")}\``]),
  );
}
