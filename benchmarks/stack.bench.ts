import path from "node:path";
import { performance } from "node:perf_hooks";

import { createSandbox, type Sandbox } from "../sandbox/createSandbox.ts";
import { contentOf, graphOf } from "../sandbox/faults/disagreements.ts";
import type { RequestLogEntry } from "../sandbox/tenant/index.ts";
import { trustInThisProcess } from "../sandbox/trust.ts";
import type { StackWorkspace } from "../sandbox/workspace.ts";
import type { Row } from "./benchmark.ts";
import { criticalPath } from "./criticalPath.ts";
import { median, medianTimes } from "./measure.ts";

export const name = "stack";

/** What the default component costs on Pulumi's engine, beside an empty program and one without the component. */
export async function run(): Promise<readonly Row[]> {
  return [...(await rowsAt(0)), ...(await rowsAt(150))];
}

const ups = 3;

async function rowsAt(latencyMs: number): Promise<readonly Row[]> {
  const sandbox = await createSandbox({ tenant: { latencyMs } });
  trustInThisProcess(sandbox.tenant.certificateAuthorityPem);
  const at = `at ${latencyMs} ms latency`;
  try {
    const [empty, flat] = await Promise.all(["empty", "flat"].map((one) => stackOf(sandbox, one)));
    if (empty === undefined || flat === undefined) throw new Error("There is no stack.");
    const upEmpty = await medianTimes(ups, { ms: () => pulumi(empty, ...up) });
    const flatUp = await measured(sandbox, flat, ...up);
    // The first warms the caches that later ones use.
    const ours: Operation[] = [];
    const stacks: StackWorkspace[] = [];
    for (let index = 0; index <= ups; index++) {
      const stack = await sandbox.stack(`contoso${index}`);
      const operation = await measured(sandbox, stack, ...up);
      stacks.push(stack);
      if (index > 0) ours.push(operation);
    }
    await expectNoOwner(sandbox);
    const [subject] = stacks;
    if (subject === undefined) throw new Error("There is no stack.");
    const preview = await medianTimes(7, {
      empty: () => pulumi(empty, "preview"),
      flat: () => pulumi(flat, "preview"),
      ours: () => pulumi(subject, "preview", "--expect-no-changes"),
    });
    const refresh = await measured(sandbox, subject, "preview", "--refresh", "--expect-no-changes");
    const destroyFlat = await measured(sandbox, flat, ...destroy);
    const destroyOurs = await measured(sandbox, subject, ...destroy);
    const critical = median(ours.map(({ requests }) => criticalPath(requests)));
    return [
      {
        figure: `Graph requests of up, ${at}`,
        value: Math.max(...ours.map(({ requests }) => graphRequests(requests))),
        unit: "requests",
        atMost: 33,
      },
      {
        figure: `tokens of up, ${at}`,
        value: Math.max(...ours.map(({ requests }) => tokens(requests))),
        unit: "requests",
        atMost: 1,
      },
      { figure: `up of an empty program, ${at}`, value: upEmpty.ms, unit: "ms" },
      { figure: `critical path of up's requests, ${at}`, value: critical, unit: "ms" },
      {
        figure: `up, ${at}`,
        value: median(ours.map(({ ms }) => ms)),
        unit: "ms",
        atMost: 1.1 * (upEmpty.ms + critical),
      },
      { figure: `up of the flat program, ${at}`, value: flatUp.ms, unit: "ms" },
      { figure: `preview of an empty program, ${at}`, value: preview.empty, unit: "ms" },
      { figure: `preview of the flat program, ${at}`, value: preview.flat, unit: "ms" },
      {
        figure: `preview without changes, ${at}`,
        value: preview.ours,
        unit: "ms",
        ...(latencyMs === 0 && { atMost: 1.25 * preview.empty }),
      },
      {
        figure: `Graph requests of preview --refresh, ${at}`,
        value: graphRequests(refresh.requests),
        unit: "requests",
        atMost: 12,
      },
      { figure: `preview --refresh, ${at}`, value: refresh.ms, unit: "ms" },
      { figure: `destroy of the flat program, ${at}`, value: destroyFlat.ms, unit: "ms" },
      { figure: `destroy, ${at}`, value: destroyOurs.ms, unit: "ms", atMost: destroyFlat.ms },
    ];
  } finally {
    await sandbox.close();
  }
}

const up = ["up", "--skip-preview", "--yes"];
const destroy = ["destroy", "--skip-preview", "--yes"];

function stackOf(sandbox: Sandbox, project: string): Promise<StackWorkspace> {
  return sandbox.stack(project, { project: path.join(import.meta.dirname, project) });
}

interface Operation {
  readonly ms: number;
  readonly requests: readonly RequestLogEntry[];
}

/** Runs one operation and keeps what it asked of the tenant. */
async function measured(
  { tenant }: Sandbox,
  stack: StackWorkspace,
  ...args: readonly string[]
): Promise<Operation> {
  tenant.clearRequests();
  const start = performance.now();
  await pulumi(stack, ...args);
  return { ms: performance.now() - start, requests: tenant.requests };
}

function graphRequests(requests: readonly RequestLogEntry[]): number {
  return requests.filter((asked) => /^\/(v1\.0|beta)\//.test(asked.path)).length;
}

function tokens(requests: readonly RequestLogEntry[]): number {
  return requests.filter((asked) => asked.path.endsWith("/oauth2/v2.0/token")).length;
}

/** An owner who stays behind would spare requests, and could add credentials. */
async function expectNoOwner({ tenant }: Sandbox): Promise<void> {
  const content = await contentOf(await graphOf(tenant, tenant.seeds[0]!));
  const owners = content.filter((one) => one.includes("/owners/"));
  if (owners.length > 0) throw new Error(`Owners were left: ${owners.join(", ")}.`);
}

/** Runs Pulumi; the plugins wait as long as the official ones do. */
async function pulumi(stack: StackWorkspace, ...args: readonly string[]): Promise<void> {
  const env = { ...stack.env, SANDBOX_REAL_WAITS: "1" };
  const { exitCode, stdout, stderr } = await stack.run("pulumi", [...args, "--non-interactive"], { env });
  if (exitCode !== 0) throw new Error(`pulumi ${args.join(" ")} failed.\n${stdout}${stderr}`);
}
