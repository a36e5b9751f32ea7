import { parseArgs } from "node:util";
import { nearest } from "../common/nearest.ts";
import { usageFailure } from "../common/failure.ts";
import { commands } from "./commands.ts";
import type { Command } from "./command.ts";
import { ExitCode, failureExitCode } from "./exitCodes.ts";
import { commandHelp, overview } from "./help.ts";
import type { ColorMode, Streams } from "./output.ts";
import { createProgress, errorDocument, errorText, paint, resultDocument, writeResult } from "./output.ts";
import { version } from "./version.ts";
import { errorMessage } from "../common/errorMessage.ts";

/** What a run gets from its process. */
export interface Process extends Streams {
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}

/** Runs one command line. @returns the exit code */
export async function run(args: readonly string[], process: Process): Promise<ExitCode> {
  const { stdout, stderr, env } = process;
  const [first = "", second = ""] = args;
  const group = commands.filter((one) => one.name.startsWith(`${first} `));
  if (group.length > 0 && (second === "" || isHelp(second))) {
    stdout.write(overview(group));
    return second === "" ? ExitCode.Configuration : ExitCode.Ok;
  }
  const name = group.length > 0 ? `${first} ${second}` : first;
  const rest = args.slice(group.length > 0 ? 2 : 1);
  if (name === "--version") {
    stdout.write(rest.includes("--json") ? versionDocument() : `${version}\n`);
    return ExitCode.Ok;
  }
  if (name === "" || name === "help" || isHelp(name)) {
    stdout.write(overview(commands));
    return name === "" ? ExitCode.Configuration : ExitCode.Ok;
  }
  try {
    const command = commands.find((one) => one.name === name);
    if (!command)
      throw usageFailure(
        unknown(
          "command",
          name,
          (group.length > 0 ? group : commands).map((one) => one.name),
        ),
      );
    return await runCommand(command, rest, process);
  } catch (error) {
    const { failureOf } = await import("../operations/failureOf.ts");
    const failure = await failureOf(error, process);
    if (rest.includes("--json")) stdout.write(errorDocument(name, failure));
    else stderr.write(paint(errorText(name, failure), stderr, "auto", env));
    return failureExitCode(failure);
  }
}

/** What a report of a bug needs to know of this machine. */
function versionDocument(): string {
  const { platform, arch, versions } = globalThis.process;
  return `${JSON.stringify({ schemaVersion: 1, version, node: versions.node, platform, arch })}\n`;
}

function isHelp(argument: string): boolean {
  return argument === "--help" || argument === "-h";
}

async function runCommand(
  command: Command,
  args: readonly string[],
  { stdout, stderr, env, signal }: Process,
): Promise<ExitCode> {
  const { values, operand } = parse(command, args);
  if (values["help"]) {
    stdout.write(commandHelp(command));
    return ExitCode.Ok;
  }
  const color = colorMode(values["color"]);
  const progress = createProgress(stderr, values["quiet"] === true);
  const outcome = await command
    .run(values, {
      operand,
      env,
      signal,
      progress: (text) => progress.show(text),
      isTerminal: stdout.isTTY === true,
    })
    .finally(() => progress.clear());
  const document = resultDocument(command, outcome);
  if (typeof values["output"] === "string") await writeResult(values["output"], document, "--output");
  if (outcome.piped !== undefined) {
    stdout.write(outcome.piped);
    if (!values["quiet"]) stderr.write(paint(outcome.note ?? "", stderr, color, env));
  } else if (values["json"]) stdout.write(document);
  else if (!values["quiet"] || outcome.exitCode !== ExitCode.Ok)
    stdout.write(paint(outcome.text, stdout, color, env));
  return outcome.exitCode;
}

interface Parsed {
  readonly values: Parameters<Command["run"]>[0];
  readonly operand: string;
}

function parse(command: Command, args: readonly string[]): Parsed {
  const { tokens } = parseArgs({ args: [...args], options: command.options, strict: false, tokens: true });
  const help = `See \`exo-auth ${command.name} --help\`.`;
  const operands: string[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") {
      operands.push(token.value);
      if (operands.length > (command.operand === undefined ? 0 : 1)) {
        const taken = command.operand === undefined ? "options" : `one ${command.operand.value} and options`;
        throw usageFailure(
          `"${token.value}" is not an option: \`${command.name}\` takes ${taken} only. ${help}`,
        );
      }
    }
    if (token.kind === "option" && !(token.name in command.options)) {
      throw usageFailure(
        unknown(
          "option",
          token.rawName,
          Object.keys(command.options).map((name) => `--${name}`),
        ),
      );
    }
  }
  const given = new Set(tokens.map((token) => (token.kind === "option" ? token.name : "")));
  if (given.has("json") && given.has("format")) {
    throw usageFailure("Use either --json or --format, not both.");
  }
  const [operand = ""] = operands;
  if (command.operand !== undefined && operand === "" && !given.has("help")) {
    throw usageFailure(
      `\`${command.name}\` needs a ${command.operand.value}: ${command.operand.description}. ${help}`,
    );
  }
  try {
    const { values } = parseArgs({ args: [...args], options: command.options, allowPositionals: true });
    return { values, operand };
  } catch (error) {
    throw usageFailure(`${errorMessage(error)}. ${help}`);
  }
}

function unknown(what: string, got: string, known: readonly string[]): string {
  const matches = nearest(got, known);
  const hint =
    matches.length > 0 ? `Did you mean ${matches.join(" or ")}?` : `There are ${known.join(", ")}.`;
  return `There is no ${what} "${got}". ${hint}`;
}

function colorMode(value: unknown): ColorMode {
  if (value === "always" || value === "never" || value === "auto") return value;
  throw usageFailure(`--color must be always, never or auto, got "${String(value)}".`);
}
