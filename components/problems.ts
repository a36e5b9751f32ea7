import * as pulumi from "@pulumi/pulumi";

import { clipped, visibleLines } from "../common/foreignText.ts";
import { nearest } from "../common/nearest.ts";

/** Takes in one problem: where it is, what is wrong and what to do, in one or two sentences. */
export type ReportProblem = (path: string, text: string) => void;

/** What is wrong with one thing that a program declares. */
export interface Problems {
  /** What it is, as the beginning of a sentence: `ExchangeAppOnlyAuth "exchange"`. */
  readonly subject: string;
  /** One or two sentences each. */
  readonly problems: readonly string[];
}

/**
 * The one error that carries every problem with what a program declares.
 *
 * A `ResourceError` with its stack hidden is what Pulumi's Node SDK prints without a stack trace in a user's own program.
 */
export function problemsError(...wrong: readonly Problems[]): pulumi.ResourceError {
  const lines = wrong.flatMap(({ subject, problems }) => {
    const count = problems.length === 1 ? "one problem" : `${problems.length} problems`;
    return [`${subject} has ${count}, nothing was created:`, ...problems.map((problem) => `  - ${problem}`)];
  });
  // A tenant and a stack's settings have a part in it, and Pulumi prints it as it is.
  const text = visibleLines(lines.join("\n"));
  return withFixedMessage(new pulumi.ResourceError(text, undefined, true));
}

/**
 * An error whose message stays: the SDK writes before it which property it was serializing, which tells a user nothing;
 * and of an error that comes once the program's last line has run it prints the stack, hidden or not.
 *
 * It assigns (`serializeFilteredProperties` in @pulumi/pulumi's runtime/rpc.js, 3.270), in strict mode: a property that
 * cannot be written would throw a TypeError, which would then be shown in place of the problems. So the setter takes the
 * assignment and forgets it.
 */
function withFixedMessage(error: pulumi.ResourceError): pulumi.ResourceError {
  const { message } = error;
  const fixed = { get: () => message, set: (_prefixed: string) => {} };
  return Object.defineProperties(error, { message: fixed, stack: fixed });
}

/** A value as a message shows it: JSON, shortened, and never key material. */
export function show(value: unknown): string {
  if (pulumi.Output.isInstance(value))
    return "an Output. Give a plain value: from the configuration, or from `await reference.requireOutputValue(name)`";
  if (value instanceof Promise) return "a Promise. Give its value: `await` it";
  const text = json(value);
  if (text.includes("PRIVATE KEY")) return "a private key (not shown)";
  return text.length > 80 ? `${clipped(text, 77)}...` : text;
}

/** For JSON.stringify: an Output's own form is a text about Outputs, or an exception. */
function hideOutputs(this: object, key: string, written: unknown): unknown {
  return pulumi.Output.isInstance(Reflect.get(this, key)) ? "(Output)" : written;
}

function json(value: unknown): string {
  try {
    return JSON.stringify(value, hideOutputs) ?? String(value);
  } catch {
    return `a value of type ${typeof value}`;
  }
}

/** "Did you mean …?" with what is near, or all of `candidates` where nothing is. */
export function didYouMean(given: unknown, candidates: readonly string[]): string {
  const matches = typeof given === "string" ? nearest(given, candidates) : [];
  return matches.length === 0
    ? `Use one of ${candidates.map(show).join(", ")}.`
    : `Did you mean ${matches.map(show).join(" or ")}?`;
}

/** Whether `value` is an object with string keys, as configuration and argument objects are. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isDeferred(value);
}

/** Whether a value is known only later; it is checked by Entra then. */
export function isDeferred(value: unknown): value is pulumi.Output<string> | Promise<string> {
  return pulumi.Output.isInstance(value) || value instanceof Promise;
}

/** Whether two of `keys` are the same; reports the second of each such pair. */
export function reportRepeated(
  keys: readonly string[],
  path: string,
  what: string,
  report: ReportProblem,
): void {
  for (const [index, key] of keys.entries()) {
    const first = keys.indexOf(key);
    if (first < index)
      report(`${path}[${index}]`, `repeats the ${what} of \`${path}[${first}]\`. Remove one.`);
  }
}
