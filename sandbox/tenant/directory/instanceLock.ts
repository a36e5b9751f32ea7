import { lockedProperty } from "../graph/errors.ts";
import { isJsonObject, type Json } from "../json.ts";
import type { Application, ServicePrincipal } from "../state.ts";
import type { TenantStore } from "../store.ts";

/** The properties of a service principal that its application can lock. */
type Lockable = "keyCredentials" | "passwordCredentials" | "tokenEncryptionKeyId";

/** What a new application locks where App Instance Lock is on and its creator does not say. */
export const everythingLocked: Json = {
  allProperties: true,
  credentialsWithUsageSign: true,
  credentialsWithUsageVerify: true,
  isEnabled: true,
  tokenEncryptionKeyId: true,
};

/**
 * Refuses a change of a service principal that its application locks, wherever the application is registered.
 *
 * Source: "servicePrincipalLockConfiguration resource type" of Microsoft Graph, https://learn.microsoft.com/graph/api/resources/serviceprincipallockconfiguration.
 *
 * @throws GraphError
 */
export function checkInstanceLock(
  store: TenantStore,
  holder: Application | ServicePrincipal,
  changed: Lockable,
): void {
  const home = "appOwnerOrganizationId" in holder ? holder.appOwnerOrganizationId : undefined;
  if (typeof home !== "string") return;
  const lock = store.applicationByAppId(home, holder.appId)?.servicePrincipalLockConfiguration;
  if (!isJsonObject(lock) || lock.isEnabled !== true) return;
  const isLocked =
    lock.allProperties === true ||
    (changed === "tokenEncryptionKeyId"
      ? lock.tokenEncryptionKeyId === true
      : lock.credentialsWithUsageVerify === true);
  if (isLocked) throw lockedProperty(changed);
}
