import {
  bearerTokenAuthenticationPolicyName,
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
  type HttpMethods,
} from "@azure/core-rest-pipeline";
import { boundedWait } from "../../graph/boundedWait.ts";
import type { Endpoints } from "../../graph/endpoints.ts";
import { createRequestLimit, requestLimitPolicy } from "../../graph/requestLimit.ts";
import type { PluginSource } from "../commands/arguments.ts";
import type { Json } from "../tenant/json.ts";
import type { SandboxFolder } from "../workspace/sandboxFolder.ts";
import type { PreparedSandbox } from "../workspace/workspace.ts";

/** One request, as it is sent. */
export interface TargetRequest {
  readonly method: HttpMethods;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** An answer; status 0 where none came. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The body where it is JSON. */
  readonly body: Json | undefined;
  readonly text: string;
}

/** Sends one request and gives back what comes; never throws for what a server does. */
export type Send = (request: TargetRequest) => Promise<Answer>;

/** A tenant under examination: Microsoft's, the sandbox's, or another server's. */
export interface Target {
  readonly tenantId: string;
  readonly endpoints: Endpoints;
  readonly send: Send;
  /** An access token of the person, for Microsoft Graph. @throws where the sign-in is refused */
  readonly token: () => Promise<string>;
  /** Prepares a folder in which commands work in the tenant, as the person. */
  readonly prepare: (folder: SandboxFolder, plugins: PluginSource) => Promise<Pick<PreparedSandbox, "stack">>;
}

/** How requests are sent. */
export interface SenderOptions {
  /** How many requests begin in a second: so few that no service throttles. @default 5 */
  readonly perSecond?: number;
  /** The wait before the first of three retries, in milliseconds; doubles each time. @default 1000 */
  readonly retryDelayMs?: number;
}

/** A sender that waits as services ask it to, follows no redirect, and knows the environment's proxy. */
export function createSender({ perSecond = 5, retryDelayMs = 1000 }: SenderOptions = {}): Send {
  const pipeline = createPipelineFromOptions({
    userAgentOptions: { userAgentPrefix: "exchange-auth-conformance" },
    retryOptions: { maxRetries: 3, retryDelayInMs: retryDelayMs },
    redirectOptions: { maxRetries: 0 },
  });
  pipeline.removePolicy({ name: bearerTokenAuthenticationPolicyName });
  pipeline.addPolicy(boundedWait("The server"), { afterPhase: "Retry" });
  pipeline.addPolicy(requestLimitPolicy(createRequestLimit(perSecond), undefined), { afterPhase: "Retry" });
  const client = createDefaultHttpClient();
  return async ({ method, url, headers = {}, body }) => {
    const request = createPipelineRequest({
      method,
      url,
      timeout: 60_000,
      headers: createHttpHeaders(headers),
      ...(body === undefined ? {} : { body }),
    });
    try {
      const response = await pipeline.sendRequest(client, request);
      return answerOf(response.status, response.headers.toJSON(), response.bodyAsText ?? "");
    } catch (error) {
      return answerOf(0, {}, error instanceof Error ? error.message : String(error));
    }
  };
}

/** An answer from its parts. */
export function answerOf(status: number, headers: Readonly<Record<string, string>>, text: string): Answer {
  return { status, headers, text, body: parsed(text) };
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
