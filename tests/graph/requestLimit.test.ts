import { createHttpHeaders, createPipelineRequest } from "@azure/core-rest-pipeline";
import { expect, test } from "vitest";
import { createRequestLimit, requestLimitPolicy, type RequestLimit } from "../../graph/requestLimit.ts";

async function send(limit: RequestLimit, signal?: AbortSignal): Promise<number> {
  const request = createPipelineRequest({ url: "https://graph.example" });
  const headers = createHttpHeaders({ "retry-after": "600" });
  const { status } = await requestLimitPolicy(limit, signal).sendRequest(request, async () => ({
    request,
    headers,
    status: 429,
  }));
  return status;
}

test("requests of one application begin evenly, and no tenant's wait is another's", async () => {
  const limit = createRequestLimit(50);
  const begun = performance.now();
  expect(await Promise.all(Array.from({ length: 6 }, async () => send(limit)))).toEqual(
    Array.from({ length: 6 }, () => 429),
  );
  // The last of six waits for five turns of 20 ms; timers may be a millisecond early.
  expect(performance.now() - begun).toBeGreaterThanOrEqual(95);
});

test("who waits for a turn ends with the run", async () => {
  const limit = createRequestLimit(0.001);
  await send(limit);
  const run = new AbortController();
  const waiting = send(limit, run.signal);
  run.abort();
  await expect(waiting).rejects.toMatchObject({ name: "AbortError" });
});
