import { lookAgain, remainingSince } from "../../common/lookAgain.ts";
import { Failure } from "../../common/failure.ts";
import { ApiError } from "../../graph/apiError.ts";
import { replicationMs } from "../../microsoft/replication.ts";
import type { GraphClient, GraphOutcome } from "../../graph/graphClient.ts";
import type { Removal, Remove } from "../../graph/removal.ts";
import { observeAccess } from "./observedAccess.ts";
import type { ComparedAccess } from "./compareAccess.ts";
import { compareAccess } from "./compareAccess.ts";
import type { DeclaredAccess } from "./declaredAccess.ts";
import type { TenantWide } from "./tenantWide.ts";
import { observeUserRoles } from "./userRoles.ts";
import type { RoleAudit } from "../grant/auditRoles.ts";
import { type Removed, removeRoles, withRoles } from "./exchangeRoles.ts";
import type { Baseline } from "../findings/baseline.ts";
import { accept } from "../findings/baseline.ts";
import { applicationFailure, applicationProblem, applicationState } from "../tenant/applicationState.ts";
import type { KnownApplication } from "../tenant/applicationState.ts";
import type { Finding, Report, Section, Unread } from "../findings/finding.ts";
import type { IncompleteComponent, StackComponent, StackState } from "../../stack/components.ts";

/** What an audit must know of a component. */
export type AuditedComponent = KnownApplication &
  Pick<StackComponent, "tenantDomain" | "servicePrincipalObjectId">;

/** A component, what its stack declares of it, and a way into its tenant. */
export interface AuditTarget {
  readonly component: AuditedComponent;
  readonly declared: DeclaredAccess;
  /**
   * What the stack declares now, read anew; a text where an update is under way, so that nobody knows.
   *
   * @throws Failure
   */
  readonly declaredNow: () => Promise<DeclaredAccess | string>;
  readonly graph: GraphClient;
  readonly remove: Remove;
  /**
   * What Exchange itself gives to the application, read anew; compared with what the stack declares now where that is asked
   * for, and undefined then while an update is under way. @default it is not looked at
   */
  readonly exchangeRoles?: (declaredNow?: boolean) => Promise<RoleAudit | undefined>;
  /** The cloud's Microsoft Graph, without a trailing slash. */
  readonly graphUrl: string;
}

/** What `audit` is asked to do. */
export interface AuditOptions {
  readonly state: Pick<StackState, "project" | "stack" | "updated">;
  readonly targets: readonly AuditTarget[];
  /** Components that an update has not finished, which are named. @default none */
  readonly incomplete?: readonly IncompleteComponent[];
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
  /** With `--tenant-wide`: by tenant, who can add credentials to any of its applications. */
  readonly tenantWide?: readonly TenantWide[];
}

/**
 * Compares what grants access through each component's application with what the stack declares. Where an application
 * was deleted, or an update has not finished a component, that is said of it, and the others are looked at.
 *
 * @throws Failure where that is the only component; ApiError, SignInError
 */
export async function audit(options: AuditOptions): Promise<AuditResult> {
  const { state, targets, incomplete = [] } = options;
  const sections: Section[] = [];
  const removed: Removed[] = [];
  for (const target of targets) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- what is removed, is removed one by one.
      const audited = await auditOne(target, options);
      sections.push(audited.section);
      removed.push(...audited.removed);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      sections.push(notLookedAt(target.component.name, error, options));
    }
  }
  sections.push(...incomplete.map(({ name, failure }) => notLookedAt(name, failure, options)));
  return { project: state.project, stack: state.stack, sections, removed };
}

/** @throws the failure itself where no other component is looked at */
function notLookedAt(name: string, failure: Failure, { targets, incomplete = [] }: AuditOptions): Section {
  if (targets.length + incomplete.length === 1) throw failure;
  const { code, message: reason } = failure;
  return unreadSection(name, { reason, code });
}

function unreadSection(name: string, why: Omit<Unread, "check" | "denied">): Section {
  const check = "Everything that grants access";
  const unread = [{ check, denied: false, ...why }];
  return { name, checks: [check], findings: [], accepted: [], unread, notes: [] };
}

async function auditOne(
  target: AuditTarget,
  options: AuditOptions,
): Promise<{ readonly section: Section; readonly removed: readonly Removed[] }> {
  options.progress(`Reading what grants access to ${target.component.tenantDomain} …`);
  let settled = await settle(target, Date.parse(options.state.updated), options);
  if (settled.isUnknown) return { section: unknownSection(target), removed: [] };
  const removed = options.fix
    ? [...(await removeAll(target, settled, options)), ...(await removeRoles(target, options))]
    : [];
  const locked = options.fix ? await lockPrincipal(target, settled, options) : [];
  if (locked.length > 0 || removed.some(({ failure }) => failure === undefined))
    settled = await settle(target, options.now().getTime(), options);
  const { section } = settled;
  return {
    section: { ...section, notes: [...removed.map(removalNote), ...locked, ...section.notes] },
    removed,
  };
}

/** One sentence, rather than every check that finds nothing. */
function unknownSection({ component }: AuditTarget): Section {
  const { name, appId, tenantDomain } = component;
  return unreadSection(name, {
    reason: `application ${appId} is neither among the applications of ${tenantDomain} nor in its recycle bin. The stack's last update ended less than ${replicationMs / 60_000} minutes ago, so the tenant may not know the application yet. Run the command again in some minutes. If nothing changes, the application was deleted (docs/recovery.md, "The application was deleted").`,
  });
}

function removalNote({ id, subject, failure, restored = [] }: Removed): string {
  if (failure !== undefined) return `Not removed: ${id} ${subject}: ${failure}`;
  const back =
    restored.length === 0
      ? ""
      : `. Certificates that vanished in the meantime were put back: ${restored.join(", ")}`;
  return `Removed: ${id} ${subject}${back}`;
}

/** Looks again while what a change took away may still be listed, and what it made may not be there yet. */
async function settle(target: AuditTarget, changedAt: number, options: AuditOptions): Promise<LookedAt> {
  const { waitMs, now, pause, progress } = options;
  return lookAgain({
    look: async () => look(target, options),
    remaining: ({ section: { findings, unread }, removals, missing }, waited) => {
      const mayPass =
        findings.some((finding) => removals.has(finding) || missing.has(finding)) ||
        unread.some(({ denied }) => !denied);
      return mayPass ? remainingSince({ changedAt, waitMs, now: now().getTime(), waited }) : 0;
    },
    waiting: (left) =>
      progress(`The last change is recent. Looking again for ${Math.ceil(left / 1000)} s more …`),
    pause,
  });
}

/** What one look at a component's tenant came to. */
interface LookedAt extends ComparedAccess {
  /** Whether the tenant does not know the application, which is too young for that to mean that it was deleted. */
  readonly isUnknown: boolean;
}

async function look(target: AuditTarget, { state, baseline, now }: AuditOptions): Promise<LookedAt> {
  const { component, declared, graph, graphUrl } = target;
  const [{ observed, ...known }, userRoles, roles] = await Promise.all([
    observeAccess(graph, component, declared),
    observeUserRoles(graph, declared),
    target.exchangeRoles?.(),
  ]);
  const isUnknown =
    Object.values(observed).some(isMissing) &&
    (await isUnknownYet(graph, component, now().getTime() - Date.parse(state.updated)));
  const { section, ...compared } = compareAccess({
    ...known,
    userRoles,
    name: component.name,
    objects: component,
    declared,
    observed,
    graphUrl,
    now: now(),
  });
  return { section: accept(withRoles(section, roles), baseline, now()), ...compared, isUnknown };
}

function isMissing(outcome: GraphOutcome<unknown>): boolean {
  return !outcome.ok && outcome.error.failure.status === 404;
}

/**
 * Whether the tenant does not know an application, neither as one that is there nor as a deleted one, while it may be too
 * young for every server to know it.
 *
 * @throws Failure where it was deleted; ApiError, SignInError
 */
async function isUnknownYet(
  graph: GraphClient,
  component: AuditedComponent,
  ageMs: number,
): Promise<boolean> {
  const state = await applicationState(graph, component);
  if (state === "present" || state === "blocked") return false;
  if (state !== "recycleBin" && ageMs < replicationMs) return true;
  throw applicationFailure(applicationProblem(state, component));
}

/** Reads state and tenant again right before each removal: what another update has made meanwhile is not found any more. */
async function removeAll(
  target: AuditTarget,
  { section, removals }: ComparedAccess,
  options: AuditOptions,
): Promise<readonly Removed[]> {
  const { component, remove } = target;
  const removed: Removed[] = [];
  const done = new Set<string>();
  for (const finding of section.findings) {
    if (!removals.has(finding)) continue;
    const { id, subject, title } = finding;
    const what = { component: component.name, id, subject };
    // One object can be two findings, as a delegated grant of two permissions is.
    const object = JSON.stringify(removals.get(finding));
    if (done.has(object)) {
      removed.push(what);
      continue;
    }
    try {
      // oxlint-disable-next-line no-await-in-loop
      const removal = await stillToRemove(target, finding, options);
      if (typeof removal === "string") {
        removed.push({ ...what, failure: removal });
        continue;
      }
      options.progress(`Removing: ${title} ${subject} …`);
      // oxlint-disable-next-line no-await-in-loop
      const { restored } = await remove(removal);
      done.add(object);
      removed.push({ ...what, ...(restored.length > 0 ? { restored } : {}) });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      removed.push({ ...what, failure: error.message });
    }
  }
  return removed;
}

/** Locks the service principal where nothing does, if state and tenant still say so, and tells it. */
async function lockPrincipal(
  target: AuditTarget,
  { lock }: ComparedAccess,
  options: AuditOptions,
): Promise<readonly string[]> {
  if (lock === undefined) return [];
  options.progress("Locking the service principal …");
  try {
    const declared = await target.declaredNow();
    if (typeof declared === "string") return [`The service principal was not locked: ${declared}`];
    const { lock: stillMissing } = await look({ ...target, declared }, options);
    if (stillMissing === undefined) return [];
    await target.remove(stillMissing);
    return ["Locked: the service principal takes no credentials of its own while the lock is on."];
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return [`The service principal could not be locked: ${error.message}`];
  }
}

/** How a finding is removed, if state and tenant still say that it is one; otherwise why it is left alone. */
async function stillToRemove(
  target: AuditTarget,
  { id, subject }: Finding,
  options: AuditOptions,
): Promise<Removal | string> {
  const declared = await target.declaredNow();
  if (typeof declared === "string") return declared;
  const { section, removals } = await look({ ...target, declared }, options);
  const finding = section.findings.find((one) => one.id === id && one.subject === subject);
  const removal = finding && removals.get(finding);
  return removal ?? "since it was found, it was declared, accepted or removed. Run `exo-auth audit` again.";
}
