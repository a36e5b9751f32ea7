import { createHash, randomBytes, randomUUID } from "node:crypto";
import { badRequest, invalidValue } from "../graph/errors.ts";
import { isJsonObject, type Json, type JsonObject } from "../json.ts";
import { toGraphTime } from "../time.ts";
import type { PasswordCredential } from "../state.ts";

/** A new client secret: what is kept, and the secret, which is shown this once. */
export interface NewPassword {
  readonly credential: PasswordCredential;
  readonly secretText: string;
}

/** Makes a client secret as `addPassword` asks for it; two years long where the request does not say. */
export function makePassword(request: JsonObject, now: Date): NewPassword {
  const start = timeOf(request.startDateTime) ?? now;
  const end = timeOf(request.endDateTime) ?? addYears(start, 2);
  if (end <= start || end <= now)
    throw badRequest("The password credential end date is invalid.", "PasswordCredentialsInvalidEndDate");
  const secretText = `${randomBytes(2).toString("hex").slice(0, 3)}8Q~${randomBytes(25).toString("base64url")}`;
  return {
    secretText,
    credential: {
      keyId: randomUUID(),
      secretSha256: createHash("sha256").update(secretText).digest("hex"),
      hint: secretText.slice(0, 3),
      displayName: typeof request.displayName === "string" ? request.displayName : null,
      customKeyIdentifier: null,
      startDateTime: toGraphTime(start),
      endDateTime: toGraphTime(end),
    },
  };
}

/**
 * The secrets that an object has after a write of `passwordCredentials`: those that the list names by `keyId`.
 *
 * Graph makes new ones by `addPassword` only.
 *
 * @throws GraphError
 */
export function replacePasswordCredentials(
  written: Json,
  existing: readonly PasswordCredential[],
  type: string,
): PasswordCredential[] {
  const items = Array.isArray(written) ? written.filter(isJsonObject) : [];
  return items.map((item) => {
    const known = existing.find((credential) => credential.keyId === item.keyId);
    if (known === undefined || (item.secretText ?? null) !== null)
      throw invalidValue("passwordCredentials", type);
    return known;
  });
}

/** Secrets as a read shows them. */
export function presentPasswordCredentials(
  credentials: readonly PasswordCredential[],
): readonly JsonObject[] {
  return credentials.map((credential) => ({
    customKeyIdentifier: credential.customKeyIdentifier,
    displayName: credential.displayName,
    endDateTime: credential.endDateTime,
    hint: credential.hint,
    keyId: credential.keyId,
    secretText: null,
    startDateTime: credential.startDateTime,
  }));
}

function timeOf(value: Json | undefined): Date | undefined {
  return typeof value === "string" ? new Date(value) : undefined;
}

function addYears(time: Date, years: number): Date {
  const later = new Date(time);
  later.setUTCFullYear(later.getUTCFullYear() + years);
  return later;
}
