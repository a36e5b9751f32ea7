import { says } from "../../common/errorTexts.ts";
import { SignInError } from "../../graph/signInError.ts";
import type { ApplicationIdentity } from "../../graph/signIn.ts";
import { createCredential } from "../../graph/signIn.ts";
import type { Endpoints } from "../../graph/endpoints.ts";

/**
 * What Entra answers to a sign-in with a key:
 * - `refused`: this key is not on the application;
 * - `accepted`: it gave a token;
 * - `unclear`: it said no for a reason that says nothing about the key, such as a disabled application, Conditional
 *   Access, the network, or an expired certificate.
 */
export type KeyAnswer =
  | { readonly answer: "refused" | "accepted" }
  | { readonly answer: "unclear"; readonly reason: string };

/** Whether a refusal is one of the key. The numbers are in Microsoft's list of AADSTS errors; 700027 has several reasons. */
export function keyAnswerOf({ aadsts, message }: Pick<SignInError, "aadsts" | "message">): KeyAnswer {
  const isUnknown = aadsts === 7000214 || (aadsts === 700027 && says(message, "keyNotFound"));
  return isUnknown ? { answer: "refused" } : { answer: "unclear", reason: message };
}

/** Signs in once with a key, for a fresh token. @throws whatever the signal aborts with */
export async function tryKey(
  identity: ApplicationIdentity,
  endpoints: Endpoints,
  signal: AbortSignal,
): Promise<KeyAnswer> {
  try {
    const { scope } = endpoints.exchangeOnline;
    await createCredential(identity, endpoints).getToken(scope, { abortSignal: signal });
    return { answer: "accepted" };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof SignInError) return keyAnswerOf(error);
    throw error;
  }
}

/** How often in a row a removed key has to be refused: Microsoft's servers differ for minutes. */
const refusalsInARow = 3;

/** What the sign-ins with a removed key came to. */
export interface RefusalProof {
  /** `refused`: three times in a row; otherwise what the last try said when the time was over. */
  readonly answer: KeyAnswer["answer"];
  readonly attempts: number;
  /** Why the last try says nothing about the key. */
  readonly reason?: string;
}

/** How the sign-ins are spread over time. */
export interface RefusalOptions {
  /** How long to go on while the key is accepted or the answer is unclear, in milliseconds. */
  readonly waitMs: number;
  readonly pause: (milliseconds: number) => Promise<void>;
  readonly progress: (text: string) => void;
}

/** Signs in with a removed key until it is refused three times in a row, or the time is over. */
export async function proveRefusal(
  signIn: () => Promise<KeyAnswer>,
  { waitMs, pause, progress }: RefusalOptions,
): Promise<RefusalProof> {
  let inARow = 0;
  let waited = 0;
  for (let attempts = 1; ; attempts++) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other is what proves it.
    const last = await signIn();
    inARow = last.answer === "refused" ? inARow + 1 : 0;
    if (inARow === refusalsInARow) return { answer: "refused", attempts };
    const delay = inARow > 0 ? 1000 : Math.min(15_000, 1000 * 2 ** attempts, waitMs - waited);
    if (last.answer !== "refused") {
      if (waited >= waitMs) {
        return {
          answer: last.answer,
          attempts,
          ...(last.answer === "unclear" ? { reason: last.reason } : {}),
        };
      }
      waited += delay;
      const what = last.answer === "accepted" ? "A server still accepts it" : "The answer is unclear";
      progress(`${what}. Trying again for ${Math.ceil((waitMs - waited + delay) / 1000)} s more …`);
    }
    // oxlint-disable-next-line no-await-in-loop
    await pause(delay);
  }
}
