import * as v from "valibot";
import { isGuid } from "../../common/guid.ts";
import type { KnownPrincipal, RoleAssignment, RoleReader } from "../../graph/exchangeRoles.ts";
import { type GraphClient, one } from "../../graph/graphClient.ts";
import { failedRead } from "../audit/rule.ts";
import { directRoleFinding, membershipFinding } from "../grant/compareRoles.ts";
import { type RoleService, roleServices, serviceNames } from "../grant/declaredRoles.ts";
import { findGroup, type ObservedMembership, readMembers, withId } from "../grant/observedRoles.ts";
import { type RoleManagement, roleManagementOf } from "../grant/roleManagement.ts";
import { deniedRoles, unreadRoles } from "../grant/unreadRoles.ts";
import type { Finding } from "../findings/finding.ts";
import type { NotRead } from "./notRead.ts";

/** What a service principal has in one service with roles of its own. */
export type ExchangeRight = HeldGroup | HeldRole;

interface Right {
  readonly service: RoleService;
  /** The object ID of the service principal, as the service knows it. */
  readonly principalId: string;
  readonly roleManagement: RoleManagement;
}

/** A role group that it is in. */
export interface HeldGroup extends Right {
  readonly kind: "group";
  readonly group: ObservedMembership;
  /** By which a component declares it. */
  readonly wanted: string;
}

/** A management role that it holds itself. */
export interface HeldRole extends Right {
  readonly kind: "role";
  readonly assignment: RoleAssignment;
  /** Of the management scope that limits it; absent where none does, or the scope could not be read. */
  readonly recipientFilter?: string;
}

/** Opens a service; a text says why it may not be read. @throws ApiError, SignInError */
export type OpenRoles = (service: RoleService) => Promise<RoleReader | string>;

/** What service principals have in both services, and what could not be read. */
export interface ExchangeRights {
  readonly rights: readonly ExchangeRight[];
  readonly notRead: readonly NotRead[];
}

/** The same, and the services that could not be read at all. */
interface ReadRights extends ExchangeRights {
  readonly unread: readonly RoleService[];
}

/** Reads each service once, whoever has rights there. @throws the signal's reason */
export async function readExchangeRights(open: OpenRoles, signal: AbortSignal): Promise<ReadRights> {
  const read = await Promise.all(roleServices.map(async (service) => rightsOf(service, open, signal)));
  return {
    rights: read.flatMap(({ rights }) => rights),
    notRead: read.flatMap(({ notRead }) => notRead),
    unread: read.flatMap(({ unread }) => unread),
  };
}

async function rightsOf(service: RoleService, open: OpenRoles, signal: AbortSignal): Promise<ReadRights> {
  const what = `role groups and roles of ${serviceNames[service]}`;
  try {
    const reader = await open(service);
    if (typeof reader !== "string") return { ...(await readService(reader, service)), unread: [] };
    return { rights: [], notRead: [{ what, ...deniedRoles(reader) }], unread: [service] };
  } catch (error) {
    signal.throwIfAborted();
    return { rights: [], notRead: [{ what, ...unreadRoles(error, service) }], unread: [service] };
  }
}

async function readService(reader: RoleReader, service: RoleService): Promise<ExchangeRights> {
  const principals = (await reader.principals()).filter(({ objectId }) => isGuid(objectId));
  // Most tenants have none, and nobody else than a known service principal counts here.
  if (principals.length === 0) return { rights: [], notRead: [] };
  const groups = await reader.groups();
  const members = await readMembers(reader, groups);
  const assignments = await reader.allAssignments();
  const direct = assignments.filter(({ assigneeType }) => assigneeType === "ServicePrincipal");
  const joined = groups.filter(({ name }) =>
    principals.some(({ objectId }) => withId(members.get(name) ?? [], objectId).length > 0),
  );
  if (joined.length + direct.length === 0) return { rights: [], notRead: [] };
  const names = joined.map(({ name }) => name);
  const roleManagement = roleManagementOf(await reader.roleManagementRoles(), assignments, names);
  const isLimited = service === "exchangeOnline" && direct.some(({ scope }) => scope !== "");
  const scopes = isLimited ? await reader.scopes() : [];
  const rights = principals.flatMap(({ objectId: principalId }): readonly ExchangeRight[] => {
    const right = { service, principalId, roleManagement };
    return [
      ...joined
        .filter(({ name }) => withId(members.get(name) ?? [], principalId).length > 0)
        .map(({ name, displayName }) => ({
          ...right,
          kind: "group" as const,
          group: { name, displayName },
          wanted: findGroup(groups, displayName)?.name === name ? displayName : name,
        })),
      ...direct
        .filter(({ assignees }) => assignees.includes(principalId))
        .map((assignment) => {
          const filter = scopes.find(({ name }) => name === assignment.scope)?.recipientFilter;
          return {
            ...right,
            kind: "role" as const,
            assignment,
            ...(filter !== undefined && { recipientFilter: filter }),
          };
        }),
    ];
  });
  return { rights, notRead: unknownHolders(direct, principals, service) };
}

/** Whom nobody can tell: Microsoft does not say by which of its names an assignment shows a service principal. */
function unknownHolders(
  direct: readonly RoleAssignment[],
  principals: readonly KnownPrincipal[],
  service: RoleService,
): readonly NotRead[] {
  return direct
    .filter(({ assignees }) => !principals.some(({ objectId }) => assignees.includes(objectId)))
    .map(({ role, name, assignees }) => ({
      what: `who holds the role "${role}" of ${serviceNames[service]} (${name})`,
      reason: `no service principal that it knows has the object ID "${assignees.find((text) => text !== "") ?? ""}"`,
      denied: false,
      optional: true,
    }));
}

/** Those whose service principal Entra has: Exchange keeps one after its application was deleted. @throws ApiError, SignInError */
export async function presentRights(
  graph: GraphClient,
  rights: readonly ExchangeRight[],
): Promise<ExchangeRights> {
  const paths = rights.map(({ principalId }) => [
    principalId,
    one(`/servicePrincipals/${principalId}?$select=id`, Principal),
  ]);
  const read = await graph.batch<Record<string, v.InferOutput<typeof Principal>>>(Object.fromEntries(paths));
  const isPresent = ({ principalId }: ExchangeRight): boolean => read[principalId]?.ok === true;
  return {
    rights: rights.filter(isPresent),
    notRead: rights.flatMap((right) => {
      const outcome = read[right.principalId];
      if (outcome?.ok !== false) return [];
      const what = `service principal ${right.principalId} ${right.kind === "group" ? "in" : "with"} ${rightText(right)}`;
      return outcome.error.failure.status === 404
        ? [{ what, reason: gone, denied: false, optional: true }]
        : [{ what, ...failedRead(outcome.error, "Application.Read.All") }];
    }),
  };
}

const Principal = v.object({ id: v.string() });

const gone = "Entra has no such service principal. Its application may have been deleted";

/** What a right lets do, in words. */
export function rightText(right: ExchangeRight): string {
  const where = serviceNames[right.service];
  if (right.kind === "group") return `role group "${right.group.displayName}" of ${where}`;
  const { role, name, scope } = right.assignment;
  const over = scope === "" ? "" : `, over ${right.recipientFilter ?? scope}`;
  return `management role "${role}" of ${where}, without a role group (${name}${over})`;
}

/** What an audit finds of it, as long as nobody declares it. */
export function rightFinding(right: ExchangeRight): Finding {
  const { service, principalId, roleManagement } = right;
  if (right.kind === "group") return membershipFinding(service, right.group, principalId, roleManagement);
  const { assignment, recipientFilter } = right;
  const scopes = recipientFilter === undefined ? [] : [{ name: assignment.scope, recipientFilter }];
  return directRoleFinding(service, assignment, roleManagement, scopes);
}
