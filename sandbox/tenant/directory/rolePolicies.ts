import { isoDurationMs } from "../../../common/isoDuration.ts";
import { assignmentEnablementRuleId, assignmentExpirationRuleId } from "../../../microsoft/rolePolicies.ts";
import { isJsonObject, textOf, type JsonObject } from "../json.ts";
import type { RolePolicy, TenantState } from "../state.ts";

/**
 * What holds for active assignments that an administrator makes, where nobody changed it.
 *
 * Source: "Configure Microsoft Entra role settings in PIM", https://learn.microsoft.com/entra/id-governance/privileged-identity-management/pim-how-to-change-default-settings.
 */
const defaultPolicy: RolePolicy = {
  isExpirationRequired: false,
  maximumDuration: "P180D",
  enabledRules: ["Justification"],
};

/** The rules of a role, by its template id. */
export function rolePolicyOf(tenant: TenantState, roleTemplateId: string): RolePolicy {
  return tenant.rolePolicies.get(roleTemplateId) ?? defaultPolicy;
}

/** The rules of a role as Graph shows them. */
export function presentRules(policy: RolePolicy): readonly JsonObject[] {
  const target = {
    caller: "Admin",
    operations: ["all"],
    level: "Assignment",
    inheritableSettings: [],
    enforcedSettings: [],
  };
  const { isExpirationRequired, maximumDuration, enabledRules } = policy;
  return [
    { id: assignmentExpirationRuleId, isExpirationRequired, maximumDuration, target },
    { id: assignmentEnablementRuleId, enabledRules: [...enabledRules], target },
  ];
}

/**
 * The names of the rules that a request breaks. An application has no second factor.
 *
 * @param properties of the request, checked
 */
export function brokenRules(policy: RolePolicy, properties: JsonObject): readonly string[] {
  const { enabledRules, isExpirationRequired, maximumDuration } = policy;
  const lasts = durationOf(properties);
  const isTooLong = isExpirationRequired && !(lasts <= (isoDurationMs(maximumDuration) ?? 0));
  return [
    ...(isTooLong ? ["ExpirationRule"] : []),
    ...(enabledRules.includes("Justification") && textOf(properties.justification).trim() === ""
      ? ["JustificationRule"]
      : []),
    ...(enabledRules.includes("MultiFactorAuthentication") ? ["MfaRule"] : []),
    ...(enabledRules.includes("Ticketing") && !isJsonObject(properties.ticketInfo) ? ["TicketingRule"] : []),
  ];
}

/** How long what a request asks for lasts, in milliseconds; infinite where it does not end. */
function durationOf({ createdDateTime, scheduleInfo }: JsonObject): number {
  if (!isJsonObject(scheduleInfo)) return Number.POSITIVE_INFINITY;
  const { expiration, startDateTime } = scheduleInfo;
  if (!isJsonObject(expiration)) return Number.POSITIVE_INFINITY;
  if (expiration.type === "afterDuration")
    return isoDurationMs(textOf(expiration.duration)) ?? Number.POSITIVE_INFINITY;
  if (expiration.type !== "afterDateTime") return Number.POSITIVE_INFINITY;
  const start = Date.parse(textOf(startDateTime) || textOf(createdDateTime));
  return Date.parse(textOf(expiration.endDateTime)) - start;
}
