import type { PolicyRule } from "./rule.ts";
import { accessRules } from "./rules/access.ts";
import { certificateRules } from "./rules/certificates.ts";
import { credentialRules } from "./rules/credentials.ts";
import { exchangeRoleRules } from "./rules/exchangeRoles.ts";
import { roleRules } from "./rules/roles.ts";
import { stackRules } from "./rules/stacks.ts";

/** Every rule of the pack, in the order of docs/policies.md. */
export const rules: readonly PolicyRule[] = [
  ...roleRules,
  ...exchangeRoleRules,
  ...accessRules,
  ...credentialRules,
  ...certificateRules,
  ...stackRules,
];
