import path from "node:path";

import { createSandbox, type Sandbox } from "../sandbox/createSandbox.ts";
import { contentOf, graphOf } from "../sandbox/faultTable/disagreements.ts";
import type { RequestLogEntry } from "../sandbox/tenant/index.ts";
import { trustInThisProcess } from "../sandbox/workspace/trust.ts";
import type { StackWorkspace } from "../sandbox/workspace/workspace.ts";
import type { Row } from "./benchmark.ts";
import { criticalPath } from "./criticalPath.ts";
import { median, medianTimes } from "./measure.ts";
import { destroy, measured, type Operation, pulumi, up } from "./operation.ts";
import { pluginStarts } from "./pluginStarts.ts";

export const name = "stack";

/** What the default component costs on Pulumi's engine, beside an empty program and one without the component. */
export async function run(): Promise<readonly Row[]> {
  return [...(await rowsAt(0)), ...(await rowsAt(150))];
}

const ups = 3;

/** The stacks of one sandbox. */
interface Stacks {
  readonly sandbox: Sandbox;
  readonly empty: StackWorkspace;
  readonly flat: StackWorkspace;
  /** The first warms the caches that later ones use. */
  readonly ours: readonly [StackWorkspace, ...StackWorkspace[]];
}

async function rowsAt(latencyMs: number): Promise<readonly Row[]> {
  const sandbox = await createSandbox({ tenant: { latencyMs } });
  trustInThisProcess(sandbox.tenant.certificateAuthorityPem);
  try {
    const project = (folder: string) =>
      sandbox.stack(folder, { project: path.join(import.meta.dirname, folder) });
    const stacks: Stacks = {
      sandbox,
      empty: await project("empty"),
      flat: await project("flat"),
      ours: [
        await sandbox.stack("contoso"),
        ...(await Promise.all(Array.from({ length: ups }, (_, index) => sandbox.stack(`contoso${index}`)))),
      ],
    };
    const rows = [
      ...(await upRows(stacks)),
      ...(await previewRows(stacks, latencyMs === 0)),
      ...(await destroyRows(stacks)),
    ];
    return rows.map((row) => ({ ...row, figure: `${row.figure}, ${latencyMs} ms latency` }));
  } finally {
    await sandbox.close();
  }
}

async function upRows({ sandbox, empty, flat, ours }: Stacks): Promise<readonly Row[]> {
  const upEmpty = await medianTimes(ups, { ms: () => pulumi(empty, ...up) });
  const upFlat = await measured(sandbox, flat, ...up);
  const all: Operation[] = [];
  for (const stack of ours) all.push(await measured(sandbox, stack, ...up));
  const [, ...operations] = all;
  await expectNoOwner(sandbox);
  const critical = median(operations.map(({ requests }) => criticalPath(requests)));
  return [
    {
      figure: "Graph requests of up",
      value: Math.max(...operations.map(({ requests }) => graphRequests(requests))),
      unit: "requests",
      atMost: 33,
    },
    {
      figure: "tokens of up",
      value: Math.max(...operations.map(({ requests }) => tokens(requests))),
      unit: "requests",
      atMost: 1,
    },
    { figure: "up of an empty program", value: upEmpty.ms, unit: "ms" },
    { figure: "critical path of up's requests", value: critical, unit: "ms" },
    {
      figure: "up",
      value: median(operations.map(({ ms }) => ms)),
      unit: "ms",
      atMost: 1.1 * (upEmpty.ms + critical),
    },
    { figure: "up of the flat program", value: upFlat.ms, unit: "ms" },
  ];
}

async function previewRows(
  { sandbox, empty, flat, ours: [subject] }: Stacks,
  isPromised: boolean,
): Promise<readonly Row[]> {
  const times = await medianTimes(5, {
    empty: () => pulumi(empty, "preview"),
    flat: () => pulumi(flat, "preview"),
    ours: () => pulumi(subject, "preview", "--expect-no-changes"),
  });
  const refresh = await measured(sandbox, subject, "preview", "--refresh", "--expect-no-changes");
  return [
    {
      figure: "starts of the three plugins, one after the other",
      value: await pluginStarts(subject),
      unit: "ms",
    },
    { figure: "preview of an empty program", value: times.empty, unit: "ms" },
    { figure: "preview of the flat program", value: times.flat, unit: "ms" },
    {
      figure: "preview without changes",
      value: times.ours,
      unit: "ms",
      ...(isPromised && { atMost: 1.25 * times.empty }),
    },
    {
      figure: "Graph requests of preview --refresh",
      value: graphRequests(refresh.requests),
      unit: "requests",
      atMost: 12,
    },
    { figure: "preview --refresh", value: refresh.ms, unit: "ms" },
  ];
}

async function destroyRows({ sandbox, flat, ours: [subject] }: Stacks): Promise<readonly Row[]> {
  const flatDestroy = await measured(sandbox, flat, ...destroy);
  const ourDestroy = await measured(sandbox, subject, ...destroy);
  return [
    { figure: "destroy of the flat program", value: flatDestroy.ms, unit: "ms" },
    { figure: "destroy", value: ourDestroy.ms, unit: "ms", atMost: flatDestroy.ms },
  ];
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
