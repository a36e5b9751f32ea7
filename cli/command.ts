import type { parseArgs } from "node:util";
import { visibleValues } from "../common/foreignText.ts";
import type { ExitCode } from "./exitCodes.ts";

/** An option as `node:util` parses it, with what help says about it. */
export interface Option {
  readonly type: "string" | "boolean";
  readonly short?: string;
  readonly description: string;
  /** What stands for the value in help, as in `FILE`. */
  readonly value?: string;
  readonly default?: string;
  /** Whether it may be given several times. @default false */
  readonly multiple?: boolean;
}

type Options = Readonly<Record<string, Option>>;

/** What a command works with beside its options. */
export interface CommandContext {
  /** What was named behind the command; empty where it takes options only. */
  readonly operand: string;
  readonly env: NodeJS.ProcessEnv;
  /** Aborts with Ctrl-C. */
  readonly signal: AbortSignal;
  /** Says what goes on; on a terminal only. */
  readonly progress: (text: string) => void;
  /** Whether standard output is a terminal, on which people read along. */
  readonly isTerminal: boolean;
}

/** What a command came to. */
export interface Outcome {
  readonly exitCode: ExitCode;
  /** For `--json`: what the schema of the command's name describes, without `schemaVersion` and `command`. */
  readonly document: Readonly<Record<string, unknown>>;
  /** For people. */
  readonly text: string;
  /** What was asked for on standard output: printed as it is, instead of everything else. */
  readonly piped?: string;
  /** What a person should know of `piped`: printed on standard error. */
  readonly note?: string;
}

/** A result, with what a person reads of it: the one place where views are called, so that no stranger's text gets through as it came. */
export function outcomeOf<Result extends object>(
  exitCode: ExitCode,
  result: Result,
  view: (result: Result) => string,
): Outcome {
  return {
    exitCode,
    document: Object.fromEntries(Object.entries(result)),
    text: view(visibleValues(result)),
  };
}

/** A command as the table has it. */
export interface Command {
  readonly name: string;
  /** One line, for the list of commands. */
  readonly summary: string;
  readonly description: string;
  /** The one thing that must be named behind the command. @default it takes options only */
  readonly operand?: { readonly value: string; readonly description: string };
  readonly options: Options;
  readonly examples: readonly { readonly command: string; readonly meaning: string }[];
  /** The least that the command's identity must be allowed. */
  readonly permissions: readonly string[];
  /** Whether it reads no single stack, so that none can be missing or unfinished. @default false */
  readonly withoutStack?: true;
  /** The exit codes that the command can end with, beside those that every command can. */
  readonly exitCodes: readonly ExitCode[];
  readonly run: (values: OptionValues<Options>, context: CommandContext) => Promise<Outcome>;
}

/** A command's name as its page and its schema are named: `fleetCheck` for `fleet check`. */
export function fileOf({ name }: Pick<Command, "name">): string {
  return name.replaceAll(/ (\w)/g, (_, letter: string) => letter.toUpperCase());
}

type OptionValues<O extends Options> = ReturnType<typeof parseArgs<{ options: O }>>["values"];

/** Options that every command has. */
export const commonOptions = {
  stack: { type: "string", short: "s", value: "NAME", description: "the stack. Default: the selected stack" },
  cwd: {
    type: "string",
    short: "C",
    value: "DIR",
    description: "the folder of the Pulumi project. Default: the current folder",
  },
  json: { type: "boolean", description: "print one JSON document instead of text" },
  output: {
    type: "string",
    short: "o",
    value: "FILE",
    description: "also write the JSON document to a file",
  },
  quiet: { type: "boolean", short: "q", description: "print errors only" },
  color: {
    type: "string",
    value: "WHEN",
    default: "auto",
    description:
      "`always`, `never`, or `auto`, which means on a terminal, unless NO_COLOR is set. Default: `auto`",
  },
  help: { type: "boolean", short: "h", description: "print this help" },
} as const satisfies Options;

/** Declares a command; its function gets the values with their types. */
export function defineCommand<const O extends Options>(
  declaration: Omit<Command, "options" | "run"> & {
    readonly options: O;
    readonly run: (
      values: OptionValues<O & typeof commonOptions>,
      context: CommandContext,
    ) => Promise<Outcome>;
  },
): Command {
  const options: Options = { ...declaration.options, ...commonOptions };
  // `run` is called with what was parsed by these very options.
  return { ...declaration, options } as Command;
}
