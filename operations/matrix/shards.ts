/** The stacks of one parallel job. */
export interface Shard {
  /** The stack's name where every job has one stack, else which of how many, as in `3/20`. */
  readonly name: string;
  readonly stacks: readonly string[];
}

/**
 * Splits stacks into jobs whose numbers of stacks differ by one at most; the same stacks always give the same jobs.
 *
 * @param most how many jobs there may be; undefined: one a stack
 */
export function shardsOf(stacks: readonly string[], most = stacks.length): readonly Shard[] {
  const sorted = stacks.toSorted();
  const count = Math.min(most, sorted.length);
  const start = (index: number): number => Math.floor((index * sorted.length) / count);
  return Array.from({ length: count }, (_, index) => {
    const own = sorted.slice(start(index), start(index + 1));
    const alone = count === sorted.length ? own[0] : undefined;
    return { name: alone ?? `${index + 1}/${count}`, stacks: own };
  });
}

/**
 * The stacks that no pattern names.
 *
 * @param patterns names with `*` for any characters, separated by commas; a name's organization does not count
 */
export function withoutExcluded(stacks: readonly string[], patterns = ""): readonly string[] {
  const expressions = patterns
    .split(",")
    .map((pattern) => pattern.trim())
    .map((pattern) => new RegExp(`^${pattern.split("*").map(escapeExpression).join(".*")}$`));
  return stacks.filter((stack) => !expressions.some((expression) => expression.test(shortName(stack))));
}

function shortName(stack: string): string {
  return stack.split("/").at(-1) ?? stack;
}

// `RegExp.escape` is not in the oldest Node that the package runs on.
function escapeExpression(text: string): string {
  return text.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`);
}
