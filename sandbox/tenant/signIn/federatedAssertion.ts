import { createLocalJWKSet, jwtVerify, type JSONWebKeySet, type JWTPayload } from "jose";
import { checkTimes } from "./clientAssertion.ts";
import type { FederatedIdentityCredential } from "../state.ts";
import {
  type FederatedClaim,
  malformedAssertion,
  noFederatedCredentials,
  noMatchingFederatedCredential,
} from "./credentialErrors.ts";

/** Keys of issuers of federated assertions, by issuer. The cloud fetches them from the issuer; this server is given them. */
export type IssuerKeys = Readonly<Record<string, JSONWebKeySet>>;

/** An assertion by which a workload elsewhere signs in. */
export interface FederatedCheck {
  readonly assertion: string;
  readonly payload: JWTPayload;
  readonly credentials: readonly FederatedIdentityCredential[];
  readonly issuerKeys: IssuerKeys;
  readonly clientId: string;
  readonly now: Date;
}

/**
 * Checks that an assertion is by an issuer, for an audience and about a subject that one federated identity credential
 * names, letter by letter, and that the issuer has signed it.
 *
 * @throws TokenError
 */
export async function checkFederatedAssertion(check: FederatedCheck): Promise<void> {
  const { payload, credentials } = check;
  if (credentials.length === 0) throw noFederatedCredentials(check.clientId);
  const audiences = Array.isArray(payload.aud) ? payload.aud : [payload.aud ?? ""];
  const byIssuer = credentials.filter((credential) => credential.issuer === payload.iss);
  requireMatch(byIssuer, "issuer", payload.iss);
  const bySubject = byIssuer.filter((credential) => credential.subject === payload.sub);
  requireMatch(bySubject, "subject", payload.sub);
  const byAudience = bySubject.filter((credential) =>
    credential.audiences.some((audience) => audiences.includes(audience)),
  );
  requireMatch(byAudience, "audience", audiences.join(", "));
  checkTimes(payload, check.now);
  const keys = check.issuerKeys[payload.iss ?? ""];
  if (keys === undefined) throw malformedAssertion(`The keys of the issuer '${payload.iss}' are not known.`);
  await jwtVerify(check.assertion, createLocalJWKSet(keys), {
    currentDate: check.now,
    clockTolerance: 300,
  }).catch(() => {
    throw malformedAssertion("The signature is not the issuer's.");
  });
}

function requireMatch(
  found: readonly FederatedIdentityCredential[],
  claim: FederatedClaim,
  value: string | undefined,
): void {
  if (found.length === 0) throw noMatchingFederatedCredential(claim, value ?? "");
}
