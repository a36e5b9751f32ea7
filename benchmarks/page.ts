import { type Machine, misses, table } from "./report.ts";
import type { BenchmarkResult } from "./results.ts";

const introduction = `# Benchmarks

For people who want to know how fast the product is. \`npm run bench\` measures everything, and \`npm run bench -- stack\` one section. With \`SANDBOX_PLUGINS=official\`, it measures the official plugins, in a section of their own. \`npm run docs\` makes this page from the results in \`docs/results/benchmarks\`.

The figures of one section come from one run, in which the compared programs took turns. You can rely on ratios. Times are those of one machine. If a figure is missed and the same run measured its parts, a line below the table says what it consists of.`;

/** docs/benchmarks.md, from what is checked in. */
export function benchmarksPage(sections: readonly BenchmarkResult[]): string {
  return `${[introduction, ...gains(sections), ...sections.map(sectionText)].join("\n\n")}\n`;
}

/** What a user gains, from the section that compares; nothing where a figure is missing, or Terraform was not there. */
function gains(sections: readonly BenchmarkResult[]): readonly string[] {
  const { rows } = sections.findLast(({ name }) => name.startsWith("versus")) ?? { rows: [] };
  const seconds = (figure: string): string => {
    const row = rows.find((one) => one.figure === figure);
    return row === undefined ? "" : `${(row.value / 1000).toFixed(1)} s`;
  };
  const audit = seconds("exo-auth audit");
  const plan = seconds("terraform plan");
  if (audit === "" || plan === "") return [];
  return [
    [
      `- \`exo-auth audit\` answers in ${audit}, and finds what somebody added to the tenant. \`terraform plan\` of the same resources takes ${plan}, and does not look for that.`,
      `- \`exo-auth check\` compares the state and audits in ${seconds("exo-auth check")}. The comparison alone takes ${seconds("exo-auth drift")}.`,
      `- \`pulumi up\` into an empty tenant takes ${seconds("up")}. A program with the same resources and without the component takes ${seconds("up of the flat program")}.`,
    ].join("\n"),
  ];
}

function sectionText({ name, machine, day, rows }: BenchmarkResult): string {
  return [`## ${name}`, `${day}, ${machineText(machine)}.`, table(rows), misses(rows)].join("\n\n").trimEnd();
}

/** The machine and the versions, in one line. */
export function machineText({ cores, cpu, memoryGb, system, node, pulumi, plugins }: Machine): string {
  return `${cores} cores of ${cpu}, ${memoryGb} GB, ${system}, Node ${node}, Pulumi ${pulumi} with ${plugins}`;
}
