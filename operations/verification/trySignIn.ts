import * as v from "valibot";
import { appOnlyRoles } from "../../microsoft/roles.ts";
import type { AccessTokenClaims } from "../../graph/accessToken.ts";
import { readClaims } from "../../graph/accessToken.ts";
import { ApiError } from "../../graph/apiError.ts";
import type { Endpoints, ServiceEndpoint } from "../../graph/endpoints.ts";
import type { ExchangeClient, ExchangeOptions } from "../../graph/exchange.ts";
import { createComplianceClient, createExchangeClient } from "../../graph/exchange.ts";
import type { ApplicationIdentity } from "../../graph/signIn.ts";
import { createCredential } from "../../graph/signIn.ts";
import { SignInError } from "../../graph/signInError.ts";
import { readingCmdlets, type TriedCmdlet } from "../../microsoft/exchangeCmdlets.ts";
import { isDeclared } from "../grant/declaredRoles.ts";
import { cmdletsOf, type OwnRoles } from "./cmdletsOf.ts";
import { explainSignIn } from "./explainSignIn.ts";
import type { Problem, SignInTarget } from "./problem.ts";
import { cmdletAllowed, isCmdletRefused, isLetIn, requestProblem } from "./requestProblem.ts";

/** What one try found out. */
export interface Attempt {
  /** The organisation's name as Exchange gives it. */
  readonly organization?: string;
  /** Whether Security & Compliance ran a cmdlet; undefined where no role opens it. */
  readonly securityAndCompliance?: boolean;
  /** The cmdlet that ran, where roles of Exchange itself let it. */
  readonly worked?: string;
  /** The declared role groups and roles, where no cmdlet is known that they must let run: then the job was only let in. */
  readonly unproven?: readonly string[];
  /** The cmdlet that was refused, as no declared role has it. */
  readonly refused?: string;
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
  /** Roles of Exchange itself that are declared. @default none */
  readonly ownRoles?: OwnRoles | undefined;
}

/** Signs in as a script would, with fresh tokens, and runs one reading cmdlet on each service that a role opens. */
export async function trySignIn(options: TryOptions): Promise<Attempt> {
  const { endpoints, ownRoles } = options;
  if (ownRoles && !isDeclared(ownRoles.exchangeOnline) && !ownRoles.hasEntraRole)
    return complianceAlone(options);
  const proving = ownRoles && isDeclared(ownRoles.exchangeOnline) ? cmdletsOf(ownRoles) : undefined;
  const tried =
    proving === undefined ? { ...exchangeCmdlet } : { ...(proving.works ?? exchangeCmdlet), isOwn: true };
  const exchange = await runCmdlet(options, endpoints.exchangeOnline, createExchangeClient, tried);
  const held = appOnlyRoles.filter(({ templateId }) => exchange.claims?.wids.includes(templateId));
  const found = {
    permissions: exchange.claims?.roles ?? [],
    roles: held.map(({ displayName }) => displayName),
    ...(exchange.answer?.Name && tried.cmdlet === exchangeCmdlet.cmdlet
      ? { organization: exchange.answer.Name }
      : {}),
  };
  // Where only a tenant knows what its role groups hold, to be let in is all that can be asked for.
  const isUnknown = proving === undefined ? held.length === 0 : proving.works === undefined;
  const isLet = isUnknown && exchange.isLetIn === true;
  if (exchange.problem && !isLet) return { ...found, problem: exchange.problem };
  const worked =
    proving === undefined || isLet
      ? { ...found, ...(isLet && (await otherCmdlet(options, proving?.declared))) }
      : { ...found, worked: tried.cmdlet };
  const [refused, problem] = await tryRefused(options, proving?.refused);
  const proved = refused === undefined ? worked : { ...worked, refused };
  if (problem) return { ...worked, problem };
  const isOpen =
    held.some((role) => role.securityAndCompliance) ||
    (ownRoles !== undefined && isDeclared(ownRoles.securityAndCompliance));
  if (!isOpen || options.securityAndCompliance === false) return proved;
  const { claims: _, ...compliance } = await tryCompliance(options, found.organization);
  return { ...proved, ...compliance };
}

/** A job that declares nothing in Exchange Online has no business there. */
async function complianceAlone(options: TryOptions): Promise<Attempt> {
  const { claims, ...compliance } = await tryCompliance(options);
  return { permissions: claims?.roles ?? [], roles: [], ...compliance };
}

/** What a job runs that Exchange lets in, and refuses the first cmdlet: nobody has said which roles it has. */
async function otherCmdlet(
  options: TryOptions,
  unproven: readonly string[] | undefined,
): Promise<Pick<Attempt, "worked" | "unproven">> {
  for (const tried of readingCmdlets.filter(({ cmdlet }) => cmdlet !== exchangeCmdlet.cmdlet)) {
    // oxlint-disable-next-line no-await-in-loop -- the first one that runs is enough.
    const { answer, problem } = await runCmdlet(
      options,
      options.endpoints.exchangeOnline,
      createExchangeClient,
      tried,
    );
    if (answer !== undefined || problem === undefined) return { worked: tried.cmdlet };
  }
  return unproven === undefined ? {} : { unproven };
}

/** The cmdlet that was refused as it must be, or the problem that it was not. */
async function tryRefused(
  options: TryOptions,
  refused: TriedCmdlet | undefined,
): Promise<readonly [string?, Problem?]> {
  if (refused === undefined) return [];
  const { endpoints, signIn } = options;
  const result = await runCmdlet(options, endpoints.exchangeOnline, createExchangeClient, refused);
  if (result.isRefused === true) return [refused.cmdlet];
  const isAnswer = result.problem === undefined || result.problem.cause === "requestRefused";
  return [undefined, isAnswer ? cmdletAllowed("Exchange Online", signIn, refused.cmdlet) : result.problem];
}

/** @param organization the domain that Exchange has just told: an identity from the environment may know the tenant by its id only */
async function tryCompliance(
  options: TryOptions,
  organization = options.signIn.tenantDomain,
): Promise<Pick<Attempt, "securityAndCompliance" | "problem"> & Pick<CmdletResult, "claims">> {
  const { endpoints, ownRoles, signIn } = options;
  const isOwn = ownRoles !== undefined && isDeclared(ownRoles.securityAndCompliance);
  const {
    claims,
    problem,
    isLetIn: isLet,
  } = await runCmdlet(
    { ...options, signIn: { ...signIn, tenantDomain: organization } },
    endpoints.securityAndCompliance,
    createComplianceClient,
    { cmdlet: complianceCmdlet, parameters: {}, isOwn },
  );
  // Not every role group there has this cmdlet.
  const found = claims === undefined ? {} : { claims };
  if (problem === undefined || (isOwn && isLet)) return { ...found, securityAndCompliance: true };
  return { ...found, securityAndCompliance: false, problem };
}

/** Every role of Entra for applications may run it, and every organisation has exactly one. */
const exchangeCmdlet = { cmdlet: "Get-OrganizationConfig", parameters: {} };

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
  /** Whether Exchange refused the cmdlet. */
  readonly isRefused?: boolean;
  /** Whether Exchange refused only the cmdlet, and let the caller in. */
  readonly isLetIn?: boolean;
}

/** A cmdlet to try. */
interface Tried {
  readonly cmdlet: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** Whether roles of Exchange itself are to let it run. @default false */
  readonly isOwn?: boolean;
}

async function runCmdlet(
  { identity, signIn, endpoints, signal, retryDelayMs }: TryOptions,
  endpoint: ServiceEndpoint,
  createClient: (options: ExchangeOptions) => ExchangeClient,
  { cmdlet, parameters, isOwn = false }: Tried,
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
    const [answer] = await client.invoke(cmdlet, parameters, Named);
    return { claims, answer };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof SignInError) {
      return { problem: await explainSignIn(error, signIn, { endpoints, endpoint, signal }) };
    }
    if (error instanceof ApiError && claims)
      return {
        claims,
        problem: requestProblem(error, claims, signIn, isOwn ? { cmdlet } : undefined),
        isRefused: isCmdletRefused(error),
        isLetIn: isLetIn(error),
      };
    throw error;
  }
}
