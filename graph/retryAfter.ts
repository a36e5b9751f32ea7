import type { PipelineResponse } from "@azure/core-rest-pipeline";

/**
 * How long a service asks to wait, in milliseconds, as Azure's client reads it; undefined where it says nothing, or words
 * (microsoft-graph-docs#3877).
 */
export function retryAfterMs({ headers }: PipelineResponse): number | undefined {
  const milliseconds = Number(headers.get("retry-after-ms") ?? headers.get("x-ms-retry-after-ms"));
  if (milliseconds > 0) return milliseconds;
  const text = headers.get("retry-after");
  if (!text) return undefined;
  const wait = Number.isNaN(Number(text)) ? Date.parse(text) - Date.now() : Number(text) * 1000;
  return Number.isNaN(wait) ? undefined : wait;
}
