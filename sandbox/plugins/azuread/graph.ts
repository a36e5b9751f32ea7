import {
  ConnectionError,
  describeRequest,
  isTemporary,
  pauseAfter,
  request,
  type Answer,
} from "./connection.ts";
import { isJson, objectOf, parseJson, textOf, type Json } from "./json.ts";
import type { Tokens } from "./signIn.ts";
import type { Waits } from "./waits.ts";

/** An answer of Graph that is no success. */
export class GraphError extends Error {
  readonly status: number;

  constructor(status: number, statusText: string, reason: string) {
    super(`unexpected status ${status} (${status} ${statusText}) ${reason}`);
    this.name = "GraphError";
    this.status = status;
  }
}

/** Whether Graph said that something does not exist. */
export function isNotFound(error: unknown): boolean {
  return error instanceof GraphError && error.status === 404;
}

/** How a request is to be made. */
export interface RequestOptions {
  readonly body?: Json;
  readonly query?: Readonly<Record<string, string>>;
  /** The beta version of the API. */
  readonly beta?: boolean;
  /** How long to go on trying, in seconds. */
  readonly timeout: number;
  /** Whether this answer passes by itself, so that the request is worth another try. Gets the error's code and message. */
  readonly retryIf?: (status: number, reason: string) => boolean;
}

/**
 * Graph as the official plugin uses it.
 *
 * Throttling and server errors are tried again, and what a call says is worth it; nothing else is. Source:
 * sdk/client/client.go of hashicorp/go-azure-sdk.
 */
export class Graph {
  /** Graph's address, without a slash at the end. */
  readonly url: string;
  readonly #tokens: Tokens;
  readonly #waits: Waits;

  constructor(url: string, tokens: Tokens, waits: Waits) {
    this.url = url;
    this.#tokens = tokens;
    this.#waits = waits;
  }

  /** Sends a request and returns the answer's object; undefined where it has none. */
  async send(method: string, path: string, options: RequestOptions): Promise<Json | undefined> {
    const query = options.query === undefined ? "" : `?${new URLSearchParams(options.query).toString()}`;
    return this.#follow(
      method,
      `${this.url}/${options.beta === true ? "beta" : "v1.0"}${path}${query}`,
      options,
    );
  }

  /** All objects of a list, page after page. */
  async list(path: string, options: RequestOptions): Promise<Json[]> {
    let page = await this.send("GET", path, options);
    const objects: Json[] = [];
    for (;;) {
      const value = page?.["value"];
      if (Array.isArray(value)) objects.push(...value.filter(isJson));
      const next = textOf(page, "@odata.nextLink");
      if (next === "") return objects;
      page = await this.#follow("GET", next, options);
    }
  }

  async #follow(method: string, url: string, options: RequestOptions): Promise<Json | undefined> {
    let waited = 0;
    for (let attempt = 0; ; attempt++) {
      const { response, text = "" } = (await this.#once(method, url, options.body)) ?? {};
      const body = parseJson(text);
      if (response?.ok === true) return body;
      const reason = reasonOf(body, text);
      const pause = pauseAfter(response, attempt, longestPause);
      waited += pause;
      const passes =
        response === undefined ||
        [408, 424].includes(response.status) ||
        isTemporary(response) ||
        options.retryIf?.(response.status, reason) === true;
      if (passes && attempt < maximalRetries && waited <= options.timeout) {
        await this.#waits.retry(pause);
        continue;
      }
      if (response === undefined) throw new Error(describeRequest(method, url, lostAnswer));
      throw new GraphError(response.status, response.statusText, reason);
    }
  }

  /** One try. Undefined if the connection broke in a way that makes a request that changes nothing worth another. */
  async #once(method: string, url: string, body: Json | undefined): Promise<Answer | undefined> {
    const token = await this.#tokens();
    const headers = {
      accept: "application/json",
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
    };
    try {
      return await request(url, {
        method,
        headers,
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
    } catch (error) {
      if (method !== "GET") throw new Error(describeRequest(method, url, lostAnswer), { cause: error });
      if (error instanceof ConnectionError && error.code === "ECONNRESET") return undefined;
      throw error;
    }
  }
}

const maximalRetries = 16;
const longestPause = 61;
const lostAnswer = "HTTP response was nil; connection may have been reset";

/** The reason in the official plugin's words: the code and message of the error and of those within it. */
function reasonOf(body: Json | undefined, text: string): string {
  const parts: string[] = [];
  for (let error = objectOf(body, "error"); error !== undefined; error = objectOf(error, "innerError")) {
    parts.push(...[textOf(error, "code"), textOf(error, "message")].filter((part) => part !== ""));
  }
  if (parts.length > 0) return `with error: ${parts.join(": ")}`;
  return text === "" ? "received with no body" : `with response: ${text}`;
}
