import type { PipelinePolicy, PipelineRequest } from "@azure/core-rest-pipeline";
import { retryAfterMs } from "./retryAfter.ts";

/**
 * Says how long to wait where a service throttles and does not. Azure's client asks again after a 429 only with a time.
 * Microsoft's page on throttling in Graph advises a wait that doubles each time. A wait below zero counts as none, since
 * Azure's client would hand it to Node, which prints a warning.
 *
 * @param firstMs the first wait, in milliseconds
 */
export function untimedWait(firstMs: number): PipelinePolicy {
  const waits = new WeakMap<PipelineRequest, number>();
  return {
    name: "untimedWait",
    async sendRequest(request, next) {
      const response = await next(request);
      if (Number(response.headers.get("retry-after")) < 0) response.headers.delete("retry-after");
      if (response.status !== 429 || retryAfterMs(response) !== undefined) return response;
      const wait = waits.get(request) ?? firstMs;
      waits.set(request, wait * 2);
      response.headers.set("retry-after-ms", String(wait));
      return response;
    },
  };
}
