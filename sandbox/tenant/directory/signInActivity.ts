import { randomUUID } from "node:crypto";
import { auditLogRequired, premiumTenantRequired } from "../graph/errors.ts";
import { holds } from "../graph/routes/permissions.ts";
import { initialValues } from "../model/entityType.ts";
import { signInActivityType } from "../model/reports.ts";
import type { Caller } from "../signIn/accessToken.ts";
import type { ServicePrincipal, TenantState } from "../state.ts";
import { toGraphTime } from "../time.ts";

/** Directory roles that read when somebody signed in last. */
export const activityReaders = [
  "Reports Reader",
  "Global Reader",
  "Security Reader",
  "Security Administrator",
];

/** Notes that an application has got a token for a resource, on both sides. */
export function noteSignIn(
  tenant: TenantState,
  client: ServicePrincipal,
  resource: ServicePrincipal,
  now: Date,
): void {
  const activity = { lastSignInDateTime: toGraphTime(now), lastSignInRequestId: randomUUID() };
  note(client.appId, "applicationAuthenticationClientSignInActivity");
  note(resource.appId, "applicationAuthenticationResourceSignInActivity");

  function note(appId: string, side: string): void {
    const known = tenant.signInActivities.get(appId) ?? {
      ...initialValues(signInActivityType.properties),
      id: Buffer.from(appId).toString("base64"),
      appId,
    };
    tenant.signInActivities.set(appId, { ...known, [side]: activity, lastSignInActivity: activity });
  }
}

/**
 * When somebody signed in last takes a premium tenant and a right of its own, as a property of users, too.
 *
 * @throws GraphError
 */
export function checkActivityRights(
  caller: Caller,
  { entraIdP2 }: TenantState,
  select: readonly string[] | undefined,
): void {
  if (select?.includes("signInActivity") !== true) return;
  if (!entraIdP2) throw premiumTenantRequired();
  if (!holds(caller, ["AuditLog.Read.All"], activityReaders)) throw auditLogRequired();
}
