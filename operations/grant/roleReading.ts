import { readClaims } from "../../graph/accessToken.ts";
import type { RoleReader } from "../../graph/exchangeRoles.ts";
import { sharedCredential } from "../../graph/sharedCredential.ts";
import type { Identity } from "../../graph/signIn.ts";
import { manageAsApp } from "../../microsoft/permissions.ts";
import type { PublicComponent } from "../../stack/components.ts";
import { type RoleService, serviceNames } from "./declaredRoles.ts";
import { type RoleAccess, roleAccess, type RoleAccessOptions } from "./roleAccess.ts";

/** How to get to one service of Exchange's, as whoever it may be. */
export interface RoleReadingOptions extends Omit<RoleAccessOptions, "identity"> {
  readonly identity: Identity;
}

/**
 * Opens one service of a tenant to read who may do what there.
 *
 * @returns a text where the identity has no right that lets it, which says why
 * @throws SignInError
 */
export async function openRoleReading(
  tenant: Pick<PublicComponent, "tenantId" | "tenantDomain">,
  service: RoleService,
  { identity, ...options }: RoleReadingOptions,
): Promise<RoleAccess | string> {
  const name = serviceNames[service];
  if (identity.kind === "azureCli") return `a person's sign-in cannot read ${name}`;
  const { endpoints, signal } = options;
  const credential = sharedCredential(identity, tenant.tenantId, endpoints);
  const { token } = await credential.getToken(endpoints[service].scope, { abortSignal: signal });
  if (!readClaims(token).roles.includes(manageAsApp))
    return `the identity lacks the permission ${manageAsApp} for ${name}`;
  return roleAccess(tenant, service, { identity, ...options });
}

/** As `openRoleReading`, for who only reads. @throws SignInError */
export async function openRoleReader(
  ...parameters: Parameters<typeof openRoleReading>
): Promise<RoleReader | string> {
  const opened = await openRoleReading(...parameters);
  return typeof opened === "string" ? opened : opened.reader;
}
