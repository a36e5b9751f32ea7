import { alignedMarkdownTable } from "../../common/markdownTable.ts";
import { faultColumn, faultNames, type FaultName } from "./fault.ts";
import type { FaultResults, GrantFaultResults } from "./results.ts";

type Phase = FaultResults["phases"][number];
type Request = Phase["requests"][number];

/** docs/faults.md: what each fault on each request came to, with the stand-in plugins and with the official ones. */
export function faultsPage(standIn: FaultResults, official: FaultResults, grant: GrantFaultResults): string {
  const sections = standIn.phases.map((phase) => section(phase, official.phases));
  const granting = grant.phases.map((phase) => section(phase, grant.phases));
  return `${[introduction, ...sections, grantIntroduction, ...granting].join("\n\n")}\n`;
}

const legend: readonly (readonly string[])[] = [
  ["✓", "nothing. The same operation succeeded"],
  [
    "2",
    "the operation once more. It failed, or a second try within it left the first one's error in the state",
  ],
  ["F", "the operation once more, with `--refresh`. It failed or warned, and named this command"],
  ["R", "`exo-auth repair --yes`, then the operation. It failed, and named this command"],
  ["C", "`pulumi cancel`, `exo-auth repair --yes` (not after `destroy`), then the operation"],
  ["CF", "what C says, and the operation with `--refresh`"],
  ["F3", "what F says, in the third run of the operation; a number always counts the runs"],
  ["–", "the request cannot get this answer"],
];

const faults: readonly (readonly string[])[] = [
  ["a number", "the tenant answers with this status"],
  ...faultNames.flatMap((name) => {
    const { meaning } = faultColumn(name);
    return meaning === undefined ? [] : [[name, meaning]];
  }),
];

const introduction = `# Faults, and what it takes to survive them

For people who want to know what happens if something goes wrong in the middle of an update. Each cell says what you must do after one request met one fault.

${alignedMarkdownTable(["cell", "what you must do"], legend)}

In every cell, the tenant and the state are afterward exactly what is declared. They have the same objects with every declared property, certificates byte for byte, no second credential and no owner, and nothing is left behind. \`npm run faults\` runs Pulumi's engine once for each cell to find this out, and \`SANDBOX_PLUGINS=official npm run faults\` does the same with the official plugins. If the two differ, the cell has both: the sandbox's plugins, then the official ones. A request that comes again while Pulumi reads has one row, in the first operation that sends it.

${alignedMarkdownTable(["fault", "what happens"], faults)}

Pulumi runs no hooks in \`destroy\`, so no message names \`--refresh\` there. If a second \`destroy\` fails, add it.`;

const grantIntroduction = `## \`exo-auth grant\`

[\`exo-auth grant\`](leastPrivilege.md) runs without Pulumi's plugins, so a cell has one result. In every cell, the tenant afterward gives the job exactly what it gives without the fault. If a run fails or is killed, run the same command again. \`npm run faults:grant\` finds this out. Exchange takes every cmdlet at one address, so these rows name the cmdlet that changes something, and the first and the last cmdlet of a run.`;

function section({ name, requests }: Phase, official: readonly Phase[]): string {
  const others = official.find((phase) => phase.name === name)?.requests ?? [];
  const added = others.filter(({ request }) => !requests.some((one) => one.request === request));
  const rows = [...requests, ...added].map(({ request }) =>
    row(
      request,
      requests.find((one) => one.request === request),
      others.find((one) => one.request === request),
    ),
  );
  return [
    `${name.startsWith("`exo-auth grant") ? "###" : "##"} ${name}`,
    alignedMarkdownTable(["request", ...faultNames], rows),
  ].join("\n\n");
}

function row(request: string, standIn?: Request, official?: Request): readonly string[] {
  const symbol = (fault: FaultName, of?: Request): string => of?.cells[fault] ?? "–";
  const cells = faultNames.map((fault) => {
    const [ours, theirs] = [symbol(fault, standIn), symbol(fault, official)];
    return ours === theirs ? ours : `${ours} / ${theirs}`;
  });
  return [`\`${request}\``, ...cells];
}
