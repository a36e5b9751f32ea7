import * as v from "valibot";
import type { GraphClient, GraphOutcome, GraphRead } from "../../graph/graphClient.ts";
import { all, mapped, one, quoted } from "../../graph/graphClient.ts";
import { noId, Reference } from "../../graph/objects.ts";
import type { ApplicationObjects } from "../../graph/removal.ts";
import type { DeclaredAccess } from "./declaredAccess.ts";
import { OwnPolicy, TenantPolicy, tenantPolicyPath } from "../tenant/appManagementPolicy.ts";
import type { AuditRule, Look, ReadPolicies, ResourcePrincipal, RuleRead } from "./rule.ts";
import { rules } from "./rules.ts";
import { ownPoliciesPath, principalPath } from "./rules/parts.ts";
import { permissionId } from "./rules/permissions.ts";

/** Everything that grants access through an application, as the tenant has it, by `readName`; each may have failed. */
export type ObservedAccess = Readonly<Record<string, GraphOutcome<Look>>>;

/** What an audit reads, in one batch: the state knows the object IDs. Rules that read the same part share a request. */
function accessReads(objects: ApplicationObjects): Readonly<Record<string, GraphRead<Look>>> {
  const reads = rules.flatMap((rule) =>
    rule.reads.map((read, index) => ({ name: readName(rule, index), read })),
  );
  const properties = new Map<string, Set<string>>();
  for (const { read } of reads) {
    properties.set(read.name, new Set([...(properties.get(read.name) ?? []), ...read.select]));
  }
  return Object.fromEntries(
    reads.map(({ name, read }) => [name, read.at(pathOf(read, objects, properties.get(read.name)))]),
  );
}

/** What an audit knows of a tenant. */
export interface Observed {
  readonly observed: ObservedAccess;
  /** The services that the application has permissions of, or is declared to, by their object IDs. */
  readonly resources: ReadonlyMap<string, ResourcePrincipal>;
  /** Why a service that the stack declares a permission of could not be looked up. */
  readonly unreadResource?: string;
  readonly policies: ReadPolicies;
}

/**
 * Reads everything, in one batch with the services that the stack names. Others follow, for their permissions' names.
 *
 * @param declared names the services, and the permissions that need no name.
 */
export async function observeAccess(
  graph: GraphClient,
  objects: ApplicationObjects,
  { keys, resourceAppIds }: Pick<DeclaredAccess, "keys" | "resourceAppIds">,
): Promise<Observed> {
  const looks = Object.entries(accessReads(objects)).map(
    ([name, read]) => [name, mapped(read, (look): Answer => ({ look }))] as const,
  );
  const services = resourceAppIds.map(
    (appId) => [`service ${appId}`, mapped(serviceRead(appId), answerOf)] as const,
  );
  const assigned = all(`${principalPath(objects)}/appRoleAssignments`, Assigned);
  const outcomes = await graph.batch<Record<string, Answer>>({
    ...Object.fromEntries([...looks, ...services]),
    ...policyReads(objects),
    assigned: mapped(assigned, (found): Answer => ({
      resourceIds: found
        .filter(
          ({ resourceId, appRoleId }) => keys.get(permissionId)?.has(`${resourceId} ${appRoleId}`) !== true,
        )
        .map(({ resourceId }) => resourceId),
    })),
  });
  const named = resourcesOf(outcomes);
  const failed = services.map(([name]) => outcomes[name]).find((outcome) => outcome?.ok === false);
  const further = await graph.batch<Record<string, Answer>>(otherServices(outcomes, named));
  return {
    observed: Object.fromEntries(looks.map(([name]) => [name, lookOf(outcomes[name])])),
    resources: new Map([...named, ...resourcesOf(further)].map((resource) => [resource.id, resource])),
    ...(failed?.ok === false ? { unreadResource: failed.error.message } : {}),
    policies: {
      tenant: partOf(outcomes["tenantPolicy"], ({ tenantPolicy }) => tenantPolicy ?? { isEnabled: false }),
      application: partOf(outcomes["applicationPolicies"], ({ ownPolicies = [] }) => ownPolicies),
      servicePrincipal: partOf(outcomes["principalPolicies"], ({ ownPolicies = [] }) => ownPolicies),
    },
  };
}

function policyReads(objects: ApplicationObjects): Readonly<Record<string, GraphRead<Answer>>> {
  const own = (of: "application" | "servicePrincipal"): GraphRead<Answer> =>
    mapped(all(ownPoliciesPath(of)(objects), OwnPolicy), (ownPolicies): Answer => ({ ownPolicies }));
  return {
    tenantPolicy: mapped(one(tenantPolicyPath, TenantPolicy), (tenantPolicy): Answer => ({ tenantPolicy })),
    applicationPolicies: own("application"),
    principalPolicies: own("servicePrincipal"),
  };
}

/** What one read of the batch gave. */
interface Answer {
  readonly look?: Look;
  readonly resources?: readonly ResourcePrincipal[];
  readonly resourceIds?: readonly string[];
  readonly tenantPolicy?: TenantPolicy;
  readonly ownPolicies?: readonly OwnPolicy[];
}

function answerOf(resources: readonly ResourcePrincipal[]): Answer {
  return { resources };
}

function serviceRead(appId: string): GraphRead<readonly ResourcePrincipal[]> {
  return all(`/servicePrincipals?$filter=appId%20eq%20${quoted(appId)}&${resourceSelect}`, Resource);
}

function otherServices(
  outcomes: Readonly<Record<string, GraphOutcome<Answer>>>,
  known: readonly ResourcePrincipal[],
): Readonly<Record<string, GraphRead<Answer>>> {
  const ids = Object.values(outcomes).flatMap((outcome) =>
    outcome.ok ? (outcome.value.resourceIds ?? []) : [],
  );
  const others = [...new Set(ids)].filter(
    (id) => id !== noId && !known.some((resource) => resource.id === id),
  );
  return Object.fromEntries(
    others.map((id) => [
      id,
      mapped(one(`/servicePrincipals/${id}?${resourceSelect}`, Resource), (found) => answerOf([found])),
    ]),
  );
}

function resourcesOf(outcomes: Readonly<Record<string, GraphOutcome<Answer>>>): readonly ResourcePrincipal[] {
  return Object.values(outcomes).flatMap((outcome) => (outcome.ok ? (outcome.value.resources ?? []) : []));
}

function lookOf(outcome: GraphOutcome<Answer> | undefined): GraphOutcome<Look> {
  return partOf(outcome, ({ look = () => ({ items: [] }) }) => look);
}

/** One part of an answer; an empty answer's where nothing was asked. */
function partOf<T>(outcome: GraphOutcome<Answer> | undefined, part: (answer: Answer) => T): GraphOutcome<T> {
  if (outcome?.ok === false) return outcome;
  return { ok: true, value: part(outcome?.value ?? {}) };
}

const Assigned = v.object({ resourceId: Reference, appRoleId: v.string() });

const resourceSelect = "$select=id,appId,displayName,appRoles";

const Resource = v.object({
  id: v.string(),
  appId: Reference,
  displayName: v.nullish(v.string()),
  appRoles: v.array(v.object({ id: v.string(), value: v.nullish(v.string()) })),
});

/** Names one read of a rule among the outcomes. */
export function readName({ id }: AuditRule, index: number): string {
  return `${id} ${index}`;
}

/** The path of a read with its `$select`. */
export function pathOf(
  { path }: RuleRead,
  objects: ApplicationObjects,
  properties: ReadonlySet<string> = new Set(),
): string {
  const address = path(objects);
  if (properties.size === 0) return address;
  return `${address}${address.includes("?") ? "&" : "?"}$select=${["id", ...properties].join(",")}`;
}
