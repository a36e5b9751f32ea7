import {
  ConnectionError,
  describeRequest,
  isTemporary,
  pauseAfter,
  request,
  type Answer,
} from "./connection.ts";
import type { Waits } from "./waits.ts";

const maximalRetries = 4;
const longestPause = 30;

/**
 * Asks a token endpoint. Throttling, server errors and broken connections are tried again, other refusals are returned.
 *
 * Source: sdk/auth/client.go of hashicorp/go-azure-sdk, which never sets the number of retries that it means to.
 */
export async function askForToken(endpoint: string, body: URLSearchParams, waits: Waits): Promise<Answer> {
  for (let attempt = 0; ; attempt++) {
    const asked = await askOnce(endpoint, body);
    const answer = asked instanceof ConnectionError ? undefined : asked;
    if (answer !== undefined && !isTemporary(answer.response)) return answer;
    if (attempt === maximalRetries) {
      // It says why no answer came, but not which answer came.
      const why = asked instanceof ConnectionError ? `: ${asked.message}` : "";
      const tries = `POST ${endpoint} giving up after ${attempt + 1} attempt(s)${why}`;
      throw new Error(
        `unable to obtain access token: clientCredentialsToken: cannot request token: ${describeRequest("POST", endpoint, tries)}`,
      );
    }
    await waits.retry(pauseAfter(answer?.response, attempt, longestPause));
  }
}

async function askOnce(endpoint: string, body: URLSearchParams): Promise<Answer | ConnectionError> {
  try {
    return await request(endpoint, { method: "POST", body, headers: { accept: "application/json" } });
  } catch (error) {
    if (error instanceof ConnectionError) return error;
    throw error;
  }
}
