import * as v from "valibot";
import { certificateSha256 } from "../../common/certificate.ts";
import { childTypes } from "../../common/typeTokens.ts";
import type { StackResource } from "../../stack/resource.ts";
import { textOf } from "../../stack/values.ts";

/**
 * The SHA-256 of certificates, lower-case hex, by the key ID that the component made for each. azuread keeps a credential's
 * certificate as a secret; what its key ID was made for is public.
 */
export function certificatesByKeyId(resources: readonly StackResource[]): ReadonlyMap<string, string> {
  const made = new Map(
    resources.flatMap(({ type, id, outputs }) => {
      const pem = type === childTypes.selfSignedCert ? textOf(outputs, "certPem") : undefined;
      return pem === undefined || id === undefined ? [] : [[id, certificateSha256(pem)] as const];
    }),
  );
  return new Map(
    resources.flatMap(({ type, inputs, outputs }) => {
      const keyId = textOf(outputs, "result");
      if (type !== childTypes.randomUuid || keyId === undefined || !v.is(Keepers, inputs)) return [];
      const { certificateId, certificateSha256: given } = inputs.keepers;
      const sha256 = given ?? made.get(certificateId ?? "");
      return sha256 === undefined ? [] : [[keyId, sha256.toLowerCase()] as const];
    }),
  );
}

const Keepers = v.object({
  keepers: v.object({
    /** Of a certificate that was made here: the id of its resource. */
    certificateId: v.optional(v.string()),
    /** Of one that was made elsewhere. */
    certificateSha256: v.optional(v.string()),
  }),
});
