import type { ExchangeCommand } from "./command.ts";
import { complianceReaders } from "./roles.ts";

const names = ["Get-DlpCompliancePolicy", "Get-RetentionCompliancePolicy", "Get-Label", "Get-LabelPolicy"];

/** Security & Compliance: policies, of which no tenant has any. */
export const complianceCommands: readonly ExchangeCommand[] = names.map((name) => ({
  name,
  service: "securityAndCompliance",
  parameters: ["Identity"],
  roles: complianceReaders,
  run: () => [],
}));
