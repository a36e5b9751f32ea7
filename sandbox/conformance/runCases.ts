import { compareRuns, type Difference } from "./compare.ts";
import type { CaseOption, ConformanceCase, TenantKind } from "./conformanceCase.ts";
import type { Observation } from "./observation.ts";
import { NotPermitted, Probe } from "./probe.ts";
import { NotPrepared, RunEnded, type Workplace } from "./workplace.ts";

/** What came of one case. */
export interface CaseResult {
  readonly id: string;
  /**
   * `same` as the sandbox, or `different`. Else it says nothing: the person may not do it, something could not be made
   * ready, it was not asked for, the tenant is of another kind, or the run ended before.
   */
  readonly outcome:
    | "same"
    | "different"
    | "notPermitted"
    | "notPrepared"
    | "notAsked"
    | "notFitting"
    | "notReached";
  /** What differs. */
  readonly differences: readonly Difference[];
  /** The request that the outcome is about, where it is one. */
  readonly request?: string;
  /** The longest time that an answer took to be as expected, in seconds. */
  readonly seconds: number;
}

/** What the sandbox answered, by case. */
export type Recording = ReadonlyMap<string, readonly Observation[]>;

/** Which cases are run. */
export interface Selection {
  readonly options: ReadonlySet<CaseOption>;
  readonly readsOnly: boolean;
  readonly kind: TenantKind;
}

/** Why a case is not run; undefined where it is. */
export function reasonAgainst(
  { fits, options = [], readsOnly = false }: ConformanceCase,
  selection: Selection,
): "notAsked" | "notFitting" | undefined {
  if (selection.readsOnly && !readsOnly) return "notAsked";
  if (options.some((option) => !selection.options.has(option))) return "notAsked";
  return fits === undefined || fits(selection.kind) ? undefined : "notFitting";
}

/** Runs cases in the sandbox, where every one must come to its end. */
export async function recordCases(cases: readonly ConformanceCase[], sandbox: Workplace): Promise<Recording> {
  const recording = new Map<string, readonly Observation[]>();
  for (const one of cases) {
    const probe = new Probe(sandbox, undefined, one);
    await one.run(probe);
    recording.set(one.id, probe.seen);
  }
  return recording;
}

/** How a run is followed. */
export interface Following {
  readonly onResult?: (result: CaseResult) => void;
}

/** Runs cases in a tenant and compares them with what the sandbox answered. Cleans nothing up. */
export async function runCases(
  cases: readonly ConformanceCase[],
  tenant: Workplace,
  recording: Recording,
  selection: Selection,
  { onResult }: Following = {},
): Promise<readonly CaseResult[]> {
  const results: CaseResult[] = [];
  let isOver = false;
  for (const one of cases) {
    const reason: CaseResult["outcome"] | undefined =
      reasonAgainst(one, selection) ?? (isOver ? "notReached" : undefined);
    const result: CaseResult =
      reason === undefined
        ? await runCase(one, tenant, recording.get(one.id) ?? [])
        : nothing(one.id, reason);
    isOver ||= result.outcome === "notReached";
    results.push(result);
    onResult?.(result);
  }
  return results;
}

function nothing(id: string, outcome: CaseResult["outcome"], request?: string): CaseResult {
  return { id, outcome, differences: [], seconds: 0, ...(request === undefined ? {} : { request }) };
}

async function runCase(
  one: ConformanceCase,
  tenant: Workplace,
  expected: readonly Observation[],
): Promise<CaseResult> {
  const probe = new Probe(tenant, expected, one);
  let stopped: CaseResult | undefined;
  try {
    await one.run(probe);
  } catch (error) {
    if (error instanceof RunEnded) return nothing(one.id, "notReached");
    if (error instanceof NotPermitted) stopped = nothing(one.id, "notPermitted", error.request);
    else if (error instanceof NotPrepared)
      stopped = nothing(one.id, "notPrepared", tenant.labels.replace(error.what));
    else throw error;
  }
  const differences = compareRuns(
    stopped === undefined ? expected : expected.slice(0, probe.seen.length),
    probe.seen,
    one,
  );
  const seconds = Math.max(0, ...probe.seen.map((seen) => seen.seconds));
  if (differences.length > 0) return { id: one.id, outcome: "different", differences, seconds };
  return stopped ?? { id: one.id, outcome: "same", differences, seconds };
}
