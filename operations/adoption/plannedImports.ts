import { keySha256 } from "../../common/certificate.ts";
import { childTypes } from "../../common/typeTokens.ts";
import type { GraphClient } from "../../graph/graphClient.ts";
import type { StackResource } from "../../stack/resource.ts";
import { parseUrn } from "../../stack/urn.ts";
import { type Properties, textOf } from "../../stack/values.ts";
import type { ComponentParts } from "../ownership/componentParts.ts";
import { credentialImport } from "../repair/credentialImport.ts";
import { findFederatedCredentials } from "../repair/findFederatedCredentials.ts";
import { findConsents, findRoleAssignments } from "../repair/findGrants.ts";
import type { FoundApplication } from "./readFound.ts";

/** Something in the tenant, and the resource of the plan that it becomes. */
export interface PlannedImport {
  readonly urn: string;
  /** As the plugin names it for an import. */
  readonly id: string;
  /** What it is, in words. */
  readonly title: string;
  /** What Pulumi writes into the state instead of asking the plugin, which does not read all of it. */
  readonly inputs?: Properties;
  readonly outputs?: Properties;
}

/** Finds, for each resource that the plan would create, what the tenant has of it. @throws ApiError, SignInError */
export async function plannedImports(
  graph: GraphClient,
  found: FoundApplication,
  parts: ComponentParts,
): Promise<readonly PlannedImport[]> {
  const { application, servicePrincipal } = found;
  const [federated, ...grants] = await Promise.all([
    application === undefined ? [] : findFederatedCredentials(graph, parts, application.id),
    findConsents(graph, parts, servicePrincipal.id),
    findRoleAssignments(graph, parts, servicePrincipal.id),
  ]);
  return [
    ...objects(found, parts),
    ...grants.flat().flatMap(({ urn, id, title }) => (urn === undefined ? [] : [{ urn, id, title }])),
    ...certificates(found, parts),
    ...federated.flatMap(({ leftover: { urn, id, title }, importId }) =>
      urn === undefined ? [] : [{ urn, id: importId ?? id, title }],
    ),
  ];
}

function objects(
  { application, servicePrincipal }: FoundApplication,
  { planned }: ComponentParts,
): readonly PlannedImport[] {
  const wanted = [
    [childTypes.application, "/applications", application, "application"],
    [childTypes.servicePrincipal, "/servicePrincipals", servicePrincipal, "service principal"],
  ] as const;
  return wanted.flatMap(([type, path, object, what]) => {
    const resource = planned.find((one) => one.type === type);
    return resource === undefined || object === undefined
      ? []
      : [{ urn: resource.urn, id: `${path}/${object.id}`, title: `${what} "${object.displayName}"` }];
  });
}

/** A generation's key ID and its credential: the plan names the certificate by the key ID's keeper. */
function certificates(
  { application, keyCredentials }: FoundApplication,
  { planned, known }: ComponentParts,
): readonly PlannedImport[] {
  if (application === undefined) return [];
  const taken = new Set<string>();
  const all = [...known, ...planned];
  return planned
    .filter(({ type }) => type === childTypes.applicationCertificate)
    .flatMap((credential): readonly PlannedImport[] => {
      const keyIdOf = all.find(
        (one) => one.type === childTypes.randomUuid && one.parent === credential.parent,
      );
      const sha256 = keeperOf(keyIdOf);
      const keyIdInState = keyIdOf && known.includes(keyIdOf) ? textOf(keyIdOf.outputs, "result") : undefined;
      const match = keyCredentials.find(
        (one) =>
          !taken.has(one.keyId) &&
          keySha256(one.key)?.toUpperCase() === sha256 &&
          (keyIdInState === undefined || one.keyId === keyIdInState),
      );
      if (keyIdOf === undefined || sha256 === undefined || match === undefined) return [];
      taken.add(match.keyId);
      const { importId, properties } = credentialImport(application.id, match);
      const inputs = { keepers: { certificateSha256: sha256 } };
      const keyId = {
        urn: keyIdOf.urn,
        id: match.keyId,
        title: `key ID ${match.keyId}`,
        inputs,
        outputs: { ...inputs, id: match.keyId, result: match.keyId },
      };
      return [
        ...(planned.includes(keyIdOf) ? [keyId] : []),
        {
          urn: credential.urn,
          id: importId,
          title: `certificate ${match.keyId} as ${parseUrn(credential.urn).name}`,
          ...properties,
        },
      ];
    });
}

/** SHA-256 of the certificate that a key ID was made for, upper-case hex. */
function keeperOf(resource: StackResource | undefined): string | undefined {
  const keepers = resource?.inputs["keepers"];
  if (typeof keepers !== "object" || keepers === null || !("certificateSha256" in keepers)) return undefined;
  const { certificateSha256 } = keepers;
  return typeof certificateSha256 === "string" ? certificateSha256 : undefined;
}
