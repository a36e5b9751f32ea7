import { globSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";

import type { TenantSeed, TenantServer } from "../tenant/index.ts";
import type { StackWorkspace } from "../workspace/workspace.ts";
import type { TenantContent } from "./disagreements.ts";
import { contentOf, disagreements, graphOf } from "./disagreements.ts";
import { faultColumn, type FaultName } from "./fault.ts";
import { killAfter } from "./killAfter.ts";
import { matcherOf, type RequestRow, rowsOf } from "./requestRow.ts";

/** A stack in a tenant of its own. */
export interface LiveStack {
  readonly tenant: TenantServer;
  readonly seed: TenantSeed;
  readonly stack: StackWorkspace;
  /** What the tenant held before the stack. */
  readonly before: TenantContent;
}

/** One thing that users do with a stack. */
export interface StackOperation {
  readonly command: "up" | "destroy";
  /** The names of azuread's resources that the stack has afterwards. */
  readonly declared: readonly string[];
}

/** The requests of an operation that nothing disturbs, as rows. @throws where it fails */
export async function rowsOfOperation(
  { tenant, stack }: LiveStack,
  operation: StackOperation,
): Promise<readonly RequestRow[]> {
  tenant.clearRequests();
  const { exitCode, text } = await operate(stack, operation);
  if (exitCode !== 0) throw new Error(`\`pulumi ${operation.command}\` failed without a fault: ${text}`);
  return rowsOf(tenant.requests);
}

/** What it took until tenant and state were as declared. */
export interface Recovery {
  readonly steps: readonly string[];
  /** What was still wrong in the end; nothing where it is well. */
  readonly problems: readonly string[];
}

/** A stack's subject, before its first update. */
export async function subjectOf(
  tenant: TenantServer,
  seed: TenantSeed,
  stack: StackWorkspace,
): Promise<LiveStack> {
  return { tenant, seed, stack, before: await contentOf(await graphOf(tenant, seed)) };
}

/** Does what a user does, with a fault on one request of each of these rows, and then what the messages say. */
export async function runCell(
  subject: LiveStack,
  operation: StackOperation,
  rows: readonly RequestRow[],
  fault: FaultName,
): Promise<Recovery> {
  return recover(subject, operation, await disturb(subject, operation, rows, fault));
}

/**
 * Does what the messages of an operation say until tenant and state are as declared.
 *
 * @param output what the operation came to; undefined where Pulumi was killed
 */
async function recover(
  { tenant, seed, stack, before }: LiveStack,
  operation: StackOperation,
  output: Output | undefined,
): Promise<Recovery> {
  const graph = await graphOf(tenant, seed);
  const check = (): Promise<readonly string[]> => disagreements(graph, stack, before, operation.declared);
  const steps: string[] = [operation.command];
  for (let last = output; ;) {
    const problems = last?.exitCode === 0 ? await check() : ["it failed"];
    if (problems.length === 0) return { steps, problems };
    if (steps.length > 6) return { steps, problems: [...problems, last?.text ?? ""] };
    const wasKilled = last === undefined;
    if (wasKilled) {
      removeEmptyAttributes(stack);
      await stack.run("pulumi", ["cancel", "--yes"]);
      steps.push("cancel");
    }
    const isNamed = last?.text.includes("`exo-auth repair`") === true;
    const isRepaired = operation.command === "up" && (wasKilled || isNamed);
    if (isRepaired) {
      const { exitCode, stdout, stderr } = await stack.run("exo-auth", ["repair", "--yes"]);
      steps.push("repair");
      if (exitCode !== 0) return { steps, problems: [stdout + stderr] };
    }
    // Hooks do not run in `destroy`, so no message tells when it takes a look at the tenant.
    const isRefreshed =
      operation.command === "up" ? last?.text.includes("`pulumi up --refresh`") : steps.length > 1;
    const flags = isRefreshed && !isRepaired ? ["--refresh"] : [];
    last = await operate(stack, operation, flags);
    steps.push([operation.command, ...flags].join(" "));
  }
}

/** What a kill may leave beside a file backend's state, which Pulumi then cannot read; it writes them anew. */
function removeEmptyAttributes({ env }: StackWorkspace): void {
  const backend = env["PULUMI_BACKEND_URL"]?.replace("file://", "") ?? "";
  const files = globSync(join(backend, ".pulumi", "stacks", "*", "*.attrs"));
  for (const file of files) if (statSync(file).size === 0) rmSync(file);
}

/** What an operation came to. */
export interface Output {
  readonly exitCode: number;
  readonly text: string;
}

/** @returns undefined where Pulumi was killed */
async function disturb(
  { tenant, stack }: LiveStack,
  operation: StackOperation,
  rows: readonly RequestRow[],
  name: FaultName,
): Promise<Output | undefined> {
  const { action } = faultColumn(name);
  if (action === undefined) {
    for (const row of rows) {
      const matcher = matcherOf(row);
      const moment = { skip: row.occurrence };
      const isKilled = await killAfter(stack, argumentsOf(operation), tenant, matcher, moment);
      if (!isKilled)
        throw new Error("Pulumi did not get as far as the request after which it was to be killed.");
    }
    return undefined;
  }
  const faults = rows.map((row) => tenant.faults.add(matcherOf(row), action, 1, row.occurrence));
  try {
    const output = await operate(stack, operation);
    if (faults.some(({ hits }) => hits === 0) && output.exitCode === 0)
      throw new Error("A request that was to meet a fault did not come.");
    return output;
  } finally {
    for (const fault of faults) fault.remove();
  }
}

/** Runs Pulumi, as far as it gets. */
async function operate(
  stack: StackWorkspace,
  operation: StackOperation,
  flags: readonly string[] = [],
): Promise<Output> {
  const { exitCode, stdout, stderr } = await stack.run("pulumi", [...argumentsOf(operation), ...flags]);
  return { exitCode, text: stdout + stderr };
}

function argumentsOf({ command }: StackOperation): readonly string[] {
  return [command, "--skip-preview", "--yes", "--non-interactive", "--color=never"];
}
