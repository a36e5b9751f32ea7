import * as v from "valibot";
import { certificateSha256, derDigest } from "../../common/certificate.ts";
import { childTypes } from "../../common/typeTokens.ts";
import type { GraphClient } from "../../graph/graphClient.ts";
import { one } from "../../graph/graphClient.ts";
import type { ComponentParts } from "./componentParts.ts";
import type { Leftover } from "./leftover.ts";
import { textOf } from "../../stack/values.ts";

const KeyCredentials = v.object({
  keyCredentials: v.array(
    v.object({ keyId: v.string(), endDateTime: v.nullish(v.string()), key: v.nullish(v.string()) }),
  ),
});

/**
 * Credentials that carry a certificate or a key id of the state, and that the state does not know: an answer was lost.
 *
 * They cannot be imported, since azuread never reads a certificate back; the next update makes them anew.
 */
export async function findKeyCredentials(
  graph: GraphClient,
  { name, known, planned }: ComponentParts,
  applicationObjectId: string | undefined,
): Promise<readonly Leftover[]> {
  const objectId =
    applicationObjectId ??
    [...planned, ...known]
      .filter(({ type }) => type === childTypes.applicationCertificate)
      .map(({ inputs }) => textOf(inputs, "applicationId")?.split("/").at(-1))
      .find((id) => id !== undefined);
  const ours = marksOf(known);
  if (objectId === undefined || ours.all.size === 0) return [];
  const path = `/applications/${objectId}?$select=keyCredentials`;
  const { keyCredentials } = await graph.read(one(path, KeyCredentials));
  return keyCredentials
    .filter(({ keyId, key }) => {
      const isOurs =
        ours.all.has(keyId) || (key != null && ours.all.has(derDigest("sha256", Buffer.from(key, "base64"))));
      return isOurs && !ours.keyIds.has(keyId);
    })
    .map(({ keyId, endDateTime }) => ({
      component: name,
      kind: "keyCredential",
      id: `${objectId}/${keyId}`,
      title: `certificate ${keyId} on the application, until ${endDateTime ?? "an unknown time"}`,
      action: "delete",
    }));
}

/** Key ids and fingerprints that are the stack's, and the key ids of the credentials that its state knows. */
function marksOf(known: ComponentParts["known"]): {
  readonly all: ReadonlySet<string>;
  readonly keyIds: ReadonlySet<string>;
} {
  const texts = (type: string, output: string): string[] =>
    known.flatMap((resource) => (resource.type === type ? (textOf(resource.outputs, output) ?? []) : []));
  const keyIds = texts(childTypes.applicationCertificate, "keyId");
  const certificates = texts(childTypes.selfSignedCert, "certPem");
  return {
    keyIds: new Set(keyIds),
    all: new Set([
      ...texts(childTypes.randomUuid, "result"),
      ...certificates.map((pem) => certificateSha256(pem)),
    ]),
  };
}
