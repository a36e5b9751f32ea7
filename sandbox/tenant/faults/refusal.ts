import { randomUUID } from "node:crypto";
import { errorBody, GraphError } from "../graph/errors.ts";
import { TokenError, tokenErrorBody } from "../signIn/tokenError.ts";

/** What a matching request is answered instead. */
export interface Refusal {
  readonly status: number;
  /** Graph's code. @default the usual one of the status */
  readonly code?: string;
  /** @default the usual one of the status */
  readonly message?: string;
  /** Seconds in `Retry-After`. @default no such header */
  readonly retryAfter?: number;
  /** The body as it is, of no particular type, instead of an error in the API's shape. */
  readonly rawBody?: string;
}

const usual: Readonly<Record<number, readonly [code: string, message: string]>> = {
  400: ["Request_BadRequest", "Bad request."],
  401: ["InvalidAuthenticationToken", "Access token validation failure."],
  403: ["Authorization_RequestDenied", "Insufficient privileges to complete the operation."],
  404: [
    "Request_ResourceNotFound",
    "Resource does not exist or one of its queried reference-property objects are not present.",
  ],
  409: [
    "Directory_ConcurrencyViolation",
    "Unable to save changes. The object has been modified since it was last retrieved. Please retry your request.",
  ],
  429: ["TooManyRequests", "Too many requests."],
  500: ["InternalServerError", "An internal server error occurred. The operation could not be completed."],
  502: ["BadGateway", "Bad gateway."],
  503: ["ServiceUnavailable", "Service is temporarily unavailable. Please wait and retry again."],
  504: ["GatewayTimeout", "Gateway timeout."],
};

/** The answer that a refusal is, in the shape of the API that was asked. */
export function refusalResponse(refusal: Refusal, request: Request, baseUrl: string, now: Date): Response {
  const headers = refusal.retryAfter === undefined ? {} : { "retry-after": String(refusal.retryAfter) };
  if (refusal.rawBody !== undefined)
    return new Response(refusal.rawBody, { status: refusal.status, headers });
  const [usualCode = "UnknownError", usualMessage = "The request was refused."] = usual[refusal.status] ?? [];
  const [code, message] = [refusal.code ?? usualCode, refusal.message ?? usualMessage];
  const body = new URL(request.url).pathname.endsWith("/token")
    ? tokenErrorBody(tokenRefusal(refusal.status, message), baseUrl, now)
    : errorBody(new GraphError(refusal.status, code, message), randomUUID(), now);
  return new Response(JSON.stringify(body), {
    status: refusal.status,
    headers: { "content-type": "application/json", ...headers },
  });
}

/** AADSTS90055 is throttling, AADSTS90033 an unavailable directory. */
function tokenRefusal(status: number, message: string): TokenError {
  return status === 429
    ? new TokenError(status, "temporarily_unavailable", 90055, message)
    : new TokenError(status, "temporarily_unavailable", 90033, message);
}
