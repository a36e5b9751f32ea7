import { deployerPermissions, readerPermissions } from "../../microsoft/identityPermissions.ts";
import type { IdentitySeed } from "./tenantSeed.ts";

/** What reading takes, last sign-ins among it, which `exo-auth repair` shows where it can. */
const everythingToRead: readonly string[] = [...readerPermissions, "AuditLog.Read.All"];

/** What every command of exo-auth takes, those that remove what others have added among them. */
const operatorPermissions: readonly string[] = [
  ...new Set([
    ...everythingToRead,
    ...deployerPermissions,
    "AdministrativeUnit.Read.All",
    "DelegatedPermissionGrant.ReadWrite.All",
    "GroupMember.ReadWrite.All",
    "Policy.ReadWrite.ApplicationConfiguration",
    "PrivilegedAssignmentSchedule.ReadWrite.AzureADGroup",
    "PrivilegedEligibilitySchedule.ReadWrite.AzureADGroup",
    "User.Read.All",
  ]),
];

/** What `exo-auth grant` takes. */
const roleManagement = { exchangeOnline: ["Role Management"], securityAndCompliance: ["Role Management"] };

/** Whom commands may sign in as besides the deployer, which may do what deploying takes and no more. */
export const furtherIdentities: readonly IdentitySeed[] = [
  {
    name: "operator",
    clientId: "c3a81f5d-2e64-4b97-8d1a-60f7b9e4c215",
    clientSecret: "sandbox-operator-secret",
    permissions: operatorPermissions,
    exchangeRoles: roleManagement,
  },
  {
    name: "reader",
    clientId: "8e2b7d94-f0c1-4a53-b6e8-19d5a3c7f042",
    clientSecret: "sandbox-reader-secret",
    permissions: everythingToRead,
    exchangeRoles: {
      exchangeOnline: ["View-Only Configuration"],
      securityAndCompliance: ["Security Reader"],
    },
  },
  {
    name: "exchange",
    clientId: "2d6f9a13-7b84-4ce0-a5f1-e83c40b7d926",
    clientSecret: "sandbox-exchange-secret",
    exchangeRoles: roleManagement,
  },
];
