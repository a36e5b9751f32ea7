import { ownTenantAudience } from "../../microsoft/signInAudience.ts";
import { isDeepStrictEqual } from "node:util";
import { noId } from "../../graph/objects.ts";
import type { Properties } from "../../stack/values.ts";
import { exchangeServices } from "../../microsoft/exchangeAccess.ts";
import type { AdoptedSettings } from "./declaration.ts";
import { isGrantedManageAsApp, resourceNameOf } from "./declaration.ts";
import type { FoundApplication, FoundObject, GrantedPermission } from "./readFound.ts";

/** Something that the tenant has, and that an update would remove, empty or overwrite. */
export interface UpdateLoss {
  readonly object: "application" | "servicePrincipal";
  /** As Microsoft Graph names it, such as `web.redirectUris`. */
  readonly property: string;
  /** What it is, and its value, in words. */
  readonly title: string;
}

/** A property that azuread writes at every update. */
interface Written {
  readonly object: UpdateLoss["object"];
  readonly property: string;
  readonly title: string;
  /** What an update makes of it where the component declares nothing. @default unset: null, false, "" and [] */
  readonly becomes?: unknown;
}

/**
 * What an update sets or empties, though the component has no argument for it.
 *
 * Source: azuread 6.9, resources Application and ServicePrincipal, `applicationResourceUpdate` and
 * `servicePrincipalResourceUpdate`; tried with the official plugin, property by property.
 */
const written: readonly Written[] = [
  ...of("application", {
    description: "description",
    identifierUris: "identifier URIs",
    "web.redirectUris": "redirect URIs (web)",
    "web.homePageUrl": "home page",
    "web.logoutUrl": "sign-out URL",
    "web.implicitGrantSettings.enableAccessTokenIssuance": "implicit grant of access tokens",
    "web.implicitGrantSettings.enableIdTokenIssuance": "implicit grant of ID tokens",
    "spa.redirectUris": "redirect URIs (single-page application)",
    "publicClient.redirectUris": "redirect URIs (public client)",
    isFallbackPublicClient: "public client",
    isDeviceOnlyAuthSupported: "sign-in of devices",
    groupMembershipClaims: "group claims",
    "api.oauth2PermissionScopes": "exposed scopes",
    "api.knownClientApplications": "known client applications",
    "api.preAuthorizedApplications": "preauthorized applications",
    "api.acceptMappedClaims": "mapped claims",
    appRoles: "app roles",
    "optionalClaims.accessToken": "optional claims of access tokens",
    "optionalClaims.idToken": "optional claims of ID tokens",
    "optionalClaims.saml2Token": "optional claims of SAML tokens",
    "info.marketingUrl": "marketing URL",
    "info.privacyStatementUrl": "privacy statement",
    "info.supportUrl": "support URL",
    "info.termsOfServiceUrl": "terms of service",
    serviceManagementReference: "service management reference",
  }),
  {
    object: "application",
    property: "api.requestedAccessTokenVersion",
    title: "access token version",
    becomes: 1,
  },
  {
    object: "application",
    property: "signInAudience",
    title: "sign-in audience",
    becomes: ownTenantAudience,
  },
  ...of("servicePrincipal", {
    description: "description",
    notes: "notes",
    alternativeNames: "alternative names",
    appRoleAssignmentRequired: "assignment required",
    loginUrl: "sign-in URL",
    notificationEmailAddresses: "notification addresses",
    preferredSingleSignOnMode: "single sign-on mode",
    "samlSingleSignOnSettings.relayState": "SAML relay state",
  }),
  { object: "servicePrincipal", property: "accountEnabled", title: "disabled sign-in", becomes: true },
];

function of(object: UpdateLoss["object"], titles: Readonly<Record<string, string>>): readonly Written[] {
  return Object.entries(titles).map(([property, title]) => ({ object, property, title }));
}

/**
 * What the first update would take from an application whose object the component owns: what azuread writes and the
 * settings do not declare. Nothing where the settings name the application by `existingClientId`.
 */
export function updateLosses(found: FoundApplication, settings: AdoptedSettings): readonly UpdateLoss[] {
  const { application, servicePrincipal } = found;
  if (application === undefined || settings.existingClientId !== undefined) return [];
  const objects = { application, servicePrincipal };
  return [
    ...written.flatMap(({ becomes, ...one }) => {
      const value = valueAt(objects[one.object], one.property);
      const isKept = becomes === undefined ? isUnset(value) : value === becomes || value == null;
      return isKept ? [] : [loss(one, value)];
    }),
    ...declaredOtherwise(application, settings),
    ...requestedPermissions(found, settings),
    ...ownersLost(found, settings),
  ];
}

/** Of the properties that have an argument, those whose value the settings do not repeat. */
function declaredOtherwise(application: FoundObject, settings: AdoptedSettings): readonly UpdateLoss[] {
  const pairs = [
    ["displayName", "display name", settings.displayName],
    ["notes", "notes", settings.notes],
    ["tags", "tags", settings.tags],
  ] as const;
  return pairs.flatMap(([property, title, declared]) => {
    const value = application[property];
    const isKept = isDeepStrictEqual(sorted(value), sorted(declared));
    return isUnset(value) || isKept ? [] : [loss({ object: "application", property, title }, value)];
  });
}

/** What the application asks for and the component does not: it lists its own permissions alone. */
function requestedPermissions(
  { application, permissions }: FoundApplication,
  settings: AdoptedSettings,
): readonly UpdateLoss[] {
  const kept = new Set(
    permissions
      .filter((one) => isDeclared(one, settings))
      .map(({ resourceAppId, appRoleId }) => `${resourceAppId ?? ""} ${appRoleId}`),
  );
  const requested = listAt(application, "requiredResourceAccess").flatMap((access) => {
    const resourceAppId = textAt(access, "resourceAppId");
    return listAt(access, "resourceAccess").map((item) => ({
      resourceAppId,
      id: textAt(item, "id"),
      type: textAt(item, "type"),
    }));
  });
  return requested
    .filter(({ resourceAppId, id, type }) => type !== "Role" || !kept.has(`${resourceAppId} ${id}`))
    .map(({ resourceAppId, id, type }) => {
      const granted = permissions.find((one) => one.appRoleId === id && one.resourceAppId === resourceAppId);
      const service = permissions.find((one) => one.resourceAppId === resourceAppId)?.resourceName;
      const kind = type === "Role" ? "application permission" : "delegated permission";
      return {
        object: "application",
        property: "requiredResourceAccess",
        title: `requested ${kind} ${granted?.value ?? id} of ${service ?? resourceAppId}`,
      };
    });
}

/** Whether the component grants a permission that the application holds. */
function isDeclared(granted: GrantedPermission, settings: AdoptedSettings): boolean {
  const { resourceAppId = "", value, appRoleId, isOffered } = granted;
  const isExchange = exchangeServices.includes(resourceAppId) && isGrantedManageAsApp(granted);
  if (isExchange && (resourceAppId === exchangeServices[0] || settings.securityAndCompliance !== false))
    return true;
  return (
    isOffered &&
    (settings.apiPermissions ?? []).some(
      ({ resource, permission }) =>
        resource === resourceNameOf(resourceAppId) && permission === (value ?? appRoleId),
    )
  );
}

function ownersLost(
  { applicationOwners, principalOwners }: FoundApplication,
  { owners = [] }: AdoptedSettings,
): readonly UpdateLoss[] {
  const lost = applicationOwners.filter(({ id }) => !owners.includes(id));
  return [
    ...lost.map((one) => ({ object: "application" as const, ...one })),
    ...principalOwners.map((one) => ({ object: "servicePrincipal" as const, ...one })),
  ].map(({ object, id, displayName }) => ({
    object,
    property: "owners",
    title: `owner ${displayName ?? "somebody"}, object ID ${id}`,
  }));
}

function loss({ object, property, title }: Omit<Written, "becomes">, value: unknown): UpdateLoss {
  const shown =
    Array.isArray(value) && value.some((item) => typeof item === "object")
      ? `${value.length} of them`
      : JSON.stringify(value);
  return { object, property, title: `${title}: ${shown}` };
}

function isUnset(value: unknown): boolean {
  return (
    value === undefined ||
    value === null ||
    value === "" ||
    value === false ||
    (Array.isArray(value) && value.length === 0)
  );
}

function sorted(value: unknown): unknown {
  return Array.isArray(value) ? value.map(String).toSorted() : value;
}

function valueAt(object: Properties, path: string): unknown {
  return path.split(".").reduce<unknown>((value, name) => propertyOf(value, name), object);
}

function propertyOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Properties)[name] : undefined;
}

function listAt(value: unknown, name: string): readonly unknown[] {
  const list = propertyOf(value, name);
  return Array.isArray(list) ? list : [];
}

function textAt(value: unknown, name: string): string {
  const text = propertyOf(value, name);
  return typeof text === "string" ? text : noId;
}
