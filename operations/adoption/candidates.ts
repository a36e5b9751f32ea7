import * as v from "valibot";
import type { GraphClient, GraphOutcome, GraphRead } from "../../graph/graphClient.ts";
import { all, mapped, quoted } from "../../graph/graphClient.ts";
import { Reference } from "../../graph/objects.ts";
import {
  changesExchangeRoles,
  exchangeServices,
  microsoftGraph,
  reachesMailboxes,
} from "../../microsoft/exchangeAccess.ts";
import { type AppOnlyRole, appOnlyRoles } from "../../microsoft/roles.ts";
import { failedRead } from "../audit/rule.ts";
import type { NotRead } from "./notRead.ts";

/** A service principal that may act on Exchange. */
export interface Candidate {
  /** The object ID of the service principal. */
  readonly principalId: string;
  /** What lets it, in words. */
  readonly access: readonly string[];
}

/** The service principals that may act on Exchange, and what could not be read. */
export interface Candidates {
  readonly candidates: readonly Candidate[];
  readonly notRead: readonly NotRead[];
}

/** One way in that was found. */
interface Way {
  readonly principalId: string;
  readonly access: string;
}

/** A group that holds a role, whose members hold it, too. */
interface HoldingGroup {
  readonly id: string;
  readonly access: string;
}

const Service = v.object({
  id: v.string(),
  displayName: v.nullish(v.string(), "unnamed"),
  appRoles: v.array(v.object({ id: v.string(), value: v.nullish(v.string()) })),
});
type Service = v.InferOutput<typeof Service>;

const Assigned = v.object({
  appRoleId: v.string(),
  principalId: Reference,
  principalType: v.nullish(v.string()),
});

const Holder = v.object({
  principalId: Reference,
  directoryScopeId: v.nullish(v.string()),
  principal: v.nullish(
    v.object({ "@odata.type": v.nullish(v.string()), displayName: v.nullish(v.string()) }),
  ),
});
type Holder = v.InferOutput<typeof Holder>;

const Member = v.object({ "@odata.type": v.nullish(v.string()), id: v.string() });

const readsApplications = "Application.Read.All";
const readsRoles = "RoleManagement.Read.Directory";
const readsGroups = "GroupMember.Read.All";
const servicePrincipalKind = "#microsoft.graph.servicePrincipal";

/**
 * Finds each service principal that may act on Exchange: by an application permission of one of Exchange's services, or
 * by a directory role that Exchange accepts, its own or a group's.
 *
 * @param mail whether permissions of Microsoft Graph that reach mailboxes count, too
 * @throws ApiError where Graph cannot be reached; SignInError
 */
export async function findCandidates(graph: GraphClient, mail: boolean): Promise<Candidates> {
  const [byPermission, byRole] = await Promise.all([permitted(graph, mail), roleHolders(graph)]);
  const ways = [...byPermission.ways, ...byRole.ways];
  const ids = [...new Set(ways.map(({ principalId }) => principalId))];
  return {
    candidates: ids.map((principalId) => ({
      principalId,
      access: [...new Set(ways.filter((way) => way.principalId === principalId).map(({ access }) => access))],
    })),
    notRead: [...byPermission.notRead, ...byRole.notRead],
  };
}

/** What a part of the search gave. */
interface Found {
  readonly ways: readonly Way[];
  readonly notRead: readonly NotRead[];
}

async function permitted(graph: GraphClient, mail: boolean): Promise<Found> {
  const what = "who holds application permissions of Exchange";
  const services = await graph.batch<Record<string, readonly Service[]>>(
    Object.fromEntries([...exchangeServices, microsoftGraph].map((appId) => [appId, serviceRead(appId)])),
  );
  const assigned = await graph.batch<Record<string, readonly Way[]>>(
    Object.fromEntries(
      Object.entries(services).flatMap(([appId, outcome]) =>
        outcome.ok ? outcome.value.map((service) => [appId, assignedRead(service, appId, mail)]) : [],
      ),
    ),
  );
  return {
    ways: valuesOf(assigned).flat(),
    notRead: [...failuresOf(services), ...failuresOf(assigned)].map((error) => ({
      what,
      ...failedRead(error, readsApplications),
    })),
  };
}

function serviceRead(appId: string): GraphRead<readonly Service[]> {
  const path = `/servicePrincipals?$filter=appId%20eq%20${quoted(appId)}&$select=id,displayName,appRoles`;
  return all(path, Service);
}

function assignedRead(
  { id, displayName, appRoles }: Service,
  appId: string,
  mail: boolean,
): GraphRead<readonly Way[]> {
  const values = new Map(appRoles.map((role) => [role.id, role.value ?? `app role ${role.id}`]));
  const isMeant = (value: string): boolean =>
    appId !== microsoftGraph || changesExchangeRoles(value) || (mail && reachesMailboxes(value));
  return mapped(all(`/servicePrincipals/${id}/appRoleAssignedTo`, Assigned), (found) =>
    found
      .filter(({ principalType }) => principalType === "ServicePrincipal")
      .map(({ principalId, appRoleId }) => ({
        principalId,
        value: values.get(appRoleId) ?? `app role ${appRoleId}`,
      }))
      .filter(({ value }) => isMeant(value))
      .map(({ principalId, value }) => ({ principalId, access: `${value} of ${displayName}` })),
  );
}

async function roleHolders(graph: GraphClient): Promise<Found> {
  const held = await graph.batch<Record<string, readonly (Way | HoldingGroup)[]>>(
    Object.fromEntries(appOnlyRoles.map((role) => [role.templateId, holderRead(role)])),
  );
  const holders = valuesOf(held).flat();
  const groups = holders.filter((holder) => "id" in holder);
  const members = await graph.batch<Record<string, readonly Way[]>>(
    Object.fromEntries(groups.map(({ id, access }) => [`${id} ${access}`, memberRead(id, access)])),
  );
  return {
    ways: [...holders.filter((holder) => "principalId" in holder), ...valuesOf(members).flat()],
    notRead: [
      ...failuresOf(held).map((error) => ({
        what: "who holds directory roles that Exchange accepts",
        ...failedRead(error, readsRoles),
      })),
      ...failuresOf(members).map((error) => ({
        what: "members of groups that hold such roles",
        ...failedRead(error, readsGroups),
      })),
    ],
  };
}

function holderRead(role: AppOnlyRole): GraphRead<readonly (Way | HoldingGroup)[]> {
  const filter = `$filter=roleDefinitionId%20eq%20${quoted(role.templateId)}&$expand=principal`;
  return mapped(all(`/roleManagement/directory/roleAssignments?${filter}`, Holder), (found) =>
    found.flatMap((holder) => holderOf(holder, role)),
  );
}

function holderOf(
  { principalId, principal, directoryScopeId }: Holder,
  { displayName }: AppOnlyRole,
): readonly (Way | HoldingGroup)[] {
  const scope = directoryScopeId === "/" ? "the whole tenant" : (directoryScopeId ?? "an unknown scope");
  const access = `role ${displayName} over ${scope}`;
  switch (principal?.["@odata.type"]) {
    case servicePrincipalKind:
      return [{ principalId, access }];
    case "#microsoft.graph.group":
      return [{ id: principalId, access: `${access}, by group "${principal.displayName ?? "unnamed"}"` }];
    default:
      return [];
  }
}

/** A group that can hold roles has no groups among its members. */
function memberRead(id: string, access: string): GraphRead<readonly Way[]> {
  return mapped(all(`/groups/${id}/members`, Member), (found) =>
    found
      .filter((member) => member["@odata.type"] === servicePrincipalKind)
      .map((member) => ({ principalId: member.id, access })),
  );
}

function valuesOf<T>(outcomes: Readonly<Record<string, GraphOutcome<T>>>): readonly T[] {
  return Object.values(outcomes).flatMap((outcome) => (outcome.ok ? [outcome.value] : []));
}

function failuresOf(outcomes: Readonly<Record<string, GraphOutcome<unknown>>>) {
  return Object.values(outcomes).flatMap((outcome) => (outcome.ok ? [] : [outcome.error]));
}
