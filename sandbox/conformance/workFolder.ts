import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

const prefix = "exchange-auth-conformance-";

/** Makes the folder where a run's stacks are. */
export function makeWorkFolder(): string {
  return mkdtempSync(join(tmpdir(), prefix));
}

/**
 * Ends what still works in the folder of a killed run, and removes the folder: a `pulumi up` goes on creating objects
 * when the process that ran it is gone. Linux only, as runs with such a folder are.
 */
export function endWorkIn(folder: string): void {
  if (!basename(folder).startsWith(prefix)) return;
  // What is killed may have started something meanwhile.
  for (let found = workersIn(folder); found.length > 0; found = workersIn(folder)) found.forEach(kill);
  rmSync(folder, { recursive: true, force: true });
}

/** The processes whose environment names the folder, as Pulumi's, its plugins' and those of `exo-auth` do. */
function workersIn(folder: string): readonly number[] {
  const running = existsSync("/proc") ? readdirSync("/proc") : [];
  return running
    .filter((name) => /^\d+$/.test(name) && environmentOf(name).includes(`${folder}/`))
    .map(Number);
}

function environmentOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8");
  } catch {
    // It has ended, or is somebody else's.
    return "";
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended meanwhile.
  }
}
