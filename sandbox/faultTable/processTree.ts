import { execFileSync } from "node:child_process";
import { setTimeout } from "node:timers/promises";

/** Stops a process and all that it started, some of which have process groups of their own. @returns their ids */
export function stopTree(root: number): readonly number[] {
  for (let stopped: readonly number[] = [root]; ;) {
    for (const pid of stopped) signal(pid, "SIGSTOP");
    const tree = treeOf(root);
    // What was started before its parent stopped is found by another look.
    if (tree.length === stopped.length) return tree;
    stopped = tree;
  }
}

/** Lets stopped processes go on. */
export function continueProcesses(pids: readonly number[]): void {
  for (const pid of pids) signal(pid, "SIGCONT");
}

/** Kills processes, and waits until none is left that could still do anything. */
export async function killProcesses(pids: readonly number[]): Promise<void> {
  for (const pid of pids) signal(pid, "SIGKILL");
  while (processes().some(({ pid, isDead }) => pids.includes(pid) && !isDead)) await setTimeout(5);
}

function treeOf(root: number): readonly number[] {
  const all = processes();
  const tree = [root];
  for (const parent of tree) {
    tree.push(...all.filter(({ ppid, isDead }) => ppid === parent && !isDead).map(({ pid }) => pid));
  }
  return tree;
}

function processes(): readonly { readonly pid: number; readonly ppid: number; readonly isDead: boolean }[] {
  return execFileSync("ps", ["-A", "-o", "pid=,ppid=,stat="], { encoding: "utf8" })
    .trim()
    .split("\n")
    .map((line) => {
      const [pid, ppid, state = ""] = line.trim().split(/\s+/);
      return { pid: Number(pid), ppid: Number(ppid), isDead: state.startsWith("Z") };
    });
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended meanwhile.
  }
}
