import { askAuthority } from "../../graph/authority.ts";
import type { Endpoints, ServiceEndpoint } from "../../graph/endpoints.ts";
import type { SignInError } from "../../graph/signInError.ts";
import type { Problem, SignInTarget } from "./problem.ts";
import { complianceResourceMissing } from "./requestProblem.ts";
import { signInProblem } from "./signInProblem.ts";

/** "Client assertion is not within its valid time range." */
const outsideValidTime = 700024;

/** The tenant has no service principal of the resource, or has not subscribed to it. */
const noSuchResource: ReadonlySet<number> = new Set([500011, 650052]);

/** The tenant has disabled the resource's service principal, or its licence has lapsed. */
const disabledResource = 500014;

/** Explains why Entra gave no token for a service; asks Entra for its time where the clock may be why. */
export async function explainSignIn(
  error: SignInError,
  target: SignInTarget,
  { endpoints, endpoint, signal }: { endpoints: Endpoints; endpoint: ServiceEndpoint; signal: AbortSignal },
): Promise<Problem> {
  const isDisabled = error.aadsts === disabledResource;
  if (endpoint === endpoints.securityAndCompliance && (isDisabled || noSuchResource.has(error.aadsts ?? 0))) {
    return complianceResourceMissing(target, isDisabled);
  }
  if (error.aadsts !== outsideValidTime) return signInProblem(error, target);
  const { clockOffsetMs } = await askAuthority(endpoints, target.tenantId, signal);
  return signInProblem(error, target, clockOffsetMs);
}
