import {
  bearerTokenAuthenticationPolicy,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
} from "@azure/core-rest-pipeline";
import type { PipelineResponse } from "@azure/core-rest-pipeline";
import type { TokenCredential } from "@azure/identity";
import { ApiError, unreachable } from "./apiError.ts";
import { boundedWait } from "./boundedWait.ts";
import { httpClient } from "./httpClient.ts";
import { untimedWait } from "./untimedWait.ts";
import { type RequestLimit, requestLimitPolicy } from "./requestLimit.ts";
import { SignInError } from "./signInError.ts";

/** How to talk to one service. */
export interface ServiceOptions {
  /** The service in words, for errors. */
  readonly name: string;
  /** Who asks; left out for what anyone may read. */
  readonly credential?: TokenCredential;
  /** The scope of its tokens. */
  readonly scope?: string;
  /** Ends what is under way. */
  readonly signal?: AbortSignal;
  /** How often a request that failed is tried again. @default 3 */
  readonly maxRetries?: number;
  /** Shared by everyone who asks as one application. @default none */
  readonly limit?: RequestLimit | undefined;
  /** The wait before the first retry of a failed request, in milliseconds; doubles each time. @default 1000 */
  readonly retryDelayMs?: number;
}

/** One request. */
export interface ServiceRequest {
  /** @default "GET" */
  readonly method?: "GET" | "POST" | "PATCH" | "DELETE";
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
}

/** Sends a request and gives back whatever answer comes. @throws ApiError, SignInError */
export type Send = (request: ServiceRequest) => Promise<PipelineResponse>;

/**
 * A sender for one service: retries of what may pass by itself (408, 429, 5xx, broken connections), waiting as
 * long as `Retry-After` says, for at most five minutes; a proxy as the environment names it; one token, renewed before it
 * ends. Redirects are given back, never followed: a token goes to no other host than the one named.
 */
export function createService({
  name,
  credential,
  scope,
  signal,
  limit,
  maxRetries = 3,
  retryDelayMs = 1000,
}: ServiceOptions): Send {
  const pipeline = createPipelineFromOptions({
    userAgentOptions: { userAgentPrefix: "exchange-auth" },
    retryOptions: { maxRetries, retryDelayInMs: retryDelayMs },
    redirectOptions: { maxRetries: 0 },
  });
  pipeline.addPolicy(boundedWait(name), { afterPhase: "Retry" });
  pipeline.addPolicy(untimedWait(retryDelayMs), { afterPhase: "Retry" });
  if (limit) pipeline.addPolicy(requestLimitPolicy(limit, signal), { afterPhase: "Retry" });
  if (credential && scope) pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes: scope }));
  return async ({ method = "GET", url, headers = {}, body }) => {
    const request = createPipelineRequest({
      method,
      url,
      timeout: 60_000,
      ...(signal ? { abortSignal: signal } : {}),
      headers: createHttpHeaders({
        accept: "application/json",
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      }),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    try {
      return await pipeline.sendRequest(httpClient, request);
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof SignInError || error instanceof ApiError) throw error;
      throw unreachable(name, `${method} ${url}`, error);
    }
  };
}
