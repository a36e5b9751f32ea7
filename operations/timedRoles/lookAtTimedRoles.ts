import type { GraphClient } from "../../graph/graphClient.ts";
import type { ChangeRole } from "../../graph/roleSchedules.ts";
import type { Owner } from "../grant/ownNames.ts";
import { observeTimedRoles } from "./observedTimedRoles.ts";
import { type DeclaredEntraRoles, planTimedRoles, type TimedRolePlan } from "./planTimedRoles.ts";
import { limitsOf, readRules } from "./roleRules.ts";

/** Whose roles of Entra they are. */
export interface TimedRoleOwner extends Owner {
  readonly tenantId: string;
  readonly tenantDomain: string;
}

/** A way to read and change who has which role of Entra in one tenant. */
export interface TimedRoleAccess {
  readonly graph: GraphClient;
  readonly change: ChangeRole;
}

/** A component's roles of Entra, and a way there. */
export interface TimedRoleTarget extends TimedRoleAccess {
  readonly subject: TimedRoleOwner;
  readonly declared: DeclaredEntraRoles;
  /** Template ids of the roles that are looked at. @default all */
  readonly only?: ReadonlySet<string>;
  readonly now: () => number;
}

/** What leads to what is declared, as the tenant is now. @throws ApiError, SignInError */
export async function lookAtTimedRoles({
  graph,
  subject,
  declared,
  only,
  now,
}: TimedRoleTarget): Promise<TimedRolePlan> {
  const roles = declared.timed.map(({ roleTemplateId }) => roleTemplateId);
  const [observed, rules] = await Promise.all([observeTimedRoles(graph, subject), readRules(graph, roles)]);
  const looked = observed.filter(({ roleTemplateId }) => only?.has(roleTemplateId) ?? true);
  return planTimedRoles(declared, looked, limitsOf(rules), now());
}
