import * as v from "valibot";
import { usageFailure, Failure } from "../../common/failure.ts";
import { timeText } from "../../common/time.ts";
import { cloudOfEnvironment } from "../../graph/endpoints.ts";
import { federatedTokenSource, tokenFileSource } from "../../graph/federatedToken.ts";
import { Cloud, clouds } from "../../microsoft/clouds.ts";
import { isWideSubject } from "../../common/federatedSubject.ts";

/** What a job's own federated token says, and what a federated credential needs to trust it. */
export interface JobClaims {
  readonly issuer: string;
  readonly subject: string;
  readonly audiences: readonly string[];
  /** When the token expires, RFC 3339; absent where it does not say. */
  readonly expiresAt?: string;
  /** The audience that Entra takes in the cloud that `ARM_ENVIRONMENT` names. */
  readonly expectedAudience: string;
  /** Whether more than one branch or environment has this subject; known for GitHub and GitLab. */
  readonly isWide: boolean;
}

const Claims = v.object({
  iss: v.string(),
  sub: v.string(),
  aud: v.union([v.string(), v.pipe(v.array(v.string()), v.minLength(1))]),
  exp: v.optional(v.number()),
});

/**
 * Reads the federated token that the job's platform gives it. The signature is for Entra to check.
 *
 * @throws Failure where the job has none, or it is no token
 */
export async function jobClaims(env: NodeJS.ProcessEnv): Promise<JobClaims> {
  const file = env.AZURE_FEDERATED_TOKEN_FILE;
  const source = federatedTokenSource(env) ?? (file ? tokenFileSource(file) : undefined);
  if (source === undefined) {
    throw usageFailure(
      "This job has no federated token. GitHub Actions: give the job `permissions: id-token: write`. GitLab: put a token of `id_tokens` into ARM_OIDC_TOKEN. Azure Pipelines: set SYSTEM_ACCESSTOKEN and ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID. Elsewhere: ARM_OIDC_TOKEN_FILE_PATH or AZURE_FEDERATED_TOKEN_FILE.",
    );
  }
  const { iss, sub, aud, exp } = readPayload(await source());
  const cloud = cloudOfEnvironment(env.ARM_ENVIRONMENT ?? "") ?? Cloud.Global;
  return {
    issuer: iss,
    subject: sub,
    audiences: [aud].flat(),
    ...(exp === undefined ? {} : { expiresAt: timeText(exp * 1000) }),
    expectedAudience: clouds[cloud].federatedTokenAudience,
    isWide: isWideSubject(sub, undefined, iss),
  };
}

function readPayload(token: string): v.InferOutput<typeof Claims> {
  try {
    const [, payload = ""] = token.split(".");
    return v.parse(Claims, JSON.parse(Buffer.from(payload, "base64url").toString("utf8")));
  } catch {
    throw new Failure(
      "EXO_AUTH_SIGN_IN",
      "The federated token of this job must be a JSON Web Token with iss, sub and aud (its value is not shown). Check the variable or the file that it comes from.",
    );
  }
}
