import { spawn } from "node:child_process";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { type ErrorTextName, says } from "../common/errorTexts.ts";
import { Failure, type FailureReason } from "../common/failure.ts";
import { pulumiCommand } from "./pulumiCommand.ts";

/** Where Pulumi runs, and on which stack. */
export interface PulumiOptions {
  /** @default the selected one */
  readonly stack?: string | undefined;
  /** The project's folder. @default the current one */
  readonly cwd?: string | undefined;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}

/** What a run of Pulumi came to. */
export interface PulumiResult {
  readonly exitCode: number | null;
  readonly output: string;
  readonly errors: string;
}

/**
 * Runs a command of Pulumi's that starts no program and no plugin, and gives back what it printed.
 *
 * @throws Failure with Pulumi's own words and exit code where it fails.
 */
export async function runPulumi(args: readonly string[], options: PulumiOptions): Promise<string> {
  const result = await tryPulumi(args, withoutPlugins(options));
  if (result.exitCode !== 0) throw pulumiFailure(args, result, options);
  return result.output;
}

/** As `runPulumi`, for those who read failures themselves. @throws Failure where Pulumi cannot be run at all */
export async function tryPulumi(args: readonly string[], options: PulumiOptions): Promise<PulumiResult> {
  const { stdout, stderr, ended } = startPulumi(args, options);
  const [output, errors, exitCode] = await Promise.all([text(stdout), text(stderr), ended]);
  return { exitCode, output, errors };
}

/**
 * For a command that starts no program and no plugin. Go collects garbage from the first 4 MB on, and such a command ends
 * before that pays: with 16 MB it computes a quarter less.
 */
export function withoutPlugins(options: PulumiOptions): PulumiOptions {
  return { ...options, env: { GOGC: "400", ...options.env } };
}

/** Pulumi, running. */
export interface RunningPulumi {
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** The exit code. @throws Failure where Pulumi cannot be run; the signal's reason, once Pulumi has ended, where it was aborted */
  readonly ended: Promise<number | null>;
}

/**
 * Starts Pulumi's command line.
 *
 * With Ctrl-C the engine ends what it has begun and frees the stack, so the child has a process group of its own: a
 * second interrupt, which the terminal would send it, would end it at once and leave the stack locked. On Windows the
 * console interrupts Pulumi itself, and a signal from here would end it at once.
 *
 * @param onInterrupt told when Pulumi is asked to end
 * @param platform as `process.platform` says
 */
export function startPulumi(
  args: readonly string[],
  { stack, cwd, env, signal }: PulumiOptions,
  onInterrupt: () => void = () => undefined,
  platform: NodeJS.Platform = process.platform,
): RunningPulumi {
  signal.throwIfAborted();
  const { file, ...command } = pulumiCommand(
    [...args, ...selection(stack), "--non-interactive", "--color=never"],
    { env, platform },
  );
  const child = spawn(file, [...command.args], {
    cwd,
    // Streaming would print a preview's events, one JSON document a line, instead of the plan.
    env: { ...env, PULUMI_SKIP_UPDATE_CHECK: "true", PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "false" },
    stdio: ["ignore", "pipe", "pipe"],
    detached: platform !== "win32",
    windowsVerbatimArguments: command.windowsVerbatimArguments === true,
  });
  const stop = (): void => {
    onInterrupt();
    if (platform !== "win32") child.kill("SIGINT");
  };
  signal.addEventListener("abort", stop);
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject).once("close", resolve);
  });
  return { stdout: child.stdout, stderr: child.stderr, ended: finish() };

  async function finish(): Promise<number | null> {
    try {
      const exitCode = await ended;
      signal.throwIfAborted();
      return exitCode;
    } catch (error) {
      throw isMissing(error) ? notInstalled(error) : error;
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }
}

function selection(stack: string | undefined): readonly string[] {
  return stack === undefined ? [] : ["--stack", stack];
}

function notInstalled(cause: unknown): Failure {
  return new Failure(
    "EXO_AUTH_PULUMI",
    "Pulumi's command line is not on PATH. Install it: https://www.pulumi.com/docs/install/.",
    { cause },
  );
}

/** What to do about Pulumi's failures, by its words. */
const hints: readonly (readonly [ErrorTextName, FailureReason | "stackNotFound" | undefined, string])[] = [
  ["noSuchStack", "stackNotFound", "See `pulumi stack ls`, and give one with --stack."],
  ["noStackSelected", "configuration", "Give one with --stack."],
  ["noProject", "configuration", "Give the project's folder with --cwd."],
  ["unqualifiedStack", "configuration", "Give the project's folder with --cwd."],
  [
    "attributesCutOff",
    undefined,
    "A killed update left an empty file next to the state. Remove STACK.json.attrs from the backend's .pulumi/stacks/PROJECT. Pulumi writes it again.",
  ],
  [
    "stateCutOff",
    undefined,
    "An update was killed while it wrote the state, so the state is not complete. In the backend's .pulumi/stacks/PROJECT, replace STACK.json with its copy STACK.json.bak. Then run `exo-auth repair`.",
  ],
  ["passphrase", "configuration", "Set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE."],
];

/** What Pulumi's own exit codes mean (pkg/cmd/pulumi/cmd/exit_codes.go, since 3.227); 1 and 255 say nothing. */
const reasons: Readonly<Record<number, FailureReason | "stackNotFound">> = {
  2: "configuration",
  3: "authentication",
  4: "resource",
  5: "policy",
  6: "stackNotFound",
  7: "expectation",
  8: "cancelled",
  9: "timeout",
};

/** The failure of a run. */
export function pulumiFailure(
  args: readonly string[],
  { exitCode, errors }: PulumiResult,
  { stack }: Pick<PulumiOptions, "stack"> = {},
): Failure {
  const words = errors.replaceAll(/^(error: )+/gm, "").trim() || "no reason given";
  const command = ["pulumi", ...args.filter((arg) => !arg.startsWith("--")), ...selection(stack)].join(" ");
  const hinted = hints.find(([name]) => says(words, name));
  const reason = hinted ? hinted[1] : reasons[exitCode ?? 1];
  const message = `\`${command}\` failed: ${words}${
    hinted
      ? `
${hinted[2]}`
      : ""
  }`;
  return reason === "stackNotFound"
    ? new Failure("EXO_AUTH_STACK_NOT_FOUND", message)
    : new Failure("EXO_AUTH_PULUMI", message, { reason });
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
