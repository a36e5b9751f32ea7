import type { ExchangeCommand } from "./command.ts";
import { complianceCommands } from "./complianceCommands.ts";
import { organizationCommands } from "./organizationCommands.ts";
import { recipientCommands } from "./recipientCommands.ts";
import { roleGroupCommands } from "./roleGroupCommands.ts";

/** Every cmdlet that this tenant knows. */
export const commands: readonly ExchangeCommand[] = [
  ...organizationCommands,
  ...recipientCommands,
  ...roleGroupCommands,
  ...complianceCommands,
];
