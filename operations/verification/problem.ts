import { type Cloud, clouds } from "../../microsoft/clouds.ts";

/** Why a sign-in, or what comes after it, does not work. Never renamed. */
export type Cause =
  | "certificateExpired"
  | "certificateNotYetValid"
  | "certificateNotAccepted"
  | "applicationMissing"
  | "servicePrincipalMissing"
  | "servicePrincipalDisabled"
  | "conditionalAccess"
  | "clockSkew"
  | "signInRefused"
  | "wrongCloud"
  | "tenantUnknown"
  | "consentMissing"
  | "roleMissing"
  | "roleUnsupported"
  | "roleNotEffective"
  | "roleGroupMissing"
  | "cmdletAllowed"
  | "exchangeMissing"
  | "requestRefused"
  | "network"
  | "serviceUnavailable";

/** What does not work, why, and what to do about it. */
export interface Problem {
  readonly cause: Cause;
  readonly message: string;
  readonly remedy: string;
  /** Whether time may heal it: what was just changed takes minutes to reach every server. */
  readonly passing: boolean;
}

/** Who signs in where. */
export interface SignInTarget {
  readonly clientId: string;
  /** The tenant's id, or one of its domains. */
  readonly tenantId: string;
  /** The initial domain. */
  readonly tenantDomain: string;
  readonly cloud: Cloud;
  /** Another cloud whose tenants have such a domain, too; absent where something names the cloud. */
  readonly otherCloud?: Cloud;
  readonly thumbprint: string;
}

/** @returns which cloud was assumed, and how to name the other one; undefined where nothing was assumed. */
export function assumedCloud({
  cloud,
  otherCloud,
}: Pick<SignInTarget, "cloud" | "otherCloud">): string | undefined {
  if (otherCloud === undefined) return undefined;
  const { initialDomainSuffix, title } = clouds[cloud];
  const { azureadEnvironments, title: otherTitle } = clouds[otherCloud];
  return `tried in ${title}. Tenants of ${otherTitle} have domains that end in ${initialDomainSuffix}, too. For such a tenant, set ARM_ENVIRONMENT to ${azureadEnvironments[0]}`;
}

/** The problem that a service answers, but does not work. */
export function serviceUnavailable(service: string, answer: string): Problem {
  return {
    cause: "serviceUnavailable",
    message: `${service} does not work now. It answers ${answer}`,
    remedy: "Try again later; https://admin.microsoft.com shows the service's health.",
    passing: true,
  };
}
