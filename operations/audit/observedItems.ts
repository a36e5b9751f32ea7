import { builtInRoles } from "../../microsoft/builtInRoles.ts";
import { certificateSha256 } from "../../common/certificate.ts";
import { roleKey } from "./declaredAccess.ts";
import type {
  Credentials,
  KeyCredential,
  NamedObject,
  ObservedAccess,
  RoleAssignment,
} from "./observedAccess.ts";
import { criticalPermissions } from "../../microsoft/criticalPermissions.ts";
import type { ApplicationObjects, Holder, Removal } from "../../graph/removal.ts";
import { application, servicePrincipal } from "../../graph/removal.ts";
import type { RuleName } from "./rules.ts";

/** Something that grants access, as it was found. */
export interface ObservedItem {
  readonly rule: RuleName;
  /** Compared, in lower case, with what is declared. */
  readonly key: string;
  /** In words. */
  readonly found: string;
  /** Absent for what is a property. */
  readonly removal?: Removal;
  readonly critical?: boolean;
}

type Value<K extends keyof ObservedAccess> = Extract<ObservedAccess[K], { readonly ok: true }>["value"];

/** What each part of an audit's answers says, item by item. */
export const itemsOf: {
  readonly [K in keyof ObservedAccess]: (
    value: Value<K>,
    objects: ApplicationObjects,
  ) => readonly ObservedItem[];
} = {
  application: (value, objects) => credentialItems(value, application(objects), "application"),
  servicePrincipal: (value, objects) => credentialItems(value, servicePrincipal(objects), "servicePrincipal"),
  applicationOwners: (owners, objects) => ownerItems(owners, application(objects), "application"),
  servicePrincipalOwners: (owners, objects) =>
    ownerItems(owners, servicePrincipal(objects), "servicePrincipal"),
  federatedCredentials: (credentials, objects) =>
    credentials.map(({ id, name, issuer, subject }) => ({
      rule: "federatedCredential",
      key: id,
      found: `"${name}" for ${subject ?? "whatever its expression matches"} of ${issuer}, id ${id}`,
      removal: { kind: "delete", path: `${pathOf(application(objects))}/federatedIdentityCredentials/${id}` },
    })),
  applicationPolicies: (policies, objects) => policyItems(policies, application(objects)),
  servicePrincipalPolicies: (policies, objects) => policyItems(policies, servicePrincipal(objects)),
  permissions: (assignments, objects) =>
    assignments.map(({ id, appRoleId, resourceId, resourceDisplayName }) => ({
      rule: "permission",
      key: `${resourceId} ${appRoleId}`,
      found: `${criticalPermissions[appRoleId] ?? `app role ${appRoleId}`} of ${resourceDisplayName ?? resourceId}`,
      removal: { kind: "delete", path: `${pathOf(servicePrincipal(objects))}/appRoleAssignments/${id}` },
      critical: criticalPermissions[appRoleId] !== undefined,
    })),
  delegatedGrants: (grants) =>
    grants.flatMap(({ id, resourceId, principalId, scope }) =>
      (scope ?? "")
        .split(" ")
        .filter((name) => name !== "")
        .map((name) => ({
          rule: "delegatedGrant" as const,
          key: `${resourceId} ${principalId ?? ""} ${name}`,
          found: `${name} of the resource ${resourceId} for ${principalId ?? "everybody"}`,
          removal: { kind: "delete" as const, path: `/oauth2PermissionGrants/${id}` },
        })),
    ),
  memberships: (objects, { servicePrincipalObjectId }) =>
    objects
      .filter(({ isAssignableToRole }) => isAssignableToRole === true)
      .map(({ id, displayName }) => ({
        rule: "roleGroup",
        key: id,
        found: `group "${displayName ?? "unnamed"}", object id ${id}`,
        removal: { kind: "delete", path: `/groups/${id}/members/${servicePrincipalObjectId}/$ref` },
      })),
  roles: (assignments) => assignments.map((assignment) => roleItem("role", assignment)),
  eligibilities: (schedules) => schedules.map((schedule) => roleItem("roleEligibility", schedule)),
  rolesOverApplication: (assignments) => assignments.map((assignment) => roleItem("scopedRole", assignment)),
  rolesOverServicePrincipal: (assignments) =>
    assignments.map((assignment) => roleItem("scopedRole", assignment)),
};

function credentialItems(
  { keyCredentials, passwordCredentials }: Credentials,
  holder: Holder,
  what: "application" | "servicePrincipal",
): readonly ObservedItem[] {
  return [
    ...keyCredentials
      .filter((credential) => !isHidden(credential))
      .map((credential): ObservedItem => ({
        rule: `${what}Certificate`,
        ...identified(credential),
        removal: { kind: "certificate", holder, keyId: credential.keyId },
      })),
    ...passwordCredentials.map(({ keyId, displayName, endDateTime }): ObservedItem => ({
      rule: `${what}Password`,
      key: keyId,
      found: `"${displayName ?? "unnamed"}", keyId ${keyId}, until ${endDateTime ?? "ever"}`,
      removal: { kind: "password", holder, keyId },
    })),
  ];
}

function ownerItems(
  owners: readonly NamedObject[],
  holder: Holder,
  what: "application" | "servicePrincipal",
): readonly ObservedItem[] {
  return owners.map(({ id, displayName }) => ({
    rule: `${what}Owner`,
    key: id,
    found: `${displayName ?? "somebody"}, object id ${id}`,
    removal: { kind: "delete", path: `${pathOf(holder)}/owners/${id}/$ref` },
  }));
}

function policyItems(policies: readonly NamedObject[], holder: Holder): readonly ObservedItem[] {
  return policies.map(({ id, displayName }) => ({
    rule: "managementPolicy",
    key: id,
    found: `"${displayName ?? "unnamed"}", id ${id}`,
    removal: { kind: "delete", path: `${pathOf(holder)}/appManagementPolicies/${id}/$ref` },
  }));
}

/** Whether a certificate came without its bytes. */
export function isHidden({ type, key }: KeyCredential): boolean {
  return type === "AsymmetricX509Cert" && !key;
}

/** A certificate goes by its own bytes: who adds one chooses its keyId, name and customKeyIdentifier. */
function identified({ keyId, type, usage, displayName, endDateTime, key }: KeyCredential): {
  readonly key: string;
  readonly found: string;
} {
  const about = `"${displayName ?? "unnamed"}" (${type ?? "no type"}, ${usage ?? "no usage"}), keyId ${keyId}, until ${endDateTime ?? "ever"}`;
  try {
    const sha256 = certificateSha256(Buffer.from(key ?? "", "base64"));
    return { key: sha256, found: `SHA-256 ${sha256.toUpperCase()}, ${about}` };
  } catch {
    return { key: `keyId ${keyId}`, found: `a key that is no certificate, ${about}` };
  }
}

function roleItem(
  rule: "role" | "roleEligibility" | "scopedRole",
  { id, principalId, roleDefinitionId, directoryScopeId }: RoleAssignment,
): ObservedItem {
  const name = roleNames.get(roleDefinitionId) ?? `role ${roleDefinitionId}`;
  const holder = rule === "scopedRole" ? ` of principal ${principalId}` : "";
  const removal: Removal = { kind: "delete", path: `/roleManagement/directory/roleAssignments/${id}` };
  return {
    rule,
    // Another kind of scope is not the whole tenant.
    key: roleKey(principalId, roleDefinitionId, directoryScopeId ?? "appScope"),
    found: `${name}${holder} over ${directoryScopeId === "/" ? "the whole tenant" : (directoryScopeId ?? "?")}`,
    ...(rule === "roleEligibility" ? {} : { removal }),
  };
}

const roleNames = new Map(Object.entries(builtInRoles).map(([name, id]) => [id, name]));

function pathOf({ collection, id }: Holder): string {
  return `/${collection}/${id}`;
}
