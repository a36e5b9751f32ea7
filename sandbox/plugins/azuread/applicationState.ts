import type { Properties } from "../protocol/values.ts";
import { featureTagsOf } from "./featureTags.ts";
import { flagOf, objectOf, objectsOf, textOf, textsOf, type Json } from "./json.ts";

/** The state of an application that Graph describes, without its owners. */
export function applicationState(app: Json, beta: Json, prior: Properties): Properties {
  const info = objectOf(app, "info");
  const api = objectOf(app, "api");
  return {
    api: api === undefined ? null : apiState(api),
    appRoleIds: idsByValue(objectsOf(app, "appRoles")),
    appRoles: objectsOf(app, "appRoles").map(appRoleState),
    clientId: textOf(app, "appId"),
    description: textOf(app, "description"),
    deviceOnlyAuthEnabled: flagOf(app, "isDeviceOnlyAuthSupported"),
    disabledByMicrosoft: textOf(app, "disabledByMicrosoftStatus"),
    displayName: textOf(app, "displayName"),
    fallbackPublicClientEnabled: flagOf(app, "isFallbackPublicClient"),
    featureTags: [featureTagsOf(textsOf(app, "tags"))],
    groupMembershipClaims: membershipClaims(textOf(app, "groupMembershipClaims")),
    identifierUris: textsOf(app, "identifierUris"),
    logoImage: prior["logoImage"] ?? "",
    ...(info !== undefined && {
      logoUrl: textOf(info, "logoUrl"),
      marketingUrl: textOf(info, "marketingUrl"),
      privacyStatementUrl: textOf(info, "privacyStatementUrl"),
      supportUrl: textOf(info, "supportUrl"),
      termsOfServiceUrl: textOf(info, "termsOfServiceUrl"),
    }),
    notes: textOf(app, "notes"),
    ...(api !== undefined && {
      oauth2PermissionScopeIds: idsByValue(objectsOf(api, "oauth2PermissionScopes")),
    }),
    oauth2PostResponseRequired: flagOf(beta, "oauth2RequirePostResponse"),
    objectId: textOf(app, "id"),
    optionalClaims: claimsState(objectOf(app, "optionalClaims")),
    password: null,
    preventDuplicateNames: prior["preventDuplicateNames"] === true,
    publicClient: redirectsState(objectOf(app, "publicClient")),
    publisherDomain: textOf(app, "publisherDomain"),
    requiredResourceAccesses: objectsOf(app, "requiredResourceAccess").map((access) => ({
      resourceAccesses: objectsOf(access, "resourceAccess").map((item) => ({
        id: textOf(item, "id"),
        type: textOf(item, "type"),
      })),
      resourceAppId: textOf(access, "resourceAppId"),
    })),
    serviceManagementReference: textOf(app, "serviceManagementReference"),
    signInAudience: textOf(app, "signInAudience"),
    singlePageApplication: redirectsState(objectOf(app, "spa")),
    tags: textsOf(app, "tags"),
    templateId: textOf(app, "applicationTemplateId"),
    web: webState(objectOf(app, "web")),
  };
}

/** App roles as the plugin shows them. */
export function appRoleState(role: Json): Properties {
  return {
    allowedMemberTypes: textsOf(role, "allowedMemberTypes"),
    description: textOf(role, "description"),
    displayName: textOf(role, "displayName"),
    enabled: flagOf(role, "isEnabled"),
    id: textOf(role, "id"),
    value: textOf(role, "value"),
  };
}

/** Permission scopes as the plugin shows them. */
export function permissionScopeState(scope: Json): Properties {
  return {
    adminConsentDescription: textOf(scope, "adminConsentDescription"),
    adminConsentDisplayName: textOf(scope, "adminConsentDisplayName"),
    enabled: flagOf(scope, "isEnabled"),
    id: textOf(scope, "id"),
    type: textOf(scope, "type"),
    userConsentDescription: textOf(scope, "userConsentDescription"),
    userConsentDisplayName: textOf(scope, "userConsentDisplayName"),
    value: textOf(scope, "value"),
  };
}

/** The ids of roles or scopes by their values; those without a value are left out. */
export function idsByValue(items: readonly Json[]): Properties {
  const entries = items.map((item): [string, string] => [textOf(item, "value"), textOf(item, "id")]);
  return Object.fromEntries(entries.filter(([value]) => value !== ""));
}

function apiState(api: Json): Properties {
  const version = api["requestedAccessTokenVersion"];
  return {
    knownClientApplications: textsOf(api, "knownClientApplications"),
    mappedClaimsEnabled: flagOf(api, "acceptMappedClaims"),
    oauth2PermissionScopes: objectsOf(api, "oauth2PermissionScopes").map(permissionScopeState),
    requestedAccessTokenVersion: typeof version === "number" ? version : 1,
  };
}

function claimsState(claims: Json | undefined): Properties | null {
  if (claims === undefined) return null;
  const listed = (name: string) =>
    objectsOf(claims, name).map((claim) => ({
      additionalProperties: textsOf(claim, "additionalProperties"),
      essential: flagOf(claim, "essential"),
      name: textOf(claim, "name"),
      source: textOf(claim, "source"),
    }));
  return {
    accessTokens: listed("accessToken"),
    idTokens: listed("idToken"),
    saml2Tokens: listed("saml2Token"),
  };
}

function membershipClaims(claims: string): string[] {
  return claims === "" ? [] : claims.split(",").map((claim) => claim.trim());
}

function redirectsState(client: Json | undefined): Properties | null {
  return client === undefined ? null : { redirectUris: textsOf(client, "redirectUris") };
}

function webState(web: Json | undefined): Properties | null {
  if (web === undefined) return null;
  const grant = objectOf(web, "implicitGrantSettings");
  return {
    homepageUrl: textOf(web, "homePageUrl"),
    implicitGrant:
      grant === undefined
        ? null
        : {
            accessTokenIssuanceEnabled: flagOf(grant, "enableAccessTokenIssuance"),
            idTokenIssuanceEnabled: flagOf(grant, "enableIdTokenIssuance"),
          },
    logoutUrl: textOf(web, "logoutUrl"),
    redirectUris: textsOf(web, "redirectUris"),
  };
}
