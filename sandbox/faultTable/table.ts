import { alignedMarkdownTable } from "../../common/markdownTable.ts";
import type { PluginSource } from "../commands/arguments.ts";
import { faultNames } from "./fault.ts";
import type { FaultResults } from "./results.ts";

/** The page of each kind of plugins, below the repository. */
export const faultsPages: Readonly<Record<PluginSource, string>> = {
  "stand-in": "docs/faults.md",
  official: "docs/faultsOfficial.md",
};

/** The page that tells what each fault on each request came to. */
export function faultsPage({ plugins, phases }: FaultResults): string {
  const sections = phases.map(({ name, requests }) =>
    [`## ${name}`, alignedMarkdownTable(["request", ...faultNames], requests.map(line))].join("\n\n"),
  );
  return `${[introduction(plugins), ...sections].join("\n\n")}\n`;
}

const legend: readonly (readonly string[])[] = [
  ["✓", "nothing: the same operation went through"],
  ["2", "it failed, or a second try within it left the first one's error in the state: once more"],
  ["F", "it failed or warned, and named it: once more with `--refresh`"],
  ["R", "it failed and named it: `exo-auth repair --yes`, then the operation"],
  ["C", "`pulumi cancel`, `exo-auth repair --yes` (not after `destroy`), then the operation"],
  ["–", "no such answer to this request"],
];

function introduction(plugins: PluginSource): string {
  const isOfficial = plugins === "official";
  const setting = isOfficial ? "SANDBOX_PLUGINS=official " : "";
  const other = isOfficial
    ? "[the same with the stand-ins](faults.md)"
    : "[the same with the official plugins](faultsOfficial.md)";
  return `# Faults, and what it takes to survive them

\`${setting}npm run faults\` finds out what this page tells, and \`npm run docs\` makes the page. It runs Pulumi's engine with the ${plugins} plugins once for each cell: one request meets one fault, and afterwards tenant and state must be exactly what is declared, with the same objects, no second credential, no owner and nothing left behind. A request that comes again while reading has one row, in the first operation that sends it. There is ${other}.

${alignedMarkdownTable(["cell", "what it took"], legend)}

Pulumi runs no hooks in \`destroy\`, so there no message names the \`--refresh\`: where a second \`destroy\` fails, it takes one.

"Lost answer": the tenant did what was asked, and the connection broke. "Dropped": the connection broke before. "Killed": Pulumi and all its processes were killed before the answer came.`;
}

function line({ request, cells }: FaultResults["phases"][number]["requests"][number]): readonly string[] {
  return [`\`${request}\``, ...faultNames.map((fault) => cells[fault] ?? "–")];
}
