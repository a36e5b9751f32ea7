import { isMet, type Machine, table } from "./report.ts";
import type { Row } from "./benchmark.ts";

/** What one run of a benchmark found out. */
export interface Section {
  readonly name: string;
  readonly machine: Machine;
  /** When it ran. */
  readonly time: Date;
  readonly rows: readonly Row[];
}

const introduction = `# Benchmarks

\`npm run bench\` writes this page, and \`npm run bench -- stack\` one section of it. Figures of one section come from one run, in which whatever is compared took turns: ratios can be relied on, times are those of that machine. With \`SANDBOX_PLUGINS=official\` it measures the official plugins, in a section of their own.`;

/** Puts a run's section into the page, in the place of an earlier one. */
export function updatePage(page: string, section: Section): string {
  const [, ...old] = page.trimEnd().split(/^## /m);
  const sections = new Map(old.map((text) => [text.split("\n", 1)[0] ?? "", text.trimEnd()]));
  sections.set(section.name, `${section.name}\n\n${sectionText(section)}`);
  const inOrder = [...sections].toSorted(([a], [b]) => a.localeCompare(b));
  return `${[introduction, ...inOrder.map(([, text]) => `## ${text}`)].join("\n\n")}\n`;
}

function sectionText({ machine, time, rows }: Section): string {
  const missed = rows.filter((row) => isMet(row) === false && row.reason !== undefined);
  const reasons = missed.map(({ figure, reason }) => `- ${figure} is missed: ${reason}`);
  return [
    `${time.toISOString().slice(0, 10)}, ${machineText(machine)}.`,
    table(rows),
    ...(reasons.length > 0 ? [reasons.join("\n")] : []),
  ].join("\n\n");
}

/** The machine and the versions, in one line. */
export function machineText({ cores, cpu, memoryGb, system, node, pulumi, plugins }: Machine): string {
  return `${cores} cores of ${cpu}, ${memoryGb} GB, ${system}, Node ${node}, Pulumi ${pulumi} with ${plugins}`;
}
