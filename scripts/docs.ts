/**
 * Writes every page that is made from the sources, or from results that are checked in.
 *
 * Usage: npm run docs [-- --check], which compares only and fails where a page is out of date.
 */
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

import { benchmarksPage } from "../benchmarks/page.ts";
import { readSections } from "../benchmarks/results.ts";
import { conformancePage } from "../sandbox/conformance/page.ts";
import { readReports } from "../sandbox/conformance/results.ts";
import { readFaultResults, readGrantFaults } from "../sandbox/faultTable/results.ts";
import { faultsPage } from "../sandbox/faultTable/table.ts";
import { renderDifferences } from "../sandbox/tenant/documentation/differences.ts";
import { commandPages } from "./pages/commands.ts";
import { findingsPage } from "./pages/findings.ts";
import { pluginSchema } from "./pages/pluginSchema.ts";
import { languagesPage, tutorialPage } from "./pages/programs.ts";
import { referencePages } from "./pages/reference.ts";
import { registryPages } from "./pages/registry.ts";
import { schemaPages } from "./pages/schemas.ts";
import { unreadPropertiesPage } from "./pages/unreadProperties.ts";

const root = path.dirname(import.meta.dirname);
/** What lies here and is not made any more goes. */
const generatedFolders = "docs/{commands,reference,schemas}/**/*.{md,json}";

const pages = new Map<string, string>([
  ...referencePages(),
  ...schemaPages(),
  ...commandPages(),
  ...pluginSchema(),
  ...registryPages(),
  ["sandbox/docs/differences.md", renderDifferences()],
  ["docs/conformance.md", conformancePage(readReports())],
  ["docs/findings.md", findingsPage()],
  ["docs/languages.md", languagesPage()],
  ["docs/tutorial.md", tutorialPage()],
  ["docs/unreadProperties.md", unreadPropertiesPage()],
  [
    "docs/faults.md",
    faultsPage(readFaultResults("stand-in"), readFaultResults("official"), readGrantFaults()),
  ],
  ["docs/benchmarks.md", benchmarksPage(readSections())],
]);
const superfluous = globSync(generatedFolders, { cwd: root }).filter((name) => !pages.has(name));

if (process.argv.includes("--check")) check();
else write();

function check(): void {
  const different = [...pages].filter(([name, text]) => textOf(name) !== text).map(([name]) => name);
  const stale = [...different, ...superfluous];
  if (stale.length === 0) return;
  process.stderr.write(
    `Generated pages are out of date, got other text in ${stale.join(", ")}. Run \`npm run docs\` and commit what it writes.\n`,
  );
  process.exitCode = 1;
}

function write(): void {
  for (const name of superfluous) rmSync(path.join(root, name));
  for (const [name, text] of pages) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), text);
  }
}

function textOf(name: string): string | undefined {
  const file = path.join(root, name);
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}
