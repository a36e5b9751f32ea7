import * as v from "valibot";

import { Cloud } from "../../microsoft/clouds.ts";
import { resolveEndpoints } from "../../graph/endpoints.ts";
import type { GraphClient } from "../../graph/graphClient.ts";
import { all, createGraphClient, one } from "../../graph/graphClient.ts";
import { createCredential } from "../../graph/signIn.ts";
import { parseExport } from "../../stack/exportedState.ts";
import { shortName } from "../../stack/urn.ts";
import { textOf } from "../../stack/values.ts";
import { deployerOf } from "../createSandbox.ts";
import type { TenantSeed, TenantServer } from "../tenant/index.ts";
import type { StackWorkspace } from "../workspace/workspace.ts";
import { type TenantObject, undeclaredProperties } from "./declaredProperties.ts";

/** What a tenant holds that only stacks make: object ids with their owners, and key ids. */
export type TenantContent = readonly string[];

/** Reads a tenant as its deployer. */
export async function graphOf(tenant: TenantServer, seed: TenantSeed): Promise<GraphClient> {
  const endpoints = await resolveEndpoints(Cloud.Global, { ARM_METADATA_HOSTNAME: new URL(tenant.url).host });
  return createGraphClient(
    createCredential({ kind: "secret", ...deployerOf(seed) }, endpoints),
    endpoints.graph,
  );
}

/** Everything in a tenant that a stack may have made. */
export async function contentOf(graph: GraphClient): Promise<TenantContent> {
  const [applications, servicePrincipals, roles] = await Promise.all([
    graph.read(all("/applications", Application)),
    graph.read(all("/servicePrincipals", Identified)),
    graph.read(all("/roleManagement/directory/roleAssignments", Identified)),
  ]);
  const below = async (path: string): Promise<readonly string[]> =>
    (await graph.read(all(path, Identified))).map(({ id }) => `${path}/${id}`);
  const nested = await Promise.all([
    ...applications.map(({ id }) => below(`/applications/${id}/owners`)),
    ...servicePrincipals.map(({ id }) => below(`/servicePrincipals/${id}/owners`)),
    ...servicePrincipals.map(({ id }) => below(`/servicePrincipals/${id}/appRoleAssignedTo`)),
  ]);
  const federated = await Promise.all(
    applications.map(async ({ id }) => {
      const found = await graph.read(all(`/applications/${id}/federatedIdentityCredentials`, Identified));
      return found.map((credential) => `${id}/federatedIdentityCredential/${credential.id}`);
    }),
  );
  return [
    ...applications.flatMap(({ id, keyCredentials }) => [
      `/applications/${id}`,
      ...keyCredentials.map(({ keyId }) => `${id}/certificate/${keyId}`),
    ]),
    ...applications.map(({ displayName }) => `name ${displayName}`),
    ...servicePrincipals.map(({ id }) => `/servicePrincipals/${id}`),
    ...roles.map(({ id }) => `/roleManagement/directory/roleAssignments/${id}`),
    ...nested.flat(),
    ...federated.flat(),
  ];
}

/**
 * In what a tenant differs from a stack's state, and the state from what is declared; nothing where all agree.
 *
 * @param before what the tenant held before the stack
 * @param declared the names of azuread's resources that the stack is to have
 */
export async function disagreements(
  graph: GraphClient,
  stack: StackWorkspace,
  before: TenantContent,
  declared: readonly string[],
): Promise<readonly string[]> {
  const [content, { stdout }] = await Promise.all([
    contentOf(graph),
    stack.run("pulumi", ["stack", "export", "--show-secrets"]),
  ]);
  const resources = parseExport(JSON.parse(stdout)).resources.filter(({ type }) =>
    type.startsWith("azuread:"),
  );
  const known = [
    ...resources.map(({ id = "" }) => id),
    ...resources.flatMap(({ type, inputs }) =>
      type.endsWith(":Application") ? [`name ${textOf(inputs, "displayName") ?? ""}`] : [],
    ),
  ];
  const made = content.filter((item) => !before.includes(item));
  const names = resources.map(({ urn }) => urn.split("$").at(-1) ?? urn);
  const other = await Promise.all(
    resources
      .filter(({ id = "" }) => made.includes(id))
      .map(async (resource) =>
        undeclaredProperties(resource, await objectOf(graph, resource.id!)).map(
          (difference) => `not as declared: ${shortName(resource.urn)}: ${difference}`,
        ),
      ),
  );
  return [
    ...made.filter((item) => !known.includes(item)).map((item) => `only in the tenant: ${item}`),
    ...known.filter((item) => !made.includes(item)).map((item) => `only in the state: ${item}`),
    ...names.filter((item) => !declared.includes(item)).map((item) => `not declared: ${item}`),
    ...declared.filter((item) => !names.includes(item)).map((item) => `missing: ${item}`),
    ...other.flat(),
    ...resources.flatMap(({ urn, initErrors }) => (initErrors.length > 0 ? [`unfinished: ${urn}`] : [])),
  ];
}

/** What a tenant has under azuread's id of a resource, as `undeclaredProperties` takes it. */
async function objectOf(graph: GraphClient, id: string): Promise<TenantObject> {
  const [applicationId, kind, keyId] = id.startsWith("/") ? [] : id.split("/");
  if (applicationId !== undefined) {
    const path = `/applications/${applicationId}`;
    if (kind === "federatedIdentityCredential") {
      const credential = `${path}/federatedIdentityCredentials/${keyId}`;
      return { ...(await graph.read(one(credential, Properties))), application: path };
    }
    const { keyCredentials } = await graph.read(one(`${path}?$select=keyCredentials`, Keys));
    const found = keyCredentials.find((credential) => credential["keyId"] === keyId);
    return { ...found, application: path };
  }
  const object = await graph.read(one(id, Properties));
  if (!/^\/(?:applications|servicePrincipals)\/[^/]+$/.test(id)) return object;
  const owners = await graph.read(all(`${id}/owners`, Identified));
  return { ...object, owners: owners.map((owner) => owner.id) };
}

const Properties = v.record(v.string(), v.unknown());

const Keys = v.object({ keyCredentials: v.array(Properties) });

const Identified = v.object({ id: v.string() });

const Application = v.object({
  id: v.string(),
  displayName: v.string(),
  keyCredentials: v.array(v.object({ keyId: v.string() })),
});
