/** One request that the server has answered. Neither bodies nor headers are kept, so no secret is. */
export interface RequestLogEntry {
  readonly time: Date;
  readonly method: string;
  /** With the query. */
  readonly path: string;
  /** What was answered; 0 where the connection was dropped instead. */
  readonly status: number;
  /** Undefined where the request names none. */
  readonly tenantId?: string;
  readonly clientId?: string;
  /** How long the answer took, in milliseconds of the real clock. */
  readonly ms: number;
}

/** How many requests are kept. */
const capacity = 100_000;

/** The last requests, newest last. */
export class RequestLog {
  #entries: RequestLogEntry[] = [];

  /** A copy, which later requests do not change. */
  get entries(): readonly RequestLogEntry[] {
    return [...this.#entries];
  }

  add(entry: RequestLogEntry): void {
    if (this.#entries.length >= capacity) this.#entries = this.#entries.slice(capacity / 2);
    this.#entries.push(entry);
  }

  clear(): void {
    this.#entries = [];
  }
}
