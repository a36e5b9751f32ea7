import { criticalPermissions, isCriticalPermission } from "../../../microsoft/criticalPermissions.ts";
import { AppRoleAssignment, PermissionGrant } from "../../../graph/objects.ts";
import type { Properties } from "../../../stack/values.ts";
import type { AuditRule, RuleContext, Observation, ObservedItem } from "../rule.ts";
import { readsAll } from "../rule.ts";
import { isSame, text, texts } from "../stateValues.ts";
import { principalPath, takenAway } from "./parts.ts";

/** The id of the finding of an app role assignment. */
export const permissionId = "EXO-AUDIT-PERMISSION";

/** What the application may do in other services. */
export const permissionRules: readonly AuditRule[] = [
  {
    id: permissionId,
    title: "App role assignment",
    severity: "high",
    why: "Everybody who can sign in as the application may do more with it.",
    source: "https://learn.microsoft.com/graph/permissions-reference",
    reads: [
      readsAll(
        {
          name: "permissions",
          path: (objects) => `${principalPath(objects)}/appRoleAssignments`,
          permission: "Application.Read.All",
        },
        { schema: AppRoleAssignment },
        assignments,
      ),
    ],
    recorded: ({ permissions }) =>
      permissions.map(({ resourceAppId, permission }) => recordedKey(resourceAppId, permission)),
    missing: {
      id: "EXO-AUDIT-PERMISSION-MISSING",
      title: "Declared permission that the application lacks",
      severity: "medium",
      why: `Jobs that need the permission fail. ${takenAway}`,
      source: "https://learn.microsoft.com/graph/api/resources/approleassignment",
    },
    declaredBy: {
      AppRoleAssignment: ({ wanted }, { servicePrincipalObjectId }) =>
        isSame(wanted["principalObjectId"], servicePrincipalObjectId)
          ? [`${text(wanted["resourceObjectId"])} ${text(wanted["appRoleId"])}`]
          : [],
    },
  },
  {
    id: "EXO-AUDIT-DELEGATED-GRANT",
    title: "Delegated permission grant",
    severity: "medium",
    why: "It lets the application act for people who sign in to it.",
    source: "https://learn.microsoft.com/graph/api/resources/oauth2permissiongrant",
    reads: [
      readsAll(
        {
          name: "delegatedGrants",
          path: (objects) => `${principalPath(objects)}/oauth2PermissionGrants`,
          permission: "DelegatedPermissionGrant.Read.All",
        },
        { schema: PermissionGrant },
        (found) => ({ items: found.flatMap(scopesOf) }),
      ),
    ],
    isShared(key, declared) {
      const grant = key.slice(0, key.lastIndexOf(" ") + 1).toLowerCase();
      return [...declared].some((other) => other.startsWith(grant));
    },
    declaredBy: {
      ServicePrincipalDelegatedPermissionGrant: ({ wanted }, { servicePrincipalObjectId }) =>
        isSame(wanted["servicePrincipalObjectId"], servicePrincipalObjectId) ? grantKeys(wanted) : [],
    },
  },
];

function assignments(
  found: readonly AppRoleAssignment[],
  { objects, resources, unreadResource }: RuleContext,
): Observation {
  // Without the service's own list nobody knows whether the record means this permission.
  const known = found.filter(({ resourceId }) => unreadResource === undefined || resources.has(resourceId));
  const items = known.map(({ id, appRoleId, resourceId, resourceDisplayName }): ObservedItem => {
    const resource = resources.get(resourceId);
    const value = resource?.appRoles.find((role) => role.id === appRoleId)?.value;
    const names = [appRoleId, ...(value ? [value] : [])];
    return {
      key: `${resourceId} ${appRoleId}`,
      aliases: resource ? names.map((name) => recordedKey(resource.appId, name)) : [],
      found: `${value ?? criticalPermissions[appRoleId] ?? `app role ${appRoleId}`} of ${resource?.displayName ?? resourceDisplayName ?? resourceId}`,
      removal: { kind: "delete", path: `${principalPath(objects)}/appRoleAssignments/${id}` },
      ...(isCriticalPermission(appRoleId, value) ? { severity: "critical" } : {}),
    };
  });
  if (unreadResource === undefined || known.length === found.length) return { items };
  return { items, hidden: { reason: unreadResource, denied: false } };
}

/** As the record names a permission: by the service's client ID, and the permission's value or its app role's id. */
function recordedKey(resourceAppId: string, permission: string): string {
  return `client ${resourceAppId} ${permission}`;
}

function scopesOf({ id, resourceId, principalId, scope }: PermissionGrant) {
  return (scope ?? "")
    .split(" ")
    .filter((name) => name !== "")
    .map((name) => ({
      key: `${resourceId} ${principalId ?? ""} ${name}`,
      found: `${name} of the resource ${resourceId} for ${principalId ?? "everybody"}`,
      removal: { kind: "delete" as const, path: `/oauth2PermissionGrants/${id}` },
    }));
}

/** One key for each permission, so that a grant that has grown shows what it has grown by. */
function grantKeys(wanted: Properties): readonly string[] {
  const resource = text(wanted["resourceServicePrincipalObjectId"]);
  return texts(wanted["claimValues"]).map((scope) => `${resource} ${text(wanted["userObjectId"])} ${scope}`);
}
