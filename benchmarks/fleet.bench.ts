import { spawn } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";
import { performance } from "node:perf_hooks";
import { text } from "node:stream/consumers";

import * as v from "valibot";
import { parse, stringify } from "yaml";

import { concurrencyFor } from "../operations/fleet/concurrency.ts";
import { deployerOf, type Sandbox } from "../sandbox/createSandbox.ts";
import type { Row } from "./benchmark.ts";
import { pageRows } from "./fleetPage.ts";
import { latencyMs, stackOf, withManyTenants } from "./manyTenants.ts";
import { median, runNode } from "./measure.ts";
import { processorMs, watchMemory } from "./processTree.ts";

export const name = "fleet";

const root = path.dirname(import.meta.dirname);
/** As the package installs it. */
const installed = [process.execPath, path.join(root, "dist", "cli", "main.js")];

const computing = "processor time of its processes and of the tenant, shared by all cores";

/** How many stacks are checked with drift, without it, and to see whether memory grows with their number; how often that is measured. */
const counts = {
  drift: 12,
  audit: 60,
  many: 240,
  audited: 1000,
  memoryRuns: 5,
} as const;

/** What `fleet check` takes beside a loop of the single commands, and what a thousand tenants take. */
export async function run(): Promise<readonly Row[]> {
  await runNode(path.join(root, "scripts", "build.ts"));
  return [
    ...(await withManyTenants(counts.many, 0, checksOf)),
    ...(await pageRows()),
    ...(await withManyTenants(counts.audited, latencyMs, auditRows)),
  ];
}

async function checksOf(sandbox: Sandbox): Promise<readonly Row[]> {
  const stacks = sandbox.tenant.seeds.map((seed) => ({ stack: stackOf(seed), tenantId: seed.tenantId }));
  for (const { stack, tenantId } of stacks) expectTenant(sandbox, stack, tenantId);
  const some = (count: number): readonly StackOfTenant[] => stacks.slice(0, count);
  const machine = { cores: availableParallelism(), freeBytes: process.availableMemory() };
  const [withDrift, withoutDrift] = [true, false].map(
    (refreshes) => concurrencyFor(machine, refreshes).stacks,
  );

  const refresh = await refreshOf(sandbox);
  const rowsOf = async (
    what: string,
    count: number,
    commands: readonly string[],
    skipped: readonly string[],
    limits: { readonly share: number; readonly inFlight: number; readonly megabytes: number },
  ): Promise<readonly Row[]> => {
    const loop = await loopOf(sandbox, some(count), commands);
    const fleet = await fleetOf(sandbox, some(count), skipped);
    const inFlight = Math.min(count, limits.inFlight);
    return [
      { figure: `a shell loop of ${commands.join(", ")} over ${count} stacks`, value: loop, unit: "ms" },
      {
        figure: `exo-auth fleet check of them ${what}, ${inFlight} at a time`,
        value: fleet.ms,
        unit: "ms",
        atMost: limits.share * loop,
        parts: { [computing]: fleet.computingMs },
      },
      {
        figure: `its memory for each in flight`,
        value: fleet.megabytes / inFlight,
        unit: "MB",
        atMost: limits.megabytes,
      },
    ];
  };
  const drift = await rowsOf("with drift", counts.drift, ["drift", "audit", "status"], [], {
    share: 1 / 1.6,
    inFlight: withDrift ?? 1,
    megabytes: 1.1 * refresh.megabytes,
  });
  const audit = await rowsOf("without drift", counts.audit, ["audit", "status"], ["drift"], {
    share: 1 / 4,
    inFlight: withoutDrift ?? 1,
    megabytes: 30,
  });
  const few = await memoryOf(sandbox, some(counts.audit));
  const many = await memoryOf(sandbox, some(counts.many));
  return [
    { figure: "memory of pulumi refresh --preview-only", value: refresh.megabytes, unit: "MB" },
    ...drift,
    ...audit,
    ...memoryRows("with Pulumi's processes", few.all, many.all),
    ...memoryRows("alone", few.own, many.own),
  ];
}

/** What a check takes without drift. From run to run, the same check differs by more than the limit allows, so it runs often. */
async function memoryOf(
  sandbox: Sandbox,
  stacks: readonly StackOfTenant[],
): Promise<{ readonly all: number; readonly own: number }> {
  const runs: Taken[] = [];
  for (let round = 0; round < counts.memoryRuns; round++)
    runs.push(await fleetOf(sandbox, stacks, ["drift"]));
  return {
    all: median(runs.map(({ megabytes }) => megabytes)),
    own: median(runs.map(({ ownMegabytes }) => ownMegabytes)),
  };
}

/** Whether memory grows with the number of stacks. */
function memoryRows(what: string, few: number, many: number): readonly Row[] {
  const figure = (count: number): string =>
    `memory of exo-auth fleet check --skip drift of ${count} stacks, ${what}`;
  return [
    { figure: figure(counts.audit), value: few, unit: "MB" },
    { figure: figure(counts.many), value: many, unit: "MB", atMost: 1.1 * few },
  ];
}

interface StackOfTenant {
  readonly stack: string;
  readonly tenantId: string;
}

/** What a command took, with all its children. */
interface Taken {
  readonly ms: number;
  /** What it and the tenant computed meanwhile, shared by all cores, in milliseconds. */
  readonly computingMs: number;
  readonly megabytes: number;
  /** Of it without its children. */
  readonly ownMegabytes: number;
}

function folderOf({ folder }: Sandbox): string {
  return path.join(folder.stacks, "exchange-auth");
}

/** So that each stack of a fleet is read in its own tenant. */
function expectTenant(sandbox: Sandbox, stack: string, tenantId: string): void {
  const file = path.join(folderOf(sandbox), `Pulumi.${stack}.yaml`);
  const { config, ...rest } = parse(readFileSync(file, "utf8")) as { readonly config?: object };
  writeFileSync(
    file,
    stringify({ ...rest, config: { ...config, "exchange-auth:expectedTenantId": tenantId } }),
  );
}

/** One command after the other, one stack after the other, as a script of a shell runs them. */
async function loopOf(
  sandbox: Sandbox,
  stacks: readonly StackOfTenant[],
  commands: readonly string[],
): Promise<number> {
  const start = performance.now();
  for (const { stack, tenantId } of stacks) {
    for (const command of commands) {
      const wait = command === "audit" ? ["--wait", "0s"] : [];
      await runIn(sandbox, [...installed, command, "--stack", stack, ...wait], tenantId);
    }
  }
  return performance.now() - start;
}

async function fleetOf(
  sandbox: Sandbox,
  stacks: readonly StackOfTenant[],
  skipped: readonly string[],
): Promise<Taken> {
  const names = stacks.map(({ stack }) => stack).join(",");
  const skip = skipped.flatMap((part) => ["--skip", part]);
  return runIn(sandbox, [
    ...installed,
    "fleet",
    "check",
    "--stacks",
    names,
    "--wait",
    "0s",
    "--fail-on",
    "none",
    ...skip,
  ]);
}

/** Pulumi's own refresh of one stack, beside its program. */
async function refreshOf(sandbox: Sandbox): Promise<Taken> {
  const [seed] = sandbox.tenant.seeds;
  if (seed === undefined) throw new Error("There is no tenant.");
  const { env } = await sandbox.stack(stackOf(seed), { deployer: deployerOf(seed) });
  return take(["pulumi", "refresh", "--preview-only", "--json", "--non-interactive"], root, env);
}

function runIn(sandbox: Sandbox, command: readonly string[], tenantId?: string): Promise<Taken> {
  const env = { ...sandbox.env, ...(tenantId !== undefined && { ARM_TENANT_ID: tenantId }) };
  return take(command, folderOf(sandbox), env);
}

/** @throws where it fails, since its time would mean nothing */
async function take(
  [command = "", ...args]: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<Taken> {
  const start = performance.now();
  const computed = processorMs();
  const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  const memory = watchMemory(child.pid ?? 0);
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const [stdout, stderr, exitCode] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  const { all, own } = memory.stop();
  const taken = {
    ms: performance.now() - start,
    computingMs: (processorMs() - computed) / availableParallelism(),
    megabytes: all,
    ownMegabytes: own,
  };
  if (exitCode !== 0)
    throw new Error(`${command} ${args.join(" ")} ended with ${exitCode}.\n${stdout}${stderr}`);
  return taken;
}

const Audited = v.object({
  ms: v.number(),
  processorMs: v.number(),
  megabytes: v.number(),
  megabytesBefore: v.number(),
});

async function auditRows(sandbox: Sandbox): Promise<readonly Row[]> {
  const states = path.join(sandbox.folder.state, ".pulumi", "stacks", "exchange-auth");
  const child = spawn(process.execPath, [path.join(import.meta.dirname, "auditStates.mjs"), states], {
    env: sandbox.env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const audited = v.parse(Audited, JSON.parse(await text(child.stdout)));
  const count = readdirSync(states).filter((file) => file.endsWith(".json")).length;
  return [
    {
      figure: `audits of ${count} tenants whose states are read, ${latencyMs} ms latency`,
      value: audited.ms,
      unit: "ms",
      atMost: 20_000,
      parts: { "processor time of the audits": audited.processorMs },
    },
    {
      figure: "their memory",
      value: audited.megabytes,
      unit: "MB",
      atMost: 180,
      parts: { "the process before the first audit": audited.megabytesBefore },
    },
  ];
}
