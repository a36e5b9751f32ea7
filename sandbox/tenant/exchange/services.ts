import { decodeJwt } from "jose";
import { clouds } from "../../../microsoft/clouds.ts";
import { withoutTrailingSlash } from "../signIn/accessToken.ts";
import { roleTemplateId } from "../catalogue/directoryRoles.ts";
import type { TenantState } from "../state.ts";

/** Who answers commands: the audience of the token says. */
export type ExchangeService = "exchangeOnline" | "securityAndCompliance";

/** Which service a token is for; undefined where it is for none. */
export function serviceOf(tenant: TenantState, token: string): ExchangeService | undefined {
  const { aud } = decodeJwt(token);
  const audience = withoutTrailingSlash(String(aud));
  const { exchangeOnlineAudience, securityAndComplianceAudience } = clouds[tenant.cloud];
  if (audience === withoutTrailingSlash(exchangeOnlineAudience)) return "exchangeOnline";
  return audience === withoutTrailingSlash(securityAndComplianceAudience)
    ? "securityAndCompliance"
    : undefined;
}

/**
 * The directory roles with which an application may connect.
 *
 * Source: "App-only authentication in Exchange Online PowerShell and Security & Compliance PowerShell".
 */
const rolesByService: Readonly<Record<ExchangeService, readonly string[]>> = {
  exchangeOnline: [
    "Compliance Administrator",
    "Exchange Administrator",
    "Exchange Recipient Administrator",
    "Global Administrator",
    "Global Reader",
    "Helpdesk Administrator",
    "Security Administrator",
    "Security Reader",
  ].map(roleTemplateId),
  securityAndCompliance: [
    "Compliance Administrator",
    "Global Administrator",
    "Global Reader",
    "Security Administrator",
    "Security Reader",
  ].map(roleTemplateId),
};

/** Those of a caller's directory roles that the service takes. */
export function supportedRoles(
  service: ExchangeService,
  directoryRoles: readonly string[],
): readonly string[] {
  return directoryRoles.filter((role) => rolesByService[service].includes(role));
}
