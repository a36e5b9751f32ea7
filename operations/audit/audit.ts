import { lookAgain } from "../../common/lookAgain.ts";
import { ApiError } from "../../graph/apiError.ts";
import type { GraphClient } from "../../graph/graphClient.ts";
import type { Remove } from "../../graph/removal.ts";
import { observeAccess } from "./observedAccess.ts";
import type { ComparedAccess } from "./compareAccess.ts";
import { compareAccess } from "./compareAccess.ts";
import type { DeclaredAccess } from "./declaredAccess.ts";
import type { Baseline } from "../findings/baseline.ts";
import { accept } from "../findings/baseline.ts";
import type { Report, Section } from "../findings/finding.ts";
import type { StackComponent, StackState } from "../../stack/components.ts";

/** What an audit must know of a component. */
export type AuditedComponent = Pick<
  StackComponent,
  "name" | "tenantDomain" | "applicationObjectId" | "servicePrincipalObjectId"
>;

/** A component, what its stack declares of it, and a way into its tenant. */
export interface AuditTarget {
  readonly component: AuditedComponent;
  readonly declared: DeclaredAccess;
  readonly graph: GraphClient;
  readonly remove: Remove;
  /** The cloud's Microsoft Graph, without a trailing slash. */
  readonly graphUrl: string;
}

/** What `audit` is asked to do. */
export interface AuditOptions {
  readonly state: Pick<StackState, "project" | "stack" | "updated">;
  readonly targets: readonly AuditTarget[];
  readonly baseline: Baseline;
  /** Whether to remove what is found. */
  readonly fix: boolean;
  /** How long after an update or a removal what it took away may still be listed, in milliseconds. */
  readonly waitMs: number;
  readonly now: () => Date;
  readonly pause: (milliseconds: number) => Promise<void>;
  readonly progress: (text: string) => void;
}

/** What `audit` came to. */
export interface AuditResult extends Report {
  /** What `--fix` did, one by one. */
  readonly removed: readonly Removed[];
}

/** One removal. */
export interface Removed {
  readonly component: string;
  readonly id: string;
  readonly subject: string;
  /** Why it did not succeed; absent where it did. */
  readonly failure?: string;
}

/** Compares what grants access through each component's application with what the stack declares. */
export async function audit(options: AuditOptions): Promise<AuditResult> {
  const { state, targets, fix } = options;
  const sections: Section[] = [];
  const removed: Removed[] = [];
  for (const target of targets) {
    options.progress(`Reading what grants access to ${target.component.tenantDomain} …`);
    // oxlint-disable-next-line no-await-in-loop -- what is removed, is removed one by one.
    let settled = await settle(target, Date.parse(state.updated), options);
    if (fix) {
      // oxlint-disable-next-line no-await-in-loop
      const tried = await removeAll(target, settled, options);
      removed.push(...tried);
      // oxlint-disable-next-line no-await-in-loop
      if (tried.some(({ failure }) => failure === undefined))
        settled = await settle(target, options.now().getTime(), options);
    }
    const { section } = settled;
    const done = removed.filter((one) => one.component === section.name).map(removalNote);
    sections.push({ ...section, notes: [...done, ...section.notes] });
  }
  return { project: state.project, stack: state.stack, sections, removed };
}

function removalNote({ id, subject, failure }: Removed): string {
  return failure === undefined
    ? `Removed: ${id} ${subject}`
    : `Could not be removed: ${id} ${subject}: ${failure}`;
}

/** Looks again while what a change took away may still be listed, and what it made may not be there yet. */
async function settle(
  target: AuditTarget,
  changedAt: number,
  options: AuditOptions,
): Promise<ComparedAccess> {
  const { waitMs, now, pause, progress } = options;
  for (let delay = 2000; ; delay = Math.min(delay * 2, 15_000)) {
    // oxlint-disable-next-line no-await-in-loop
    const compared = await look(target, options);
    const left = changedAt + waitMs - now().getTime();
    const { findings, unread } = compared.section;
    const mayPass =
      findings.some((finding) => compared.removals.has(finding) || compared.missing.has(finding)) ||
      unread.some(({ denied }) => !denied);
    if (!mayPass || !(left > 0)) return compared;
    progress(`The last change is young, looking again for ${Math.ceil(left / 1000)} s more …`);
    // oxlint-disable-next-line no-await-in-loop
    await pause(Math.min(delay, left));
  }
}

async function look(target: AuditTarget, { baseline, now }: AuditOptions): Promise<ComparedAccess> {
  const { component, declared, graph, graphUrl } = target;
  const { observed, ...services } = await observeAccess(graph, component, declared);
  const { section, ...compared } = compareAccess({
    ...services,
    name: component.name,
    objects: component,
    declared,
    observed,
    graphUrl,
    now: now(),
  });
  return { section: accept(section, baseline, now()), ...compared };
}

async function removeAll(
  { component, remove }: AuditTarget,
  { section, removals }: ComparedAccess,
  { progress }: AuditOptions,
): Promise<readonly Removed[]> {
  const removed: Removed[] = [];
  for (const finding of section.findings) {
    const removal = removals.get(finding);
    if (removal === undefined) continue;
    const { id, subject, title } = finding;
    progress(`Removing: ${title} ${subject} …`);
    const what = { component: component.name, id, subject };
    try {
      // oxlint-disable-next-line no-await-in-loop
      await remove(removal);
      removed.push(what);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      removed.push({ ...what, failure: error.message });
    }
  }
  return removed;
}
