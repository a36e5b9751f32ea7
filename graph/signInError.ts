import { ApiError } from "./apiError.ts";

/**
 * What Entra says where it cannot answer at the moment: too many requests, or a part of it is down.
 *
 * Source: Microsoft's page "Microsoft Entra authentication and authorization error codes"; 50196 ends after minutes, too
 * (github.com/pnp/powershell#2995). 50166 and 90061: an issuer of federated tokens does not answer (github.com/Azure/azure-cli#28863).
 */
const unavailable: ReadonlySet<number> = new Set([50166, 50196, 90006, 90012, 90024, 90033, 90055, 90061]);

/** Why a sign-in did not give a token. */
export class SignInError extends Error {
  override readonly name = "SignInError";
  /** The number after "AADSTS"; absent where Entra itself did not answer. */
  readonly aadsts?: number;
  /** Whether Entra could not be asked, or could not answer, which says nothing about who signs in. */
  readonly isUnavailable: boolean;
  /** What Microsoft's support asks for. */
  readonly correlationId?: string;
  /** When Entra's clock said no. */
  readonly at?: Date;

  /** @param cause what `@azure/identity` threw */
  constructor(cause: unknown) {
    const texts = messages(cause);
    const text = texts.find((message) => message.includes("AADSTS")) ?? texts[0] ?? "unknown reason";
    super(firstSentences(text), { cause });
    const number = /AADSTS(\d+)/.exec(text)?.[1];
    if (number !== undefined) this.aadsts = Number(number);
    this.isUnavailable = cause instanceof ApiError || unavailable.has(Number(number));
    const id = /Correlation ID: ([0-9a-f-]{36})/i.exec(text)?.[1];
    if (id !== undefined) this.correlationId = id;
    const time = /Timestamp: (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\dZ)/.exec(text);
    if (time) this.at = new Date(`${time[1]}T${time[2]}`);
  }
}

function messages(error: unknown): string[] {
  return error instanceof Error ? [error.message, ...messages(error.cause)] : [];
}

/** Entra's own text, without the library's preamble and without the ids and times that follow it. */
function firstSentences(text: string): string {
  const own = text.slice(Math.max(0, text.indexOf("AADSTS")));
  return own.split(/\s*(?:Trace ID:|Correlation ID:|\[https?:)/)[0]?.trim() ?? own;
}
