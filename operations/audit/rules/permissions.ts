import * as v from "valibot";
import { criticalPermissions } from "../../../microsoft/criticalPermissions.ts";
import type { Properties } from "../../../stack/values.ts";
import type { AuditRule } from "../rule.ts";
import { readsAll } from "../rule.ts";
import { isSame, text, texts } from "../stateValues.ts";
import { principalPath } from "./parts.ts";

const AppRoleAssignment = v.object({
  id: v.string(),
  appRoleId: v.string(),
  resourceId: v.string(),
  resourceDisplayName: v.nullish(v.string()),
});

const PermissionGrant = v.object({
  id: v.string(),
  resourceId: v.string(),
  consentType: v.nullish(v.string()),
  principalId: v.nullish(v.string()),
  scope: v.nullish(v.string()),
});

/** What the application may do in other services. */
export const permissionRules: readonly AuditRule[] = [
  {
    id: "EXO-AUDIT-PERMISSION",
    title: "App role assignment",
    severity: "high",
    why: "It widens what everybody may do who can sign in as the application.",
    source: "https://learn.microsoft.com/graph/permissions-reference",
    reads: [
      readsAll(
        {
          name: "permissions",
          path: (objects) => `${principalPath(objects)}/appRoleAssignments`,
          permission: "Application.Read.All",
        },
        { schema: AppRoleAssignment },
        (found, { objects }) => ({
          items: found.map(({ id, appRoleId, resourceId, resourceDisplayName }) => ({
            key: `${resourceId} ${appRoleId}`,
            found: `${criticalPermissions[appRoleId] ?? `app role ${appRoleId}`} of ${resourceDisplayName ?? resourceId}`,
            removal: { kind: "delete", path: `${principalPath(objects)}/appRoleAssignments/${id}` },
            ...(criticalPermissions[appRoleId] === undefined ? {} : { severity: "critical" as const }),
          })),
        }),
      ),
    ],
    declaredBy: {
      AppRoleAssignment: ({ state }, { servicePrincipalObjectId }) =>
        isSame(state["principalObjectId"], servicePrincipalObjectId)
          ? [`${text(state["resourceObjectId"])} ${text(state["appRoleId"])}`]
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
      ServicePrincipalDelegatedPermissionGrant: ({ state }, { servicePrincipalObjectId }) =>
        isSame(state["servicePrincipalObjectId"], servicePrincipalObjectId) ? grantKeys(state) : [],
    },
  },
];

function scopesOf({ id, resourceId, principalId, scope }: v.InferOutput<typeof PermissionGrant>) {
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
function grantKeys(state: Properties): readonly string[] {
  const resource = text(state["resourceServicePrincipalObjectId"]);
  return texts(state["claimValues"]).map((scope) => `${resource} ${text(state["userObjectId"])} ${scope}`);
}
