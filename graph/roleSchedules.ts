import type { TokenCredential } from "@azure/identity";
import * as v from "valibot";
import { assignmentEnablementRuleId, assignmentExpirationRuleId } from "../microsoft/rolePolicies.ts";
import { refused } from "./apiError.ts";
import type { ServiceEndpoint } from "./endpoints.ts";
import { all, type GraphClient, quoted } from "./graphClient.ts";
import { createService, type ServiceOptions } from "./service.ts";

/**
 * An active assignment of a role, as Privileged Identity Management shows it. Those that were made without it are among
 * them, without an end.
 */
export interface ActiveRole {
  /** The id of its schedule. */
  readonly scheduleId: string;
  readonly roleDefinitionId: string;
  /** `/` is the whole tenant. */
  readonly directoryScopeId: string;
  /** RFC 3339; absent where it does not end. */
  readonly end?: string;
}

/** What made or changed an active assignment. */
export interface RoleScheduleRequest {
  readonly targetScheduleId: string;
  /** What whoever asked wrote, which anybody may. */
  readonly justification: string;
}

/** What Privileged Identity Management asks of an administrator who assigns a role. */
export interface RoleAssignmentRules {
  /** How long an assignment may last, ISO 8601; absent where it may go without an end. */
  readonly maximumDuration?: string;
  /** As in `Justification` or `MultiFactorAuthentication`. */
  readonly required: readonly string[];
}

/** A change of who has which role, over the whole tenant. */
export interface RoleChange {
  readonly action: "adminAssign" | "adminUpdate" | "adminRemove";
  readonly principalId: string;
  readonly roleDefinitionId: string;
  readonly justification: string;
  /** RFC 3339; absent where it does not end, and where it is removed. */
  readonly end?: string;
}

const text = v.nullish(v.string(), "");

const Instance = v.object({
  roleAssignmentScheduleId: text,
  roleDefinitionId: text,
  directoryScopeId: text,
  memberType: text,
  endDateTime: text,
});
const Request = v.object({ targetScheduleId: text, justification: text });
const PolicyAssignment = v.object({ policyId: v.string() });
const Rule = v.object({
  id: v.string(),
  isExpirationRequired: v.nullish(v.boolean(), false),
  maximumDuration: text,
  enabledRules: v.nullish(v.array(v.string()), []),
});

const root = "/roleManagement/directory";

/** A principal's active assignments, but for those that a group gives it. @throws ApiError, SignInError */
export async function readActiveRoles(
  graph: GraphClient,
  principalId: string,
): Promise<readonly ActiveRole[]> {
  const found = await graph.read(all(ofPrincipal("roleAssignmentScheduleInstances", principalId), Instance));
  return found
    .filter(({ memberType }) => memberType !== "Group")
    .map(({ roleAssignmentScheduleId: scheduleId, roleDefinitionId, directoryScopeId, endDateTime }) => ({
      scheduleId,
      roleDefinitionId,
      directoryScopeId,
      ...(endDateTime !== "" && { end: endDateTime }),
    }));
}

/** The requests for a principal's active assignments. @throws ApiError, SignInError */
export async function readRoleRequests(
  graph: GraphClient,
  principalId: string,
): Promise<readonly RoleScheduleRequest[]> {
  return graph.read(all(ofPrincipal("roleAssignmentScheduleRequests", principalId), Request));
}

/** The rules for assigning a role over the whole tenant. @throws ApiError, SignInError */
export async function readRoleRules(
  graph: GraphClient,
  roleDefinitionId: string,
): Promise<RoleAssignmentRules> {
  const filter = `scopeId eq '/' and scopeType eq 'DirectoryRole' and roleDefinitionId eq '${roleDefinitionId}'`;
  const [assigned] = await graph.read(
    all(`/policies/roleManagementPolicyAssignments?$filter=${encodeURIComponent(filter)}`, PolicyAssignment),
  );
  if (assigned === undefined) return { required: [] };
  const path = `/policies/roleManagementPolicies/${encodeURIComponent(assigned.policyId)}/rules`;
  const rules = await graph.read(all(path, Rule));
  const expiration = rules.find(({ id }) => id === assignmentExpirationRuleId);
  return {
    ...(expiration?.isExpirationRequired === true && { maximumDuration: expiration.maximumDuration }),
    required: rules.find(({ id }) => id === assignmentEnablementRuleId)?.enabledRules ?? [],
  };
}

/** Asks for a change. @throws ApiError, SignInError */
export type ChangeRole = (change: RoleChange) => Promise<void>;

/** Changes roles of the tenant that the credential signs in to. */
export function createRoleChanger(
  credential: TokenCredential,
  endpoint: ServiceEndpoint,
  options: Pick<ServiceOptions, "signal" | "retryDelayMs">,
): ChangeRole {
  const send = createService({ name, credential, scope: endpoint.scope, ...options });
  return async ({ end, ...change }) => {
    const expiration =
      end === undefined ? { type: "noExpiration" } : { type: "afterDateTime", endDateTime: end };
    const response = await send({
      method: "POST",
      url: `${endpoint.url}/v1.0${root}/roleAssignmentScheduleRequests`,
      body: {
        ...change,
        directoryScopeId: "/",
        // Without a start it begins at once: this machine's clock may go wrong, and the role would pause.
        ...(change.action !== "adminRemove" && { scheduleInfo: { expiration } }),
      },
    });
    if (response.status !== 201) throw refused(name, response);
  };
}

const name = "Microsoft Graph";

function ofPrincipal(list: string, principalId: string): string {
  return `${root}/${list}?$filter=principalId%20eq%20${quoted(principalId)}`;
}
