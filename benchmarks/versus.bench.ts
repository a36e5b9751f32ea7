import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { readArguments } from "../sandbox/commands/arguments.ts";
import { createSandbox, type Sandbox } from "../sandbox/createSandbox.ts";
import { compileCache } from "../sandbox/workspace/pulumiHome.ts";
import { trustInThisProcess } from "../sandbox/workspace/trust.ts";
import type { StackWorkspace } from "../sandbox/workspace/workspace.ts";
import type { Row } from "./benchmark.ts";
import { criticalPath } from "./criticalPath.ts";
import { auditableSeed } from "./manyTenants.ts";
import { median, medianTimes, runNode } from "./measure.ts";
import { destroy, measured, type Operation, pulumi, succeed, up } from "./operation.ts";
import { pluginStarts } from "./pluginStarts.ts";
import { startAnew } from "./start.bench.ts";
import { terraformIn } from "./terraform.ts";

export const name = "versus";

const root = path.dirname(import.meta.dirname);
/** As the package installs it. */
const installed = [process.execPath, path.join(root, "dist", "cli", "main.js")];
const rounds = 7;
const ups = 3;
const startsOfPlugins = "starts of the three plugins, one after the other";

/** How soon a user has an answer, beside what Pulumi, a program without the component, and Terraform take for theirs. */
export async function run(): Promise<readonly Row[]> {
  await runNode(path.join(root, "scripts", "build.ts"));
  const sandbox = await createSandbox({ tenant: { seeds: [auditableSeed] } });
  const folder = mkdtempSync(path.join(tmpdir(), "exchange-auth-terraform-"));
  trustInThisProcess(sandbox.tenant.certificateAuthorityPem);
  try {
    const made = await makeStacks(sandbox);
    return [
      ...(await answerRows(made.ours, folder)),
      ...(await previewRows(made)),
      ...(await upRows(sandbox, made)),
      ...(await startRows(made.ours)),
    ];
  } finally {
    rmSync(folder, { recursive: true });
    await sandbox.close();
  }
}

/** The stacks of one sandbox, each deployed once. */
interface Stacks {
  readonly empty: StackWorkspace;
  readonly flat: StackWorkspace;
  readonly ours: StackWorkspace;
  readonly first: Operation;
  readonly second: Operation;
}

async function makeStacks(sandbox: Sandbox): Promise<Stacks> {
  const [empty, flat] = await Promise.all(
    ["empty", "flat"].map((project) =>
      sandbox.stack(project, { project: path.join(import.meta.dirname, project) }),
    ),
  );
  const ours = await sandbox.stack("contoso");
  const next = await sandbox.stack("second");
  // As after `npm ci`, nothing is compiled yet.
  rmSync(compileCache, { recursive: true, force: true });
  const first = await measured(sandbox, ours, ...up);
  const second = await measured(sandbox, next, ...up);
  await pulumi(empty!, ...up);
  await pulumi(flat!, ...up);
  return { empty: empty!, flat: flat!, ours, first, second };
}

/** What tells a user whether all is well. */
async function answerRows(stack: StackWorkspace, folder: string): Promise<readonly Row[]> {
  const terraform = terraformIn(folder, stack);
  await terraform?.run("apply", "-input=false", "-no-color", "-auto-approve");
  const command = (...args: readonly string[]) => succeed(stack, [...installed, ...args]);
  const times = await medianTimes(rounds, {
    node: () => succeed(stack, [process.execPath, "--eval", "0"]),
    stackExport: () => succeed(stack, ["pulumi", "stack", "export"]),
    help: () => command("--help"),
    status: () => command("status"),
    audit: () => command("audit", "--wait", "0s"),
    drift: () => command("drift", "--wait", "0s"),
    check: () => command("check", "--wait", "0s"),
    plan: async () => terraform?.run("plan", "-input=false", "-no-color", "-detailed-exitcode"),
  });
  const exportAndStart = { "pulumi stack export": times.stackExport, "exo-auth --help": times.help };
  return [
    { figure: "node --eval 0", value: times.node, unit: "ms" },
    { figure: "pulumi stack export", value: times.stackExport, unit: "ms" },
    {
      figure: "exo-auth --help",
      value: times.help,
      unit: "ms",
      atMost: 1.5 * times.node + 20,
      parts: { "node --eval 0": times.node },
    },
    {
      figure: "exo-auth status",
      value: times.status,
      unit: "ms",
      atMost: times.stackExport + 5 * times.node,
      parts: exportAndStart,
    },
    {
      figure: "exo-auth audit",
      value: times.audit,
      unit: "ms",
      atMost: times.stackExport + 8 * times.node,
      parts: exportAndStart,
    },
    ...(terraform === undefined ? [] : terraformRows(times)),
    { figure: "exo-auth drift", value: times.drift, unit: "ms" },
    {
      figure: "exo-auth check",
      value: times.check,
      unit: "ms",
      atMost: 1.1 * times.drift,
      parts: { "exo-auth drift": times.drift },
    },
  ];
}

function terraformRows({ plan, audit }: { readonly plan: number; readonly audit: number }): readonly Row[] {
  return [
    { figure: "terraform plan", value: plan, unit: "ms" },
    { figure: "exo-auth audit, to terraform plan", value: audit / plan, unit: "times", atMost: 1 },
  ];
}

async function previewRows({ empty, flat, ours }: Stacks): Promise<readonly Row[]> {
  const times = await medianTimes(rounds, {
    empty: () => pulumi(empty, "preview"),
    flat: () => pulumi(flat, "preview"),
    ours: () => pulumi(ours, "preview", "--expect-no-changes"),
  });
  const starts = await pluginStarts(ours);
  return [
    { figure: "preview of an empty program", value: times.empty, unit: "ms" },
    { figure: "preview of the flat program", value: times.flat, unit: "ms" },
    {
      figure: "preview without changes",
      value: times.ours,
      unit: "ms",
      atMost: isOfficial() ? 1.15 * times.empty : times.flat,
      parts: { "preview of an empty program": times.empty, [startsOfPlugins]: starts },
    },
  ];
}

/** An update into an empty tenant; the compared programs take turns. */
async function upRows(sandbox: Sandbox, { first, second }: Stacks): Promise<readonly Row[]> {
  const operations = { empty: [] as Operation[], flat: [] as Operation[], ours: [] as Operation[] };
  for (let round = 0; round < ups; round++) {
    for (const program of ["empty", "flat", "ours"] as const) {
      const stack = await sandbox.stack(`up${round}`, {
        project: program === "ours" ? root : path.join(import.meta.dirname, program),
      });
      operations[program].push(await measured(sandbox, stack, ...up));
    }
  }
  const time = (program: keyof typeof operations): number => median(operations[program].map(({ ms }) => ms));
  const critical = median(operations.ours.map(({ requests }) => criticalPath(requests)));
  const starts = await pluginStarts(await sandbox.stack("up0"));
  return [
    { figure: "up of an empty program", value: time("empty"), unit: "ms" },
    { figure: startsOfPlugins, value: starts, unit: "ms" },
    { figure: "critical path of up's requests", value: critical, unit: "ms" },
    { figure: "up of the flat program", value: time("flat"), unit: "ms" },
    {
      figure: "up",
      value: time("ours"),
      unit: "ms",
      atMost: 1.05 * (isOfficial() ? time("empty") + starts + critical : time("flat")),
      parts: {
        "up of an empty program": time("empty"),
        [startsOfPlugins]: starts,
        "critical path of up's requests": critical,
      },
    },
    {
      figure: "up, nothing compiled yet",
      value: first.ms,
      unit: "ms",
      atMost: 1.3 * second.ms,
      parts: { "the next up": second.ms },
    },
    { figure: "the next up", value: second.ms, unit: "ms" },
  ];
}

/** `npm start`, beside the two commands of Pulumi's that it runs in a new tenant. */
async function startRows(stack: StackWorkspace): Promise<readonly Row[]> {
  const quick = (...args: readonly string[]) => succeed(stack, ["pulumi", ...args, "--non-interactive"]);
  const times = await medianTimes(ups, {
    start: startAnew,
    destroy: () => quick(...destroy),
    up: () => quick(...up),
    refresh: () => quick("preview", "--refresh"),
  });
  return [
    { figure: "up, where the plugins do not wait", value: times.up, unit: "ms" },
    { figure: "preview --refresh", value: times.refresh, unit: "ms" },
    {
      figure: "npm start",
      value: times.start,
      unit: "ms",
      atMost: 1.3 * (times.up + times.refresh),
      parts: { "up, where the plugins do not wait": times.up, "preview --refresh": times.refresh },
    },
  ];
}

function isOfficial(): boolean {
  return readArguments([], process.env).plugins === "official";
}
