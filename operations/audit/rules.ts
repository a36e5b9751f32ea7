import type { AuditRule } from "./rule.ts";
import { credentialRules } from "./rules/credentials.ts";
import { ownerRules } from "./rules/owners.ts";
import { permissionRules } from "./rules/permissions.ts";
import { roleRules } from "./rules/roles.ts";
import { settingRules } from "./rules/settings.ts";

/** Every kind of finding that `audit` has. */
export const rules: readonly AuditRule[] = [
  ...credentialRules,
  ...ownerRules,
  ...roleRules,
  ...permissionRules,
  ...settingRules,
];

/** The application permissions of Microsoft Graph that an audit needs. */
export const auditPermissions: readonly string[] = [
  ...new Set(rules.flatMap(({ reads }) => reads.map(({ permission }) => permission))),
].toSorted();
