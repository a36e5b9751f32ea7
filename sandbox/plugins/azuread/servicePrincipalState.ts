import { computed, flag, list, map, object, text, type Field, type Fields } from "../protocol/schema.ts";
import type { Properties } from "../protocol/values.ts";
import { appRoleState, idsByValue, permissionScopeState } from "./applicationState.ts";
import { featuresOf, featureTagsOf } from "./featureTags.ts";
import { flagOf, objectOf, objectsOf, textOf, textsOf, type Json } from "./json.ts";

const texts: Field = computed(list(text));

/** What the resource and the lookup of a service principal both show. */
export const servicePrincipalOutputs: Fields = {
  appRoleIds: computed(map(text)),
  appRoles: computed(
    list(
      object({
        allowedMemberTypes: texts,
        description: computed(text),
        displayName: computed(text),
        enabled: computed(flag),
        id: computed(text),
        value: computed(text),
      }),
    ),
  ),
  applicationTenantId: computed(text),
  homepageUrl: computed(text),
  logoutUrl: computed(text),
  oauth2PermissionScopeIds: computed(map(text)),
  oauth2PermissionScopes: computed(
    list(
      object({
        adminConsentDescription: computed(text),
        adminConsentDisplayName: computed(text),
        enabled: computed(flag),
        id: computed(text),
        type: computed(text),
        userConsentDescription: computed(text),
        userConsentDisplayName: computed(text),
        value: computed(text),
      }),
    ),
  ),
  redirectUris: texts,
  samlMetadataUrl: computed(text),
  servicePrincipalNames: texts,
  signInAudience: computed(text),
  type: computed(text),
};

/** The state of a service principal that Graph describes. */
export function servicePrincipalState(principal: Json, beta: Json): Properties {
  const clientId = textOf(principal, "appId");
  const saml = objectOf(principal, "samlSingleSignOnSettings");
  const names = textsOf(principal, "servicePrincipalNames");
  return {
    accountEnabled: flagOf(principal, "accountEnabled"),
    alternativeNames: textsOf(principal, "alternativeNames"),
    appRoleAssignmentRequired: flagOf(principal, "appRoleAssignmentRequired"),
    appRoleIds: idsByValue(objectsOf(principal, "appRoles")),
    appRoles: objectsOf(principal, "appRoles").map(appRoleState),
    applicationTenantId: textOf(principal, "appOwnerOrganizationId"),
    clientId,
    description: textOf(principal, "description"),
    displayName: textOf(principal, "displayName"),
    featureTags: [featureTagsOf(textsOf(principal, "tags"))],
    features: [featuresOf(textsOf(principal, "tags"))],
    homepageUrl: textOf(principal, "homepage"),
    loginUrl: textOf(principal, "loginUrl"),
    logoutUrl: textOf(principal, "logoutUrl"),
    notes: textOf(principal, "notes"),
    notificationEmailAddresses: textsOf(principal, "notificationEmailAddresses"),
    oauth2PermissionScopeIds: idsByValue(objectsOf(principal, "oauth2PermissionScopes")),
    oauth2PermissionScopes: objectsOf(principal, "oauth2PermissionScopes").map(permissionScopeState),
    objectId: textOf(principal, "id"),
    preferredSingleSignOnMode: textOf(principal, "preferredSingleSignOnMode"),
    redirectUris: textsOf(principal, "replyUrls"),
    samlMetadataUrl: textOf(beta, "samlMetadataUrl"),
    samlSingleSignOn: saml === undefined ? null : { relayState: textOf(saml, "relayState") },
    servicePrincipalNames: names.filter((name) => name.toLowerCase() !== clientId.toLowerCase()),
    signInAudience: textOf(principal, "signInAudience"),
    tags: textsOf(principal, "tags"),
    type: textOf(principal, "servicePrincipalType"),
  };
}
