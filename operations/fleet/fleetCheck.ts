import { Failure } from "../../common/failure.ts";
import { createRequestLimit, type RequestLimit } from "../../graph/requestLimit.ts";
import { type Configuration, readConfiguration } from "../../stack/configuration.ts";
import { exportDocument } from "../../stack/exportedState.ts";
import { plainSettings } from "../../stack/plainSettings.ts";
import type { PolicyPack } from "../../stack/policyAnalysis.ts";
import type { PulumiOptions } from "../../stack/pulumiCli.ts";
import { check, type CheckOptions, type CheckPart } from "../check/check.ts";
import { reasonOf } from "../failureOf.ts";
import { readingIdentity } from "../tenant/readingIdentity.ts";
import { accept, type Baseline } from "../findings/baseline.ts";
import { policySection } from "../policies/policySection.ts";
import { type FleetDocument, foundSections } from "./fleetDocument.ts";
import { beginRun, endRun, writeFleetDocument } from "./fleetFolder.ts";
import { type Concurrency, createTurns } from "./concurrency.ts";
import { identityOfStack, isIdentitySetting } from "./identityOfStack.ts";

/** What `fleet check` is asked to do. */
export interface FleetCheckOptions extends Omit<PulumiOptions, "stack"> {
  readonly stacks: readonly string[];
  /** Whether Pulumi Cloud keeps the stacks. */
  readonly areInCloud: boolean;
  readonly parts: readonly CheckPart[];
  /** Whether to look for the applications of each tenant that may act on Exchange, too. */
  readonly discovers: boolean;
  /** Policies that judge each state. @default none */
  readonly policyPack?: PolicyPack | undefined;
  readonly concurrency: Concurrency;
  /** Where a document a stack goes. @default nowhere */
  readonly out?: string | undefined;
  /** Whether to leave out what a run that was ended has checked. */
  readonly resumes: boolean;
  readonly baseline: Baseline;
  /** How long after an update the tenant may not know it everywhere, in milliseconds. */
  readonly waitMs: number;
  readonly now: () => Date;
  readonly pause: (milliseconds: number) => Promise<void>;
  /** Told after each stack. */
  readonly checked: (progress: FleetProgress) => void;
}

/** How far a run is. */
export interface FleetProgress {
  /** How many stacks are checked, those of the run before among them. */
  readonly done: number;
  /** How many findings they have. */
  readonly findings: number;
  readonly total: number;
  /** Milliseconds that are left, by what was needed so far; absent before anything was checked. */
  readonly leftMs?: number;
}

/**
 * So many requests of one application begin in a second. Graph allows an application 150,000 resource units in 20 seconds, in
 * all tenants together, and a request of an audit, which is a batch, takes about ten:
 * https://learn.microsoft.com/graph/throttling-limits#identity-and-access-service-limits.
 *
 * @public by its built file, for a benchmark
 */
export const requestsPerSecond = 300;

/**
 * Checks stacks, some at a time. One that fails never stops the others.
 *
 * @returns a document for each stack, by name; with `resumes`, those of the run before among them
 * @throws Failure where a document cannot be written, or the run is canceled
 */
export async function fleetCheck(options: FleetCheckOptions): Promise<readonly FleetDocument[]> {
  const { stacks, out, resumes, now, signal, concurrency, checked } = options;
  const begun = out === undefined ? [] : await beginRun(out, resumes, now());
  const documents = begun.filter(({ stack }) => stacks.includes(stack));
  const known = documents.length;
  const waiting = stacks.filter((stack) => !documents.some((document) => document.stack === stack));
  const start = now().getTime();
  const limits = new Map<string, RequestLimit>();
  const inTurn = createTurns(concurrency.exports);
  const report = (): void => {
    const done = documents.length - known;
    const leftMs = ((now().getTime() - start) / done) * (stacks.length - documents.length);
    const findings = documents.flatMap(foundSections).flatMap((section) => section.findings).length;
    checked({
      done: documents.length,
      findings,
      total: stacks.length,
      ...(done > 0 && { leftMs }),
    });
  };
  const work = async (): Promise<void> => {
    for (let stack = waiting.shift(); stack !== undefined && !signal.aborted; stack = waiting.shift()) {
      // oxlint-disable-next-line no-await-in-loop -- so many at a time as there are workers.
      const document = await checkStack(stack, limits, inTurn, options);
      // oxlint-disable-next-line no-await-in-loop
      if (out !== undefined) await writeFleetDocument(out, document);
      documents.push(document);
      report();
    }
  };
  report();
  const workers = await Promise.allSettled(Array.from({ length: concurrency.stacks }, work));
  if (signal.aborted) throw canceled(documents.length, stacks.length, out);
  const failed = workers.find((worker) => worker.status === "rejected");
  if (failed !== undefined) throw failed.reason;
  if (out !== undefined) await endRun(out);
  return documents.toSorted((a, b) => (a.stack < b.stack ? -1 : 1));
}

async function checkStack(
  stack: string,
  limits: Map<string, RequestLimit>,
  inTurn: ReturnType<typeof createTurns>,
  options: FleetCheckOptions,
): Promise<FleetDocument> {
  const { parts, now, baseline } = options;
  const known = { fleetVersion: 1, stack, began: now().toISOString(), parts } as const;
  const pulumi = { stack, cwd: options.cwd, env: options.env, signal: options.signal };
  try {
    const { env, exported, ...reader } = await inTurn(async () => ({
      ...identityOfStack(await settingsOf(pulumi, options.areInCloud), options.env, "reader"),
      exported: await exportDocument(pulumi),
    }));
    const clientId = env.ARM_CLIENT_ID ?? "";
    const limit = limits.get(clientId) ?? createRequestLimit(requestsPerSecond);
    limits.set(clientId, limit);
    const who = readingIdentity({ ...pulumi, env });
    // Each part says so where it fails.
    who.catch(() => undefined);
    const reading = { ...pulumi, env, limit, reading: who };
    const checked = await checkedStack(options, exported, {
      ...reading,
      ...reader,
      parts,
      baseline,
      waitMs: options.waitMs,
      now,
      pause: options.pause,
      progress: () => undefined,
    });
    if (!options.discovers) return { ...known, ...checked };
    // With what a declaration takes it holds Pulumi's SDK: half of the memory of a check that does not need it.
    const { discoverTenants } = await import("./discoverTenants.ts");
    const tenantIds = reader.expectedTenantId ?? checked.result?.components?.map(({ tenantId }) => tenantId);
    const discovered = await discoverTenants({
      ...reading,
      tenantIds: [...new Set([tenantIds ?? []].flat())],
      now: now(),
    });
    return { ...known, ...checked, discovered };
  } catch (error) {
    return { ...known, ...(await failureOfStack(error, options)) };
  }
}

/** What its settings say of who signs in. @throws Failure */
async function settingsOf(
  pulumi: PulumiOptions & { readonly stack: string },
  isInCloud: boolean,
): Promise<Configuration> {
  const plain = isInCloud ? undefined : await plainSettings(isIdentitySetting, pulumi);
  return plain ?? readConfiguration(pulumi);
}

async function checkedStack(
  run: FleetCheckOptions,
  exported: unknown,
  options: CheckOptions,
): Promise<Pick<FleetDocument, "result" | "failure">> {
  const { policyPack, baseline, now } = run;
  try {
    const [result, policies] = await Promise.all([
      check({ ...options, exporting: Promise.resolve(exported) }),
      policyPack && policySection(exported, policyPack, options),
    ]);
    return { result: { ...result, ...(policies && { policies: [accept(policies, baseline, now())] }) } };
  } catch (error) {
    return failureOfStack(error, run);
  }
}

async function failureOfStack(
  error: unknown,
  options: FleetCheckOptions,
): Promise<Pick<FleetDocument, "failure">> {
  options.signal.throwIfAborted();
  const { code, reason: message } = await reasonOf(error, options);
  return { failure: { code, message } };
}

function canceled(done: number, total: number, out: string | undefined): Failure {
  const next = out === undefined ? "" : " To go on, run the same command with --resume.";
  return new Failure("EXO_AUTH_CANCELLED", `Canceled after ${done} of ${total} stacks.${next}`);
}
