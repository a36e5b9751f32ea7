import * as v from "valibot";
import { certificateSha256 } from "../../common/certificate.ts";
import { childTypes } from "../../common/typeTokens.ts";
import type { StackComponent } from "../../stack/components.ts";
import type { StackResource } from "../../stack/resource.ts";
import { plain, type Properties } from "../../stack/values.ts";
import type { RuleName } from "./rules.ts";

/** What a stack declares of the access through one application. */
export interface DeclaredAccess {
  /** By the kind of finding that each would be if it were not declared. */
  readonly keys: ReadonlyMap<RuleName, ReadonlySet<string>>;
  /** Absent where the stack does not manage the application itself. */
  readonly signInAudience?: string;
  /** The current certificate's validity, RFC 3339. */
  readonly notBefore: string;
  readonly notAfter: string;
}

type State = Properties;

/**
 * What a stack declares for a component: all that Pulumi manages counts, whether the component made it or something
 * beside it, and what waits for its deletion until the next update.
 *
 * @param resources of a state that was exported with its secrets.
 */
export function declaredAccess(
  resources: readonly StackResource[],
  component: StackComponent,
): DeclaredAccess {
  const keys = new Map<RuleName, Set<string>>();
  let signInAudience: string | undefined;
  for (const { type, inputs, outputs } of resources) {
    const wanted = opened(inputs);
    const state: State = { ...wanted, ...opened(outputs) };
    for (const [name, found] of declarations(type, state, wanted, component)) {
      keys.set(name, new Set([...(keys.get(name) ?? []), ...found.map((key) => key.toLowerCase())]));
    }
    if (type === childTypes.application && isSame(state["objectId"], component.applicationObjectId)) {
      signInAudience = text(state["signInAudience"]);
    }
  }
  const [{ certificateNotBefore: notBefore, certificateNotAfter: notAfter }] = component.generations;
  return { keys, notBefore, notAfter, ...(signInAudience === undefined ? {} : { signInAudience }) };
}

/** The key of a role that somebody holds. */
export function roleKey(
  principalId: string,
  roleDefinitionId: string,
  scope: string | null | undefined,
): string {
  return `${principalId} ${roleDefinitionId} ${scope || "/"}`.toLowerCase();
}

type Declarations = readonly (readonly [RuleName, readonly string[]])[];

/**
 * What one resource declares. The names are azuread's.
 *
 * @param wanted what the program asked for, where what the tenant answered says more than that.
 */
function declarations(
  type: string,
  state: State,
  wanted: State,
  { applicationObjectId, servicePrincipalObjectId }: StackComponent,
): Declarations {
  const ofApplication = isSame(state["applicationId"], applicationObjectId);
  const ofPrincipal = isSame(state["servicePrincipalId"], servicePrincipalObjectId);
  const forPrincipal = isSame(state["principalObjectId"], servicePrincipalObjectId);
  switch (type.split(":").at(-1)) {
    case "ApplicationCertificate":
      return ofApplication ? [["applicationCertificate", certificates(state)]] : [];
    case "ServicePrincipalCertificate":
      return ofPrincipal ? [["servicePrincipalCertificate", certificates(state)]] : [];
    case "ApplicationPassword":
      return ofApplication ? [["applicationPassword", [text(state["keyId"])]]] : [];
    case "ServicePrincipalPassword":
      return ofPrincipal ? [["servicePrincipalPassword", [text(state["keyId"])]]] : [];
    case "ApplicationFederatedIdentityCredential":
    case "ApplicationFlexibleFederatedIdentityCredential":
      return ofApplication ? [["federatedCredential", [text(state["credentialId"])]]] : [];
    case "ApplicationOwner":
      return ofApplication ? [["applicationOwner", [text(state["ownerObjectId"])]]] : [];
    case "Application":
      return isSame(state["objectId"], applicationObjectId)
        ? [
            ["applicationOwner", texts(state["owners"])],
            ["applicationPassword", inlinePassword(state)],
          ]
        : [];
    case "ServicePrincipal":
      return isSame(state["objectId"], servicePrincipalObjectId)
        ? [["servicePrincipalOwner", texts(state["owners"])]]
        : [];
    case "AppRoleAssignment":
      return forPrincipal
        ? [["permission", [`${text(state["resourceObjectId"])} ${text(state["appRoleId"])}`]]]
        : [];
    case "ServicePrincipalDelegatedPermissionGrant":
      return isSame(state["servicePrincipalObjectId"], servicePrincipalObjectId)
        ? [["delegatedGrant", grantKeys(state)]]
        : [];
    case "DirectoryRoleAssignment": {
      const key = roleKey(
        text(state["principalObjectId"]),
        text(state["roleId"]),
        text(state["directoryScopeId"]),
      );
      return [
        ["role", [key]],
        ["scopedRole", [key]],
      ];
    }
    case "DirectoryRoleEligibilityScheduleRequest":
      return [
        [
          "roleEligibility",
          [
            roleKey(
              text(state["principalId"]),
              text(state["roleDefinitionId"]),
              text(state["directoryScopeId"]),
            ),
          ],
        ],
      ];
    case "GroupMember":
      return isSame(state["memberObjectId"], servicePrincipalObjectId)
        ? [["roleGroup", [text(state["groupObjectId"])]]]
        : [];
    case "PrivilegedAccessGroupAssignmentSchedule":
      return isSame(state["principalId"], servicePrincipalObjectId)
        ? [["roleGroup", [text(state["groupId"])]]]
        : [];
    case "Group":
      return texts(wanted["members"]).some((member) => isSame(member, servicePrincipalObjectId))
        ? [["roleGroup", [text(state["objectId"])]]]
        : [];
    default:
      return [];
  }
}

/** The secret that `Application` itself makes. */
function inlinePassword({ password }: State): readonly string[] {
  return v.is(v.object({ keyId: v.string() }), password) ? [password.keyId] : [];
}

/** One key for each permission, so that a grant that has grown shows what it has grown by. */
function grantKeys(state: State): readonly string[] {
  const resource = text(state["resourceServicePrincipalObjectId"]);
  return texts(state["claimValues"]).map((scope) => `${resource} ${text(state["userObjectId"])} ${scope}`);
}

/** The SHA-256 of a resource's certificate; none where the value is not one, so that what is there is found. */
function certificates(state: State): readonly string[] {
  const value = text(state["value"]);
  const encoding = text(state["encoding"]) || "pem";
  try {
    return [
      certificateSha256(
        encoding === "pem" ? value : Buffer.from(value, encoding === "hex" ? "hex" : "base64"),
      ),
    ];
  } catch {
    return [];
  }
}

function opened(values: State): State {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, plain(value)]));
}

/** Whether an id, or a path that ends in one, is this object's. */
function isSame(value: unknown, objectId: string): boolean {
  return text(value).split("/").at(-1)?.toLowerCase() === objectId.toLowerCase();
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
