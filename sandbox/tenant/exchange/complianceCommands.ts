import type { ExchangeCommand } from "./command.ts";
import { complianceReaders } from "./roles.ts";

/** Security & Compliance: policies, of which no tenant has any. */
export const complianceCommands: readonly ExchangeCommand[] = [
  {
    name: "Get-DlpCompliancePolicy",
    services: ["securityAndCompliance"],
    parameters: ["Identity"],
    roles: complianceReaders,
    managementRoles: ["DLP Compliance Management", "View-Only DLP Compliance Management"],
    run: () => [],
  },
];
