import { setTimeout } from "node:timers/promises";
import type { PipelinePolicy } from "@azure/core-rest-pipeline";

/**
 * How fast everyone who asks as one application may ask together. Graph counts an application's requests in all tenants, and
 * each request of a batch: https://learn.microsoft.com/graph/throttling-limits#identity-and-access-service-limits.
 *
 * A wait that one tenant asks for (`Retry-After`) is not shared: it would stop the other tenants.
 */
export interface RequestLimit {
  /** Waits for the next turn. @throws the signal's reason */
  readonly turn: (signal: AbortSignal | undefined) => Promise<void>;
}

/** Makes one, whose requests begin evenly: so many in a second. */
export function createRequestLimit(perSecond: number): RequestLimit {
  let nextAt = 0;
  return {
    async turn(signal) {
      const now = Date.now();
      const at = Math.max(now, nextAt);
      nextAt = at + 1000 / perSecond;
      if (at > now) await setTimeout(at - now, undefined, signal === undefined ? {} : { signal });
    },
  };
}

/** Keeps a sender within a limit. */
export function requestLimitPolicy(limit: RequestLimit, signal: AbortSignal | undefined): PipelinePolicy {
  return {
    name: "requestLimit",
    async sendRequest(request, next) {
      await limit.turn(signal);
      return next(request);
    },
  };
}
