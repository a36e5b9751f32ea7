import type { GraphClient } from "../../graph/graphClient.ts";
import { importFile, type ImportFile } from "../../stack/importFile.ts";
import type { Plan } from "../../stack/plan.ts";
import { createdBy } from "../../stack/plan.ts";
import type { StackResource } from "../../stack/resource.ts";
import { findRoleAssignments } from "../repair/findGrants.ts";
import { requireOtherIdentity } from "../grant/grantIdentity.ts";
import { applyTimedRoles } from "./applyTimedRoles.ts";
import { shownRole } from "./declaredTimedRoles.ts";
import type { TimedRoleGrant, TimedRoleOptions, TimedRoleSubject } from "./grantTimedRoles.ts";
import { lookAtTimedRoles, type TimedRoleTarget } from "./lookAtTimedRoles.ts";
import { type RoleMove, roleMoves } from "./roleMoves.ts";
import { timedRoleFailure } from "./timedRoleFailure.ts";

/** What is asked for before an update. */
export interface BeforeUpdateOptions extends Omit<TimedRoleOptions, "remove"> {
  readonly plan: Plan;
  /** What the state has. */
  readonly known: readonly StackResource[];
  /** Takes a resource out of the state, and leaves what it stands for. @throws Failure */
  readonly forget: (urn: string) => Promise<void>;
  /** @throws Failure */
  readonly importInto: (file: ImportFile) => Promise<void>;
}

/**
 * Moves roles between `roles` and `timedRoles` without a moment without them. The assignment itself gets its end, or loses
 * it; once the tenant shows that, the state forgets it, or takes it in. So the update has nothing to delete or create.
 *
 * @throws Failure, SignInError, ApiError
 */
export async function beforeUpdate(options: BeforeUpdateOptions): Promise<readonly TimedRoleGrant[]> {
  const { subjects, plan, now } = options;
  requireOtherIdentity(options);
  const moves = roleMoves(plan, now());
  const grants: TimedRoleGrant[] = [];
  for (const subject of subjects) {
    const own = moves.filter(({ component }) => component === subject.component);
    // oxlint-disable-next-line no-await-in-loop -- what is changed, is changed one by one.
    if (own.length > 0) grants.push(await moveRoles(subject, own, options));
  }
  return grants;
}

async function moveRoles(
  subject: TimedRoleSubject,
  moves: readonly RoleMove[],
  options: BeforeUpdateOptions,
): Promise<TimedRoleGrant> {
  const { access, apply, now, progress } = options;
  progress(`Reading Entra's roles in ${subject.tenantDomain} …`);
  const opened = await access(subject);
  const target: TimedRoleTarget = {
    ...opened,
    subject,
    declared: {
      timed: moves.flatMap(({ roleTemplateId, until }) =>
        until === undefined ? [] : [{ roleTemplateId, until }],
      ),
      lasting: moves.flatMap(({ roleTemplateId, until }) => (until === undefined ? [roleTemplateId] : [])),
    },
    only: new Set(moves.map(({ roleTemplateId }) => roleTemplateId)),
    now,
  };
  const { component } = subject;
  const state = moves.map(stateStep);
  if (!apply) {
    try {
      return { component, ...(await lookAtTimedRoles(target)), pending: [], state };
    } catch (error) {
      throw timedRoleFailure(error, subject);
    }
  }
  const applied = await applyTimedRoles(target, options);
  if (applied.pending.length > 0) return { component, ...applied, state: [] };
  await changeState(opened.graph, subject, moves, options);
  return { component, ...applied, state };
}

function stateStep({ roleTemplateId, urn, until }: RoleMove): string {
  const what = `azuread's assignment of the role "${shownRole(roleTemplateId)}"`;
  return until === undefined
    ? `take ${what} into the state (${urn})`
    : `take ${what} out of the state (${urn})`;
}

async function changeState(
  graph: GraphClient,
  { component, servicePrincipalObjectId }: TimedRoleSubject,
  moves: readonly RoleMove[],
  { plan, known, forget, importInto, progress }: BeforeUpdateOptions,
): Promise<void> {
  for (const move of moves) {
    if (move.until === undefined) continue;
    progress(`State: ${stateStep(move)} …`);
    // oxlint-disable-next-line no-await-in-loop -- Pulumi writes the state once at a time.
    await forget(move.urn);
  }
  const lasting = moves.filter(({ until }) => until === undefined).map(({ urn }) => urn);
  if (lasting.length === 0) return;
  const planned = createdBy(plan);
  const wanted = planned.filter(({ urn }) => lasting.includes(urn));
  const found = await findRoleAssignments(
    graph,
    { name: component, planned: wanted },
    servicePrincipalObjectId,
  );
  const imported = found.map(({ id, urn }) => ({ id, ...(urn !== undefined && { urn }) }));
  await importInto(importFile(imported, known, planned));
}
