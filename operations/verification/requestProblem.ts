import { exchangeOnlineProtection } from "../../microsoft/permissions.ts";
import { appOnlyRoles } from "../../microsoft/roles.ts";
import type { AccessTokenClaims } from "../../graph/accessToken.ts";
import type { ApiError } from "../../graph/apiError.ts";
import type { Problem, SignInTarget } from "./problem.ts";
import { serviceUnavailable } from "./problem.ts";

/**
 * Explains why Exchange, or Security & Compliance, did not run a cmdlet.
 *
 * Measured by others: 401 without the permission, 403 with the permission alone, 200 with permission and role. The
 * token's claims tell which of the two is missing, and so which `pulumi up` or which wait helps.
 *
 * @param claims of the token that was sent
 * @param own the cmdlet, where roles of Exchange itself are to let it run
 */
export function requestProblem(
  error: ApiError,
  claims: AccessTokenClaims,
  target: SignInTarget,
  own?: OwnCmdlet,
): Problem {
  const { service, status, isStrange, reason } = error.failure;
  if (status === undefined) {
    return {
      cause: "network",
      message: `${service} ${isStrange ? "gave an unexpected answer" : "could not be reached"}: ${reason}`,
      remedy: "Check this machine's network, name resolution and proxy (HTTPS_PROXY).",
      passing: false,
    };
  }
  if (status === 429 || status >= 500) return serviceUnavailable(service, `${status}, ${reason}`);
  if (noOrganization.test(reason)) {
    return {
      cause: "exchangeMissing",
      message: `Tenant ${target.tenantDomain} has no Exchange Online: ${reason}`,
      remedy:
        "Assign a license with Exchange Online in the tenant. Microsoft then adds the service within hours.",
      passing: false,
    };
  }
  if (status !== 401 && status !== 403 && !noManagementRole.test(reason)) {
    return {
      cause: "requestRefused",
      message: error.message,
      remedy: "Run it again. If the problem remains, report it with the request ID.",
      passing: false,
    };
  }
  if (!claims.roles.includes("Exchange.ManageAsApp"))
    return service === "Exchange Online" ? consentMissing(target) : complianceConsentMissing(target);
  return own === undefined ? roleProblem(error, claims, target) : roleGroupProblem(error, target, own);
}

/** A cmdlet that roles of Exchange itself are to let run. */
export interface OwnCmdlet {
  readonly cmdlet: string;
}

function roleGroupProblem({ failure }: ApiError, { clientId }: SignInTarget, { cmdlet }: OwnCmdlet): Problem {
  return {
    cause: "roleGroupMissing",
    message: `${failure.service} does not let application ${clientId} run ${cmdlet}. It lacks a declared role group or role, or ${failure.service} does not know about it yet. It answers ${failure.status}, ${failure.reason}`,
    remedy:
      "Run `exo-auth grant --yes`. If that has run, wait longer with --wait, or try again later: Exchange can take hours.",
    passing: true,
  };
}

/** Whether Exchange refused a cmdlet, as it does where none of the caller's roles has it. */
export function isCmdletRefused({ failure: { status, reason } }: ApiError): boolean {
  return status === 401 || status === 403 || unknownCmdlet.test(reason);
}

/** What comes instead of a refusal in a session of PowerShell. */
const unknownCmdlet = /is not recognized as (?:the|a) name of a cmdlet/i;

/** What Exchange says to a caller whose roles lack a cmdlet, and not to one that it lets in with no cmdlet. */
export function isLetIn({ failure: { reason } }: ApiError): boolean {
  return /is not allowed to call/i.test(reason) || unknownCmdlet.test(reason);
}

/** A cmdlet ran, or got as far as looking for its object, that no declared role has. */
export function cmdletAllowed(service: string, { clientId }: SignInTarget, cmdlet: string): Problem {
  return {
    cause: "cmdletAllowed",
    message: `${service} lets application ${clientId} run ${cmdlet}, and none of its declared roles has that cmdlet.`,
    remedy:
      "If a role was taken away just now, wait longer with --wait. Otherwise somebody gave the application more: run `exo-auth audit`.",
    passing: true,
  };
}

/** The template ID that Entra puts into every application's `wids`, whether it has a role or not. */
const defaultAccess = "0997a1d0-0d1d-4acb-b408-d5ca73121e90";

/** What Exchange says, with one status or another, where no role of the token is effective, or none that it knows. */
const noManagementRole = /isn't assigned to any management roles|isn't supported in this scenario/i;

/** What Exchange says of tenants that it does not know. */
const noOrganization = /(organization|tenant) .*(does not exist|not found|couldn't be found)/i;

function consentMissing({ clientId }: SignInTarget): Problem {
  return {
    cause: "consentMissing",
    message: `The token does not have Exchange.ManageAsApp: application ${clientId} was not granted it, or the grant is not effective yet.`,
    remedy:
      "A new grant takes minutes. Wait longer with --wait. If the problem remains, the grant was revoked. Run `pulumi up --refresh`.",
    passing: true,
  };
}

/** Connect-IPPSSession takes the permission of another resource than Connect-ExchangeOnline, in every cloud. */
function complianceConsentMissing({ clientId }: SignInTarget): Problem {
  return {
    cause: "consentMissing",
    message: `The token for Security & Compliance does not have Exchange.ManageAsApp: application ${clientId} was not granted the one of Microsoft Exchange Online Protection, or the grant is not effective yet.`,
    remedy:
      "A new grant takes minutes. Wait longer with --wait. If the problem remains, run `pulumi up --refresh`, which grants it unless `securityAndCompliance` is false.",
    passing: true,
  };
}

/** Why no token for Security & Compliance comes at all: the tenant lacks the resource, or somebody disabled it. */
export function complianceResourceMissing({ tenantDomain }: SignInTarget, isDisabled = false): Problem {
  if (isDisabled) {
    return {
      cause: "exchangeMissing",
      message: `Microsoft Exchange Online Protection, which Security & Compliance PowerShell signs in to, is disabled in tenant ${tenantDomain}.`,
      remedy:
        "Renew the license, or enable its service principal: Microsoft Entra admin center, Enterprise apps, Properties. If you do not need Security & Compliance, set `securityAndCompliance` to false.",
      passing: false,
    };
  }
  return {
    cause: "consentMissing",
    message: `Tenant ${tenantDomain} has no service principal of Microsoft Exchange Online Protection, which Security & Compliance PowerShell signs in to.`,
    remedy: `Create it with \`az ad sp create --id ${exchangeOnlineProtection}\` and run \`pulumi up\`, or set \`securityAndCompliance\` to false.`,
    passing: false,
  };
}

function roleProblem(
  { failure }: ApiError,
  { wids }: AccessTokenClaims,
  { clientId }: SignInTarget,
): Problem {
  const held = wids.filter((id) => id !== defaultAccess);
  const supported = appOnlyRoles.filter(({ templateId }) => held.includes(templateId));
  if (held.length === 0) {
    return {
      cause: "roleMissing",
      message: `The service principal of application ${clientId} holds no Entra role, or the assignment is not effective yet.`,
      remedy:
        "A new assignment takes minutes. Wait longer with --wait. If the problem remains, the assignment was removed. Run `pulumi up --refresh`.",
      passing: true,
    };
  }
  if (supported.length === 0) {
    return {
      cause: "roleUnsupported",
      message: `The service principal of application ${clientId} holds only roles that ${failure.service} does not support for applications: ${held.join(", ")}.`,
      remedy: `Give it one of ${appOnlyRoles.map(({ displayName }) => displayName).join(", ")}.`,
      passing: false,
    };
  }
  return {
    cause: "roleNotEffective",
    message: `${failure.service} does not know about ${supported.map(({ displayName }) => displayName).join(", ")} yet. It answers ${failure.status}, ${failure.reason}`,
    remedy: "Exchange can take hours to learn about a new role. Wait longer with --wait, or try again later.",
    passing: true,
  };
}
