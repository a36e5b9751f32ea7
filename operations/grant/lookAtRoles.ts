import { Failure } from "../../common/failure.ts";
import { type DeclaredRoles, type RoleService, serviceNames } from "./declaredRoles.ts";
import { observeRoles } from "./observedRoles.ts";
import { ownName } from "./ownNames.ts";
import { planRoles, type RolePlan } from "./planRoles.ts";
import type { Grantee } from "./roleSteps.ts";
import type { RoleAccess } from "./roleAccess.ts";

/** A component's access to one service, and a way there. */
export interface RoleTarget extends RoleAccess {
  readonly service: RoleService;
  readonly subject: Grantee & { readonly tenantDomain: string };
  readonly declared: DeclaredRoles;
}

/** What leads to what is declared, as Exchange is now. @throws Failure where that cannot be; ApiError, SignInError */
export async function lookAtRoles({ reader, service, subject, declared }: RoleTarget): Promise<RolePlan> {
  const plan = planRoles(subject, declared, await observeRoles(reader, service, subject));
  const where = `${serviceNames[service]} of ${subject.tenantDomain}`;
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
