import * as v from "valibot";

import { Cloud } from "../../microsoft/clouds.ts";
import { resolveEndpoints } from "../../graph/endpoints.ts";
import type { GraphClient } from "../../graph/graphClient.ts";
import { all, createGraphClient } from "../../graph/graphClient.ts";
import { createCredential } from "../../graph/signIn.ts";
import { parseExport } from "../../stack/exportedState.ts";
import { textOf } from "../../stack/values.ts";
import { deployerOf } from "../createSandbox.ts";
import type { TenantSeed, TenantServer } from "../tenant/index.ts";
import type { StackWorkspace } from "../workspace/workspace.ts";

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
  return [
    ...applications.flatMap(({ id, keyCredentials }) => [
      `/applications/${id}`,
      ...keyCredentials.map(({ keyId }) => `${id}/certificate/${keyId}`),
    ]),
    ...applications.map(({ displayName }) => `name ${displayName}`),
    ...servicePrincipals.map(({ id }) => `/servicePrincipals/${id}`),
    ...roles.map(({ id }) => `/roleManagement/directory/roleAssignments/${id}`),
    ...nested.flat(),
  ];
}

/**
 * In what a tenant differs from a stack's state, and the state from what is declared; nothing where all agree.
 *
 * @param before what the tenant held before the stack
 * @param declared the names of azuread's resources that the stack is to have, and its application's
 */
export async function disagreements(
  graph: GraphClient,
  stack: StackWorkspace,
  before: TenantContent,
  declared: readonly string[],
): Promise<readonly string[]> {
  const [content, { stdout }] = await Promise.all([
    contentOf(graph),
    stack.run("pulumi", ["stack", "export"]),
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
  const made = content.filter((one) => !before.includes(one));
  const names = resources.map(({ urn }) => urn.split("$").at(-1) ?? urn);
  return [
    ...made.filter((one) => !known.includes(one)).map((one) => `only in the tenant: ${one}`),
    ...known.filter((one) => !made.includes(one)).map((one) => `only in the state: ${one}`),
    ...names.filter((one) => !declared.includes(one)).map((one) => `not declared: ${one}`),
    ...declared.filter((one) => !names.includes(one)).map((one) => `missing: ${one}`),
    ...resources.flatMap(({ urn, initErrors }) => (initErrors.length > 0 ? [`unfinished: ${urn}`] : [])),
  ];
}

const Identified = v.object({ id: v.string() });

const Application = v.object({
  id: v.string(),
  displayName: v.string(),
  keyCredentials: v.array(v.object({ keyId: v.string() })),
});
