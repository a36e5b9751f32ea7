import * as v from "valibot";
import { isGuid } from "../../common/guid.ts";
import type { RoleReader } from "../../graph/exchangeRoles.ts";
import { type GraphClient, one } from "../../graph/graphClient.ts";
import { failedRead } from "../audit/rule.ts";
import { type RoleService, roleServices, serviceNames } from "../grant/declaredRoles.ts";
import { type ObservedMembership, readMembers, withId } from "../grant/observedRoles.ts";
import { deniedRoles, unreadRoles } from "../grant/unreadRoles.ts";
import type { NotRead } from "./notRead.ts";
import type { Undeclared } from "./undeclared.ts";

/** A role group of Exchange itself, and a service principal that is in it. */
export interface Membership extends ObservedMembership {
  readonly service: RoleService;
  /** The object ID of the service principal, as the service knows it. */
  readonly principalId: string;
}

/** Opens a service; a text says why it may not be read. @throws ApiError, SignInError */
export type OpenRoles = (service: RoleService) => Promise<RoleReader | string>;

/** The service principals in role groups of both services, and what could not be read. */
export interface Memberships {
  readonly memberships: readonly Membership[];
  readonly notRead: readonly NotRead[];
}

/** Reads each service's role groups once, whoever is in them. @throws the signal's reason */
export async function readMemberships(open: OpenRoles, signal: AbortSignal): Promise<Memberships> {
  const read = await Promise.all(roleServices.map(async (service) => membershipsOf(service, open, signal)));
  return {
    memberships: read.flatMap(({ memberships }) => memberships),
    notRead: read.flatMap(({ notRead }) => notRead),
  };
}

async function membershipsOf(
  service: RoleService,
  open: OpenRoles,
  signal: AbortSignal,
): Promise<Memberships> {
  const what = `applications in role groups of ${serviceNames[service]}`;
  try {
    const reader = await open(service);
    if (typeof reader !== "string") return { memberships: await readGroups(reader, service), notRead: [] };
    return { memberships: [], notRead: [{ what, ...deniedRoles(reader) }] };
  } catch (error) {
    signal.throwIfAborted();
    return { memberships: [], notRead: [{ what, ...unreadRoles(error, service) }] };
  }
}

async function readGroups(reader: RoleReader, service: RoleService): Promise<readonly Membership[]> {
  const principals = (await reader.principals()).filter(({ objectId }) => isGuid(objectId));
  // Most tenants have none, and nobody else than a known service principal counts here.
  if (principals.length === 0) return [];
  const groups = await reader.groups();
  const members = await readMembers(reader, groups);
  return principals.flatMap(({ objectId }) =>
    groups
      .filter(({ name }) => withId(members.get(name) ?? [], objectId).length > 0)
      .map(({ name, displayName }) => ({ service, principalId: objectId, name, displayName })),
  );
}

/** Those whose service principal Entra has: Exchange keeps one after its application was deleted. @throws ApiError, SignInError */
export async function presentMemberships(
  graph: GraphClient,
  memberships: readonly Membership[],
): Promise<Memberships> {
  const paths = memberships.map(({ principalId }) => [
    principalId,
    one(`/servicePrincipals/${principalId}?$select=id`, Principal),
  ]);
  const read = await graph.batch<Record<string, v.InferOutput<typeof Principal>>>(Object.fromEntries(paths));
  const isPresent = ({ principalId }: Membership): boolean => read[principalId]?.ok === true;
  return {
    memberships: memberships.filter(isPresent),
    notRead: memberships.flatMap((membership) => {
      const outcome = read[membership.principalId];
      if (outcome?.ok !== false) return [];
      const what = `service principal ${membership.principalId} in ${membershipAccess(membership)}`;
      return outcome.error.failure.status === 404
        ? [{ what, reason: gone, denied: false, optional: true }]
        : [{ what, ...failedRead(outcome.error, "Application.Read.All") }];
    }),
  };
}

const Principal = v.object({ id: v.string() });

const gone = "Entra has no such service principal. Its application may have been deleted";

/** What a membership lets do, in words. */
export function membershipAccess({ service, displayName }: Membership): string {
  return `role group "${displayName}" of ${serviceNames[service]}`;
}

const settings = { exchangeOnline: "exchangeRoleGroups", securityAndCompliance: "complianceRoleGroups" };

/** A membership stays as it is, declared or not. */
export function undeclaredMembership(membership: Membership): Undeclared {
  return {
    title: membershipAccess(membership),
    choice: `declare it in \`${settings[membership.service]}\` after \`exo-auth adopt\`, accept it in .exo-auth, or remove it`,
  };
}
