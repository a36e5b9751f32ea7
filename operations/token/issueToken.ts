import { Failure } from "../../common/failure.ts";
import { timeText } from "../../common/time.ts";
import { readClaims } from "../../graph/accessToken.ts";
import { resolveEndpoints } from "../../graph/endpoints.ts";
import { createCredential } from "../../graph/signIn.ts";
import { SignInError } from "../../graph/signInError.ts";
import { explainSignIn } from "../verification/explainSignIn.ts";
import { assumedCloud, type SignInTarget } from "../verification/problem.ts";
import type { VerificationTarget } from "../verification/verificationTarget.ts";

/** The services that a token can be for. */
export const tokenServices = {
  exchange: "exchangeOnline",
  compliance: "securityAndCompliance",
} as const;

/** One of them, as `--service` names it. */
export type TokenService = keyof typeof tokenServices;

/** A token for PowerShell, and what it is good for. */
export interface IssuedToken extends Pick<SignInTarget, "cloud" | "otherCloud"> {
  /** Whoever has it acts as the application until it expires; nothing revokes it. */
  readonly token: string;
  /** RFC 3339. */
  readonly expiresAt: string;
  readonly service: TokenService;
  readonly tenantDomain: string;
  /** The token's application permissions. */
  readonly permissions: readonly string[];
}

/**
 * Signs in as a script would, and gives the access token, for `-AccessToken` of Connect-ExchangeOnline and
 * Connect-IPPSSession.
 *
 * @throws Failure that explains the refusal
 */
export async function issueToken(
  { identity, signIn }: VerificationTarget,
  service: TokenService,
  { env, signal }: { readonly env: NodeJS.ProcessEnv; readonly signal: AbortSignal },
): Promise<IssuedToken> {
  const endpoints = await resolveEndpoints(signIn.cloud, env);
  const endpoint = endpoints[tokenServices[service]];
  try {
    const { token } = await createCredential(identity, endpoints).getToken(endpoint.scope, {
      abortSignal: signal,
    });
    // The library does not end a request that is under way.
    signal.throwIfAborted();
    const { exp, roles } = readClaims(token);
    return {
      token,
      expiresAt: timeText(exp * 1000),
      service,
      tenantDomain: signIn.tenantDomain,
      cloud: signIn.cloud,
      ...(signIn.otherCloud === undefined ? {} : { otherCloud: signIn.otherCloud }),
      permissions: roles,
    };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof SignInError)) throw error;
    const { message, remedy } = await explainSignIn(error, signIn, { endpoints, endpoint, signal });
    const assumed = assumedCloud(signIn);
    const where = assumed === undefined ? "" : ` The sign-in was ${assumed}.`;
    throw new Failure("EXO_AUTH_SIGN_IN", `${message} ${remedy}${where}`, { cause: error });
  }
}
