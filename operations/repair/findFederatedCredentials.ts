import { childTypes } from "../../common/typeTokens.ts";
import type { GraphClient } from "../../graph/graphClient.ts";
import { all, inBeta } from "../../graph/graphClient.ts";
import { FederatedCredential } from "../../graph/objects.ts";
import { parseUrn } from "../../stack/urn.ts";
import type { ComponentParts } from "../ownership/componentParts.ts";
import { declaredCredential, trustKey } from "./federatedTrust.ts";
import type { FoundLeftover } from "./foundLeftover.ts";

/**
 * The component's federated credentials that the tenant has and the state does not know. One that is called as the
 * program wants it, and trusts somebody else, is not the stack's own.
 *
 * @param applicationId the application's object ID
 * @throws ApiError, SignInError
 */
export async function findFederatedCredentials(
  graph: GraphClient,
  { name, planned }: ComponentParts,
  applicationId: string,
): Promise<readonly FoundLeftover[]> {
  const wanted = planned.filter(({ type }) => type === childTypes.federatedCredential);
  if (wanted.length === 0) return [];
  const path = `/applications/${applicationId}/federatedIdentityCredentials`;
  // Graph 1.0 does not show expressions.
  const found = await graph.read(inBeta(all(path, FederatedCredential)));
  return wanted.flatMap(({ urn, inputs }): readonly FoundLeftover[] => {
    const declared = declaredCredential(inputs);
    const match = found.find((one) => one.name === declared?.name);
    if (declared === undefined || match === undefined) return [];
    const isOwn = trustKey(match) === trustKey(declared);
    const { id, issuer, subject } = match;
    return [
      {
        leftover: {
          component: name,
          kind: "federatedCredential",
          id: `${path}/${id}`,
          title: `federated credential ${parseUrn(urn).name}`,
          ...(isOwn
            ? { action: "import", urn }
            : {
                action: "keep",
                reasons: [
                  `it trusts ${subject ?? "an expression"} of ${issuer}, which is not what the program declares`,
                ],
              }),
        },
        ...(isOwn && { importId: `${applicationId}/federatedIdentityCredential/${id}` }),
      },
    ];
  });
}
