import { readdirSync, readFileSync } from "node:fs";

/** The most memory that was held at once, in MB. */
export interface Peak {
  /** By a process and everything below it. */
  readonly all: number;
  /** By the process alone. */
  readonly own: number;
}

/** Watches the memory of a process, sampled every 20 ms; Linux only. */
export function watchMemory(rootPid: number): { stop(): Peak } {
  let peak: Peak = { all: 0, own: 0 };
  const timer = setInterval(() => {
    peak = {
      all: Math.max(peak.all, residentMegabytes(belowOf(rootPid))),
      own: Math.max(peak.own, residentMegabytes([rootPid])),
    };
  }, 20);
  return {
    stop() {
      clearInterval(timer);
      return peak;
    },
  };
}

/**
 * The processor time that this process and the children that have ended took so far, in milliseconds; Linux only, whose
 * clock ticks a hundred times a second.
 */
export function processorMs(): number {
  const fields = read("/proc/self/stat").split(") ")[1]?.split(" ") ?? [];
  const [user, system, childrenUser, childrenSystem] = fields.slice(11, 15).map(Number);
  return 10 * ((user ?? 0) + (system ?? 0) + (childrenUser ?? 0) + (childrenSystem ?? 0));
}

function belowOf(rootPid: number): readonly number[] {
  const parents = new Map<number, number>();
  for (const entry of readdirSync("/proc")) {
    const stat = /^\d+$/.test(entry) ? read(`/proc/${entry}/stat`) : "";
    const parent = Number(/\) \S (\d+)/.exec(stat)?.[1]);
    if (parent > 0) parents.set(Number(entry), parent);
  }
  return [...parents.keys()].filter((pid) => isBelow(pid, rootPid, parents));
}

function residentMegabytes(pids: readonly number[]): number {
  return (
    pids.reduce(
      (sum, pid) => sum + Number(/^Pss:\s+(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0),
      0,
    ) / 1024
  );
}

function isBelow(pid: number, root: number, parents: ReadonlyMap<number, number>): boolean {
  for (let at: number | undefined = pid; at !== undefined; at = parents.get(at)) if (at === root) return true;
  return false;
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    // It has ended meanwhile.
    return "";
  }
}
