import type { Sandbox } from "../createSandbox.ts";
import type { Recovery } from "./cell.ts";
import { faultColumn, type FaultName, faultNames } from "./fault.ts";
import type { MetRequest } from "./grantRun.ts";
import { deployGrantStack, type GrantStack } from "./grantStack.ts";
import { killGrant } from "./killGrant.ts";
import type { FilledRow } from "./results.ts";

/** One thing that `exo-auth grant` does: each has rows of its own in the table. */
export interface GrantPhase {
  readonly name: string;
  readonly only?: "exchange" | "entra";
  readonly remove?: boolean;
}

/** In the page's order. */
export const grantPhases: readonly GrantPhase[] = [
  { name: "`exo-auth grant` with role groups and roles of Exchange", only: "exchange" },
  { name: "`exo-auth grant` with a role until a date", only: "entra" },
  { name: "`exo-auth grant --remove`", remove: true },
];

/**
 * Fills the cells of `exo-auth grant`: what is given, or taken away, is to be the same after every fault.
 *
 * @param sandbox with `grantSeed`
 * @param onCell told of each cell as it is done
 */
export async function fillGrantMatrix(
  sandbox: Sandbox,
  onCell: (row: FilledRow, fault: FaultName, recovery: Recovery) => void,
): Promise<readonly FilledRow[]> {
  const deployed = await deployGrantStack(sandbox);
  const rows: FilledRow[] = [];
  for (const phase of grantPhases) {
    // oxlint-disable-next-line no-await-in-loop -- they change one tenant.
    await begin(deployed, phase);
    // oxlint-disable-next-line no-await-in-loop
    const requests = await deployed.grantRun.requests(phase);
    // oxlint-disable-next-line no-await-in-loop
    const wanted = await deployed.grantRun.given();
    for (const request of requests) {
      const row: FilledRow = { phase: phase.name, request: request.name, cells: {} };
      rows.push(row);
      for (const fault of faultsOf(request)) {
        // oxlint-disable-next-line no-await-in-loop
        await begin(deployed, phase);
        // oxlint-disable-next-line no-await-in-loop
        const recovery = await recover(sandbox, deployed, { phase, request, fault, wanted });
        row.cells[fault] = recovery;
        onCell(row, fault, recovery);
      }
    }
  }
  return rows;
}

/** Signing in knows no 404 and no 409. */
function faultsOf({ name }: MetRequest): readonly FaultName[] {
  return name.includes("/oauth2/")
    ? faultNames.filter((fault) => fault !== "404" && fault !== "409")
    : faultNames;
}

/** What is taken away must have been given, and what is given must not be there. */
async function begin({ grantRun }: GrantStack, { remove = false }: GrantPhase): Promise<void> {
  await grantRun.run({ remove: !remove });
}

interface GrantCell {
  readonly phase: GrantPhase;
  readonly request: MetRequest;
  readonly fault: FaultName;
  /** What the tenant gives where nothing disturbs the run. */
  readonly wanted: string;
}

/** Runs the command with a fault, and again until it succeeds. */
async function recover(
  sandbox: Sandbox,
  deployed: GrantStack,
  { phase, request, fault, wanted }: GrantCell,
): Promise<Recovery> {
  const { grantRun } = deployed;
  const steps = ["grant"];
  let problem = await disturb(sandbox, deployed, phase, request, fault);
  while (problem !== undefined && steps.length < 4) {
    steps.push("grant");
    // oxlint-disable-next-line no-await-in-loop -- each run goes on where the one before it ended.
    problem = await ended(grantRun.run(phase));
  }
  const isAsWanted = (await grantRun.given()) === wanted;
  return {
    steps,
    problems: [
      ...(problem === undefined ? [] : [problem]),
      ...(isAsWanted ? [] : ["the tenant does not give what it gives without the fault"]),
    ],
  };
}

/** @returns why the run did not succeed; undefined where it did @throws where the request did not come */
async function disturb(
  { tenant }: Sandbox,
  { stack, grantRun }: GrantStack,
  phase: GrantPhase,
  request: MetRequest,
  name: FaultName,
): Promise<string | undefined> {
  const { action } = faultColumn(name);
  if (action === undefined) {
    const flags = [...(phase.only ? ["--only", phase.only] : []), ...(phase.remove ? ["--remove"] : [])];
    if (await killGrant(stack, tenant, request, flags)) return "killed";
    throw new Error(`The command did not get as far as ${request.name}.`);
  }
  const fault = tenant.faults.add(request.matcher, action, 1, request.skip);
  try {
    const problem = await ended(grantRun.run(phase));
    if (fault.hits === 0) throw new Error(`${request.name} did not come.`);
    return problem;
  } finally {
    fault.remove();
  }
}

async function ended(run: Promise<unknown>): Promise<string | undefined> {
  try {
    await run;
    return undefined;
  } catch (error) {
    return String(error);
  }
}
