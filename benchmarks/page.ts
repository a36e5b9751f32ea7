import { type Machine, table } from "./report.ts";
import type { BenchmarkResult } from "./results.ts";

const introduction = `# Benchmarks

\`npm run bench\` measures, and \`npm run bench -- stack\` one section; \`npm run docs\` makes this page from the results in \`docs/results/benchmarks\`. Figures of one section come from one run, in which whatever is compared took turns: ratios can be relied on, times are those of that machine. With \`SANDBOX_PLUGINS=official\` it measures the official plugins, in a section of their own.`;

/** docs/benchmarks.md, from what is checked in. */
export function benchmarksPage(sections: readonly BenchmarkResult[]): string {
  return `${[introduction, ...sections.map(sectionText)].join("\n\n")}\n`;
}

function sectionText({ name, machine, day, rows }: BenchmarkResult): string {
  return [`## ${name}`, `${day}, ${machineText(machine)}.`, table(rows)].join("\n\n");
}

/** The machine and the versions, in one line. */
export function machineText({ cores, cpu, memoryGb, system, node, pulumi, plugins }: Machine): string {
  return `${cores} cores of ${cpu}, ${memoryGb} GB, ${system}, Node ${node}, Pulumi ${pulumi} with ${plugins}`;
}
