import type { PipelinePolicy, PipelineRequest, PipelineResponse } from "@azure/core-rest-pipeline";

/**
 * Says how long to wait where a service throttles and does not. Azure's client asks again after a 429 only with a time.
 * Microsoft's page on throttling in Graph advises a wait that doubles each time.
 *
 * @param firstMs the first wait, in milliseconds
 */
export function untimedWait(firstMs: number): PipelinePolicy {
  const waits = new WeakMap<PipelineRequest, number>();
  return {
    name: "untimedWait",
    async sendRequest(request, next) {
      const response = await next(request);
      if (response.status !== 429 || saysHowLong(response)) return response;
      const wait = waits.get(request) ?? firstMs;
      waits.set(request, wait * 2);
      response.headers.set("retry-after-ms", String(wait));
      return response;
    },
  };
}

/** Whether the client reads a time: a number, or a date. Others send words, or nothing (microsoft-graph-docs#3877). */
function saysHowLong({ headers }: PipelineResponse): boolean {
  const inMs = headers.get("retry-after-ms") ?? headers.get("x-ms-retry-after-ms");
  const text = headers.get("retry-after");
  return (
    Boolean(inMs) || (Boolean(text) && !(Number.isNaN(Number(text)) && Number.isNaN(Date.parse(text ?? ""))))
  );
}
