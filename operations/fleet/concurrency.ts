/** What a machine has. */
export interface Machine {
  readonly cores: number;
  /** Memory that is free, in bytes. */
  readonly freeBytes: number;
}

const mebibyte = 1_048_576;

/** What one stack takes at the same time: Pulumi with the plugins of a refresh, or Pulumi alone. Estimates, on the safe side. */
const needs = {
  refresh: { bytes: 700 * mebibyte, perCore: 1 },
  export: { bytes: 200 * mebibyte, perCore: 4 },
} as const;

/** At most so many, for the sake of the state's backend and of Microsoft's services. */
const most = 32;

/** How much goes on at a time. */
export interface Concurrency {
  /** How many stacks are checked. */
  readonly stacks: number;
  /** How many of them run Pulumi to read what it knows; the others wait for their tenants. */
  readonly exports: number;
}

/** What cores and free memory allow, and one at least. A refresh is Pulumi's from its begin to its end. */
export function concurrencyFor({ cores, freeBytes }: Machine, refreshes: boolean): Concurrency {
  const { bytes, perCore } = refreshes ? needs.refresh : needs.export;
  const exports = Math.max(1, Math.min(cores * perCore, Math.floor(freeBytes / bytes), most));
  return { exports, stacks: refreshes ? exports : most };
}

/** Lets so many act at a time; the others wait, in the order in which they came. */
export function createTurns(count: number): <Result>(act: () => Promise<Result>) => Promise<Result> {
  let free = count;
  const waiting: (() => void)[] = [];
  return async (act) => {
    if (free === 0) await new Promise<void>((resolve) => waiting.push(resolve));
    else free -= 1;
    try {
      return await act();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}
