import type { Rule } from "../findings/finding.ts";
import type { AuditRule } from "./rule.ts";
import { certificateQualityRules } from "./rules/certificateQuality.ts";
import { credentialRules } from "./rules/credentials.ts";
import { customRoleRules } from "./rules/customRoles.ts";
import { federatedRules } from "./rules/federated.ts";
import { groupMemberRules } from "./rules/groupMembers.ts";
import { lifetimeRules } from "./rules/lifetimes.ts";
import { ownerRules } from "./rules/owners.ts";
import { permissionRules } from "./rules/permissions.ts";
import { roleRules } from "./rules/roles.ts";
import { scheduleRules } from "./rules/schedules.ts";
import { settingRules } from "./rules/settings.ts";
import { signInRules } from "./rules/signIn.ts";
import { signInPolicyRules } from "./rules/signInPolicies.ts";
import { tokenLifetimeRules } from "./rules/tokenLifetimes.ts";
import { userRoleRule } from "./userRoles.ts";

/** Every kind of finding that `audit` has. */
export const rules: readonly AuditRule[] = [
  ...credentialRules,
  ...certificateQualityRules,
  ...lifetimeRules,
  ...federatedRules,
  ...ownerRules,
  ...roleRules,
  ...groupMemberRules,
  ...customRoleRules,
  ...scheduleRules,
  ...permissionRules,
  ...settingRules,
  ...signInRules,
  ...tokenLifetimeRules,
  ...signInPolicyRules,
];

/** Everything that it can report, what is declared and missing among it. */
export const findingRules: readonly Rule[] = [
  ...rules.flatMap((rule) => (rule.missing ? [rule, rule.missing] : [rule])),
  userRoleRule,
];

/** The application permissions of Microsoft Graph that an audit needs. */
export const auditPermissions: readonly string[] = permissionsOf(false);

/** Those with which it looks further. */
export const optionalAuditPermissions: readonly string[] = permissionsOf(true).filter(
  (permission) => !auditPermissions.includes(permission),
);

function permissionsOf(isOptional: boolean): readonly string[] {
  const reads = rules.flatMap((rule) => rule.reads);
  const wanted = reads.filter((read) => (read.isOptional ?? false) === isOptional);
  return [...new Set(wanted.map(({ permission }) => permission))].toSorted();
}
