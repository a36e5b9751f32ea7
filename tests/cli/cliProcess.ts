import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { text } from "node:stream/consumers";
import { onTestFinished } from "vitest";

/** What a run of `exo-auth` came to. */
export interface CliResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder with an `exo-auth` and a `pulumi` that prints what a test says. */
export interface CliFolder {
  readonly path: string;
  readonly env: NodeJS.ProcessEnv;
  /** Runs `exo-auth` in pipes. */
  run(...args: readonly string[]): Promise<CliResult>;
}

/** What the folder's `pulumi` does. */
export interface ScriptedPulumi {
  readonly stdout?: unknown;
  readonly stderr?: string;
  readonly exitCode?: number;
  /** The stack's settings, which `pulumi config` prints whatever else fails. @default nothing of its own */
  readonly config?: unknown;
  /** What `pulumi stack export` prints, whatever else fails. @default `stdout`, as every command does */
  readonly state?: unknown;
}

/** The command line itself. */
const main = join(import.meta.dirname, "../../cli/main.ts");

/** One for all, since each folder is a home of its own. */
const compileCache = join(import.meta.dirname, "../../node_modules/.cache/exchange-auth-tests");

/** Makes a folder that ends with the test. */
export function makeCliFolder(pulumi: ScriptedPulumi = {}, variables: NodeJS.ProcessEnv = {}): CliFolder {
  const path = mkdtempSync(join(tmpdir(), "exo-auth-cli-"));
  onTestFinished(() => rmSync(path, { recursive: true }));
  const bin = join(path, "bin");
  mkdirSync(bin);
  const { stdout = "", stderr = "", exitCode = 0, config, state } = pulumi;
  writeFileSync(join(path, "stdout"), typeof stdout === "string" ? stdout : JSON.stringify(stdout));
  writeFileSync(join(path, "stderr"), stderr);
  if (config !== undefined) writeFileSync(join(path, "config"), JSON.stringify(config));
  if (state !== undefined) writeFileSync(join(path, "state"), JSON.stringify(state));
  executable(
    join(bin, "pulumi"),
    `if [ "$1" = config ] && [ -e ${path}/config ]; then cat ${path}/config; exit 0; fi; echo "$@" >> ${path}/calls; if [ "$1" = stack ] && [ -e ${path}/state ]; then cat ${path}/state; exit 0; fi; cat ${path}/stdout; cat ${path}/stderr >&2; exit ${exitCode}`,
  );
  executable(join(bin, "exo-auth"), `exec "${process.execPath}" "${main}" "$@"`);
  const env = {
    PATH: [bin, process.env["PATH"]].join(delimiter),
    HOME: path,
    NODE_COMPILE_CACHE: compileCache,
    ...variables,
  };
  return { path, env, run: (...args) => runProcess(args, path, env) };
}

async function runProcess(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<CliResult> {
  const child = spawn(process.execPath, [main, ...args], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const [stdout, stderr, exitCode] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { exitCode, stdout, stderr };
}

function executable(path: string, script: string): void {
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
}
