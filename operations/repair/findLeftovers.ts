import * as v from "valibot";
import { childTypes } from "../../common/typeTokens.ts";
import type { GraphClient } from "../../graph/graphClient.ts";
import { all, quoted } from "../../graph/graphClient.ts";
import type { ComponentParts } from "./componentParts.ts";
import { findKeyCredentials } from "./findKeyCredentials.ts";
import type { Leftover } from "./leftover.ts";
import type { StackResource } from "../../stack/resource.ts";
import { parseUrn } from "../../stack/urn.ts";
import { textOf } from "../../stack/values.ts";

/** Finds what a component left in the tenant. @throws ApiError, SignInError */
export async function findLeftovers(graph: GraphClient, parts: ComponentParts): Promise<readonly Leftover[]> {
  const applications = await findApplications(graph, parts);
  const imported = applications.find(({ leftover }) => leftover.action === "import");
  const application = imported?.identity ?? knownApplication(parts);
  const servicePrincipal = await findServicePrincipal(graph, parts, application?.clientId);
  const servicePrincipalId =
    servicePrincipal?.objectId ?? outputOf(parts, childTypes.servicePrincipal, "objectId") ?? undefined;
  const rest = await Promise.all([
    findConsents(graph, parts, servicePrincipalId),
    findRoleAssignments(graph, parts, servicePrincipalId),
    findKeyCredentials(graph, parts, application?.objectId),
  ]);
  return [
    ...applications.map(({ leftover }) => leftover),
    ...(servicePrincipal ? [servicePrincipal.leftover] : []),
    ...rest.flat(),
  ];
}

interface ApplicationIdentity {
  readonly objectId: string;
  readonly clientId: string;
}

interface FoundApplication {
  readonly identity: ApplicationIdentity;
  readonly leftover: Leftover;
}

const Application = v.object({
  id: v.string(),
  appId: v.string(),
  displayName: v.string(),
  description: v.nullish(v.string()),
  createdDateTime: v.string(),
  keyCredentials: v.array(v.unknown()),
  passwordCredentials: v.array(v.unknown()),
});

/** Applications of our description that the state does not know; the newest becomes the stack's where it has none. */
async function findApplications(
  graph: GraphClient,
  { name, description, displayNames, known, planned }: ComponentParts,
): Promise<readonly FoundApplication[]> {
  if (description === undefined) return [];
  const knownIds = new Set(
    known
      .filter(({ type }) => type === childTypes.application)
      .map(({ outputs }) => textOf(outputs, "objectId")),
  );
  // Graph finds no application by its description, and azuread gives a new one this name for a moment.
  const names = [
    `startswith(displayName,'TERRAFORM_UPDATE_')`,
    ...displayNames.map((one) => `displayName eq ${quoted(one)}`),
  ];
  const path = `/applications?$filter=${names.join(" or ")}&$select=${Object.keys(Application.entries).join(",")}`;
  const found = await graph.read(all(path, Application));
  const unknown = found
    .filter((one) => one.description === description && !knownIds.has(one.id))
    .toSorted((a, b) => b.createdDateTime.localeCompare(a.createdDateTime));
  const wanted = planned.find(({ type }) => type === childTypes.application);
  return unknown.map((one, index) => {
    const imported = index === 0 ? wanted : undefined;
    // A create that was cut off had no time for a credential. What has one may be somebody's sign-in.
    const isUnused = one.keyCredentials.length + one.passwordCredentials.length === 0;
    return {
      identity: { objectId: one.id, clientId: one.appId },
      leftover: {
        component: name,
        kind: "application",
        id: `/applications/${one.id}`,
        title: `application "${one.displayName}" (${one.appId}), created ${one.createdDateTime}`,
        action: imported ? "import" : isUnused ? "delete" : "keep",
        ...(imported && { urn: imported.urn }),
      },
    };
  });
}

function knownApplication(parts: ComponentParts): ApplicationIdentity | undefined {
  const objectId = outputOf(parts, childTypes.application, "objectId");
  const clientId = outputOf(parts, childTypes.application, "clientId");
  return objectId !== undefined && clientId !== undefined ? { objectId, clientId } : undefined;
}

async function findServicePrincipal(
  graph: GraphClient,
  { name, planned }: ComponentParts,
  clientId: string | undefined,
): Promise<{ readonly objectId: string; readonly leftover: Leftover } | undefined> {
  const wanted = planned.find(({ type }) => type === childTypes.servicePrincipal);
  if (wanted === undefined || clientId === undefined) return undefined;
  const path = `/servicePrincipals?$filter=appId eq ${quoted(clientId)}&$select=id,displayName`;
  const [found] = await graph.read(all(path, v.object({ id: v.string(), displayName: v.string() })));
  if (found === undefined) return undefined;
  return {
    objectId: found.id,
    leftover: {
      component: name,
      kind: "servicePrincipal",
      id: `/servicePrincipals/${found.id}`,
      title: `service principal "${found.displayName}"`,
      action: "import",
      urn: wanted.urn,
    },
  };
}

const Consent = v.object({ id: v.string(), appRoleId: v.string(), resourceId: v.string() });

async function findConsents(
  graph: GraphClient,
  { name, planned }: ComponentParts,
  servicePrincipalId: string | undefined,
): Promise<readonly Leftover[]> {
  const wanted = planned.filter(({ type }) => type === childTypes.appRoleAssignment);
  const found = await Promise.all(
    wanted.map(async (consent): Promise<readonly Leftover[]> => {
      const principalId = principalOf(consent, servicePrincipalId);
      if (principalId === undefined) return [];
      const assigned = await graph.read(all(`/servicePrincipals/${principalId}/appRoleAssignments`, Consent));
      return assigned
        .filter(
          ({ appRoleId, resourceId }) =>
            appRoleId === textOf(consent.inputs, "appRoleId") &&
            resourceId === textOf(consent.inputs, "resourceObjectId"),
        )
        .map(({ id, resourceId }) => ({
          component: name,
          kind: "consent",
          id: `/servicePrincipals/${resourceId}/appRoleAssignedTo/${id}`,
          title: `consent ${parseUrn(consent.urn).name}`,
          action: "import",
          urn: consent.urn,
        }));
    }),
  );
  return found.flat();
}

const RoleAssignment = v.object({
  id: v.string(),
  roleDefinitionId: v.string(),
  directoryScopeId: v.nullish(v.string()),
});

async function findRoleAssignments(
  graph: GraphClient,
  { name, planned }: ComponentParts,
  servicePrincipalId: string | undefined,
): Promise<readonly Leftover[]> {
  const wanted = planned.filter(({ type }) => type === childTypes.directoryRoleAssignment);
  const found = await Promise.all(
    wanted.map(async (assignment): Promise<readonly Leftover[]> => {
      const principalId = principalOf(assignment, servicePrincipalId);
      if (principalId === undefined) return [];
      const path = `/roleManagement/directory/roleAssignments?$filter=principalId eq ${quoted(principalId)}`;
      const held = await graph.read(all(path, RoleAssignment));
      return held
        .filter(
          ({ roleDefinitionId, directoryScopeId }) =>
            roleDefinitionId === textOf(assignment.inputs, "roleId") && directoryScopeId === "/",
        )
        .map(({ id }) => ({
          component: name,
          kind: "roleAssignment",
          id: `/roleManagement/directory/roleAssignments/${id}`,
          title: `role assignment ${parseUrn(assignment.urn).name}`,
          action: "import",
          urn: assignment.urn,
        }));
    }),
  );
  return found.flat();
}

/** Whom a planned assignment is for: said in the plan, or the service principal that is found now. */
function principalOf({ inputs }: StackResource, servicePrincipalId: string | undefined): string | undefined {
  return textOf(inputs, "principalObjectId") ?? servicePrincipalId;
}

function outputOf({ known }: ComponentParts, type: string, output: string): string | undefined {
  const resource = known.find((one) => one.type === type);
  return resource && textOf(resource.outputs, output);
}
