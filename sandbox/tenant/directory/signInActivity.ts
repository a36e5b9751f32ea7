import { randomUUID } from "node:crypto";
import { initialValues } from "../model/entityType.ts";
import { signInActivityType } from "../model/reports.ts";
import type { ServicePrincipal, TenantState } from "../state.ts";
import { toGraphTime } from "../time.ts";

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
