import type { EntityType } from "./entityType.ts";
import {
  any,
  dateTime,
  flag,
  guid,
  integer,
  list,
  oneOf,
  onCreate,
  readOnly,
  record,
  required,
  text,
  type PropertyTable,
} from "./property.ts";

/** A certificate on an application or a service principal. */
export const keyCredentialProperties: PropertyTable = {
  customKeyIdentifier: text(),
  displayName: text(90),
  endDateTime: dateTime(),
  key: text(),
  keyId: guid(),
  startDateTime: dateTime(),
  type: text(),
  usage: text(),
};

/** A client secret. */
export const passwordCredentialProperties: PropertyTable = {
  customKeyIdentifier: text(),
  displayName: text(),
  endDateTime: dateTime(),
  hint: text(),
  keyId: guid(),
  secretText: text(),
  startDateTime: dateTime(),
};

const permissionScope: PropertyTable = {
  adminConsentDescription: text(),
  adminConsentDisplayName: text(),
  id: required(guid()),
  isEnabled: flag(true),
  origin: text(),
  type: oneOf("User", "Admin"),
  userConsentDescription: text(),
  userConsentDisplayName: text(),
  value: text(120),
};

/** An application permission or role that an application offers. */
export const appRoleProperties: PropertyTable = {
  allowedMemberTypes: list(oneOf("User", "Application")),
  description: text(),
  displayName: text(),
  id: required(guid()),
  isEnabled: flag(true),
  origin: text(),
  value: text(120),
};

const addIn = record({
  id: guid(),
  properties: list(record({ key: required(text()), value: required(text()) })),
  type: required(text()),
});

/** Addresses that tell people about an application. */
export const informationalUrl = record(
  {
    logoUrl: text(),
    marketingUrl: text(),
    privacyStatementUrl: text(),
    supportUrl: text(),
    termsOfServiceUrl: text(),
  },
  { logoUrl: null, marketingUrl: null, privacyStatementUrl: null, supportUrl: null, termsOfServiceUrl: null },
);

const optionalClaim = record({
  additionalProperties: list(text()),
  essential: flag(false),
  name: required(text()),
  source: text(),
});

/** Whose accounts may sign in. */
const signInAudiences = [
  "AzureADMyOrg",
  "AzureADMultipleOrgs",
  "AzureADandPersonalMicrosoftAccount",
  "PersonalMicrosoftAccount",
];

/** `application`, as https://graph.microsoft.com/v1.0/$metadata defines it. */
export const applicationType: EntityType = {
  name: "application",
  properties: {
    id: readOnly(guid()),
    deletedDateTime: readOnly(dateTime()),
    addIns: list(addIn),
    api: record(
      {
        acceptMappedClaims: flag(),
        knownClientApplications: list(guid()),
        oauth2PermissionScopes: list(record(permissionScope)),
        preAuthorizedApplications: list(record({ appId: guid(), delegatedPermissionIds: list(text()) })),
        requestedAccessTokenVersion: integer(),
      },
      {
        acceptMappedClaims: null,
        knownClientApplications: [],
        oauth2PermissionScopes: [],
        preAuthorizedApplications: [],
        requestedAccessTokenVersion: null,
      },
    ),
    appId: readOnly(guid()),
    applicationTemplateId: readOnly(guid()),
    appRoles: list(record(appRoleProperties)),
    authenticationBehaviors: record({
      blockAzureADGraphAccess: flag(),
      removeUnverifiedEmailClaim: flag(),
      requireClientServicePrincipal: flag(),
    }),
    certification: readOnly(any()),
    createdByAppId: readOnly(guid()),
    createdDateTime: readOnly(dateTime()),
    defaultRedirectUri: text(),
    description: text(1024),
    disabledByMicrosoftStatus: readOnly(text()),
    displayName: required(text(256)),
    groupMembershipClaims: text(),
    identifierUris: list(text(256)),
    info: informationalUrl,
    isDeviceOnlyAuthSupported: flag(),
    isDisabled: flag(),
    isFallbackPublicClient: flag(),
    keyCredentials: list(record(keyCredentialProperties)),
    managerApplications: list(guid()),
    nativeAuthenticationApisEnabled: oneOf("none", "all"),
    notes: text(1024),
    oauth2RequirePostResponse: flag(false),
    optionalClaims: record({
      accessToken: list(optionalClaim),
      idToken: list(optionalClaim),
      saml2Token: list(optionalClaim),
    }),
    parentalControlSettings: record(
      { countriesBlockedForMinors: list(text()), legalAgeGroupRule: text() },
      { countriesBlockedForMinors: [], legalAgeGroupRule: "Allow" },
    ),
    passwordCredentials: list(record(passwordCredentialProperties)),
    publicClient: record({ redirectUris: list(text()) }, { redirectUris: [] }),
    publisherDomain: readOnly(text()),
    requestSignatureVerification: record({
      allowedWeakAlgorithms: oneOf("rsaSha1"),
      isSignedRequestRequired: flag(),
    }),
    requiredResourceAccess: list(
      record({
        resourceAppId: required(guid()),
        resourceAccess: list(record({ id: required(guid()), type: oneOf("Role", "Scope") })),
      }),
    ),
    samlMetadataUrl: text(),
    serviceManagementReference: text(),
    servicePrincipalLockConfiguration: record({
      allProperties: flag(),
      credentialsWithUsageSign: flag(),
      credentialsWithUsageVerify: flag(),
      isEnabled: flag(false),
      tokenEncryptionKeyId: flag(),
    }),
    signInAudience: {
      ...oneOf(...signInAudiences),
      initial: "AzureADandPersonalMicrosoftAccount",
      nullable: false,
    },
    spa: record({ redirectUris: list(text()) }, { redirectUris: [] }),
    tags: list(text(256)),
    tokenEncryptionKeyId: guid(),
    uniqueName: onCreate(text(120)),
    verifiedPublisher: readOnly(
      record({}, { displayName: null, verifiedPublisherId: null, addedDateTime: null }),
    ),
    web: record(
      {
        homePageUrl: text(),
        implicitGrantSettings: record(
          { enableAccessTokenIssuance: flag(), enableIdTokenIssuance: flag() },
          { enableAccessTokenIssuance: false, enableIdTokenIssuance: false },
        ),
        logoutUrl: text(),
        redirectUris: list(text()),
        redirectUriSettings: list(record({ index: integer(), uri: text() })),
      },
      {
        homePageUrl: null,
        implicitGrantSettings: { enableAccessTokenIssuance: false, enableIdTokenIssuance: false },
        logoutUrl: null,
        redirectUris: [],
        redirectUriSettings: [],
      },
    ),
  },
  selectedOnly: ["authenticationBehaviors"],
  filterable: [
    "id",
    "appId",
    "displayName",
    "isDisabled",
    "createdDateTime",
    "identifierUris",
    "tags",
    "signInAudience",
    "uniqueName",
    "publisherDomain",
    "web/redirectUris",
    "spa/redirectUris",
    "publicClient/redirectUris",
  ],
  bindable: ["owners"],
};

/** `extensionProperty`, a directory extension. */
export const extensionPropertyType: EntityType = {
  name: "extensionProperty",
  properties: {
    id: readOnly(guid()),
    deletedDateTime: readOnly(dateTime()),
    appDisplayName: readOnly(text()),
    dataType: required(oneOf("Binary", "Boolean", "DateTime", "Integer", "LargeInteger", "String")),
    isMultiValued: flag(false),
    isSyncedFromOnPremises: readOnly(flag(false)),
    name: required(text()),
    targetObjects: required(
      list(oneOf("User", "Group", "AdministrativeUnit", "Application", "Device", "Organization")),
    ),
  },
  filterable: ["name"],
};
