import { Failure, usageFailure } from "../../common/failure.ts";
import { type DeclaredRoles, type RoleService, serviceNames } from "./declaredRoles.ts";
import { findGroup, type ObservedRoles, observeRoles } from "./observedRoles.ts";
import { ownName } from "./ownNames.ts";
import { planRoles, type RolePlan } from "./planRoles.ts";
import { heldText, isMasterRole } from "./roleManagement.ts";
import type { Grantee } from "./roleSteps.ts";
import type { RoleAccess } from "./roleAccess.ts";

/** A component's access to one service, and a way there. */
export interface RoleTarget extends RoleAccess {
  readonly service: RoleService;
  readonly subject: Grantee & { readonly tenantDomain: string };
  readonly declared: DeclaredRoles;
  /** Whether a job may get what lets it give itself every other right. */
  readonly allowRoleManagement: boolean;
}

/** What leads to what is declared, as Exchange is now. @throws Failure where that cannot be; ApiError, SignInError */
export async function lookAtRoles({
  reader,
  service,
  subject,
  declared,
  allowRoleManagement,
}: RoleTarget): Promise<RolePlan> {
  const observed = await observeRoles(reader, service, subject, declared);
  const where = `${serviceNames[service]} of ${subject.tenantDomain}`;
  if (!allowRoleManagement) requireNoRoleManagement(subject.component, declared, observed, where);
  const plan = planRoles(subject, declared, observed);
  if (plan.foreignGroup !== undefined) {
    throw new Failure(
      "EXO_AUTH_SERVICE",
      `The role group "${plan.foreignGroup}" in ${where} has the name that exo-auth uses for component "${subject.component}", but not its description. Find out who created it, and remove it.`,
      { reason: "resource" },
    );
  }
  if (plan.foreignRoles !== undefined) {
    const names = plan.foreignRoles.map((role) => `"${role}"`).join(", ");
    throw new Failure(
      "EXO_AUTH_SERVICE",
      `The role group "${ownName(subject)}" in ${where}, which is for component "${subject.component}", holds roles that exo-auth did not give: ${names}. Look at who gave them, and remove them.`,
      { reason: "resource" },
    );
  }
  if (plan.unknownGroups.length > 0) {
    const names = plan.unknownGroups.map((name) => `"${name}"`).join(", ");
    const key = service === "exchangeOnline" ? "exchangeRoleGroups" : "complianceRoleGroups";
    throw new Failure(
      "EXO_AUTH_SERVICE",
      `There is no role group ${names} in ${where}. Correct \`${key}\` of component "${subject.component}" and run \`pulumi up\`, or create the role group.`,
      { reason: "resource" },
    );
  }
  return plan;
}

/** @throws Failure where a component would get the right to give itself every other, by a name that does not say so */
function requireNoRoleManagement(
  component: string,
  { groups, roles }: DeclaredRoles,
  { groups: known, roleManagement }: ObservedRoles,
  where: string,
): void {
  const problems = [
    ...groups.flatMap((group) => {
      const held = roleManagement.groups.get(findGroup(known, group)?.name ?? "");
      return held === undefined ? [] : [`the role group "${group}" of ${where}, which ${heldText(held)}`];
    }),
    ...roles
      .filter(({ role }) => isMasterRole(role, roleManagement))
      .map(({ role }) => `the role "${role}" of ${where}, which comes from "Role Management"`),
  ];
  if (problems.length === 0) return;
  throw usageFailure(
    `Component "${component}" declares ${problems.join(", and ")}. With it, a job can give itself every right in Exchange. Declare less, or confirm with --allow-role-management.`,
  );
}
