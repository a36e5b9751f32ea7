import { isRestError } from "@azure/core-rest-pipeline";
import type { PipelineResponse } from "@azure/core-rest-pipeline";
import * as v from "valibot";
import { clipped } from "../common/foreignText.ts";

/** What is known about a request that failed. */
export interface ApiFailure {
  /** The service in words, as in "Microsoft Graph". */
  readonly service: string;
  /** As in "GET https://graph.microsoft.com/v1.0/domains". */
  readonly request: string;
  /** The HTTP status; absent where no answer came, and for a part of an answer that is not understood. */
  readonly status?: number;
  /** Whether an answer came that is none of this service's: of another form, or a page of something in between. */
  readonly isStrange?: true;
  /** The service's own code, as in "Authorization_RequestDenied", or the system's, as in "ENOTFOUND". */
  readonly code?: string;
  /** The service's own words. */
  readonly reason: string;
  /** What Microsoft's support asks for. */
  readonly requestId?: string;
}

/** A service that could not be reached, refused a request, or answered something that is not understood. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly failure: ApiFailure;

  constructor(failure: ApiFailure, options?: ErrorOptions) {
    super(messageOf(failure), options);
    this.failure = failure;
  }
}

/** A tenant without Entra ID P2 has no eligibilities, and no way to ask for them. */
export function isUnlicensed({ failure }: ApiError): boolean {
  return failure.code === "AadPremiumLicenseRequired";
}

/** Whether Graph may not serve the path at all: it refuses such a path with one of these. */
export function isUnserved({ failure: { status } }: ApiError): boolean {
  return status !== undefined && [400, 404, 405, 501].includes(status);
}

/** The error for a request to which no answer came. */
export function unreachable(service: string, request: string, cause: unknown): ApiError {
  const message = cause instanceof Error ? cause.message : String(cause);
  const code = isRestError(cause) ? cause.code : undefined;
  return new ApiError(
    { service, request, reason: message, ...(code === undefined ? {} : { code }) },
    { cause },
  );
}

/** The error for an answer with an unwanted status; understands the bodies of Graph and of Exchange's admin API. */
export function refused(service: string, response: PipelineResponse): ApiError {
  return refusedWith(service, requestLine(response), response.status, parseJson(response.bodyAsText), {
    requestId: response.headers.get("request-id"),
    text: response.bodyAsText,
  });
}

/** As `refused`, for an answer whose body has been read already. */
export function refusedWith(
  service: string,
  request: string,
  status: number,
  body: unknown,
  { requestId, text }: { requestId?: string | undefined; text?: string | null | undefined } = {},
): ApiError {
  const parsed = v.safeParse(ErrorBody, body);
  if (!parsed.success) {
    return new ApiError({
      service,
      request,
      status,
      reason: readable(text),
      ...(requestId ? { requestId } : {}),
    });
  }
  const { error } = parsed.output;
  const inner = error.innerError ?? error.innererror;
  const id = requestId ?? inner?.["request-id"];
  return new ApiError({
    service,
    request,
    status,
    ...(error.code ? { code: error.code } : {}),
    reason:
      inner?.internalexception?.message ||
      error.details?.[0]?.message ||
      error.message ||
      "it gave no reason.",
    ...(id ? { requestId: id } : {}),
  });
}

/** The body of an answer, checked. @throws ApiError where it is not JSON, or not of this form. */
export function readJson<T>(
  service: string,
  response: PipelineResponse,
  schema: v.GenericSchema<unknown, T>,
): T {
  const body = parseJson(response.bodyAsText);
  if (body !== undefined) return checked(service, requestLine(response), body, schema);
  const isEmpty = (response.bodyAsText ?? "").trim() === "";
  throw new ApiError({
    service,
    request: requestLine(response),
    isStrange: true,
    reason: `${isEmpty ? "the answer is empty" : `the answer is not JSON: "${clipped(readable(response.bodyAsText), 120)}"`}. A proxy or a sign-in page may have answered instead (HTTPS_PROXY, NO_PROXY).`,
  });
}

/** What a service answered, checked. @throws ApiError where it is not of this form. */
export function checked<T>(
  service: string,
  request: string,
  body: unknown,
  schema: v.GenericSchema<unknown, T>,
): T {
  const parsed = v.safeParse(schema, body);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  const path = v.getDotPath(issue) ?? "the body";
  throw new ApiError({
    service,
    request,
    isStrange: true,
    reason: `the answer is not of the documented form: ${path}: ${issue.message}`,
  });
}

const optionalText = v.nullish(v.string());

// Exchange puts what helps into the innermost message, Graph into the outermost.
const Inner = v.object({
  "request-id": optionalText,
  internalexception: v.nullish(v.object({ message: optionalText })),
});
const ErrorBody = v.object({
  error: v.object({
    code: optionalText,
    message: optionalText,
    details: v.nullish(v.array(v.object({ message: optionalText }))),
    innerError: v.nullish(Inner),
    innererror: v.nullish(Inner),
  }),
});

function messageOf({ service, request, status, isStrange, code, reason, requestId }: ApiFailure): string {
  const missing = isStrange ? "gave an unexpected answer" : "could not be reached";
  const answer = status === undefined ? missing : `answered ${status}`;
  const codeText = code === undefined ? "" : ` ${code}`;
  const id = requestId === undefined ? "" : ` (request ID ${requestId})`;
  return `${service} ${answer}${codeText} to ${request}: ${reason}${id}`;
}

function requestLine(response: PipelineResponse): string {
  return `${response.request.method} ${response.request.url}`;
}

function parseJson(text: string | null | undefined): unknown {
  try {
    // Some gateways put a byte order mark before it.
    return JSON.parse((text ?? "").replace(/^\uFEFF/, ""));
  } catch {
    return undefined;
  }
}

/** Exchange may answer 403 with a body of NUL characters. */
function readable(text: string | null | undefined): string {
  // oxlint-disable-next-line no-control-regex
  const words = (text ?? "").replace(/[\u0000-\u001f]+/g, " ").trim();
  return words === "" ? "it gave no reason." : clipped(words, 300);
}
