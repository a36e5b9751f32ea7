import { wellKnownResources } from "../../../microsoft/permissions.ts";
import type { FoundApplication, GrantedPermission } from "../../../operations/adoption/readFound.ts";

type Properties = Readonly<Record<string, unknown>>;

/** An application that the tenant has, with nothing on it but what a test is about. */
export function foundApplication(
  others: Partial<FoundApplication> = {},
  { application = {}, servicePrincipal = {} }: Record<string, Properties> = {},
): FoundApplication {
  const object = { appId: "app", displayName: "Jobs", keyCredentials: [], passwordCredentials: [] };
  return {
    servicePrincipal: { ...object, id: "principal", ...servicePrincipal },
    application: { ...object, id: "application", ...application },
    keyCredentials: [],
    applicationOwners: [],
    federatedCredentials: [],
    principalOwners: [],
    permissions: [],
    roles: [],
    notRead: [],
    ...others,
  };
}

/** A permission that the application holds, `Mail.Read` of a service that is known by its name. */
export function grantedBy(
  service: string,
  changes: Partial<GrantedPermission> = {},
): GrantedPermission & { readonly resourceAppId: string } {
  return {
    id: service,
    appRoleId: `role of ${service}`,
    value: "Mail.Read",
    isOffered: true,
    resourceId: service,
    resourceAppId: wellKnownResources[service] ?? service,
    resourceName: service,
    ...changes,
  };
}
