import * as pulumi from "@pulumi/pulumi";

import {
  type CertificateArgs,
  type CertificateSettings,
  resolveCertificate,
} from "./certificateArguments.ts";
import { Cloud } from "./clouds.ts";
import { type ApplicationPermission, requiredPermissions } from "./permissions.ts";
import { didYouMean, type Report, reportRepeated, reportUnknownKeys, show } from "./problems.ts";
import {
  type ExchangeRole,
  exchangeRoles,
  findExchangeRole,
  formerRoleNames,
  globalAdministratorTemplateId,
} from "./roles.ts";

/**
 * The arguments of `ExchangeAppOnlyAuth`. All are optional.
 *
 * What decides which resources exist is a plain value, so that a plan shows them all; the rest may be an `Input`.
 */
export interface ExchangeAppOnlyAuthArgs {
  /**
   * The application's name in Entra, 1 to 256 characters. It may change at any time.
   *
   * @default "Exchange Online automation"
   */
  readonly displayName?: pulumi.Input<string>;
  /**
   * The Entra roles that the application holds, by name (in any case) or template id. `[]` grants none.
   *
   * @default `["Exchange Administrator"]`
   */
  readonly roles?: string[];
  /**
   * Permits "Global Administrator" among `roles`. Microsoft advises against it.
   *
   * @default false
   */
  readonly allowGlobalAdministrator?: boolean;
  /**
   * The certificate that the application signs in with.
   *
   * @default - one RSA key of 2048 bits with a self-signed certificate, valid for 364 days
   */
  readonly certificate?: CertificateArgs;
  /**
   * The Microsoft cloud that the tenant lives in. It must be the one that the azuread provider is configured for.
   *
   * @default "global"
   */
  readonly cloud?: Cloud;
  /**
   * The id of the tenant that this is meant for. Where the provider is signed in to another one, nothing is created.
   *
   * @default - any tenant
   */
  readonly expectedTenantId?: pulumi.Input<string>;
}

/** The arguments, checked and with every default filled in. */
export interface Settings {
  readonly displayName: pulumi.Input<string>;
  readonly roles: readonly ExchangeRole[];
  readonly permissions: readonly ApplicationPermission[];
  readonly certificate: CertificateSettings;
  readonly cloud: Cloud;
  readonly expectedTenantId: pulumi.Input<string> | undefined;
}

const knownArguments: readonly (keyof ExchangeAppOnlyAuthArgs)[] = [
  "displayName",
  "roles",
  "allowGlobalAdministrator",
  "certificate",
  "cloud",
  "expectedTenantId",
];

const defaultDisplayName = "Exchange Online automation";

/** Source: Microsoft Graph, resource type application. */
const maximumDisplayNameLength = 256;

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Checks all arguments and fills in the defaults. Values that are not known yet (`Output`s) pass.
 *
 * @returns the settings, and every problem found as a sentence; the settings count only where there is none.
 */
export function resolveArguments(args: ExchangeAppOnlyAuthArgs): {
  settings: Settings;
  problems: readonly string[];
} {
  const problems: string[] = [];
  const report: Report = (path, text) => problems.push(`\`${path}\` ${text}`);
  reportUnknownKeys(args, knownArguments, "", report);
  const cloud = resolveCloud(args.cloud, report);
  const settings: Settings = {
    displayName: resolveDisplayName(args.displayName, report),
    roles: resolveRoles(args.roles, args.allowGlobalAdministrator, report),
    permissions: requiredPermissions(cloud),
    certificate: resolveCertificate(args.certificate, report),
    cloud,
    expectedTenantId: resolveTenantId(args.expectedTenantId, report),
  };
  return { settings, problems };
}

function resolveDisplayName(value: unknown, report: Report): pulumi.Input<string> {
  if (value === undefined) return defaultDisplayName;
  if (isDeferred(value)) return value;
  if (typeof value !== "string" || value.trim() === "") {
    report(
      "displayName",
      `is empty, got ${show(value)}. Give a name, or leave it out for ${show(defaultDisplayName)}.`,
    );
    return defaultDisplayName;
  }
  if (value.length > maximumDisplayNameLength) {
    report(
      "displayName",
      `is longer than the ${maximumDisplayNameLength} characters that Entra takes, got ${value.length}. Shorten it.`,
    );
  }
  return value;
}

function resolveRoles(
  value: unknown,
  allowGlobalAdministrator: unknown,
  report: Report,
): readonly ExchangeRole[] {
  if (allowGlobalAdministrator !== undefined && typeof allowGlobalAdministrator !== "boolean") {
    report("allowGlobalAdministrator", `must be true or false, got ${show(allowGlobalAdministrator)}.`);
  }
  const names: unknown = value ?? ["Exchange Administrator"];
  if (!Array.isArray(names)) {
    report("roles", `must be a list, got ${show(names)}. Give ["Exchange Administrator"], or leave it out.`);
    return [];
  }
  const roles = names.map((name: unknown, index) =>
    resolveRole(name, `roles[${index}]`, allowGlobalAdministrator === true, report),
  );
  reportRepeated(
    roles.map((role, index) => role?.templateId ?? String(index)),
    "roles",
    "role",
    report,
  );
  return roles.filter((role) => role !== undefined);
}

function resolveRole(
  name: unknown,
  path: string,
  allowGlobalAdministrator: boolean,
  report: Report,
): ExchangeRole | undefined {
  const role = typeof name === "string" ? findExchangeRole(name) : undefined;
  if (role === undefined) {
    const candidates = exchangeRoles.map(({ displayName }) => displayName);
    const former = typeof name === "string" ? formerRoleNames[name.trim().toLowerCase()] : undefined;
    report(
      path,
      `is no role that app-only authentication supports, got ${show(name)}. ${
        former === undefined ? didYouMean(String(name), candidates) : `Did you mean ${show(former)}?`
      }`,
    );
  } else if (role.templateId === globalAdministratorTemplateId && !allowGlobalAdministrator) {
    report(
      path,
      `is Global Administrator, which Microsoft advises against, got ${show(name)}. Use "Exchange Administrator", or set \`allowGlobalAdministrator\` to true.`,
    );
  }
  return role;
}

function resolveCloud(value: unknown, report: Report): Cloud {
  const names: readonly Cloud[] = Object.values(Cloud);
  const known = names.find((name) => name === (value ?? Cloud.Global));
  if (known === undefined)
    report("cloud", `is no Microsoft cloud, got ${show(value)}. ${didYouMean(String(value), names)}`);
  return known ?? Cloud.Global;
}

function resolveTenantId(value: unknown, report: Report): pulumi.Input<string> | undefined {
  if (value === undefined || isDeferred(value)) return value;
  if (typeof value === "string" && guid.test(value)) return value;
  report(
    "expectedTenantId",
    `is no tenant id, got ${show(value)}. Give the GUID that Entra's overview page shows as "Tenant ID".`,
  );
  return undefined;
}

/** Whether a value is known only later. */
function isDeferred(value: unknown): value is pulumi.Output<string> | Promise<string> {
  return pulumi.Output.isInstance(value) || value instanceof Promise;
}
