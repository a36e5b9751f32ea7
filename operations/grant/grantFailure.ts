import { counted } from "../../common/counted.ts";
import { Failure, type FailureReason } from "../../common/failure.ts";
import type { ApiError } from "../../graph/apiError.ts";

/** What an answer means for who runs `grant`, and what to do about it. */
export interface Explanation {
  readonly text: string;
  readonly reason: FailureReason;
}

/**
 * A refused or failed request, with what it means and what is done so far.
 *
 * @param explained undefined where the answer's own words are all that is known
 * @param made how many changes were made before
 * @returns the answer itself where there is nothing to add
 */
export function grantFailure(error: ApiError, explained: Explanation | undefined, made: number): Error {
  if (explained === undefined && made === 0) return error;
  const { text, reason } = explained ?? { text: error.message, reason: undefined };
  const done =
    made === 0
      ? ""
      : ` ${counted(made, "change")} ${made === 1 ? "was" : "were"} made before. Run the command again. It goes on from there.`;
  return new Failure("EXO_AUTH_SERVICE", `${text}${done}`, { cause: error, reason });
}
