import type { Recovery } from "./cell.ts";

/** What a cell shows; the page's legend explains it. */
export function symbolOf({ steps, problems }: Recovery): string {
  if (problems.length > 0) return "✗";
  if (steps.includes("cancel")) return "C";
  if (steps.includes("repair")) return "R";
  if (steps.some((step) => step.endsWith("--refresh"))) return "F";
  return steps.length > 1 ? "2" : "✓";
}
