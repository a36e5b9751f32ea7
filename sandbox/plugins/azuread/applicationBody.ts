import { isProperties, sameValue, type Properties } from "../protocol/values.ts";
import { applicationFields } from "./applicationFields.ts";
import { tagsOf } from "./featureTags.ts";
import { booleanIn, objectsIn, orNull, stringIn, stringsIn, type Json } from "./json.ts";
import { objectSetIn, plainSetIn, setIn } from "./sets.ts";

const scopeShape = applicationFields["api"]?.fields?.["oauth2PermissionScopes"]?.element;

/** What a new application is made of. */
export function newApplication(planned: Properties, owners: readonly string[]): Json {
  return {
    ...settings(planned, objectsIn(planned, "featureTags")[0]),
    api: apiOf(planned),
    appRoles: objectSetIn(planned, "appRoles", applicationFields["appRoles"]?.element).map(appRole),
    identifierUris: setIn(planned, "identifierUris"),
    optionalClaims: optionalClaims(planned),
    "owners@odata.bind": owners,
    requiredResourceAccess: requiredResourceAccess(planned),
  };
}

/** What an update sends: every setting, and of the collections only those that changed. */
export function changedApplication(prior: Properties, planned: Properties): Json {
  const changed = (name: string) => !sameValue(prior[name] ?? null, planned[name] ?? null);
  const { oauth2PermissionScopes: _, ...api } = apiOf(planned);
  const features = changed("featureTags") ? objectsIn(planned, "featureTags")[0] : undefined;
  return {
    ...settings(planned, features),
    api,
    ...(changed("identifierUris") && { identifierUris: setIn(planned, "identifierUris") }),
    ...(changed("optionalClaims") && { optionalClaims: optionalClaims(planned) }),
    ...(changed("requiredResourceAccesses") && { requiredResourceAccess: requiredResourceAccess(planned) }),
  };
}

function settings(planned: Properties, features: Properties | undefined): Json {
  const web = objectsIn(planned, "web")[0] ?? {};
  const grant = objectsIn(web, "implicitGrant")[0] ?? {};
  return {
    "@odata.type": "#microsoft.graph.application",
    description: orNull(stringIn(planned, "description")),
    displayName: stringIn(planned, "displayName"),
    groupMembershipClaims: orNull(setIn(planned, "groupMembershipClaims").join(",")),
    info: {
      marketingUrl: orNull(stringIn(planned, "marketingUrl")),
      privacyStatementUrl: orNull(stringIn(planned, "privacyStatementUrl")),
      supportUrl: orNull(stringIn(planned, "supportUrl")),
      termsOfServiceUrl: orNull(stringIn(planned, "termsOfServiceUrl")),
    },
    isDeviceOnlyAuthSupported: booleanIn(planned, "deviceOnlyAuthEnabled"),
    isFallbackPublicClient: booleanIn(planned, "fallbackPublicClientEnabled"),
    notes: orNull(stringIn(planned, "notes")),
    publicClient: redirects(planned, "publicClient"),
    serviceManagementReference: orNull(stringIn(planned, "serviceManagementReference")),
    signInAudience: stringIn(planned, "signInAudience"),
    spa: redirects(planned, "singlePageApplication"),
    tags: features === undefined ? plainSetIn(planned, "tags") : tagsOf(features),
    web: {
      homePageUrl: orNull(stringIn(web, "homepageUrl")),
      implicitGrantSettings: {
        enableAccessTokenIssuance: booleanIn(grant, "accessTokenIssuanceEnabled"),
        enableIdTokenIssuance: booleanIn(grant, "idTokenIssuanceEnabled"),
      },
      logoutUrl: orNull(stringIn(web, "logoutUrl")),
      redirectUris: setIn(web, "redirectUris"),
    },
  };
}

function redirects(planned: Properties, name: string): Json {
  return { redirectUris: setIn(objectsIn(planned, name)[0] ?? {}, "redirectUris") };
}

function apiOf(planned: Properties): Json {
  const api = isProperties(planned["api"]) ? planned["api"] : {};
  return {
    acceptMappedClaims: booleanIn(api, "mappedClaimsEnabled"),
    knownClientApplications: setIn(api, "knownClientApplications"),
    oauth2PermissionScopes: objectSetIn(api, "oauth2PermissionScopes", scopeShape).map(permissionScope),
    requestedAccessTokenVersion: api["requestedAccessTokenVersion"] ?? 1,
  };
}

function permissionScope(scope: Properties): Json {
  return {
    adminConsentDescription: stringIn(scope, "adminConsentDescription"),
    adminConsentDisplayName: stringIn(scope, "adminConsentDisplayName"),
    id: stringIn(scope, "id"),
    isEnabled: booleanIn(scope, "enabled"),
    type: stringIn(scope, "type"),
    userConsentDescription: stringIn(scope, "userConsentDescription"),
    userConsentDisplayName: stringIn(scope, "userConsentDisplayName"),
    value: stringIn(scope, "value"),
  };
}

function appRole(role: Properties): Json {
  return {
    allowedMemberTypes: setIn(role, "allowedMemberTypes"),
    description: stringIn(role, "description"),
    displayName: stringIn(role, "displayName"),
    id: stringIn(role, "id"),
    isEnabled: booleanIn(role, "enabled"),
    value: stringIn(role, "value"),
  };
}

function requiredResourceAccess(planned: Properties): Json[] {
  const shape = applicationFields["requiredResourceAccesses"]?.element;
  return objectSetIn(planned, "requiredResourceAccesses", shape).map((access) => ({
    resourceAccess: objectsIn(access, "resourceAccesses").map((item) => ({
      id: stringIn(item, "id"),
      type: stringIn(item, "type"),
    })),
    resourceAppId: stringIn(access, "resourceAppId"),
  }));
}

function optionalClaims(planned: Properties): Json {
  const claims = objectsIn(planned, "optionalClaims")[0];
  if (claims === undefined) return {};
  const listed = (name: string) =>
    objectsIn(claims, name).map((claim) => ({
      additionalProperties: stringsIn(claim, "additionalProperties"),
      essential: booleanIn(claim, "essential"),
      name: stringIn(claim, "name"),
      ...(stringIn(claim, "source") !== "" && { source: stringIn(claim, "source") }),
    }));
  return {
    accessToken: listed("accessTokens"),
    idToken: listed("idTokens"),
    saml2Token: listed("saml2Tokens"),
  };
}
