import { Failure } from "../common/failure.ts";
import { clipped, visible } from "../common/foreignText.ts";

/**
 * The JSON among what Pulumi printed: libraries of a state backend print lines of their own before it
 * (github.com/pulumi/pulumi/issues/23594), and some releases print a warning after it (#4082).
 *
 * @param command as in `stack export`, for the error
 * @throws Failure where there is none
 */
export function pulumiJson(command: string, printed: string): unknown {
  const lines = printed.split("\n");
  const begins = lines.flatMap((line, index) => (/^[[{]/.test(line) ? [index] : []));
  const ends = lines.flatMap((line, index) => (/[\]}]\s*$/.test(line) ? [index + 1] : [])).toReversed();
  for (const begin of begins.slice(0, mostTries)) {
    for (const end of ends.slice(0, mostTries)) {
      const parsed = parse(lines.slice(begin, end).join("\n"));
      if (parsed !== undefined) return parsed.value;
    }
  }
  const shown = clipped(visible(printed.trim()), 200);
  throw new Failure(
    "EXO_AUTH_PULUMI",
    `\`pulumi ${command}\` printed no JSON: "${shown}". Run it by hand, and find out which other program prints.`,
  );
}

/** Whatever stands around the document is a few lines. */
const mostTries = 5;

function parse(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}
