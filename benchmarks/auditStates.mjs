/**
 * Audits the stacks of a folder of states in one process, and prints how long that took once it had begun, its processor
 * time, the memory that it held before, and the most that it held: what is left of
 * `exo-auth fleet check --skip drift --skip status` without Pulumi, as the package installs it. Its sources, and this file
 * as TypeScript, would take the memory of the compiler, too: 17 MB.
 *
 * Usage, after `npm run build`: node benchmarks/auditStates.mjs STATES
 */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { performance } from "node:perf_hooks";

import * as v from "valibot";

/** A stack's file in a backend of files, as far as it is exported. */
const StateFile = v.object({ version: v.number(), checkpoint: v.object({ latest: v.unknown() }) });

const [folder = ""] = process.argv.slice(2);
const { createRequestLimit, check, concurrencyFor, requestsPerSecond, keepHeapSmall } = await built(
  "graph/requestLimit",
  "operations/check/check",
  "operations/fleet/concurrency",
  "operations/fleet/fleetCheck",
  "cli/smallHeap",
);
const files = readdirSync(folder).filter((file) => file.endsWith(".json"));
const signal = new AbortController().signal;
const limit = createRequestLimit(requestsPerSecond);
const { stacks: atOnce } = concurrencyFor({ cores: 1, freeBytes: 0 }, false);

keepHeapSmall();
const megabytesBefore = process.memoryUsage.rss() / 2 ** 20;
const computed = process.cpuUsage();
const start = performance.now();
const work = async () => {
  for (let file = files.pop(); file !== undefined; file = files.pop()) await auditState(file);
};
await Promise.all(Array.from({ length: atOnce }, work));
const ms = performance.now() - start;
const { user, system } = process.cpuUsage(computed);
const megabytes = process.resourceUsage().maxRSS / 1024;
process.stdout.write(JSON.stringify({ ms, processorMs: (user + system) / 1000, megabytes, megabytesBefore }));

async function built(...modules) {
  const dist = new URL("../dist/", import.meta.url);
  const loaded = await Promise.all(modules.map((module) => import(new URL(`${module}.js`, dist).href)));
  return Object.assign({}, ...loaded);
}

/** @throws where the audit finds something or leaves something out, since its time would mean something else */
async function auditState(file) {
  const { checkpoint, version } = v.parse(
    StateFile,
    JSON.parse(readFileSync(path.join(folder, file), "utf8")),
  );
  const tenantId = /"tenantId":\s*"([-\da-f]{36})"/.exec(JSON.stringify(checkpoint))?.[1];
  const { audit = [] } = await check({
    stack: path.basename(file, ".json"),
    env: { ...process.env, ...(tenantId !== undefined && { ARM_TENANT_ID: tenantId }) },
    signal,
    parts: ["audit"],
    identities: [],
    baseline: [],
    waitMs: 0,
    now: () => new Date(),
    pause: async () => undefined,
    progress: () => undefined,
    exporting: Promise.resolve({ version, deployment: checkpoint.latest }),
    limit,
  });
  const troubles = audit.flatMap(({ findings, unread }) => [
    ...findings,
    ...unread.filter(({ optional }) => optional !== true),
  ]);
  if (audit.length === 0 || troubles.length > 0)
    throw new Error(`${file}: ${JSON.stringify(troubles[0] ?? "no audit")}`);
}
