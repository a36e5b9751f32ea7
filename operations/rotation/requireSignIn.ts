import { type ErrorCode, Failure } from "../../common/failure.ts";
import { ApiError } from "../../graph/apiError.ts";
import { resolveEndpoints } from "../../graph/endpoints.ts";
import { createCredential } from "../../graph/signIn.ts";
import { SignInError } from "../../graph/signInError.ts";
import type { StackComponent } from "../../stack/components.ts";
import { requireApplication } from "../tenant/applicationState.ts";
import type { TenantAccess } from "../tenant/tenantAccess.ts";
import type { Cause } from "../verification/problem.ts";
import { signInProblem } from "../verification/signInProblem.ts";
import { componentTarget } from "../verification/target.ts";

const codes: ReadonlyMap<Cause, ErrorCode> = new Map([
  ["applicationMissing", "EXO_AUTH_APPLICATION_DELETED"],
  ["servicePrincipalMissing", "EXO_AUTH_APPLICATION_DELETED"],
  ["servicePrincipalDisabled", "EXO_AUTH_APPLICATION_BLOCKED"],
]);

/**
 * Goes no further where the application cannot be signed in to, whatever the certificate: for those who have no identity
 * that may read the tenant. Says nothing where the private key is elsewhere.
 *
 * @throws Failure
 */
export async function requireSignIn(
  component: StackComponent,
  { env, signal }: { readonly env: NodeJS.ProcessEnv; readonly signal: AbortSignal },
): Promise<void> {
  if (component.generations[0]?.privateKeyPem === undefined) return;
  const { identity, signIn } = componentTarget(component);
  const endpoints = await resolveEndpoints(component.cloud, env);
  try {
    const { scope } = endpoints.exchangeOnline;
    await createCredential(identity, endpoints).getToken(scope, { abortSignal: signal });
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof SignInError)) throw error;
    const { cause, message } = signInProblem(error, signIn);
    const code = codes.get(cause);
    if (code === undefined) return;
    throw new Failure(
      code,
      `${message} Nothing was changed. \`exo-auth status\` says whether it is blocked or deleted. docs/recovery.md describes what to do.`,
    );
  }
}

/**
 * Goes no further where the application cannot be worked with: as the tenant says, where the environment's identity may
 * ask it, or as a sign-in of the application's own shows.
 *
 * @throws Failure
 */
export async function requireUsable(
  component: StackComponent,
  openTenant: () => Promise<TenantAccess>,
  context: { readonly env: NodeJS.ProcessEnv; readonly signal: AbortSignal },
): Promise<void> {
  try {
    const { graph } = await openTenant();
    await requireApplication(graph, component);
  } catch (error) {
    context.signal.throwIfAborted();
    if (!(error instanceof ApiError || error instanceof SignInError)) throw error;
    await requireSignIn(component, context);
  }
}
