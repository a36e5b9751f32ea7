import * as v from "valibot";
import type { CredentialPermission, CredentialRole, Reach } from "../../microsoft/credentialWriters.ts";
import { credentialPermissions, credentialRoles } from "../../microsoft/credentialWriters.ts";
import { wellKnownResources } from "../../microsoft/permissions.ts";
import { ApiError, isUnlicensed } from "../../graph/apiError.ts";
import type { GraphClient, GraphOutcome, GraphRead } from "../../graph/graphClient.ts";
import { all, mapped, one, quoted } from "../../graph/graphClient.ts";
import { Reference } from "../../graph/objects.ts";
import { customRolesWith } from "./customRoles.ts";
import { lacks } from "../audit/rule.ts";

/** Somebody with one right over every application of a tenant. */
export interface RightHolder {
  /** The object ID. */
  readonly principalId: string;
  /** The type in Graph; of a group, each member has the right. "unknown" where Graph does not say. */
  readonly kind: "user" | "group" | "servicePrincipal" | "unknown";
  /** The display name; absent where the identity may not read it. */
  readonly name?: string;
  /** The name of the directory role, or of the application permission of Microsoft Graph. */
  readonly right: string;
  /** How whoever has the right gets to add credentials. */
  readonly way: string;
  /** Whether the role is in force, or there to be activated. */
  readonly state: "active" | "eligible";
}

/** Who has one of some rights over every application of a tenant. */
export interface Holders {
  readonly holders: readonly RightHolder[];
  /** What is missing from `holders`, and why. */
  readonly notRead: readonly NotRead[];
}

/** A holder in one line. */
export function holderLine({ kind, name, principalId, right, way, state }: RightHolder): string {
  const who = name === undefined ? words[kind] : `${words[kind]} "${name}"`;
  const eligible = state === "eligible" ? "eligible for " : "";
  return `${eligible}${right}, which ${way}: ${who}, object ID ${principalId}`;
}

const words: Readonly<Record<RightHolder["kind"], string>> = {
  user: "user",
  group: "each member of the group",
  servicePrincipal: "service principal",
  unknown: "principal",
};

/** One line for each reason why something was not read. */
export function notReadLines(unread: readonly NotRead[]): readonly string[] {
  const reasons = [...new Set(unread.map(({ reason }) => reason))];
  return reasons.map((reason) => {
    const parts = unread.filter((part) => part.reason === reason).map(({ what }) => what);
    return `${parts.join(", ")}: ${reason}`;
  });
}

/** Something that could not be read. */
export interface NotRead {
  readonly what: string;
  readonly reason: string;
}

const Assignment = v.object({
  principalId: Reference,
  directoryScopeId: v.nullish(v.string()),
  principal: v.nullish(
    v.object({ "@odata.type": v.nullish(v.string()), displayName: v.nullish(v.string()) }),
  ),
});
type Assignment = v.InferOutput<typeof Assignment>;

const Service = v.object({
  appRoles: v.array(v.object({ id: v.string(), value: v.nullish(v.string()) })),
});

const Grant = v.object({
  appRoleId: v.string(),
  principalId: Reference,
  principalDisplayName: v.nullish(v.string()),
});
type Grant = v.InferOutput<typeof Grant>;

/** What one read gives; the permissions' names come with another read than their holders. */
interface Part {
  readonly holders?: readonly RightHolder[];
  readonly permissions?: ReadonlyMap<string, CredentialPermission>;
  readonly grants?: readonly Grant[];
}

interface Wanted {
  readonly what: string;
  /** The application permission of Microsoft Graph that the read takes. */
  readonly permission: string;
  readonly read: GraphRead<Part>;
}

const service = `/servicePrincipals(appId='${wellKnownResources["MicrosoftGraph"]}')`;
const byPermission = "service principals with such permissions of Microsoft Graph";
const readsApplications = "Application.Read.All";
const readsRoles = "RoleManagement.Read.Directory";

/** Every read, of which each can fail alone. A service principal's permissions take two. */
function readsOf(reach: Reach): readonly Wanted[] {
  const roles = credentialRoles.filter(({ liftsBlocks }) => reach === "addsCredentials" || liftsBlocks);
  return [
    ...roles.flatMap((role) => [roleRead(role, "active"), roleRead(role, "eligible")]),
    customRoleRead(reach, "active"),
    customRoleRead(reach, "eligible"),
    {
      what: byPermission,
      permission: readsApplications,
      read: mapped(one(`${service}?$select=id,appRoles`, Service), ({ appRoles }) => ({
        permissions: new Map(
          credentialPermissions.flatMap((permission) =>
            appRoles
              .filter(({ value }) => value === permission.value)
              .map(({ id }) => [id, permission] as const),
          ),
        ),
      })),
    },
    {
      what: byPermission,
      permission: readsApplications,
      read: mapped(all(`${service}/appRoleAssignedTo`, Grant), (grants) => ({ grants })),
    },
  ];
}

/** Reads who reaches so far with any application of a tenant. Whatever cannot be read is named. @throws SignInError */
export async function readHolders(graph: GraphClient, reach: Reach): Promise<Holders> {
  const reads = readsOf(reach);
  return holdersIn(reads, await outcomesOf(graph, reads));
}

/** Makes of the outcomes, one for each read in its order, the list of holders: active, eligible, by permission. */
function holdersIn(reads: readonly Wanted[], outcomes: readonly GraphOutcome<Part>[]): Holders {
  const parts = outcomes.flatMap((outcome) => (outcome.ok ? [outcome.value] : []));
  const byRole = parts.flatMap(({ holders = [] }) => holders);
  const permissions = parts.find((part) => part.permissions !== undefined)?.permissions;
  const granted = parts.flatMap(({ grants = [] }) => grants).flatMap((grant) => holderBy(grant, permissions));
  const unread = outcomes.flatMap((outcome, index) => {
    const part = reads[index];
    return outcome.ok || part === undefined || isUnlicensed(outcome.error)
      ? []
      : [notRead(part, outcome.error)];
  });
  return {
    holders: [
      ...byRole.filter(({ state }) => state === "active"),
      ...byRole.filter(({ state }) => state === "eligible"),
      ...granted.toSorted((first, second) => order(first) - order(second)),
    ],
    notRead: [...new Map(unread.map((each) => [each.what, each])).values()],
  };
}

function roleRead({ name, templateId, way }: CredentialRole, state: RightHolder["state"]): Wanted {
  return {
    what: state === "active" ? `holders of ${name}` : `who is eligible for ${name}`,
    permission: readsRoles,
    read: mapped(assignmentsOf(templateId, state), (found) => ({
      holders: holdersOf(found, { right: name, way, state }),
    })),
  };
}

function customRoleRead(reach: Reach, state: RightHolder["state"]): Wanted {
  const read = customRolesWith(reach, (id) => assignmentsOf(id, state));
  return {
    what: state === "active" ? "holders of custom roles" : "who is eligible for custom roles",
    permission: readsRoles,
    read: mapped(read, (roles) => ({
      holders: roles.flatMap(({ right, way, held }) => holdersOf(held, { right, way, state })),
    })),
  };
}

function assignmentsOf(
  roleDefinitionId: string,
  state: RightHolder["state"],
): GraphRead<readonly Assignment[]> {
  const list = state === "active" ? "roleAssignments" : "roleEligibilitySchedules";
  return all(
    `/roleManagement/directory/${list}?$filter=roleDefinitionId%20eq%20${quoted(roleDefinitionId)}&$expand=principal`,
    Assignment,
  );
}

function holdersOf(
  found: readonly Assignment[],
  held: Pick<RightHolder, "right" | "way" | "state">,
): readonly RightHolder[] {
  return found
    .filter(({ directoryScopeId }) => directoryScopeId === "/")
    .map((assignment) => ({ ...principalOf(assignment), ...held }));
}

function principalOf({
  principalId,
  principal,
}: Assignment): Pick<RightHolder, "principalId" | "kind" | "name"> {
  const type = principal?.["@odata.type"]?.replace("#microsoft.graph.", "");
  const kind = kinds.find((each) => each === type) ?? "unknown";
  return { principalId, kind, ...named(principal?.displayName) };
}

const kinds = ["user", "group", "servicePrincipal"] as const;

function holderBy(
  { appRoleId, principalId, principalDisplayName }: Grant,
  permissions: Part["permissions"],
): readonly RightHolder[] {
  const permission = permissions?.get(appRoleId);
  if (permission === undefined) return [];
  const { value: right, way } = permission;
  return [
    { principalId, kind: "servicePrincipal", ...named(principalDisplayName), right, way, state: "active" },
  ];
}

function named(name: string | null | undefined): Pick<RightHolder, "name"> {
  return typeof name === "string" ? { name } : {};
}

function order({ right }: RightHolder): number {
  return credentialPermissions.findIndex(({ value }) => value === right);
}

/** The outcome of each read; where the batch itself fails, that of all. */
async function outcomesOf(
  graph: GraphClient,
  reads: readonly Wanted[],
): Promise<readonly GraphOutcome<Part>[]> {
  try {
    return Object.values(
      await graph.batch<Record<string, Part>>(
        Object.fromEntries(reads.map(({ read }, index) => [`read ${index}`, read])),
      ),
    );
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return reads.map(() => ({ ok: false, error }));
  }
}

function notRead({ what, permission }: Wanted, { failure, message }: ApiError): NotRead {
  const denied = failure.status === 401 || failure.status === 403;
  // The same for all that one right opens, so that a view says it once.
  return { what, reason: denied ? `${lacks(permission)} (${failure.reason})` : message };
}
