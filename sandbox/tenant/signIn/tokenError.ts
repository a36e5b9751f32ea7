import { timeText } from "../../../common/time.ts";
import { randomUUID } from "node:crypto";
import type { Json } from "../json.ts";

/**
 * An error of the token endpoint, with its AADSTS number.
 *
 * Sources: "Microsoft Entra authentication and authorization error codes" for the numbers up to 9002313, unless an error
 * says otherwise. Texts are those that Entra is reported to answer.
 */
export class TokenError extends Error {
  readonly status: number;
  /** OAuth's own code, such as `invalid_client`. */
  readonly error: string;
  /** The AADSTS number. */
  readonly number: number;

  constructor(status: number, error: string, number: number, message: string) {
    super(message);
    this.status = status;
    this.error = error;
    this.number = number;
  }
}

/** The body of an error's answer. */
export function tokenErrorBody(error: TokenError, baseUrl: string, now: Date): Json {
  const timestamp = timeText(now).replace("T", " ");
  const [traceId, correlationId] = [randomUUID(), randomUUID()];
  return {
    error: error.error,
    error_description:
      `AADSTS${error.number}: ${error.message} ` +
      `Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`,
    error_codes: [error.number],
    timestamp,
    trace_id: traceId,
    correlation_id: correlationId,
    error_uri: `${baseUrl}/error?code=${error.number}`,
  };
}

/** A tenant that is not there. */
export function tenantNotFound(tenant: string): TokenError {
  return new TokenError(
    400,
    "invalid_request",
    90002,
    `Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct ` +
      "cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.",
  );
}

/** A parameter that every such request has. */
export function missingParameter(name: string): TokenError {
  return new TokenError(
    400,
    "invalid_request",
    900144,
    `The request body must contain the following parameter: '${name}'.`,
  );
}

/** A parameter, or a form, that the endpoint makes nothing of. */
export function malformedRequest(detail: string): TokenError {
  return new TokenError(
    400,
    "invalid_request",
    9002313,
    `Invalid request. Request is malformed or invalid. ${detail}`,
  );
}

/** Neither secret nor assertion. */
export function missingCredential(): TokenError {
  return new TokenError(
    401,
    "invalid_client",
    7000218,
    "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
  );
}

/** A grant that app-only clients do not use. */
export function unsupportedGrant(grant: string): TokenError {
  return new TokenError(
    400,
    "unsupported_grant_type",
    70003,
    `The app requested an unsupported grant type '${grant}'.`,
  );
}

/** A scope without `/.default`. The number is in Microsoft's documentation of the client credentials grant. */
export function scopeWithoutDefault(scope: string): TokenError {
  return new TokenError(
    400,
    "invalid_scope",
    1002012,
    `The provided value for scope ${scope} is not valid. Client credential flows must have a scope value with /.default ` +
      "suffixed to the resource identifier (application ID URI).",
  );
}

/** More than one resource in one request. */
export function severalResources(scope: string): TokenError {
  return new TokenError(
    400,
    "invalid_scope",
    70011,
    `The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is ` +
      `not valid. The scope ${scope} is not valid.`,
  );
}

/** A resource without a service principal in the tenant. */
export function resourceNotFound(resource: string, tenantName: string): TokenError {
  return new TokenError(
    400,
    "invalid_resource",
    500011,
    `The resource principal named ${resource} was not found in the tenant named ${tenantName}. This can happen if the ` +
      "application has not been installed by the administrator of the tenant or consented to by any user in the tenant. " +
      "You might have sent your authentication request to the wrong tenant.",
  );
}

/** An application that the tenant does not know. */
export function applicationNotFound(clientId: string, tenantName: string): TokenError {
  return new TokenError(
    400,
    "unauthorized_client",
    700016,
    `Application with identifier '${clientId}' was not found in the directory '${tenantName}'. This can happen if the ` +
      "application has not been installed by the administrator of the tenant or consented to by any user in the tenant. " +
      "You may have sent your authentication request to the wrong tenant.",
  );
}

/** An application without service principal. The number is seen in many reports; Microsoft's list lacks it. */
export function servicePrincipalMissing(clientId: string, tenantId: string): TokenError {
  return new TokenError(
    401,
    "invalid_client",
    7000229,
    `The client application ${clientId} is missing service principal in the tenant ${tenantId}. See instructions here: ` +
      "https://go.microsoft.com/fwlink/?linkid=2225119",
  );
}

/** A service principal whose account is disabled, or whose application has been deactivated. */
export function applicationDisabled(clientId: string, displayName: string): TokenError {
  return new TokenError(
    400,
    "unauthorized_client",
    7000112,
    `Application '${clientId}'(${displayName}) is disabled.`,
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

/** A sign-in that a conditional access policy blocks. */
export function blockedByConditionalAccess(): TokenError {
  return new TokenError(
    400,
    "access_denied",
    53003,
    "Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.",
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
