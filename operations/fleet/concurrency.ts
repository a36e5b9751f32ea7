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

/** How many stacks are checked at a time: as cores and free memory allow, and one at least. */
export function concurrencyFor({ cores, freeBytes }: Machine, refreshes: boolean): number {
  const { bytes, perCore } = refreshes ? needs.refresh : needs.export;
  return Math.max(1, Math.min(cores * perCore, Math.floor(freeBytes / bytes), most));
}
