import { commands } from "../../cli/commands.ts";
import type { Command } from "../../cli/command.ts";
import { errorCodeMeanings } from "../../common/failure.ts";
import { commonOptions } from "../../cli/command.ts";
import { causeExitCodes, exitCodeMeanings, obstacleExitCodes } from "../../cli/exitCodes.ts";
import { exitCodesOf, flag } from "../../cli/help.ts";

/** docs/exoAuth.md: the command line's reference, from its table of commands. */
export function exoAuthPage(): string {
  const sections = [
    "# exo-auth",
    "What the component made, looked after from a shell or a pipeline. It comes with the package; in this repository `npm run sandbox -- exo-auth COMMAND` runs it against the sandbox's tenant.",
    commands.map(({ name, summary }) => `- [\`exo-auth ${name}\`](#exo-auth-${name}): ${summary}`).join("\n"),
    "Stacks are read through `pulumi stack export` of whatever project lies in the folder, so any project that uses the component works. Errors go to standard error; with `--json` everything, errors too, is one document on standard output.",
    ...commands.map(section),
    "## Options of every command",
    list(Object.entries(commonOptions)),
    "## Exit codes",
    "They are those that Pulumi publishes for its own command line.",
    Object.entries(exitCodeMeanings)
      .map(([code, meaning]) => `- ${code}: ${meaning}`)
      .join("\n"),
    "What `verify` tells apart has these exit codes:",
    names(causeExitCodes),
    "And what `preflight` finds in the way:",
    names(obstacleExitCodes),
    "## Error codes",
    "What `error.code` is in a JSON document. None is ever renamed.",
    Object.entries(errorCodeMeanings)
      .map(([code, meaning]) => `- \`${code}\`: ${meaning}`)
      .join("\n"),
  ];
  return `${sections.join("\n\n")}\n`;
}

/** Names by their exit code. */
function names(codes: Readonly<Record<string, number>>): string {
  const different = [...new Set(Object.values(codes))].toSorted((a, b) => a - b);
  const namesOf = (code: number): string[] => Object.keys(codes).filter((name) => codes[name] === code);
  return different.map((code) => `- ${code}: \`${namesOf(code).join("`, `")}\``).join("\n");
}

function section(command: Command): string {
  const { name, description, options, permissions, examples } = command;
  const own = Object.entries(options).filter(([option]) => !(option in commonOptions));
  const lines = examples.map(({ command: line, meaning }) => `# ${meaning}\n${line}`);
  return [
    `## exo-auth ${name}`,
    description,
    ...(own.length > 0 ? [list(own)] : []),
    `Permissions: ${permissions.join("; ")}.`,
    `Exit codes: ${exitCodesOf(command).join(", ")}. JSON: [schema](schemas/${name}.schema.json).`,
    `\`\`\`text\n${lines.join("\n\n")}\n\`\`\``,
  ].join("\n\n");
}

function list(options: readonly (readonly [string, Command["options"][string]])[]): string {
  return options.map(([name, option]) => `- \`${flag(name, option)}\`: ${option.description}`).join("\n");
}
