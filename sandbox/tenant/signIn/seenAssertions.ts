import type { JWTPayload } from "jose";
import { malformedAssertion, replayedAssertion } from "./credentialErrors.ts";

/** The assertions that have been used and are still valid, so that none is used twice. */
export class SeenAssertions {
  readonly #endings = new Map<string, number>();

  /** Refuses an assertion without `jti`, or with one that its client has used before. @throws TokenError */
  use(clientId: string, { jti, exp = 0 }: JWTPayload, now: Date): void {
    if (jti === undefined) throw malformedAssertion("The claim 'jti' is missing.");
    for (const [key, ending] of this.#endings) if (ending * 1000 < now.getTime()) this.#endings.delete(key);
    const key = `${clientId} ${jti}`;
    if (this.#endings.has(key)) throw replayedAssertion();
    this.#endings.set(key, exp);
  }
}
