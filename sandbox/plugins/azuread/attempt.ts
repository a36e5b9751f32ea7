import { Diagnostic } from "../protocol/resource.ts";
import { isNotFound } from "./graph.ts";

/**
 * Does a step; a failure is reported in the official plugin's words.
 *
 * @param summary - what failed.
 * @param ifNotFound - what failed, if Graph says that the thing does not exist. Default: the same.
 */
export async function attempt<Result>(
  summary: string,
  step: Promise<Result>,
  ifNotFound = summary,
): Promise<Result> {
  try {
    return await step;
  } catch (error) {
    if (error instanceof Diagnostic) throw error;
    const detail = error instanceof Error ? error.message : String(error);
    throw new Diagnostic(isNotFound(error) ? ifNotFound : summary, detail);
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
  );
}
