import { randomUUID } from "node:crypto";
import { compactVerify, decodeJwt, decodeProtectedHeader, errors, type JWTPayload, SignJWT } from "jose";
import { microsoftApplication } from "../catalogue/microsoftServicePrincipals.ts";
import type { SigningKey } from "./signingKey.ts";
import { groupsOf } from "../directory/memberships.ts";
import type { ServicePrincipal, TenantState } from "../state.ts";

/** How long an access token is good for, in seconds. Entra's varies by a random amount and is about an hour. */
export const tokenLifetime = 3599;

/**
 * What stands in `wids` of every app-only token: no directory role has this id. Seen in published tokens of many
 * tenants; Microsoft does not document it.
 */
const implicitWid = "0997a1d0-0d1d-4acb-b408-d5ca73121e90";

/** Who a request comes from, as its access token says; changes since the token was issued do not show. */
export interface Caller {
  readonly tenantId: string;
  readonly appId: string;
  /** The service principal's object id. */
  readonly objectId: string;
  /** Application permissions on the token's resource. */
  readonly roles: readonly string[];
  /** Template ids of directory roles that hold for the whole tenant. */
  readonly directoryRoles: readonly string[];
}

/** What an access token is issued for. */
export interface TokenRequest {
  readonly tenant: TenantState;
  readonly principal: ServicePrincipal;
  readonly resource: ServicePrincipal;
  /** The resource as the scope named it. */
  readonly audience: string;
  /** How the client proved itself: "1" by secret, "2" by assertion. */
  readonly appidacr: "1" | "2";
  readonly issuer: string;
  /** Whether what was granted under this id shows by now. */
  readonly isInTokens: (grantId: string) => boolean;
  readonly now: Date;
}

/** Issues an app-only access token in the shape of Entra's version 1.0. */
export function issueAccessToken(key: SigningKey, request: TokenRequest): Promise<string> {
  const { tenant, principal, audience, now } = request;
  const issuedAt = Math.floor(now.getTime() / 1000);
  const roles = grantedAppRoles(request);
  const claims = {
    app_displayname: principal.displayName,
    appid: principal.appId,
    appidacr: request.appidacr,
    idp: request.issuer,
    idtyp: "app",
    oid: principal.id,
    ...(roles.length === 0 ? {} : { roles }),
    tenant_region_scope: "EU",
    tid: tenant.id,
    uti: randomUUID().replaceAll("-", "").slice(0, 22),
    ver: "1.0",
    wids: [...tenantWideRoles(request), implicitWid],
  };
  return new SignJWT(claims)
    .setProtectedHeader({ alg: "RS256", typ: "JWT", kid: key.kid, x5t: key.kid })
    .setAudience(audience)
    .setIssuer(request.issuer)
    .setSubject(principal.id)
    .setIssuedAt(issuedAt)
    .setNotBefore(issuedAt)
    .setExpirationTime(issuedAt + tokenLifetime)
    .sign(key.privateKey);
}

/** Why an access token is refused. */
export type TokenFault = "malformed" | "signature" | "expired" | "audience";

/**
 * Reads an access token that this server has issued.
 *
 * @returns the caller, or why the token is refused
 */
export async function readAccessToken(
  key: SigningKey,
  token: string,
  audiences: (tenantId: string) => readonly string[],
  now: Date,
): Promise<Caller | TokenFault> {
  try {
    if (decodeProtectedHeader(token).kid !== key.kid) return "signature";
    const payload = await signedClaims(key, token);
    const { tid, appid, oid, aud, nbf = 0, exp = 0 } = payload;
    const seconds = now.getTime() / 1000;
    if (seconds < nbf || seconds >= exp) return "expired";
    if (typeof tid !== "string" || typeof appid !== "string" || typeof oid !== "string") return "malformed";
    if (typeof aud !== "string" || !audiences(tid).includes(withoutTrailingSlash(aud))) return "audience";
    return {
      tenantId: tid,
      appId: appid,
      objectId: oid,
      roles: strings(payload.roles),
      directoryRoles: strings(payload.wids),
    };
  } catch (error) {
    if (error instanceof errors.JWSSignatureVerificationFailed) return "signature";
    return "malformed";
  }
}

/** How many access tokens a server keeps whose signature was checked. */
const keptTokens = 10_000;
const checkedTokens = new WeakMap<SigningKey, Map<string, JWTPayload>>();

/**
 * The claims of a token with our signature, which is checked once: a client sends its token with each request, and the
 * check takes longer than most answers.
 */
async function signedClaims(key: SigningKey, token: string): Promise<JWTPayload> {
  const checked = checkedTokens.get(key) ?? new Map<string, JWTPayload>();
  checkedTokens.set(key, checked);
  const known = checked.get(token);
  if (known !== undefined) return known;
  await compactVerify(token, key.publicKey, { algorithms: ["RS256"] });
  const claims = decodeJwt(token);
  if (checked.size >= keptTokens) checked.clear();
  checked.set(token, claims);
  return claims;
}

/** The values of the application permissions that a principal has on a resource. */
function grantedAppRoles({ tenant, principal, resource, isInTokens }: TokenRequest): string[] {
  const offered = new Map(appRolesOf(tenant, resource).map((role) => [role.id, role.value]));
  const granted = [...tenant.appRoleAssignments.values()].flatMap((assignment) => {
    const isHeld = assignment.principalId === principal.id && assignment.resourceId === resource.id;
    const value = isHeld && isInTokens(assignment.id) ? offered.get(assignment.appRoleId) : undefined;
    return value === undefined ? [] : [value];
  });
  return granted.toSorted();
}

/** The application permissions that a service principal offers. */
export function appRolesOf(
  tenant: TenantState,
  resource: ServicePrincipal,
): readonly { readonly id: string; readonly value: string }[] {
  const catalogued = microsoftApplication(resource.appId);
  if (catalogued !== undefined) return catalogued.appRoles;
  const application = [...tenant.applications.values()].find(
    (candidate) => candidate.appId === resource.appId,
  );
  const roles = application?.appRoles;
  if (!Array.isArray(roles)) return [];
  return roles.map((role: { id: string; value: string }) => ({ id: role.id, value: role.value }));
}

function tenantWideRoles({ tenant, principal, isInTokens }: TokenRequest): string[] {
  const holders = new Set([principal.id, ...groupsOf(tenant, principal.id)]);
  const assignments = [...tenant.roleAssignments.values()].filter(
    (assignment) =>
      holders.has(assignment.principalId) && assignment.directoryScopeId === "/" && isInTokens(assignment.id),
  );
  return [...new Set(assignments.map((assignment) => assignment.roleDefinitionId))].toSorted();
}

function strings(claim: unknown): readonly string[] {
  return Array.isArray(claim) ? claim.filter((item) => typeof item === "string") : [];
}

/** A resource identifier without the slash that clients put at its end. */
export function withoutTrailingSlash(url: string): string {
  return url.replace(/\/+$/, "");
}
