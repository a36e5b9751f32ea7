import { X509Certificate } from "node:crypto";
import { derDigest } from "../../../common/certificate.ts";
import { compactVerify, decodeJwt, decodeProtectedHeader, type JWTPayload } from "jose";
import type { KeyCredential } from "../state.ts";
import {
  assertionForAnotherAudience,
  assertionOfAnotherClient,
  assertionOutsideTime,
  certificateNotRegistered,
  invalidAssertionSignature,
  malformedAssertion,
} from "./credentialErrors.ts";

/** Clocks may be this far apart, in seconds. Entra allows five minutes. */
const clockSkew = 300;

/** An assertion by which a client proves that it has the private key of a certificate. */
export interface AssertionCheck {
  readonly assertion: string;
  readonly clientId: string;
  /** The certificates on the application and on its service principal, now. */
  readonly keyCredentials: readonly KeyCredential[];
  /** Every value that `aud` may have. */
  readonly audiences: readonly string[];
  readonly now: Date;
}

/**
 * Checks a client assertion: RS256 or PS256, by one of the registered certificates, for this client and this endpoint,
 * within its time.
 *
 * A `jti` may come again: MSAL for Node sends one assertion for several scopes while it is valid, and Entra takes it.
 *
 * @throws TokenError
 */
export async function checkClientAssertion(check: AssertionCheck): Promise<void> {
  const { header, payload } = decodeAssertion(check.assertion);
  if (header.alg !== "RS256" && header.alg !== "PS256")
    throw malformedAssertion(`The algorithm '${String(header.alg)}' is not supported.`);
  const named = nameOfKey(header);
  const credential = check.keyCredentials.find((candidate) => matches(candidate, named));
  if (credential === undefined) throw certificateNotRegistered(check.clientId, named.thumbprint);
  const certificate = new X509Certificate(Buffer.from(credential.key, "base64"));
  try {
    await compactVerify(check.assertion, certificate.publicKey, { algorithms: ["RS256", "PS256"] });
  } catch {
    throw invalidAssertionSignature(
      check.clientId,
      "The key was found, but use of the key to verify the signature failed.",
      named.thumbprint,
    );
  }
  if (!isWithin(check.now, credential)) {
    throw invalidAssertionSignature(check.clientId, "The key used is expired.", named.thumbprint);
  }
  checkClaims(payload, check);
}

/** How a header names its key: by SHA-1 or by SHA-256 of the certificate. */
interface KeyName {
  readonly algorithm: "sha1" | "sha256";
  /** Upper-case hex, as errors show it. */
  readonly thumbprint: string;
}

/** Reads an assertion without checking it. @throws TokenError */
export function decodeAssertion(assertion: string): { header: Record<string, unknown>; payload: JWTPayload } {
  try {
    return { header: { ...decodeProtectedHeader(assertion) }, payload: decodeJwt(assertion) };
  } catch {
    throw malformedAssertion("The client assertion could not be read.");
  }
}

/** `x5t#S256`, `x5t`, or a `kid` that is the thumbprint in hex or in base64url with or without padding. */
function nameOfKey(header: Record<string, unknown>): KeyName {
  const { "x5t#S256": sha256, x5t, kid } = header;
  if (typeof sha256 === "string") return { algorithm: "sha256", thumbprint: hexOf(sha256) };
  if (typeof x5t === "string") return { algorithm: "sha1", thumbprint: hexOf(x5t) };
  if (typeof kid === "string") {
    return { algorithm: "sha1", thumbprint: /^[0-9a-f]{40}$/i.test(kid) ? kid.toUpperCase() : hexOf(kid) };
  }
  throw malformedAssertion("The header names no key: it has none of 'x5t#S256', 'x5t' and 'kid'.");
}

function hexOf(base64url: string): string {
  return Buffer.from(base64url, "base64url").toString("hex").toUpperCase();
}

function matches(credential: KeyCredential, named: KeyName): boolean {
  const der = Buffer.from(credential.key, "base64");
  return derDigest(named.algorithm, der).toUpperCase() === named.thumbprint;
}

function isWithin(now: Date, credential: KeyCredential): boolean {
  return (
    Date.parse(credential.startDateTime) <= now.getTime() &&
    now.getTime() < Date.parse(credential.endDateTime)
  );
}

function checkClaims(payload: JWTPayload, check: AssertionCheck): void {
  const clientId = check.clientId.toLowerCase();
  if (payload.sub?.toLowerCase() !== clientId || payload.iss?.toLowerCase() !== clientId)
    throw assertionOfAnotherClient();
  const audience = typeof payload.aud === "string" ? payload.aud : "";
  if (!check.audiences.includes(audience)) throw assertionForAnotherAudience(audience);
  checkTimes(payload, check.now);
}

/** Checks `nbf` and `exp`. @throws TokenError */
export function checkTimes(payload: JWTPayload, now: Date): void {
  if (payload.exp === undefined) throw malformedAssertion("The claim 'exp' is missing.");
  const seconds = now.getTime() / 1000;
  const early = payload.nbf !== undefined && seconds < payload.nbf - clockSkew;
  const late = seconds >= payload.exp + clockSkew;
  if (!early && !late) return;
  const from = payload.nbf === undefined ? undefined : new Date(payload.nbf * 1000);
  throw assertionOutsideTime(now, from, new Date(payload.exp * 1000));
}
