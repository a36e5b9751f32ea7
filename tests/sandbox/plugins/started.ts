import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** A stand-in in a process of its own, as the engine starts it. */
export interface Started {
  readonly process: ChildProcessWithoutNullStreams;
  readonly port: number;
  /** What it has written after the port, on both streams. */
  output(): string;
  /** Waits for its end, and returns its exit code; null if a signal ended it. */
  readonly end: Promise<number | null>;
}

/** Whether the process is there. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Starts one file of the stand-ins, and waits for the port that it tells. */
export async function start(
  file: string,
  args: readonly string[] = [],
  environment: NodeJS.ProcessEnv = {},
): Promise<Started> {
  return portOf(
    spawn(process.execPath, [pathOf(file), ...args], { env: { ...process.env, ...environment } }),
  );
}

/** As `start`, but as the child of a shell, which stands for the engine; the process is the shell's. */
export async function startBelowShell(
  file: string,
  argument: string,
  environment: NodeJS.ProcessEnv = {},
): Promise<Started> {
  const args = ["-c", '"$0" "$1" "$2" & wait', process.execPath, pathOf(file), argument];
  return portOf(spawn("/bin/sh", args, { env: { ...process.env, ...environment } }));
}

function pathOf(file: string): string {
  return fileURLToPath(new URL(`../../../sandbox/plugins/${file}`, import.meta.url));
}

async function portOf(child: ChildProcessWithoutNullStreams): Promise<Started> {
  let output = "";
  const end = once(child, "close").then(([code]: unknown[]) => (typeof code === "number" ? code : null));
  child.stdout.setEncoding("utf8");
  child.stderr.setEncoding("utf8");
  child.stderr.on("data", (text: string) => (output += text));
  const port = await new Promise<number>((resolve, reject) => {
    child.stdout.on("data", (text: string) => {
      output += text;
      const [line, ...rest] = output.split("\n");
      if (rest.length > 0) resolve(Number(line));
    });
    void end.then(() => reject(new Error(output)));
  });
  return { process: child, port, end, output: () => output.slice(output.indexOf("\n") + 1) };
}
