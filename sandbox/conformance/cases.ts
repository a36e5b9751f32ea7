import { credentialCases } from "./cases/credentials.ts";
import { deploymentCases } from "./cases/deployment.ts";
import { directoryCases } from "./cases/directory.ts";
import { exchangeCases } from "./cases/exchange.ts";
import { queryCases } from "./cases/queries.ts";
import { roleCases } from "./cases/roles.ts";
import { routeCases } from "./cases/routes.ts";
import { signInCases } from "./cases/signIn.ts";
import type { ConformanceCase } from "./conformanceCase.ts";

/** Every case, those that create nothing first. */
export const conformanceCases: readonly ConformanceCase[] = [
  ...queryCases,
  ...routeCases,
  ...signInCases,
  ...credentialCases,
  ...directoryCases,
  ...roleCases,
  ...exchangeCases,
  ...deploymentCases,
].toSorted((one, other) => Number(other.readsOnly ?? false) - Number(one.readsOnly ?? false));

/** Beliefs that no case confirms, with the reason. */
export const beliefsWithoutCase: Readonly<Record<string, string>> = {
  roleSchedulePermission: "It takes a permission of Microsoft Graph for an application of the run's own",
  managerReferences: "It takes users, and a run creates none",
  roleGroupQuota: "It takes 501 role-assignable groups",
  excludedActors: "It takes a custom security attribute, which nobody can delete",
  roleGroupAlone: "It takes role groups of Exchange",
  roleManagementCmdlets: "It takes role groups of Exchange",
  printedScripts: "It takes PowerShell with Microsoft's modules",
  roleTypeQuery: "It takes a role in Security & Compliance, and a derived role",
  managedBy: "It takes role groups of Exchange",
  assignmentToApplication: "It takes management roles of Exchange",
  roleGroupMemberForm: "It takes role groups of Exchange",
  administrativeUnitScope: "It takes management roles of Exchange",
  exchangeRolesInGraph: "It takes management roles of Exchange",
  exchangeRolesPermission: "It takes a permission of Microsoft Graph for an application of the run's own",
  scopeRefusals: "It takes management scopes of Exchange, and a mailbox",
};
