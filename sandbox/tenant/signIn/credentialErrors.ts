import { TokenError } from "./tokenError.ts";

/** Neither secret nor assertion. */
export function missingCredential(): TokenError {
  return new TokenError(
    401,
    "invalid_client",
    7000218,
    "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
  );
}

/** An assertion signed with a certificate that is not on the application. */
export function certificateNotRegistered(clientId: string, thumbprint: string): TokenError {
  return new TokenError(
    401,
    "invalid_client",
    700027,
    "The certificate with identifier used to sign the client assertion is not registered on application. [Reason - The " +
      `key was not found., Thumbprint of key used by client: '${thumbprint}', Please visit the Azure Portal, Graph ` +
      `Explorer or directly use MS Graph to see configured keys for app Id '${clientId}'.]`,
  );
}

/** An assertion whose signature, or whose certificate's time, is wrong. */
export function invalidAssertionSignature(clientId: string, reason: string, thumbprint: string): TokenError {
  return new TokenError(
    401,
    "invalid_client",
    700027,
    `Client assertion failed signature validation. [Reason - ${reason}, Thumbprint of key used by client: ` +
      `'${thumbprint}', Please visit the Azure Portal, Graph Explorer or directly use MS Graph to see configured keys ` +
      `for app Id '${clientId}'.]`,
  );
}

/** An assertion that is no JWT, or whose header names no key. */
export function malformedAssertion(detail: string): TokenError {
  return new TokenError(401, "invalid_client", 50027, `JWT token is invalid or malformed. ${detail}`);
}

/** An assertion outside its time. */
export function assertionOutsideTime(now: Date, from: Date | undefined, until: Date): TokenError {
  return new TokenError(
    401,
    "invalid_client",
    700024,
    `Client assertion is not within its valid time range. Current time: ${now.toISOString()}, assertion valid from ` +
      `${from?.toISOString() ?? "(not given)"}, expiry time of assertion ${until.toISOString()}.`,
  );
}

/** An assertion that has been used before, where the server is told to refuse those. */
export function replayedAssertion(): TokenError {
  return new TokenError(
    401,
    "invalid_client",
    50013,
    "Assertion failed validation: its 'jti' has been used before.",
  );
}

/** An assertion by another client. Source: "Troubleshoot authentication via service principal" (Azure SDK for Java). */
export function assertionOfAnotherClient(): TokenError {
  return new TokenError(
    401,
    "invalid_client",
    700021,
    "Client assertion application identifier doesn't match 'client_id' parameter.",
  );
}

/** An assertion for another audience. Source: "Troubleshoot authentication via service principal" (Azure SDK for Java). */
export function assertionForAnotherAudience(audience: string): TokenError {
  return new TokenError(
    401,
    "invalid_client",
    700023,
    `Client assertion audience claim does not match Realm issuer. The audience was '${audience}'.`,
  );
}

/** An assertion by somebody else for an application without federated identity credentials. Seen in reports. */
export function noFederatedCredentials(clientId: string): TokenError {
  return new TokenError(
    401,
    "invalid_client",
    70025,
    `The client '${clientId}' has no configured federated identity credentials.`,
  );
}

/** A claim that federated identity credentials name. */
export type FederatedClaim = "issuer" | "subject" | "audience";

const federatedNumbers: Readonly<Record<FederatedClaim, number>> = {
  issuer: 700211,
  audience: 700212,
  subject: 700213,
};

/** An assertion that fits no federated identity credential. The numbers are seen in many reports. */
export function noMatchingFederatedCredential(claim: FederatedClaim, value: string): TokenError {
  const compared =
    claim === "subject" ? "Please note that the matching is done using a case-sensitive comparison. " : "";
  return new TokenError(
    401,
    "invalid_client",
    federatedNumbers[claim],
    `No matching federated identity record found for presented assertion ${claim} '${value}'. ${compared}Check your federated ` +
      "identity credential Subject, Audience and Issuer against the presented assertion. " +
      "https://learn.microsoft.com/entra/workload-id/workload-identity-federation",
  );
}

/** A secret that is none of the application's. */
export function invalidSecret(clientId: string): TokenError {
  return new TokenError(
    401,
    "invalid_client",
    7000215,
    "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the " +
      `client secret ID, for a secret added to app '${clientId}'.`,
  );
}

/** A secret that has been the application's. */
export function expiredSecret(clientId: string): TokenError {
  return new TokenError(
    401,
    "invalid_client",
    7000222,
    `The provided client secret keys for app '${clientId}' are expired. Visit the Azure portal to create new keys for ` +
      "your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds.",
  );
}
