import { Failure } from "../../common/failure.ts";
import { lookAgain, remainingSince } from "../../common/lookAgain.ts";
import { type AskTenant, blockNotes } from "./blockNotes.ts";
import { driftSections } from "./driftSections.ts";
import { withExchangeRoles } from "./exchangeRoles.ts";
import type { AskExchange } from "../grant/askExchange.ts";
import { applicationDeleted, changed, missing } from "./rules.ts";
import type { Baseline } from "../findings/baseline.ts";
import { accept } from "../findings/baseline.ts";
import type { Report, Section } from "../findings/finding.ts";
import { parseExport } from "../../stack/exportedState.ts";
import { previewRefresh } from "../../stack/refresh.ts";
import type { PulumiOptions } from "../../stack/pulumiCli.ts";
import { parseUrn } from "../../stack/urn.ts";

/** What `drift` is asked to do. */
export interface DriftOptions extends PulumiOptions {
  /** Only this component. @default the whole stack */
  readonly component?: string | undefined;
  readonly baseline: Baseline;
  /** How long after an update what it made or changed may not have reached every server, in milliseconds. */
  readonly waitMs: number;
  readonly now: () => Date;
  readonly pause: (milliseconds: number) => Promise<void>;
  readonly progress: (text: string) => void;
  readonly askTenant: AskTenant;
  readonly askExchange: AskExchange;
  /** What `pulumi stack export` prints, without secrets. */
  readonly exporting: Promise<unknown>;
}

/**
 * Compares a stack's state with the tenant; changes neither. What an update has just made or changed is looked at again
 * while a server of Microsoft's may not know it.
 *
 * @throws Failure where Pulumi cannot look at all
 */
export async function drift(options: DriftOptions): Promise<Report> {
  const { waitMs, now, pause, progress } = options;
  let updated: Date | undefined;
  return lookAgain({
    look: async (attempt) => look(options, attempt === 1 ? options.exporting : undefined),
    remaining: async ({ sections }, waited) => {
      if (waitMs === 0 || !sections.some(mayPass)) return 0;
      updated ??= new Date(parseExport(await options.exporting).updated);
      return remainingSince({ changedAt: updated.getTime(), waitMs, now: now().getTime(), waited });
    },
    waiting: (left) =>
      progress(`The last update is recent. Looking again for ${Math.ceil(left / 1000)} s more …`),
    pause,
  });
}

/** Whether a server that lags behind may have said so. */
function mayPass({ findings }: Section): boolean {
  const passing = new Set([missing.id, applicationDeleted.id, changed.id]);
  return findings.some(({ id }) => passing.has(id));
}

async function look(options: DriftOptions, exporting?: Promise<unknown>): Promise<Report> {
  const { component, baseline, now, askTenant, askExchange } = options;
  const plan = await previewRefresh(options, exporting);
  const blocked = await blockNotes(plan.steps, askTenant);
  const found = await withExchangeRoles(driftSections(plan, now()), plan.steps, askExchange);
  const sections = found.map((section) => {
    const notes = [...section.notes, ...(blocked.get(section.name) ?? [])];
    return accept({ ...section, notes }, baseline, now());
  });
  const { stack, project } = parseUrn(plan.steps[0]?.urn ?? "");
  return { project, stack, sections: select(sections, component) };
}

function select(sections: readonly Section[], component: string | undefined): readonly Section[] {
  if (component === undefined) return sections;
  const chosen = sections.filter(({ name }) => name === component || name === "stack");
  if (chosen.some(({ name }) => name === component)) return chosen;
  throw new Failure(
    "EXO_AUTH_NO_COMPONENT",
    `--component must name a component of the stack, got "${component}". See \`exo-auth status\`.`,
  );
}
