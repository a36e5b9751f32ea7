import type * as pulumi from "@pulumi/pulumi";
import * as v from "valibot";

import { didYouMean, isDeferred, isRecord, type ReportProblem, show } from "../problems.ts";

/** Words a problem with the value got: `what` it must be, and what to do. */
export function mustBe(
  what: string,
  hint: string | ((value: unknown) => string),
  got: (value: unknown) => string = show,
): (issue: v.BaseIssue<unknown>) => string {
  return ({ input }) => `must ${what}, got ${got(input)}. ${typeof hint === "string" ? hint : hint(input)}`;
}

/** A value of `schema`, or one that is known only later; that one is checked by Entra then. */
export function inputOf<TSchema extends v.GenericSchema<unknown, string>>(schema: TSchema) {
  const deferred = v.custom<pulumi.Output<string> | Promise<string>>(isDeferred);
  return v.lazy((value) => (isDeferred(value) ? deferred : schema));
}

/** Text of at most so many UTF-16 units, as Entra counts, and no character of it cut in half. */
export function textUpTo(maximumLength: number, message: (issue: v.BaseIssue<unknown>) => string) {
  return v.pipe(v.string(message), v.check(isWellFormed, message), v.maxLength(maximumLength, message));
}

/** Whether no character is cut in half: neither Pulumi's engine nor Entra takes a lone half. */
export function isWellFormed(value: string): boolean {
  return !/\p{Surrogate}/u.test(value);
}

/** One of a few names; what is near is suggested. */
export function oneOf<const TName extends string>(names: readonly TName[], what: string, byDefault: TName) {
  const message = mustBe(`be ${what}`, (value) => didYouMean(value, names));
  return v.optional(v.picklist(names, message), byDefault);
}

/** An object with string keys, whatever they are. */
export function record(message: (issue: v.BaseIssue<unknown>) => string) {
  return v.custom<Record<string, unknown>>(isRecord, message);
}

/** The value where it has the schema's shape; otherwise undefined, and its first problem is reported. */
export function parse<TSchema extends v.GenericSchema<unknown, unknown>>(
  schema: TSchema,
  value: unknown,
  path: string,
  report: ReportProblem,
): v.InferOutput<TSchema> | undefined {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  report(path, result.issues[0].message);
  return undefined;
}

/**
 * The items of a list, each where it has the shape and otherwise undefined, so that its place stays; undefined for what is
 * no list. Every problem is reported.
 *
 * @param example of such a list, for the hint
 */
export function parseList<TItem>(
  value: unknown,
  path: string,
  example: string,
  report: ReportProblem,
  parseItem: (item: unknown, path: string) => TItem,
): readonly TItem[] | undefined {
  const list = v.array(v.unknown(), mustBe("be a list", `Give ${example}, or leave it out.`));
  return parse(list, value, path, report)?.map((item, index) => parseItem(item, `${path}[${index}]`));
}
