import { isJson, textOf } from "./json.ts";

/** No answer came. The message is as Go's HTTP client words it. */
export class ConnectionError extends Error {
  /** Node's code of what happened, such as `ECONNRESET`. */
  readonly code: string;

  constructor(method: string, url: string, reason: unknown) {
    const cause = reason instanceof Error ? (reason.cause ?? reason) : reason;
    const code = isJson(cause) ? textOf(cause, "code") : "";
    const message = cause instanceof Error ? cause.message : String(cause);
    super(describeRequest(method, url, words[code] ?? (message || code)), { cause });
    this.name = "ConnectionError";
    this.code = code;
  }
}

const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: "dial tcp: connect: connection refused",
  ECONNRESET: "read: connection reset by peer",
  UND_ERR_SOCKET: "EOF",
};

/** What went wrong with a request, in the words of Go's HTTP client. */
export function describeRequest(method: string, url: string, problem: string): string {
  return `${method.charAt(0)}${method.slice(1).toLowerCase()} "${url}": ${problem}`;
}

/** Sends one request and reads its answer. */
export async function request(url: string, init: RequestInit = {}): Promise<Answer> {
  try {
    const response = await fetch(url, init);
    return { response, text: await response.text() };
  } catch (error) {
    throw new ConnectionError(init.method ?? "GET", url, error);
  }
}

/** An answer that has been read to its end. */
export interface Answer {
  readonly response: Response;
  readonly text: string;
}

/** Whether an answer is about the server's state, which passes by itself. */
export function isTemporary({ status }: Response): boolean {
  return status === 429 || (status >= 500 && status !== 501);
}

/**
 * Seconds before the next try: what the answer asks for, else twice as long each time.
 *
 * @param attempt - how many tries there have been before this one.
 * @param longest - in seconds; what an answer asks for may be longer.
 */
export function pauseAfter(response: Response | undefined, attempt: number, longest: number): number {
  const asked = response?.headers.get("retry-after") ?? "";
  return /^\d+$/.test(asked) ? Number(asked) : Math.min(2 ** attempt, longest);
}
