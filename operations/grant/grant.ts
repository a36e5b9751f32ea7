import { usageFailure } from "../../common/failure.ts";
import { isIdentifier, isMaster } from "../../microsoft/exchangeRoleGroups.ts";
import type { PublicComponent, PublicGeneration, StackState } from "../../stack/components.ts";
import { applyRoles } from "./applyRoles.ts";
import {
  type DeclaredRoles,
  declaredRoles,
  isDeclared,
  nothingDeclared,
  type RoleService,
  roleServices,
  serviceNames,
} from "./declaredRoles.ts";
import { requireOtherIdentity } from "./grantIdentity.ts";
import type { ScriptSubject } from "./grantScript.ts";
import type { RoleAccess } from "./roleAccess.ts";
import { deniedReason, roleFailure } from "./roleFailure.ts";
import type { GrantWaiting, ServiceGrant } from "./serviceGrant.ts";
import { lookAtRoles, type RoleTarget } from "./lookAtRoles.ts";

/** What `grant` is asked to do. */
export interface GrantOptions extends GrantWaiting {
  readonly subjects: readonly ScriptSubject[];
  /** Whether everything that was given is taken away. */
  readonly remove: boolean;
  /** Whether to change anything. */
  readonly apply: boolean;
  readonly allowRoleManagement: boolean;
  /** The client ID of the identity that changes Exchange; undefined where it is a person. */
  readonly clientId: string | undefined;
  readonly access: (subject: ScriptSubject, service: RoleService) => RoleAccess;
}

/** What `grant` came to. */
export interface GrantResult {
  /** Whether everything was to be taken away. */
  readonly remove: boolean;
  /** Whether changes were made, or only shown. */
  readonly applied: boolean;
  readonly grants: readonly ServiceGrant[];
}

/** The components of a stack, with what each declares. @throws SealedValue, Failure */
export function grantSubjects(
  { project, stack }: Pick<StackState<PublicGeneration>, "project" | "stack">,
  components: readonly PublicComponent[],
): readonly ScriptSubject[] {
  return components.map((component) => ({
    project,
    stack,
    component: component.name,
    appId: component.appId,
    servicePrincipalObjectId: component.servicePrincipalObjectId,
    cloud: component.cloud,
    tenantId: component.tenantId,
    tenantDomain: component.tenantDomain,
    declared: declaredRoles(component),
  }));
}

/**
 * Makes true in Exchange what the components declare. Everything is read before anything is changed.
 *
 * @throws Failure, SignInError, ApiError
 */
export async function grant(options: GrantOptions): Promise<GrantResult> {
  const { subjects, remove, apply } = options;
  requireAllowed(options);
  requireOtherIdentity(options);
  const looked = [];
  for (const subject of subjects) {
    for (const service of roleServices) {
      // oxlint-disable-next-line no-await-in-loop -- Exchange throttles an application that asks for much at once.
      looked.push(await look(subject, service, options));
    }
  }
  const grants: ServiceGrant[] = [];
  for (const { target, about } of looked) {
    // oxlint-disable-next-line no-await-in-loop
    grants.push(target && apply ? { ...about, ...(await applyRoles(target, options)) } : about);
  }
  return { remove, applied: apply, grants };
}

async function look(
  subject: ScriptSubject,
  service: RoleService,
  { remove, access, progress, allowRoleManagement }: GrantOptions,
): Promise<{ readonly target?: RoleTarget; readonly about: ServiceGrant }> {
  const { component, tenantDomain } = subject;
  const about = { component, service, steps: [], pending: [], notes: [] };
  const declared = remove ? nothingDeclared : subject.declared[service];
  progress(`Reading ${serviceNames[service]} of ${tenantDomain} …`);
  const opened = access(subject, service);
  const target = { ...opened, service, subject, declared, allowRoleManagement };
  try {
    const { steps, notes } = await lookAtRoles(target);
    return { target, about: { ...about, steps, notes } };
  } catch (error) {
    const denied = isDeclared(subject.declared[service]) ? undefined : deniedReason(error);
    if (denied === undefined) throw roleFailure(error, service, subject);
    return { about: { ...about, notRead: denied } };
  }
}

/** @throws Failure where a component would get the right to give itself every other */
export function requireAllowed({
  subjects,
  remove,
  allowRoleManagement,
}: Pick<GrantOptions, "subjects" | "remove" | "allowRoleManagement">): void {
  if (remove || allowRoleManagement) return;
  const names = subjects.flatMap(({ component, declared }) =>
    Object.values(declared).flatMap((one) => namesOf(one).map((name) => ({ component, name }))),
  );
  const hidden = names.find(({ name }) => isIdentifier(name));
  if (hidden !== undefined) {
    throw usageFailure(
      `Component "${hidden.component}" declares "${hidden.name}". Nobody sees what an ID or a path gives. Declare the name that Exchange shows, and run \`pulumi up\`.`,
    );
  }
  const master = names.find(({ name }) => isMaster(name));
  if (master === undefined) return;
  throw usageFailure(
    `Component "${master.component}" declares "${master.name}". With it, a job can give itself every right in Exchange. Declare less, or confirm with --allow-role-management.`,
  );
}

function namesOf({ groups, roles }: DeclaredRoles): readonly string[] {
  return [...groups, ...roles.map(({ role }) => role)];
}
