import { X509Certificate } from "node:crypto";
import { isoDurationMs } from "../../../common/isoDuration.ts";
import { badRequest } from "../graph/errors.ts";
import type { GraphRequest } from "../graph/route.ts";
import { isJsonObject, textOf, type Json, type JsonObject } from "../json.ts";
import type { Application, DirectoryEntity, KeyCredential, ServicePrincipal, TenantState } from "../state.ts";
import { attributeOf } from "./securityAttributes.ts";

/** The times of a new credential. */
export interface CredentialTimes {
  readonly startDateTime: string;
  readonly endDateTime: string;
}

type Holder = Application | ServicePrincipal;

/** Who asks for what, as far as a policy minds. */
type Asking = Pick<GraphRequest, "tenant" | "caller">;

/**
 * Refuses a new certificate that an application management policy forbids. What is there already stays.
 *
 * The lifetime has to be below the longest one, not equal to it.
 *
 * @throws GraphError
 */
export function checkNewKeyCredential(asking: Asking, holder: Holder, credential: KeyCredential): void {
  const policy = policyFor(asking.tenant, holder);
  if (policy === undefined) return;
  for (const restriction of restrictionsOf(policy, "keyCredentials", holder, asking)) {
    if (restriction.restrictionType === "trustedCertificateAuthority") checkIssuer(credential, policy);
    else checkLifetime(restriction, credential, policy);
  }
}

/** Refuses a new secret that an application management policy forbids. @throws GraphError */
export function checkNewPassword(asking: Asking, holder: Holder, times: CredentialTimes): void {
  const policy = policyFor(asking.tenant, holder);
  if (policy === undefined) return;
  for (const restriction of restrictionsOf(policy, "passwordCredentials", holder, asking)) {
    if (restriction.restrictionType === "passwordAddition") throw notAllowed(policy);
    if (restriction.restrictionType === "passwordLifetime") checkLifetime(restriction, times, policy);
  }
}

/** A policy with what it restricts for one kind of holder. */
interface Policy {
  readonly id: string;
  readonly restrictions: Json;
}

/** The policy that is assigned to an object, or the tenant's; undefined where the one that counts is not enabled. */
function policyFor(tenant: TenantState, holder: Holder): Policy | undefined {
  const assigned = tenant.policyAssignments.find((reference) => reference.from === holder.id);
  const own = assigned && tenant.appManagementPolicies.get(assigned.to);
  if (own !== undefined)
    return own.isEnabled === true ? { id: own.id, restrictions: own.restrictions ?? null } : undefined;
  const fallback: DirectoryEntity = tenant.defaultAppManagementPolicy;
  if (fallback.isEnabled !== true) return undefined;
  const isApplication = tenant.applications.has(holder.id) || !("servicePrincipalType" in holder);
  const restrictions =
    fallback[isApplication ? "applicationRestrictions" : "servicePrincipalRestrictions"] ?? null;
  return { id: fallback.id, restrictions };
}

function restrictionsOf(
  policy: Policy,
  kind: string,
  holder: Holder,
  { tenant, caller }: Asking,
): readonly JsonObject[] {
  const list = isJsonObject(policy.restrictions) ? policy.restrictions[kind] : [];
  const all = Array.isArray(list) ? list.filter(isJsonObject) : [];
  return all.filter((restriction) => {
    const since = textOf(restriction.restrictForAppsCreatedAfterDateTime);
    const isCovered = since === "" || Date.parse(textOf(holder.createdDateTime)) >= Date.parse(since);
    return restriction.state !== "disabled" && isCovered && !isExcluded(tenant, restriction, caller.objectId);
  });
}

/** Whether the caller has one of the custom security attributes that a restriction excludes. */
function isExcluded(tenant: TenantState, restriction: JsonObject, callerId: string): boolean {
  const { excludeActors } = restriction;
  const list = isJsonObject(excludeActors) ? excludeActors.customSecurityAttributes : [];
  const conditions = Array.isArray(list) ? list.filter(isJsonObject) : [];
  return conditions.some((condition) => {
    const held = attributeOf(tenant, callerId, textOf(condition.id));
    return held !== undefined && held === condition.value;
  });
}

/** Which authorities are trusted is not kept: what has signed itself is from none. */
function checkIssuer({ key }: KeyCredential, policy: Policy): void {
  const certificate = new X509Certificate(Buffer.from(key, "base64"));
  if (certificate.checkIssued(certificate)) throw notAllowed(policy);
}

function checkLifetime(restriction: JsonObject, times: CredentialTimes, policy: Policy): void {
  const lifetime = Date.parse(times.endDateTime) - Date.parse(times.startDateTime);
  if (lifetime < (isoDurationMs(textOf(restriction.maxLifetime)) ?? 0)) return;
  throw badRequest(
    `Credential lifetime exceeds the max value allowed as per assigned policy '${policy.id}'.`,
    "CredentialInvalidLifetimeAsPerAppPolicy",
  );
}

function notAllowed(policy: Policy): Error {
  return badRequest(
    `Credential type not allowed as per assigned policy '${policy.id}'.`,
    "CredentialTypeNotAllowedAsPerAppPolicy",
  );
}
