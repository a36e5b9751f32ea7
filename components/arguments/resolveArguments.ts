import type * as pulumi from "@pulumi/pulumi";

import {
  resolveDisplayName,
  resolveGuid,
  resolveNotes,
  resolveOwners,
  resolveTags,
} from "./applicationArguments.ts";
import { type Certificate, type CertificateSettings, resolveCertificate } from "./certificateArguments.ts";
import { Cloud, clouds } from "../../microsoft/clouds.ts";
import {
  type FederatedCredential,
  type FederatedCredentialSettings,
  federatedWarnings,
  resolveFederatedCredentials,
} from "./federatedArguments.ts";
import { type ApiPermission, resolveApiPermissions } from "./permissionArguments.ts";
import { type DeclaredPermission, requiredPermissions } from "../../microsoft/permissions.ts";
import {
  type ExchangeAccess,
  type ExchangeRole,
  resolveExchangeAccess,
  scopeWarnings,
} from "./exchangeAccessArguments.ts";
import type { ReportProblem } from "../problems.ts";
import { validityAdvice } from "../certificate/publicCertificate.ts";
import { reportUnknownKeys } from "./argumentKeys.ts";
import {
  resolveRoles,
  resolveSwitch,
  resolveUserRoleAssignments,
  type UserRoleAssignmentSettings,
  type UserRoleAssignment,
} from "./roleArguments.ts";
import { resolveExistingClientId } from "./existingClientId.ts";
import { oneOf, parse } from "./shape.ts";
import { resolveTimedRoles, type TimedRole, type TimedRoleSettings } from "./timedRoleArguments.ts";
import type { AppOnlyRole } from "../../microsoft/roles.ts";

/**
 * The arguments of `ExchangeAppOnlyAuth`. All are optional.
 *
 * An argument that decides which resources exist is a plain value, so that a plan shows all resources. The others can be
 * an `Input`.
 */
export interface ExchangeAppOnlyAuthArgs {
  /**
   * The application's name in Entra, 1 to 256 characters. You can change it at any time.
   *
   * @default "Exchange Online automation"
   */
  readonly displayName?: pulumi.Input<string>;
  /**
   * Notes for people who find the application in Entra, at most 1024 characters.
   *
   * @default - none
   */
  readonly notes?: pulumi.Input<string>;
  /**
   * Tags of the application. Entra can filter by them.
   *
   * @default - none
   */
  readonly tags?: pulumi.Input<string>[];
  /**
   * Object IDs of the application's owners. An owner can add credentials, and so act as the application.
   *
   * @default - no owner, not even the deploying identity
   */
  readonly owners?: pulumi.Input<string>[];
  /**
   * The Entra roles that the application holds, by name (in uppercase or lowercase) or template ID. `[]` means none.
   *
   * @default `["Exchange Administrator"]`, or none with `timedRoles`, `exchangeRoleGroups`, `exchangeRoles` or
   *   `complianceRoleGroups`
   */
  readonly roles?: string[];
  /**
   * Permits "Global Administrator" among `roles`, `timedRoles` and `userRoleAssignments`. Microsoft advises against it.
   *
   * @default false
   */
  readonly allowGlobalAdministrator?: boolean;
  /**
   * Entra roles that the application holds until a time. `exo-auth grant` gives them after the update, because azuread has
   * no resource for that. A role is either here or in `roles`. The tenant needs Entra ID P2.
   *
   * @default - none
   */
  readonly timedRoles?: TimedRole[];
  /**
   * Role groups of Exchange Online that the application is in, built in or your own, by name. They exist already.
   * `exo-auth grant` puts it into them after the update, because azuread has no resource for that.
   *
   * @default - none
   */
  readonly exchangeRoleGroups?: string[];
  /**
   * Management roles of Exchange Online that the application holds. `exo-auth grant` gives them after the update, in a
   * role group that it makes for this component.
   *
   * @default - none
   */
  readonly exchangeRoles?: ExchangeRole[];
  /**
   * Role groups of Security & Compliance that the application is in, by name. `exo-auth grant` puts it into them after the
   * update. With one, the application also holds the permission that Security & Compliance needs.
   *
   * @default - none
   */
  readonly complianceRoleGroups?: string[];
  /**
   * Application permissions in addition to Exchange.ManageAsApp.
   *
   * @default - none
   */
  readonly apiPermissions?: ApiPermission[];
  /**
   * Whether the application may use Security & Compliance PowerShell if one of its roles or role groups opens it. If so,
   * it also holds Exchange.ManageAsApp of Microsoft Exchange Online Protection, and `connectIppsSession` is an output. Set
   * `false` if the tenant lacks that service, or if the job does not need it.
   *
   * @default true
   */
  readonly securityAndCompliance?: boolean;
  /**
   * Roles for users, such as Global Reader for the account that reads reports.
   *
   * @default - none
   */
  readonly userRoleAssignments?: UserRoleAssignment[];
  /**
   * The certificates that the application signs in with. `{ generations: [] }` is none, for jobs that use
   * `federatedCredentials`.
   *
   * @default - one RSA key of 2048 bits with a self-signed certificate, valid for 364 days
   */
  readonly certificate?: Certificate;
  /**
   * Jobs of GitHub Actions, Azure Pipelines, GitLab or Kubernetes that sign in without any key, with the token that their
   * platform gives them. At most 20. They work next to certificates, and instead of them.
   *
   * @default - none
   */
  readonly federatedCredentials?: FederatedCredential[];
  /**
   * The client ID of an application that exists already. The certificate, the consent and the roles are added to it. The
   * application and its service principal are never changed and never deleted.
   *
   * @default - an application is created
   */
  readonly existingClientId?: string;
  /**
   * The Microsoft cloud that the tenant lives in. It must be the one that the azuread provider is configured for.
   *
   * @default "global"
   */
  readonly cloud?: Cloud;
  /**
   * The ID of the tenant that this component is meant for. If the provider is signed in to another one, nothing is created.
   *
   * @default - any tenant
   */
  readonly expectedTenantId?: pulumi.Input<string>;
}

/** The arguments, checked and with every default filled in. */
export interface ResolvedArguments {
  readonly displayName: pulumi.Input<string>;
  readonly notes: pulumi.Input<string> | undefined;
  readonly tags: readonly pulumi.Input<string>[] | undefined;
  readonly owners: readonly pulumi.Input<string>[] | undefined;
  readonly roles: readonly AppOnlyRole[];
  readonly timedRoles: readonly TimedRoleSettings[];
  readonly exchangeAccess: ExchangeAccess;
  readonly permissions: readonly DeclaredPermission[];
  /** Whether Security & Compliance is open to the application: a role or a role group opens it, and it is wanted. */
  readonly securityAndCompliance: boolean;
  readonly userRoleAssignments: readonly UserRoleAssignmentSettings[];
  readonly certificate: CertificateSettings;
  readonly federatedCredentials: readonly FederatedCredentialSettings[];
  readonly existingClientId: string | undefined;
  readonly cloud: Cloud;
  readonly expectedTenantId: pulumi.Input<string> | undefined;
}

/**
 * Checks all arguments and fills in the defaults. Values that are not known yet (`Output`s) pass.
 *
 * @returns the settings, and every problem and warning found as a sentence; the settings count only where there is no
 *   problem.
 */
export function resolveArguments(args: ExchangeAppOnlyAuthArgs): {
  settings: ResolvedArguments;
  problems: readonly string[];
  warnings: readonly string[];
} {
  const problems: string[] = [];
  const report: ReportProblem = (path, text) => problems.push(`\`${path}\` ${text}`);
  reportUnknownKeys(args, "", report);
  const described = {
    displayName: resolveDisplayName(args.displayName, report),
    notes: resolveNotes(args.notes, report),
    tags: resolveTags(args.tags, report),
    owners: resolveOwners(args.owners, report),
  };
  const cloud = parse(CloudName, args.cloud, "cloud", report) ?? Cloud.Global;
  const allowGlobalAdministrator = resolveSwitch(
    "allowGlobalAdministrator",
    args.allowGlobalAdministrator,
    false,
    report,
  );
  const exchangeAccess = resolveExchangeAccess(args, report);
  const hasOwnRoles = Object.values(exchangeAccess).some((declared) => declared.length > 0);
  const hasTimedRoles = Array.isArray(args.timedRoles) && args.timedRoles.length > 0;
  const roles = resolveRoles(
    args.roles ?? (hasOwnRoles || hasTimedRoles ? [] : undefined),
    allowGlobalAdministrator,
    report,
  );
  const timedRoles = resolveTimedRoles(args.timedRoles, roles, allowGlobalAdministrator, report);
  const isWanted = resolveSwitch("securityAndCompliance", args.securityAndCompliance, true, report);
  const hasComplianceGroups = exchangeAccess.complianceRoleGroups.length > 0;
  if (hasComplianceGroups && !isWanted)
    report(
      "complianceRoleGroups",
      "needs Security & Compliance, and `securityAndCompliance` is false. Remove one of the two.",
    );
  const securityAndCompliance =
    isWanted &&
    (hasComplianceGroups ||
      [...roles, ...timedRoles.map(({ role }) => role)].some((role) => role.securityAndCompliance));
  const required = requiredPermissions(
    securityAndCompliance || (isWanted && clouds[cloud].needsExchangeOnlineProtection),
  );
  const settings: ResolvedArguments = {
    ...described,
    roles,
    timedRoles,
    exchangeAccess,
    permissions: [...required, ...resolveApiPermissions(args.apiPermissions, required, report)],
    securityAndCompliance,
    userRoleAssignments: resolveUserRoleAssignments(
      args.userRoleAssignments,
      allowGlobalAdministrator,
      report,
    ),
    certificate: resolveCertificate(
      args.certificate,
      { mayBeEmpty: Array.isArray(args.federatedCredentials) && args.federatedCredentials.length > 0 },
      report,
    ),
    federatedCredentials: resolveFederatedCredentials(args.federatedCredentials, cloud, report),
    existingClientId: resolveExistingClientId(args, report),
    cloud,
    expectedTenantId: resolveGuid(
      "expectedTenantId",
      args.expectedTenantId,
      'Give the value that Entra\'s overview page shows as "Tenant ID".',
      report,
    ),
  };
  const { certificate, federatedCredentials } = settings;
  const warnings = [
    ...validityWarnings(certificate),
    ...scopeWarnings(exchangeAccess),
    ...federatedWarnings(federatedCredentials, cloud),
  ];
  return { settings, problems, warnings };
}

function validityWarnings({ validityDays }: CertificateSettings): readonly string[] {
  const advice = validityAdvice(validityDays);
  return advice === undefined ? [] : [`\`certificate.validityDays\` is ${validityDays}. ${advice}`];
}

const CloudName = oneOf(Object.values(Cloud), "a Microsoft cloud", Cloud.Global);
