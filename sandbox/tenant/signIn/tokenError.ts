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

/** A sign-in that a conditional access policy blocks. */
export function blockedByConditionalAccess(): TokenError {
  return new TokenError(
    400,
    "access_denied",
    53003,
    "Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.",
  );
}
