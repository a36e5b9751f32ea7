import * as v from "valibot";
import { exchangeRoles } from "../../microsoft/roles.ts";
import type { AccessTokenClaims } from "../../graph/accessToken.ts";
import { readClaims } from "../../graph/accessToken.ts";
import { ApiError } from "../../graph/apiError.ts";
import type { Endpoints, ServiceEndpoint } from "../../graph/endpoints.ts";
import type { ExchangeClient, ExchangeOptions } from "../../graph/exchange.ts";
import { createComplianceClient, createExchangeClient } from "../../graph/exchange.ts";
import type { ApplicationIdentity } from "../../graph/signIn.ts";
import { createCredential } from "../../graph/signIn.ts";
import { SignInError } from "../../graph/signInError.ts";
import { explainSignIn } from "./explainSignIn.ts";
import type { Problem, SignInTarget } from "./problem.ts";
import { requestProblem } from "./requestProblem.ts";

/** What one try found out. */
export interface Attempt {
  /** The organisation's name as Exchange gives it. */
  readonly organization?: string;
  /** Whether Security & Compliance ran a cmdlet; undefined where no role opens it. */
  readonly securityAndCompliance?: boolean;
  /** The token's application permissions. */
  readonly permissions: readonly string[];
  /** The token's directory roles that Exchange knows. */
  readonly roles: readonly string[];
  /** The first thing that does not work. */
  readonly problem?: Problem;
}

/** How to try. */
export interface TryOptions {
  readonly identity: ApplicationIdentity;
  readonly signIn: SignInTarget;
  readonly endpoints: Endpoints;
  readonly signal: AbortSignal;
  readonly retryDelayMs?: number;
  /** Whether Security & Compliance is tried where a role opens it. @default true */
  readonly securityAndCompliance?: boolean | undefined;
}

/** Signs in as a script would, with fresh tokens, and runs one reading cmdlet on each service that a role opens. */
export async function trySignIn(options: TryOptions): Promise<Attempt> {
  const { endpoints } = options;
  const exchange = await runCmdlet(options, endpoints.exchangeOnline, createExchangeClient, exchangeCmdlet);
  const held = exchangeRoles.filter(({ templateId }) => exchange.claims?.wids.includes(templateId));
  const found = {
    permissions: exchange.claims?.roles ?? [],
    roles: held.map(({ displayName }) => displayName),
    ...(exchange.answer?.Name ? { organization: exchange.answer.Name } : {}),
  };
  if (exchange.problem) return { ...found, problem: exchange.problem };
  const isOpen = held.some((role) => role.securityAndCompliance);
  if (!isOpen || options.securityAndCompliance === false) return found;
  // An identity from the environment may know the tenant by its id only; Exchange has just told the domain.
  const initialDomain = found.organization ?? options.signIn.tenantDomain;
  const compliance = await runCmdlet(
    { ...options, signIn: { ...options.signIn, tenantDomain: initialDomain } },
    endpoints.securityAndCompliance,
    createComplianceClient,
    complianceCmdlet,
  );
  return {
    ...found,
    securityAndCompliance: compliance.problem === undefined,
    ...(compliance.problem ? { problem: compliance.problem } : {}),
  };
}

/** Every role for applications may run it, and every organisation has exactly one. */
const exchangeCmdlet = "Get-OrganizationConfig";

/**
 * Every role that opens Security & Compliance may run it: the roles' groups there all hold View-Only DLP Compliance
 * Management. Source: Microsoft's page "Roles and role groups in Microsoft Defender for Office 365 and Microsoft Purview".
 */
const complianceCmdlet = "Get-DlpCompliancePolicy";

const Named = v.object({ Name: v.nullish(v.string()) });

interface CmdletResult {
  readonly claims?: AccessTokenClaims;
  readonly answer?: v.InferOutput<typeof Named> | undefined;
  readonly problem?: Problem;
}

async function runCmdlet(
  { identity, signIn, endpoints, signal, retryDelayMs }: TryOptions,
  endpoint: ServiceEndpoint,
  createClient: (options: ExchangeOptions) => ExchangeClient,
  cmdlet: string,
): Promise<CmdletResult> {
  const credential = createCredential(identity, endpoints);
  let claims: AccessTokenClaims | undefined;
  try {
    const { token } = await credential.getToken(endpoint.scope, { abortSignal: signal });
    claims = readClaims(token);
    const tenant = { tenantId: claims.tid, initialDomain: signIn.tenantDomain };
    const client = createClient({
      credential,
      endpoint,
      tenant,
      signal,
      ...(retryDelayMs === undefined ? {} : { retryDelayMs }),
    });
    const [answer] = await client.invoke(cmdlet, {}, Named);
    return { claims, answer };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof SignInError) {
      return { problem: await explainSignIn(error, signIn, { endpoints, endpoint, signal }) };
    }
    if (error instanceof ApiError && claims)
      return { claims, problem: requestProblem(error, claims, signIn) };
    throw error;
  }
}
