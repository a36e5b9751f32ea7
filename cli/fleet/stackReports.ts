import { mkdir } from "node:fs/promises";
import path from "node:path";
import { findingRules } from "../../operations/audit/rules.ts";
import { identityRules } from "../../operations/audit/identityRules.ts";
import { driftRules } from "../../operations/drift/rules.ts";
import type { FleetDocument } from "../../operations/fleet/fleetDocument.ts";
import { exchangeRoleRules } from "../../operations/grant/roleRules.ts";
import { format } from "../findings/formats.ts";
import { writeResult } from "../output.ts";

const rules = {
  drift: driftRules,
  audit: [...findingRules, ...exchangeRoleRules, ...Object.values(identityRules)],
} as const;

const extensions = { sarif: "sarif", junit: "xml" } as const;

/**
 * Writes what drift and audit found in each stack as the single commands print it: `drift/STACK.sarif` and so on. A stack
 * that could not be checked at all has none.
 *
 * @throws Failure where a file cannot be written
 */
export async function writeStackReports(
  documents: readonly FleetDocument[],
  folder: string,
  wanted: keyof typeof extensions,
): Promise<void> {
  for (const { stack, result } of documents) {
    for (const name of ["drift", "audit"] as const) {
      const sections = result?.[name];
      if (result === undefined || sections === undefined) continue;
      const report = { project: result.project, stack: result.stack, sections };
      // oxlint-disable-next-line no-await-in-loop -- a fleet's files at once would be too many open ones.
      const text = await format({ command: { name }, report, rules: rules[name] }, wanted);
      const file = path.join(folder, name, `${stack.replaceAll("/", "-")}.${extensions[wanted]}`);
      // A folder that cannot be made is told by the file that cannot be written.
      // oxlint-disable-next-line no-await-in-loop
      await mkdir(path.dirname(file), { recursive: true }).catch(() => undefined);
      // oxlint-disable-next-line no-await-in-loop
      await writeResult(file, text, `--${wanted}`);
    }
  }
}
