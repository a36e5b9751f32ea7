import type { EntityType } from "../../model/entityType.ts";
import type { PolicyHolder, StsPolicyName } from "../../model/stsPolicies.ts";
import type { DirectoryEntity } from "../../state.ts";
import { badRequest, referenceExists, resourceNotFound } from "../errors.ts";
import { collection } from "../reply.ts";
import { noContent, type GraphRequest, type GraphRoute, type Reply } from "../route.ts";
import { find as findApplication } from "./applications.ts";
import { idOf, referenceUrl } from "./references.ts";
import { find as findServicePrincipal } from "./servicePrincipals.ts";

/** Who may do something. */
interface Rights {
  readonly permissions: readonly string[];
  readonly alsoRequires?: readonly string[];
  readonly directoryRoles: readonly string[];
}

/** A kind of policies that are assigned to applications and service principals. */
export interface AssignedPolicies {
  /** The relationship's name, which is the last part of the policies' own path. */
  readonly name: "appManagementPolicies" | StsPolicyName;
  /** In words, for errors and for the documentation. */
  readonly what: string;
  readonly type: EntityType;
  /** What they can be assigned to. */
  readonly holders: readonly PolicyHolder[];
  readonly tableOf: (request: GraphRequest) => ReadonlyMap<string, DirectoryEntity>;
  readonly reading: Rights;
  readonly writing: Rights;
}

/** The routes of the policy of that kind that an application or a service principal has: one at most. */
export function policyAssignmentRoutes(policies: AssignedPolicies): readonly GraphRoute[] {
  return policies.holders.flatMap((holder) =>
    assignmentsOf(policies, `/${holder}/:id`, (request) => finders[holder](request).id),
  );
}

const finders = { applications: findApplication, servicePrincipals: findServicePrincipal } as const;

function assignmentsOf(
  policies: AssignedPolicies,
  holder: string,
  holderId: (request: GraphRequest) => string,
): readonly GraphRoute[] {
  const { name, what, type, tableOf, reading, writing } = policies;
  const path = `${holder}/${name}`;
  return [
    {
      type,
      ...reading,
      method: "GET",
      path,
      title: `List every ${what} that is assigned to an object`,
      query: ["$select"],
      handle: (request) =>
        collection(
          request,
          type,
          assignedTo(policies, request, holderId(request)).flatMap((id) => tableOf(request).get(id) ?? []),
        ),
    },
    {
      type,
      ...writing,
      method: "POST",
      path: `${path}/$ref`,
      title: `Assign an object: ${what}`,
      takesBody: true,
      handle: (request) => assign(policies, request, holderId(request)),
    },
    {
      type,
      ...writing,
      method: "DELETE",
      path: `${path}/:policyId/$ref`,
      title: `Take an assignment back: ${what}`,
      handle: (request) => unassign(policies, request, holderId(request)),
    },
  ];
}

function assignedTo(
  { tableOf }: AssignedPolicies,
  request: GraphRequest,
  holderId: string,
): readonly string[] {
  return request.tenant.policyAssignments
    .filter((reference) => reference.from === holderId && tableOf(request).has(reference.to))
    .map((reference) => reference.to);
}

function assign(policies: AssignedPolicies, request: GraphRequest, holderId: string): Reply {
  const { name, what, tableOf } = policies;
  const pattern = new RegExp(`/policies/${name}/([^/?]+)$`);
  const [, policyId = ""] = pattern.exec(referenceUrl(request.body)) ?? [];
  if (!tableOf(request).has(policyId)) throw resourceNotFound(policyId);
  const [present] = assignedTo(policies, request, holderId);
  if (present === policyId) throw referenceExists(name);
  if (present !== undefined) throw badRequest(`Only one ${what} can be assigned to an object.`);
  request.tenant.policyAssignments.push({ from: holderId, to: policyId });
  return noContent;
}

function unassign(policies: AssignedPolicies, request: GraphRequest, holderId: string): Reply {
  const policyId = idOf(request, "policyId");
  if (!assignedTo(policies, request, holderId).includes(policyId)) throw resourceNotFound(policyId);
  request.tenant.policyAssignments = request.tenant.policyAssignments.filter(
    ({ from, to }) => from !== holderId || to !== policyId,
  );
  return noContent;
}
