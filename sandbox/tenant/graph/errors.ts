import type { Json } from "../json.ts";

/**
 * An error that Graph answers: `{"error": {"code", "message", "innerError"}}`.
 *
 * One constructor an error, so that every text stands in one place. Texts without a note are those that Microsoft
 * Graph is known to answer; where none is known, sandbox/docs/differences.md lists ours as unverified.
 */
export class GraphError extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

/** An object that is not there, or not yet. */
export function resourceNotFound(id: string): GraphError {
  return new GraphError(
    404,
    "Request_ResourceNotFound",
    `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
  );
}

/** A caller without the permission, the directory role or the ownership that a request needs. */
export function requestDenied(): GraphError {
  return new GraphError(
    403,
    "Authorization_RequestDenied",
    "Insufficient privileges to complete the operation.",
  );
}

/** A missing or unusable access token. */
export function invalidToken(message: string): GraphError {
  return new GraphError(401, "InvalidAuthenticationToken", message, {
    "www-authenticate": `Bearer realm="", authorization_uri="", client_id="", error="invalid_token"`,
  });
}

/** Any malformed request. */
export function badRequest(message: string, code = "Request_BadRequest"): GraphError {
  return new GraphError(400, code, message);
}

/** A delta token that is unknown by now. `from` is the link that begins anew. The text is ours. */
export function syncStateNotFound(from: string): GraphError {
  return new GraphError(410, "syncStateNotFound", "The sync state is not found. Begin anew.", {
    location: from,
  });
}

/** What Graph may well know, and this tenant does not. */
export function notImplemented(what: string): GraphError {
  return new GraphError(501, "NotImplemented", `${what} is not implemented in this tenant.`);
}

/** A list that nobody can ask for. Seen in reports (msgraph-sdk-powershell #538). */
export function searchUnsupported(): GraphError {
  return badRequest(
    "Searches against this resource are not supported. Only specific instances can be queried.",
    "Request_UnsupportedQuery",
  );
}

/** What takes a licence that the tenant does not have. Seen in reports. */
export function licenseRequired(): GraphError {
  return badRequest(
    "The tenant needs to have Microsoft Entra ID P2 or Microsoft Entra ID Governance license.",
    "AadPremiumLicenseRequired",
  );
}

/** A request that the rules of Privileged Identity Management do not allow. Seen in reports. */
export function brokenPolicy(rules: readonly string[]): GraphError {
  return badRequest(
    `The following policy rules failed: ${JSON.stringify(rules)}`,
    "RoleAssignmentRequestPolicyValidationFailed",
  );
}

/** Exchange's own roles in a tenant without Exchange Online. */
export function withoutExchange(tenantId: string): GraphError {
  return new GraphError(404, "ResourceNotFound", `The tenant for tenant guid '${tenantId}' does not exist.`);
}

/** A report of sign-ins in a tenant without Entra ID P1. Seen in reports. */
export function premiumTenantRequired(): GraphError {
  return new GraphError(
    403,
    "Authentication_RequestFromNonPremiumTenantOrB2CTenant",
    "Neither tenant is B2C or tenant doesn't have premium license",
  );
}

/** A report of sign-ins without the right to read it. Seen in reports. */
export function auditLogRequired(): GraphError {
  return new GraphError(
    403,
    "Authentication_MSGraphPermissionMissing",
    "Calling principal does not have required MSGraph permissions AuditLog.Read.All",
  );
}

/** A property of a service principal that the lock of its application holds. Seen in reports. */
export function lockedProperty(name: string): GraphError {
  return badRequest(`Property ${name} is invalid.`, "CannotUpdateLockedServicePrincipalProperty");
}

/** `/me`, with an application's token. Seen in reports. */
export function signedInUserRequired(): GraphError {
  return badRequest("/me request is only valid with delegated authentication flow.", "BadRequest");
}

/** An id that is no GUID. */
export function invalidObjectIdentifier(id: string): GraphError {
  return badRequest(`Invalid object identifier '${id}'.`);
}

/** A property that the type does not have. */
export function unknownProperty(name: string, type: string): GraphError {
  return badRequest(
    `The property '${name}' does not exist on type 'microsoft.graph.${type}'. ` +
      "Make sure to only use property names that are defined by the type.",
  );
}

/** A property that a client cannot write. */
export function readOnlyProperty(name: string): GraphError {
  return badRequest(`Property '${name}' is read-only and cannot be set.`);
}

/** A value outside what a property takes. */
export function invalidValue(name: string, type: string): GraphError {
  return badRequest(`Invalid value specified for property '${name}' of resource '${capitalized(type)}'.`);
}

/** A property without which nothing can be created. */
export function requiredValue(name: string, type: string): GraphError {
  return badRequest(`A value is required for property '${name}' of resource '${capitalized(type)}'.`);
}

/** A second object with what only one may have. */
export function conflictingObject(): GraphError {
  return badRequest(
    "A conflicting object with one or more of the specified property values is present in the directory.",
  );
}

/** A reference that is there already. */
export function referenceExists(name: string): GraphError {
  return badRequest(
    `One or more added object references already exist for the following modified properties: '${name}'.`,
  );
}

/** The body of an error's answer. */
export function errorBody(error: GraphError, requestId: string, date: Date): Json {
  return {
    error: {
      code: error.code,
      message: error.message,
      innerError: {
        date: date.toISOString().slice(0, 19),
        "request-id": requestId,
        "client-request-id": requestId,
      },
    },
  };
}

function capitalized(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
