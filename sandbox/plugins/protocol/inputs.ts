import { checkObject, missingArgument, type Fail } from "./checkValues.ts";
import { nowhere, step } from "./place.ts";
import type { Dialect } from "./dialect.ts";
import { fieldOf, terraformName, type Fields } from "./schema.ts";
import type { Properties } from "./values.ts";

/** Inputs as the plugin wants them, and what is wrong with them. */
export interface CheckedInputs {
  readonly inputs: Properties;
  /** One sentence each, ready for the user. */
  readonly failures: readonly string[];
}

/**
 * Checks a user's inputs: unknown names, kinds of values, what is required, what conflicts, each value by itself;
 * and fills in defaults as the dialect does.
 *
 * @param resource - the resource's name, for messages.
 * @param olds - the inputs of the last update: a default that was taken then stays.
 */
export function checkInputs(
  resource: string,
  fields: Fields,
  news: Properties,
  olds: Properties,
  dialect: Dialect,
): CheckedInputs {
  const failures: string[] = [];
  const fail: Fail = (at, summary, detail) => {
    const reason = detail === undefined ? summary : `${summary}. ${detail}`;
    const short = dialect === "framework" && summary === missingArgument;
    failures.push(
      short
        ? `Missing required property '${at.pulumi}'`
        : `${reason}. Examine values at '${resource}.${at.pulumi}'.`,
    );
  };
  return { inputs: checkObject(fields, { news, olds }, nowhere, { dialect, fail }), failures };
}

/**
 * Checks the arguments of a function, which have no defaults.
 *
 * @param exactlyOneOf - arguments of which one must be given, and only one.
 */
export function checkArguments(
  fields: Fields,
  given: Properties,
  exactlyOneOf: readonly string[],
): CheckedInputs {
  const failures: string[] = [];
  const fail: Fail = (at, summary, detail) => {
    failures.push(`[${at.terraform}] ${detail === undefined ? summary : `${summary}: ${detail}`}`);
  };
  const inputs = checkObject(fields, { news: given, olds: {} }, nowhere, { dialect: "framework", fail });
  const chosen = exactlyOneOf.filter((name) => inputs[name] !== undefined);
  if (exactlyOneOf.length > 0 && chosen.length !== 1) {
    const listed = (names: readonly string[]) =>
      names
        .map((name) => terraformName(name, fieldOf(fields, name)))
        .toSorted()
        .join(",");
    for (const name of exactlyOneOf) {
      const at = step(nowhere, name, fieldOf(fields, name));
      const problem =
        chosen.length === 0
          ? `one of \`${listed(exactlyOneOf)}\` must be specified`
          : `only one of \`${listed(exactlyOneOf)}\` can be specified, but \`${listed(chosen)}\` were specified.`;
      fail(at, "Invalid combination of arguments", `"${at.terraform}": ${problem}`);
    }
  }
  return { inputs, failures };
}
