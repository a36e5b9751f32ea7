/**
 * Whether two recipient filters are one. Exchange may write a filter with other spaces, quotes, letter case and needless
 * brackets than it was given. Brackets that are needed, and what is in quotes, make another filter.
 */
export function isSameFilter(one: string, other: string): boolean {
  const [ours, theirs] = [readingsOf(one), readingsOf(other)];
  return ours.some((reading, index) => reading === theirs[index]);
}

/** Whether other brackets make another filter: it has several operators, or a negation. */
export function needsBrackets(filter: string): boolean {
  const tokens = new Set(tokensOf(filter));
  return tokens.has("-not") || (tokens.has("-and") && tokens.has("-or"));
}

/** Microsoft's pages do not say whether `-and` binds before `-or`, or both bind from left to right. */
function readingsOf(filter: string): readonly string[] {
  const tokens = tokensOf(filter);
  return [true, false].map((bindsFirst) => {
    const parser = { tokens, next: 0, depth: 0, bindsFirst };
    const term = tokens.length > maximumTokens ? undefined : joined(parser);
    // What cannot be read is compared as it is written.
    return JSON.stringify(term === undefined || parser.next < tokens.length ? tokens : term);
  });
}

/** More than a filter of the longest length that can be declared has. The tenant's text may be of any length. */
const maximumTokens = 4000;

/** How deep brackets and negations may be nested. */
const maximumDepth = 100;

/** A comparison, or an operator with what it joins. */
type Term = readonly (string | Term)[];

interface Parser {
  readonly tokens: readonly string[];
  next: number;
  depth: number;
  readonly bindsFirst: boolean;
}

const token = /\s*(?:'((?:[^']|'')*)'|"([^"]*)"|([(){}!])|([^\s'"(){}!]+)|(.))/gsy;

/** The words of a filter in lower case; one that was in quotes has a quote before it. */
function tokensOf(filter: string): readonly string[] {
  return [...filter.trim().toLowerCase().matchAll(token)].map(
    ([, inner, double, bracket, word, other = ""]) => {
      const text = inner?.replaceAll("''", "'") ?? double;
      if (text !== undefined) return `'${text}`;
      if (bracket === undefined) return word ?? other;
      return { "{": "(", "}": ")", "!": "-not" }[bracket] ?? bracket;
    },
  );
}

/** Undefined where it cannot be read, as of all below. */
function joined(parser: Parser): Term | undefined {
  return parser.bindsFirst
    ? chain(parser, ["-or"], () => chain(parser, ["-and"], () => single(parser)))
    : chain(parser, ["-or", "-and"], () => single(parser));
}

function chain(parser: Parser, operators: readonly string[], read: () => Term | undefined): Term | undefined {
  let left = read();
  for (;;) {
    const operator = parser.tokens[parser.next];
    if (left === undefined || operator === undefined || !operators.includes(operator)) return left;
    parser.next += 1;
    const right = read();
    left = right && [operator, ...partsOf(left, operator), ...partsOf(right, operator)];
  }
}

/** Brackets within a chain of one operator change nothing. */
function partsOf(term: Term, operator: string): Term {
  return term[0] === operator ? term.slice(1) : [term];
}

function single(parser: Parser): Term | undefined {
  const first = parser.tokens[parser.next];
  parser.next += 1;
  if (first === "-not") {
    const term = nested(parser, single);
    return term && ["-not", term];
  }
  if (first === "(") {
    const term = nested(parser, joined);
    const isClosed = parser.tokens[parser.next] === ")";
    parser.next += 1;
    return isClosed ? term : undefined;
  }
  const [operator, value] = parser.tokens.slice(parser.next, parser.next + 2);
  parser.next += 2;
  if (first === undefined || operator === undefined || value === undefined) return undefined;
  if (!operator.startsWith("-") || /^[-()]/.test(value)) return undefined;
  return ["", first, operator, value.replace(/^'/, "")];
}

function nested(parser: Parser, read: (parser: Parser) => Term | undefined): Term | undefined {
  if (parser.depth === maximumDepth) return undefined;
  parser.depth += 1;
  const term = read(parser);
  parser.depth -= 1;
  return term;
}
