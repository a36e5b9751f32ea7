import type { ExchangeCommand } from "./command.ts";
import { complianceCommands } from "./complianceCommands.ts";
import { managementRoleCommands } from "./managementRoleCommands.ts";
import { managementScopeCommands } from "./managementScopeCommands.ts";
import { organizationCommands } from "./organizationCommands.ts";
import { recipientCommands } from "./recipientCommands.ts";
import { roleGroupCommands } from "./roleGroupCommands.ts";
import { roleGroupMemberCommands } from "./roleGroupMemberCommands.ts";
import { settingCommands } from "./settingCommands.ts";
import { servicePrincipalCommands } from "./servicePrincipalCommands.ts";

/** Every cmdlet that this tenant knows. */
export const commands: readonly ExchangeCommand[] = [
  ...organizationCommands,
  ...settingCommands,
  ...recipientCommands,
  ...servicePrincipalCommands,
  ...roleGroupCommands,
  ...roleGroupMemberCommands,
  ...managementRoleCommands,
  ...managementScopeCommands,
  ...complianceCommands,
];
