import { counted } from "../../common/counted.ts";
import type { Section } from "../../operations/findings/finding.ts";

/** What a section without findings says: never more than was looked at; undefined where a needed check was not possible. */
export function cleanText(command: string, { checks, findings, unread }: Section): string | undefined {
  if (findings.length > 0 || unread.some(({ optional }) => optional !== true)) return undefined;
  if (command === "drift") return `${counted(checks.length, "check")}, no drift`;
  const skipped = new Set(unread.map(({ check }) => check)).size;
  const read = checks.length - skipped;
  return `nothing found in ${counted(read, "check")}${skipped === 0 ? "" : `, ${skipped} not read`}`;
}
