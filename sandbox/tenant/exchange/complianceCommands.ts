import type { ExchangeCommand } from "./command.ts";
import { complianceReaders } from "./roles.ts";

/** Security & Compliance: policies, of which no tenant has any. */
export const complianceCommands: readonly ExchangeCommand[] = [
  {
    name: "Get-DlpCompliancePolicy",
    service: "securityAndCompliance",
    parameters: ["Identity"],
    roles: complianceReaders,
    run: () => [],
  },
];
