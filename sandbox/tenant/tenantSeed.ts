import type { Cloud } from "../../microsoft/clouds.ts";
import type { ExchangeRolesSeed } from "./seedGrants.ts";

/** The identity that deploys into a tenant: an application with a client secret, consented and ready. */
export interface DeployerSeed {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Application permissions on Microsoft Graph. @default `deployerPermissions` */
  readonly permissions?: readonly string[];
  /** Directory roles by name. @default none */
  readonly roles?: readonly string[];
}

/** A further application that signs in with a client secret, consented and ready. */
export interface IdentitySeed {
  /** What commands call it, and its display name. */
  readonly name: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Application permissions on Microsoft Graph. @default none */
  readonly permissions?: readonly string[];
  /** Directory roles by name. @default none */
  readonly roles?: readonly string[];
  /** Management roles of Exchange's own, by service, with Exchange.ManageAsApp of it. @default none */
  readonly exchangeRoles?: ExchangeRolesSeed;
}

/** What one tenant holds before anybody has written to it. */
export interface TenantSeed {
  readonly tenantId: string;
  /** Such as `contoso.onmicrosoft.com`. */
  readonly initialDomain: string;
  /** @default the initial domain's first label, capitalized */
  readonly displayName?: string;
  /** @default the first cloud that the initial domain's suffix belongs to */
  readonly cloud?: Cloud;
  /** Further verified domains; the first one is the default domain. @default none */
  readonly domains?: readonly string[];
  /** Whether the tenant has Exchange Online licences. @default true */
  readonly exchangeLicensed?: boolean;
  /** Whether the tenant has Entra ID P2, which Privileged Identity Management takes. @default true */
  readonly entraIdP2?: boolean;
  /**
   * Whether new applications lock the credentials of their service principals, as Entra does for new applications since
   * June 2026. @default false
   */
  readonly appInstanceLock?: boolean;
  /**
   * Whether the tenant has a service principal of Microsoft Exchange Online Protection, which Security & Compliance
   * PowerShell takes. @default true
   */
  readonly exchangeOnlineProtection?: boolean;
  readonly deployer: DeployerSeed;
  /** Further applications, by name. @default none */
  readonly identities?: readonly IdentitySeed[];
  /** @default none */
  readonly users?: readonly UserSeed[];
}

/** A user that a tenant has from the beginning. */
export interface UserSeed {
  readonly userPrincipalName: string;
  readonly displayName: string;
  /** @default none */
  readonly department?: string;
  /** @default one that is the same in every run */
  readonly id?: string;
  /** Directory roles by name, over the whole tenant. @default none */
  readonly roles?: readonly string[];
}

/** The built-in tenant. */
export const defaultSeed: TenantSeed = {
  tenantId: "a7d4f3c2-6b1e-4f58-9c0d-2e8b5a913f47",
  initialDomain: "contoso.onmicrosoft.com",
  displayName: "Contoso",
  domains: ["contoso.com"],
  deployer: {
    clientId: "5f0c8e1b-94d7-4a26-b3e9-7c2d1f6a8b05",
    clientSecret: "sandbox-deployer-secret",
  },
  users: [
    {
      userPrincipalName: "admin@contoso.onmicrosoft.com",
      displayName: "Adele Admin",
      roles: ["Global Administrator"],
    },
    { userPrincipalName: "reports@contoso.com", displayName: "Reports" },
  ],
};
