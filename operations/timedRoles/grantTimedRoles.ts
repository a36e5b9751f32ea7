import { ApiError } from "../../graph/apiError.ts";
import { ownerOf, requireOtherIdentity } from "../grant/grantIdentity.ts";
import type { GrantWaiting } from "../grant/serviceGrant.ts";
import type { PublicComponent, PublicGeneration, StackState } from "../../stack/components.ts";
import { applyTimedRoles } from "./applyTimedRoles.ts";
import { lastingRolesOf, timedRolesOf } from "./declaredTimedRoles.ts";
import { lookAtTimedRoles, type TimedRoleOwner } from "./lookAtTimedRoles.ts";
import type { DeclaredEntraRoles, TimedRoleStep } from "./planTimedRoles.ts";
import type { OpenedTimedRoles } from "./timedRoleAccess.ts";
import { timedRoleFailure } from "./timedRoleFailure.ts";

/** A component whose roles of Entra are given. */
export interface TimedRoleSubject extends TimedRoleOwner {
  readonly appId: string;
  readonly cloud: PublicComponent["cloud"];
  readonly declared: DeclaredEntraRoles;
}

/** What became of one component's roles of Entra. */
export interface TimedRoleGrant {
  readonly component: string;
  /** What was changed, or would be. */
  readonly steps: readonly TimedRoleStep[];
  /** What the tenant does not show yet, although it took the changes. */
  readonly pending: readonly TimedRoleStep[];
  readonly notes: readonly string[];
  /** With `--before-update`: what was changed in the stack's state, or would be. */
  readonly state?: readonly string[];
}

/** What is asked for. */
export interface TimedRoleOptions extends GrantWaiting {
  readonly subjects: readonly TimedRoleSubject[];
  /** Whether everything that was given is taken away. */
  readonly remove: boolean;
  /** Whether to change anything. */
  readonly apply: boolean;
  /** The client ID of the identity that assigns roles; undefined where it is a person. */
  readonly clientId: string | undefined;
  readonly access: (subject: TimedRoleSubject) => Promise<OpenedTimedRoles>;
  readonly now: () => number;
}

/** The components of a stack, with the roles of Entra that each declares. */
export function timedRoleSubjects(
  state: Pick<StackState<PublicGeneration>, "project" | "stack">,
  components: readonly PublicComponent[],
): readonly TimedRoleSubject[] {
  return components.map((component) => ({
    ...ownerOf(state, component),
    appId: component.appId,
    cloud: component.cloud,
    tenantId: component.tenantId,
    tenantDomain: component.tenantDomain,
    declared: { timed: timedRolesOf(component.record), lasting: lastingRolesOf(component) },
  }));
}

/**
 * Makes true in Entra which roles the components declare until a time. Of a component that declares none, it takes away
 * what it gave, if the identity may.
 *
 * @throws Failure, SignInError, ApiError
 */
export async function grantTimedRoles(options: TimedRoleOptions): Promise<readonly TimedRoleGrant[]> {
  const { subjects } = options;
  requireOtherIdentity(options);
  const looked = [];
  // oxlint-disable-next-line no-await-in-loop -- Graph throttles an application that asks for much at once.
  for (const subject of subjects) looked.push(await look(subject, options));
  const grants: TimedRoleGrant[] = [];
  for (const one of looked) {
    if (one === undefined) continue;
    const { target, grant } = one;
    // oxlint-disable-next-line no-await-in-loop
    grants.push(options.apply ? { ...grant, ...(await applyTimedRoles(target, options)) } : grant);
  }
  return grants;
}

/** What a component's roles would become; undefined where none is declared, and none was given. */
async function look(
  subject: TimedRoleSubject,
  { remove, access, now, progress }: TimedRoleOptions,
): Promise<
  { readonly target: Parameters<typeof applyTimedRoles>[0]; readonly grant: TimedRoleGrant } | undefined
> {
  const isDeclared = subject.declared.timed.length > 0;
  const declared = remove ? { ...subject.declared, timed: [] } : subject.declared;
  const opened = await access(subject);
  if (!isDeclared && !opened.mayChange) return undefined;
  progress(`Reading Entra's roles in ${subject.tenantDomain} …`);
  const target = { ...opened, subject, declared, now };
  try {
    const { steps, notes } = await lookAtTimedRoles(target);
    if (!isDeclared && steps.length === 0) return undefined;
    return { target, grant: { component: subject.component, steps, pending: [], notes } };
  } catch (error) {
    if (!isDeclared && error instanceof ApiError && isUnreadable(error)) return undefined;
    throw timedRoleFailure(error, subject);
  }
}

/** A tenant without Entra ID P2 has nothing that was given. */
function isUnreadable({ failure: { status, code } }: ApiError): boolean {
  return status === 401 || status === 403 || code === "AadPremiumLicenseRequired";
}
