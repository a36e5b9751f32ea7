import type { Recovery } from "./cell.ts";

/** What a cell shows; the page's legend explains it. */
export function symbolOf({ steps, problems }: Recovery): string {
  if (problems.length > 0) return "✗";
  const helped = [
    steps.includes("cancel") ? "C" : "",
    steps.includes("repair") && !steps.includes("cancel") ? "R" : "",
    steps.some((step) => step.endsWith("--refresh")) ? "F" : "",
  ].join("");
  const tries = steps.filter((step) => /^(?:up|destroy|grant)/.test(step)).length;
  if (helped === "") return tries > 1 ? String(tries) : "✓";
  return tries === 2 ? helped : `${helped}${tries}`;
}
