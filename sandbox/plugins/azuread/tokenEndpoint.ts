import { ConnectionError, isTemporary, pauseAfter, request, type Answer } from "./connection.ts";
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
    const { answer, problem } = await askOnce(endpoint, body);
    if (answer !== undefined && problem === undefined) return answer;
    if (attempt === maximalRetries) {
      const tries = `POST ${endpoint} giving up after ${attempt + 1} attempt(s): ${problem}`;
      throw new Error(
        `unable to obtain access token: clientCredentialsToken: cannot request token: ${tries}`,
      );
    }
    await waits.retry(pauseAfter(answer?.response, attempt, longestPause));
  }
}

async function askOnce(
  endpoint: string,
  body: URLSearchParams,
): Promise<{ answer?: Answer; problem?: string }> {
  try {
    const answer = await request(endpoint, {
      method: "POST",
      body,
      headers: { accept: "application/json" },
    });
    const { status } = answer.response;
    return isTemporary(answer.response)
      ? { answer, problem: `unexpected HTTP status ${status}` }
      : { answer };
  } catch (error) {
    if (error instanceof ConnectionError) return { problem: error.message };
    throw error;
  }
}
