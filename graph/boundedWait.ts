import type { PipelinePolicy } from "@azure/core-rest-pipeline";
import { timeInWords } from "../common/time.ts";
import { ApiError } from "./apiError.ts";
import { retryAfterMs } from "./retryAfter.ts";

/** The longest wait that a service may ask for before it is asked again, in milliseconds: what throttling takes to pass. */
const longestWaitMs = 300_000;

/**
 * Fails where a service asks for a longer wait, instead of being silent for as long.
 *
 * @param service in words, for errors
 * @param onTooLong told of the error, for libraries that hide it
 */
export function boundedWait(
  service: string,
  onTooLong: (error: ApiError) => void = () => undefined,
): PipelinePolicy {
  return {
    name: "boundedWait",
    async sendRequest(request, next) {
      const response = await next(request);
      const waitMs = response.status < 400 ? 0 : (retryAfterMs(response) ?? 0);
      if (waitMs <= longestWaitMs) return response;
      const until = timeInWords(Date.now() + waitMs);
      const error = new ApiError({
        service,
        request: `${request.method} ${request.url}`,
        status: response.status,
        reason: `it asks for a wait of ${Math.round(waitMs / 1000)} s (Retry-After). Run this again after ${until}.`,
      });
      onTooLong(error);
      throw error;
    },
  };
}
