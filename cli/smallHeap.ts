import { setFlagsFromString } from "node:v8";

/**
 * Collects garbage early, for a command that mostly waits for answers. Otherwise V8 lets the heap grow with the machine's
 * memory: to five times of what an audit of many tenants holds.
 */
export function keepHeapSmall(): void {
  // V8 reads this one each time that it decides how far the heap may grow, so it can be set in a process that runs.
  setFlagsFromString("--optimize-for-size");
}
