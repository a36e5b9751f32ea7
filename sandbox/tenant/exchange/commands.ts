import type { ExchangeCommand } from "./command.ts";
import { complianceCommands } from "./complianceCommands.ts";
import { managementRoleCommands } from "./managementRoleCommands.ts";
import { managementScopeCommands } from "./managementScopeCommands.ts";
import { organizationCommands } from "./organizationCommands.ts";
import { recipientCommands } from "./recipientCommands.ts";
import { roleGroupCommands } from "./roleGroupCommands.ts";
import { roleGroupMemberCommands } from "./roleGroupMemberCommands.ts";
import { servicePrincipalCommands } from "./servicePrincipalCommands.ts";

/** Every cmdlet that this tenant knows. */
export const commands: readonly ExchangeCommand[] = [
  ...organizationCommands,
  ...recipientCommands,
  ...servicePrincipalCommands,
  ...roleGroupCommands,
  ...roleGroupMemberCommands,
  ...managementRoleCommands,
  ...managementScopeCommands,
  ...complianceCommands,
];
