import { X509Certificate } from "node:crypto";
import { compactVerify, decodeJwt } from "jose";
import { textOf } from "../../json.ts";
import type { Application, KeyCredential, ServicePrincipal } from "../../state.ts";
import { GraphError, requiredValue } from "../errors.ts";
import type { GraphRequest } from "../route.ts";

/** What a proof of possession is for: Microsoft documents this audience. */
const proofAudience = "00000002-0000-0000-c000-000000000000";

/** How long a proof may be good for, in seconds: Microsoft documents ten minutes. */
const maxProofLifetime = 600;

/** A JWT signed with a certificate that the object has, by the object, for Graph, ten minutes long at most. */
export async function checkProof(
  request: GraphRequest,
  holder: Application | ServicePrincipal,
): Promise<void> {
  const proof = textOf(request.body.proof);
  if (proof === "") throw requiredValue("proof", "keyCredential");
  const seconds = request.now.getTime() / 1000;
  const signer = await signerOf(proof, holder.keyCredentials);
  const claims = signer === undefined ? {} : decodeJwt(proof);
  const { aud, iss, nbf = 0, exp = 0 } = claims;
  const isValid =
    aud === proofAudience &&
    iss === holder.id &&
    nbf <= seconds &&
    seconds < exp &&
    exp - nbf <= maxProofLifetime;
  if (!isValid)
    throw new GraphError(401, "Authentication_MissingOrMalformed", "Access Token missing or malformed.");
}

async function signerOf(
  proof: string,
  credentials: readonly KeyCredential[],
): Promise<KeyCredential | undefined> {
  for (const credential of credentials) {
    const { publicKey } = new X509Certificate(Buffer.from(credential.key, "base64"));
    const verified = await compactVerify(proof, publicKey, { algorithms: ["RS256"] }).then(
      () => true,
      () => false,
    );
    if (verified) return credential;
  }
  return undefined;
}
