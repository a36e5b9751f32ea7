import { Diagnostic } from "../protocol/resource.ts";
import { isNotFound } from "./graph.ts";

/** What a failure is to say besides its summary. */
export interface Blame {
  /** The summary instead, if Graph says that the thing does not exist. */
  readonly ifNotFound?: string;
  /** The attribute that is to blame, in the plugin's terms. */
  readonly attribute?: string;
}

/**
 * Does a step; a failure is reported in the official plugin's words.
 *
 * @param summary - what failed.
 */
export async function attempt<Result>(
  summary: string,
  step: Promise<Result>,
  blame: Blame = {},
): Promise<Result> {
  try {
    return await step;
  } catch (error) {
    if (error instanceof Diagnostic) throw error;
    const shown = isNotFound(error) ? (blame.ifNotFound ?? summary) : summary;
    throw new Diagnostic(shown, reasonOf(error), blame.attribute);
  }
}

/** As `attempt`, but the summary ends in the reason, too: some of the official plugin's messages say it twice. */
export async function attemptTwiceTold<Result>(
  summary: string,
  step: Promise<Result>,
  blame: Blame = {},
): Promise<Result> {
  try {
    return await step;
  } catch (error) {
    const reason = reasonOf(error);
    throw new Diagnostic(`${summary}: ${reason}`, reason, blame.attribute);
  }
}

/** The step's result, or undefined if Graph says that the thing does not exist. */
export async function unlessGone<Result>(step: Promise<Result>): Promise<Result | undefined> {
  try {
    return await step;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** The failure of creating what is there already. */
export function alreadyExists(type: string, id: string): Diagnostic {
  return new Diagnostic(
    `A resource with the ID "${id}" already exists`,
    `To be managed via Terraform, this resource needs to be imported into the State. Please see the resource documentation for "${type}" for more information.`,
    "id",
  );
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
