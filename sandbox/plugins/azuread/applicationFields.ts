import {
  computed,
  flag,
  list,
  map,
  object,
  optional,
  optionalComputed,
  required,
  set,
  text,
  whole,
  type Fields,
  type Shape,
} from "../protocol/schema.ts";
import { ofLength, filled, guid, oneOf, time } from "./checks.ts";
import { featureTagShape } from "./featureTags.ts";

const redirectUris: Shape = object({ redirectUris: optional(set(text)) });

const optionalClaim: Shape = list(
  object({
    additionalProperties: optional(list(text)),
    essential: optional(flag),
    name: required(text),
    source: optional(text),
  }),
);

const appRole: Shape = object({
  allowedMemberTypes: required(set(oneOf("Application", "User"))),
  description: required(filled),
  displayName: required(filled),
  enabled: optional(flag, { default: true }),
  id: required(guid),
  value: optional(text),
});

const permissionScope: Shape = object({
  adminConsentDescription: optional(filled),
  adminConsentDisplayName: optional(filled),
  enabled: optional(flag, { default: true }),
  id: required(guid),
  type: optional(oneOf("Admin", "User"), { default: "User" }),
  userConsentDescription: optional(filled),
  userConsentDisplayName: optional(filled),
  value: optional(text),
});

const requiredResourceAccess: Shape = object({
  resourceAccesses: required(list(object({ id: required(guid), type: required(oneOf("Role", "Scope")) })), {
    terraformName: "resource_access",
  }),
  resourceAppId: required(text),
});

/** The properties of an application. */
export const applicationFields: Fields = {
  api: optional(
    object({
      knownClientApplications: optional(set(guid)),
      mappedClaimsEnabled: optional(flag),
      oauth2PermissionScopes: optional(set(permissionScope), { terraformName: "oauth2_permission_scope" }),
      requestedAccessTokenVersion: optional(whole, { default: 1 }),
    }),
  ),
  appRoleIds: computed(map(text)),
  appRoles: optional(set(appRole), { terraformName: "app_role" }),
  clientId: computed(text),
  description: optional(ofLength(0, 1024)),
  deviceOnlyAuthEnabled: optional(flag),
  disabledByMicrosoft: computed(text),
  displayName: required(filled),
  fallbackPublicClientEnabled: optional(flag),
  featureTags: optionalComputed(list(featureTagShape), { conflictsWith: ["tags"] }),
  groupMembershipClaims: optional(
    set(oneOf("None", "SecurityGroup", "DirectoryRole", "ApplicationGroup", "All")),
  ),
  identifierUris: optional(set(filled)),
  logoImage: optional(text),
  logoUrl: computed(text),
  marketingUrl: optional(text),
  notes: optional(filled),
  oauth2PermissionScopeIds: computed(map(text)),
  oauth2PostResponseRequired: optional(flag),
  objectId: computed(text),
  optionalClaims: optional(
    object({
      accessTokens: optional(optionalClaim, { terraformName: "access_token" }),
      idTokens: optional(optionalClaim, { terraformName: "id_token" }),
      saml2Tokens: optional(optionalClaim, { terraformName: "saml2_token" }),
    }),
  ),
  owners: optional(set(guid)),
  password: optional(
    object({
      displayName: required(text),
      endDate: optionalComputed(time),
      keyId: computed(text),
      startDate: optionalComputed(time),
      value: computed(text, { secret: true }),
    }),
  ),
  preventDuplicateNames: optional(flag, { default: false }),
  privacyStatementUrl: optional(text),
  publicClient: optional(redirectUris),
  publisherDomain: computed(text),
  requiredResourceAccesses: optional(set(requiredResourceAccess), {
    terraformName: "required_resource_access",
  }),
  serviceManagementReference: optional(text),
  signInAudience: optional(
    oneOf(
      "AzureADMyOrg",
      "AzureADMultipleOrgs",
      "AzureADandPersonalMicrosoftAccount",
      "PersonalMicrosoftAccount",
    ),
    { default: "AzureADMyOrg" },
  ),
  singlePageApplication: optional(redirectUris),
  supportUrl: optional(text),
  tags: optionalComputed(set(text), { conflictsWith: ["featureTags"] }),
  templateId: optionalComputed(guid, { replaces: true }),
  termsOfServiceUrl: optional(text),
  web: optional(
    object({
      homepageUrl: optional(text),
      implicitGrant: optional(
        object({ accessTokenIssuanceEnabled: optional(flag), idTokenIssuanceEnabled: optional(flag) }),
      ),
      logoutUrl: optional(text),
      redirectUris: optional(set(text)),
    }),
  ),
};
