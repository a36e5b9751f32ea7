import { decodeJwt } from "jose";
import { clouds } from "../../../microsoft/clouds.ts";
import { appOnlyRoles } from "../../../microsoft/roles.ts";
import { withoutTrailingSlash } from "../signIn/accessToken.ts";
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

/** Those of a caller's directory roles with which an application may connect to the service. */
export function supportedRoles(
  service: ExchangeService,
  directoryRoles: readonly string[],
): readonly string[] {
  return directoryRoles.filter((held) =>
    appOnlyRoles.some((role) => role.templateId === held && role[service]),
  );
}
