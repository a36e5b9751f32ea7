import type { Cloud } from "../../microsoft/clouds.ts";
import { conformanceCases } from "./cases.ts";
import type { CaseOption, ConformanceCase } from "./conformanceCase.ts";
import { Ledger } from "./ledger.ts";
import { type CaseResult, type Following, reasonAgainst, recordCases, runCases } from "./runCases.ts";
import { startSandboxTarget } from "./sandboxTarget.ts";
import { type Discovered, discoverTenant } from "./tenantKind.ts";
import { Workplace } from "./workplace.ts";

/** What is examined, and how much of it. */
export interface Examination extends Following {
  readonly workplace: Workplace;
  readonly cloud: Cloud;
  readonly options: ReadonlySet<CaseOption>;
  readonly readsOnly: boolean;
  /** @default all */
  readonly cases?: readonly ConformanceCase[];
}

/** What an examination found out. */
export interface Examined extends Discovered {
  readonly results: readonly CaseResult[];
}

/**
 * Runs the cases in a sandbox of the same kind, then in the tenant, and compares. Leaves what it has created there: the
 * ledger has it.
 */
export async function examine(examination: Examination): Promise<Examined> {
  const { workplace, cloud, options, readsOnly, onResult, cases = conformanceCases } = examination;
  const { kind, names } = await discoverTenant(workplace, cloud, { readsOnly });
  const selection = { options, readsOnly, kind };
  const { server, target } = await startSandboxTarget(kind);
  const { certificates, mark, plugins = "official" } = workplace.options;
  const limits = { requests: Infinity, ms: Infinity, settleMs: 0 };
  const ledger = new Ledger(undefined);
  const sandbox = new Workplace({ target, certificates, mark, limits, ledger, plugins });
  try {
    await discoverTenant(sandbox, cloud, { readsOnly });
    const wanted = cases.filter((one) => reasonAgainst(one, selection) === undefined);
    const recording = await recordCases(wanted, sandbox);
    const following = onResult === undefined ? {} : { onResult };
    return { kind, names, results: await runCases(cases, workplace, recording, selection, following) };
  } finally {
    sandbox.close();
    await server.close();
  }
}
