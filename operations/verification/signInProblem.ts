import { timeInWords } from "../../common/time.ts";
import { Cloud, clouds, cloudsOfDomain } from "../../microsoft/clouds.ts";
import { ApiError } from "../../graph/apiError.ts";
import type { SignInError } from "../../graph/signInError.ts";
import type { Cause, Problem, SignInTarget } from "./problem.ts";
import { plainRefusal } from "./plainRefusal.ts";
import { expiredToken, federatedRefusal, newTokenRemedy } from "./federatedRefusal.ts";
import { serviceUnavailable } from "./problem.ts";

/**
 * Explains why Entra gave no token.
 *
 * Sources: Microsoft's page "Microsoft Entra authentication and authorization error codes"; for the numbers about a
 * certificate's validity, Microsoft's library microsoft-identity-web.
 *
 * @param clockOffsetMs how far this machine's clock is ahead of Entra's, where that is known
 */
export function signInProblem(error: SignInError, target: SignInTarget, clockOffsetMs?: number): Problem {
  const { aadsts, cause: reason } = error;
  if (reason instanceof ApiError && reason.failure.status !== undefined)
    return serviceUnavailable("Entra", `${reason.failure.status}, ${reason.failure.reason}`);
  if (aadsts === undefined) return noAnswer(error, target);
  if (error.isUnavailable) return serviceUnavailable("Entra", error.message);
  const cause = causeOf(error, target);
  const special = specialProblem(error, target);
  if (special) return { cause, ...special };
  const explain = explanations[cause];
  if (explain) return { cause, ...explain(target, `AADSTS${aadsts}`, clockOffsetMs) };
  const id = error.correlationId === undefined ? "" : ` (correlation id ${error.correlationId})`;
  return {
    cause,
    message: `Entra refused the sign-in: ${error.message}${id}`,
    remedy: `Look it up: https://login.microsoftonline.com/error?code=${aadsts}.`,
    passing: false,
  };
}

function noAnswer(error: SignInError, { cloud }: SignInTarget): Problem {
  return {
    cause: "network",
    message: `Entra could not be reached: ${error.message}`,
    remedy: `Check that this machine reaches ${clouds[cloud].authorityHost}: network, name resolution, proxy (HTTPS_PROXY), trusted certificates (NODE_EXTRA_CA_CERTS).`,
    passing: false,
  };
}

const causesByNumber: ReadonlyMap<number, Cause> = new Map([
  [700027, "certificateNotAccepted"],
  [7000214, "certificateNotAccepted"],
  [7000277, "certificateNotAccepted"],
  [1000502, "certificateExpired"],
  [7000274, "certificateExpired"],
  [700016, "applicationMissing"],
  [7000229, "servicePrincipalMissing"],
  [7000112, "servicePrincipalDisabled"],
  [53003, "conditionalAccess"],
  [530035, "conditionalAccess"],
  [700024, "clockSkew"],
  [90002, "tenantUnknown"],
  [900023, "tenantUnknown"],
  [50128, "tenantUnknown"],
  // Two numbers of the same: the service requires an app role (github.com/Azure-Samples/active-directory-dotnet-daemon/issues/10).
  [50105, "consentMissing"],
  [501051, "consentMissing"],
  [900382, "wrongCloud"],
  [900432, "wrongCloud"],
  [500011, "exchangeMissing"],
  [500014, "exchangeMissing"],
  [650052, "exchangeMissing"],
] satisfies [number, Cause][]);

/** Two numbers mean different things under different circumstances. */
function causeOf(error: SignInError, { cloud, tenantDomain }: SignInTarget): Cause {
  const { aadsts, message } = error;
  if (aadsts === 700027 && message.includes("The key used is expired")) {
    return startOfKey(error) === undefined ? "certificateExpired" : "certificateNotYetValid";
  }
  const cause = causesByNumber.get(aadsts ?? 0) ?? "signInRefused";
  const homes = cloudsOfDomain(tenantDomain);
  return cause === "tenantUnknown" && homes.length > 0 && !homes.includes(cloud) ? "wrongCloud" : cause;
}

/** When the key begins that Entra calls expired, where that is after Entra's own time. */
function startOfKey({ message, at }: SignInError): string | undefined {
  const [, month, day, year, time] = /Start=(\d\d)\/(\d\d)\/(\d{4}) (\d\d:\d\d:\d\d)/.exec(message) ?? [];
  const start = `${year}-${month}-${day}T${time}Z`;
  return at !== undefined && Date.parse(start) > at.getTime() ? start : undefined;
}

/** What is told of one number alone, beyond what its cause says. */
function specialProblem(error: SignInError, target: SignInTarget): Omit<Problem, "cause"> | undefined {
  const { aadsts, message } = error;
  const { thumbprint } = target;
  const code = `AADSTS${aadsts}`;
  const start = startOfKey(error);
  if (start !== undefined) {
    return {
      message: `Entra's clock reads ${timeInWords(error.at ?? "")}, but the certificate ${thumbprint} begins at ${timeInWords(start)} (${code}).`,
      remedy: "Wait. The problem passes by itself. A new generation would have to wait, too.",
      passing: true,
    };
  }
  const [, bits] = /RSA key size (\d+) is less than the minimum required 2048 bits/.exec(message) ?? [];
  if (bits !== undefined) {
    return {
      message: `Entra accepts RSA keys of 2048 bits or more, but the key of certificate ${thumbprint} has ${bits} (${code}).`,
      remedy: "Add a generation with a longer key and run `pulumi up`.",
      passing: false,
    };
  }
  const refusal = plainRefusal(aadsts, target);
  if (refusal) return { ...refusal, passing: false };
  const expired = thumbprint === "" ? expiredToken(error) : undefined;
  if (expired) return { ...expired, passing: false };
  const federated = federatedRefusal(error, target.cloud);
  return (
    federated && {
      message: federated.message,
      remedy: `A new federated credential takes minutes to reach every server. Wait longer with --wait. If the problem remains: ${federated.remedy}`,
      passing: true,
    }
  );
}

type Explain = (target: SignInTarget, code: string, clockOffsetMs?: number) => Omit<Problem, "cause">;

const explanations: Partial<Record<Cause, Explain>> = {
  certificateNotAccepted: ({ clientId, thumbprint }, code) => ({
    message: `Entra does not accept the certificate ${thumbprint} for application ${clientId} (${code}).`,
    remedy:
      "A new certificate takes minutes to reach every server. Wait longer with --wait. If the problem remains, the certificate is no longer on the application, or the private key does not belong to the certificate. Run `pulumi up --refresh`.",
    passing: true,
  }),
  certificateExpired: ({ thumbprint }, code) => ({
    message: `Entra says that the certificate ${thumbprint} is outside its validity (${code}).`,
    remedy:
      "Add a generation, as docs/rotation.md shows, run `pulumi up`, and bring the new certificate to the host.",
    passing: false,
  }),
  applicationMissing: ({ clientId, tenantId }, code) => ({
    message: `Tenant ${tenantId} has no application ${clientId} (${code}).`,
    remedy:
      'A new application takes minutes to reach every server. Wait longer with --wait. If the problem remains, check the client ID and the tenant. If both are right, the application was deleted. `exo-auth status` says whether it is in the recycle bin. After a refresh, `pulumi up` would create another application, so first see docs/recovery.md, "The application was deleted".',
    passing: true,
  }),
  servicePrincipalMissing: ({ clientId, tenantId }, code) => ({
    message: `Application ${clientId} has no service principal in tenant ${tenantId} (${code}).`,
    remedy:
      "A new service principal takes minutes to reach every server. Wait longer with --wait. If the problem remains, it was deleted. Run `pulumi up --refresh`.",
    passing: true,
  }),
  servicePrincipalDisabled: ({ clientId }, code) => ({
    message: `Application ${clientId} is blocked (\`exo-auth revoke --block\`, the application's \`isDisabled\`), or its service principal is disabled (${code}).`,
    remedy:
      "Find out who did it, and why. They decide when it ends. `exo-auth status` says which of the two it is.",
    passing: false,
  }),
  conditionalAccess: ({ clientId }, code) => ({
    message: `A Conditional Access policy for workload identities blocks application ${clientId} from here (${code}).`,
    remedy:
      "Sign in from a location that the policy allows, or exclude the service principal from it. Entra's sign-in log (Service principal sign-ins) names the policy.",
    passing: false,
  }),
  clockSkew: ({ thumbprint }, code, offset) =>
    thumbprint === ""
      ? tokenTooOld(code)
      : {
          message: `This machine's clock and Entra's differ: the sign-in is outside its valid time (${code}).${clock(offset)}`,
          remedy: "Correct the clock, and keep it right with a time service.",
          passing: false,
        },
  tenantUnknown: ({ tenantId, cloud }, code) => ({
    message: `${clouds[cloud].title} has no tenant ${tenantId} (${code}).`,
    remedy: "Correct the tenant's domain or ID. If it is right, choose the tenant's cloud.",
    passing: false,
  }),
  wrongCloud: ({ tenantDomain, cloud }, code) => ({
    message: `Tenant ${tenantDomain} is not in ${clouds[cloud].title} (${code}).`,
    remedy: `Set \`cloud\` to the tenant's own: ${possibleClouds(tenantDomain, cloud).join(" or ")}.`,
    passing: false,
  }),
  consentMissing: ({ clientId }, code) => ({
    message: `Application ${clientId} has no app role of the service that it asked for, and the service requires one (${code}): it was not granted Exchange.ManageAsApp, or the grant is not effective yet.`,
    remedy:
      "A new grant takes minutes. Wait longer with --wait. If the problem remains, the grant was revoked. Run `pulumi up --refresh`.",
    passing: true,
  }),
  exchangeMissing: ({ tenantDomain }, code) => ({
    message: `Tenant ${tenantDomain} has no Exchange Online (${code}).`,
    remedy:
      "Assign a license with Exchange Online in the tenant. Microsoft then adds the service within hours.",
    passing: false,
  }),
};

/** Without a certificate, the assertion is the pipeline's: its age is wrong, and not a clock (github.com/Azure/login/issues/180). */
function tokenTooOld(code: string): Omit<Problem, "cause"> {
  return {
    message: `The federated token is outside its valid time (${code}): it is too old, as at the end of a long run, or a clock is wrong.`,
    remedy: newTokenRemedy,
    passing: false,
  };
}

/** The clouds that a tenant's domain can belong to, beside the one that says no: every one, where the domain does not tell. */
function possibleClouds(tenantDomain: string, asked: Cloud): readonly Cloud[] {
  const homes = cloudsOfDomain(tenantDomain).filter((cloud) => cloud !== asked);
  return homes.length > 0 ? homes : Object.values(Cloud).filter((cloud) => cloud !== asked);
}

function clock(offsetMs: number | undefined): string {
  if (offsetMs === undefined) return "";
  const seconds = Math.round(Math.abs(offsetMs) / 1000);
  return ` The clock is ${seconds} s ${offsetMs > 0 ? "fast" : "slow"}.`;
}
