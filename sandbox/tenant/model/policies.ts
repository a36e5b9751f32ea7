import type { EntityType } from "./entityType.ts";
import {
  any,
  dateTime,
  duration,
  flag,
  guid,
  list,
  oneOf,
  readOnly,
  record,
  required,
  text,
  unsupported,
} from "./property.ts";

const state = oneOf("enabled", "disabled");

/** Who a restriction does not hold for: whoever has one of these custom security attributes. */
const excludeActors = record({
  customSecurityAttributes: list(
    record({ id: required(text()), operator: required(oneOf("equals")), value: required(text()) }),
  ),
});

const keyCredentialRestriction = record({
  excludeActors,
  maxLifetime: duration(),
  restrictForAppsCreatedAfterDateTime: dateTime(),
  restrictionType: required(oneOf("asymmetricKeyLifetime", "trustedCertificateAuthority")),
  state: { ...state, initial: "enabled" },
});

const passwordRestriction = record({
  excludeActors,
  maxLifetime: duration(),
  restrictForAppsCreatedAfterDateTime: dateTime(),
  restrictionType: required(oneOf("passwordAddition", "passwordLifetime", "customPasswordAddition")),
  state: { ...state, initial: "enabled" },
});

const restrictions = {
  keyCredentials: list(keyCredentialRestriction),
  passwordCredentials: list(passwordRestriction),
};
const noRestrictions = { keyCredentials: [], passwordCredentials: [] };

/** `tenantAppManagementPolicy`: what holds for every application that has no policy of its own. */
export const tenantPolicyType: EntityType = {
  name: "tenantAppManagementPolicy",
  properties: {
    id: readOnly(guid()),
    deletedDateTime: readOnly(dateTime()),
    description: text(),
    displayName: text(),
    isEnabled: flag(false),
    applicationRestrictions: record(restrictions, noRestrictions),
    servicePrincipalRestrictions: record(restrictions, noRestrictions),
  },
  filterable: [],
};

/** `appManagementPolicy`: what holds for the applications that it is assigned to, instead of the tenant's. */
export const applicationPolicyType: EntityType = {
  name: "appManagementPolicy",
  properties: {
    id: readOnly(guid()),
    deletedDateTime: readOnly(dateTime()),
    description: text(),
    displayName: required(text()),
    isEnabled: flag(false),
    restrictions: record(restrictions, noRestrictions),
  },
  filterable: ["id", "displayName", "isEnabled"],
};

const everyone = record({ includeUsers: list(text()), excludeUsers: list(text()) });

/** `conditionalAccessPolicy`, as far as it is about workload identities. */
export const conditionalAccessPolicyType: EntityType = {
  name: "conditionalAccessPolicy",
  properties: {
    id: readOnly(guid()),
    createdDateTime: readOnly(dateTime()),
    modifiedDateTime: readOnly(dateTime()),
    displayName: required(text()),
    state: required(oneOf("enabled", "disabled", "enabledForReportingButNotEnforced")),
    conditions: required(
      record({
        applications: record({ includeApplications: list(text()), excludeApplications: list(text()) }),
        clientApplications: record({
          includeServicePrincipals: list(text()),
          excludeServicePrincipals: list(text()),
          servicePrincipalFilter: unsupported(any()),
        }),
        clientAppTypes: list(text()),
        locations: record({ includeLocations: list(text()), excludeLocations: list(text()) }),
        users: everyone,
      }),
    ),
    grantControls: required(record({ operator: oneOf("OR", "AND"), builtInControls: list(oneOf("block")) })),
    sessionControls: unsupported(any()),
  },
  filterable: ["id", "displayName", "state"],
};
