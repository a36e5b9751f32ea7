import { type Machine, table } from "./report.ts";
import type { BenchmarkResult } from "./results.ts";

const introduction = `# Benchmarks

For people who want to know how fast the product is. \`npm run bench\` measures everything, and \`npm run bench -- stack\` one section. With \`SANDBOX_PLUGINS=official\`, it measures the official plugins, in a section of their own. \`npm run docs\` makes this page from the results in \`docs/results/benchmarks\`.

The figures of one section come from one run, in which the compared programs took turns. You can rely on ratios. Times are those of one machine.`;

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
