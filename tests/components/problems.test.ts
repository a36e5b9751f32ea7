import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import {
  didYouMean,
  isDeferred,
  isRecord,
  problemsError,
  reportRepeated,
  show,
} from "../../components/problems.ts";

test("every problem stands in one error, which the SDK shows without its stack", () => {
  const error = problemsError({
    subject: 'ExchangeAppOnlyAuth "exchange"',
    problems: ["`a` is wrong.", "`b` is wrong."],
  });
  expect([pulumi.ResourceError.isInstance(error), error.hideStack, error.message]).toEqual([
    true,
    true,
    'ExchangeAppOnlyAuth "exchange" has 2 problems, nothing was created:\n  - `a` is wrong.\n  - `b` is wrong.',
  ]);
});

test("what a tenant or a setting has in it does nothing where Pulumi prints it", () => {
  const name = "\u202e##vso[task.complete]\u009b2J";
  const { message } = problemsError({ subject: "The tenant", problems: [`has ${show(name)}.`] });
  expect(message).toBe(
    String.raw`The tenant has one problem, nothing was created:
  - has "\u{202e}\u{23}#vso[task.complete]\u{9b}2J".`,
  );
});

test("the SDK's prefix does not get into the message, and its assignment does not fail", () => {
  const error = problemsError({ subject: "The PFX", problems: ["`password` is empty."] });
  const { message } = error;
  error.message = `error serializing property "x": ${message}`;
  expect(error.message).toBe(message);
});

test("one problem is told as one", () => {
  expect(problemsError({ subject: "The PFX", problems: ["`password` is empty."] }).message).toBe(
    "The PFX has one problem, nothing was created:\n  - `password` is empty.",
  );
});

test.each<[unknown, string]>([
  ["x".repeat(78), `"${"x".repeat(78)}"`],
  ["x".repeat(79), `"${"x".repeat(76)}...`],
  [undefined, "undefined"],
  [{ a: [1, pulumi.output("secret")] }, '{"a":[1,"(Output)"]}'],
  [
    {
      toJSON: () => {
        throw new Error("no");
      },
    },
    "a value of type object",
  ],
  [1n, "a value of type bigint"],
  [
    pulumi.output("x"),
    "an Output. Give a plain value: from the configuration, or from `await reference.requireOutputValue(name)`",
  ],
  [Promise.resolve("x"), "a Promise. Give its value: `await` it"],
  ["-----BEGIN RSA PRIVATE KEY-----", "a private key (not shown)"],
])("a value as a message shows it, case %#", (value, shown) => {
  expect(show(value)).toBe(shown);
});

test("what is meant is near, or one of all", () => {
  expect(didYouMean("globl", ["global", "china"])).toBe('Did you mean "global"?');
  expect(didYouMean("glo", ["global", "globe"])).toBe('Did you mean "global" or "globe"?');
  expect(didYouMean("mars", ["global", "china"])).toBe('Use one of "global", "china".');
  expect(didYouMean(7, ["7", "8"])).toBe('Use one of "7", "8".');
});

test("a record is an object with keys, known now", () => {
  const values = [{}, { a: 1 }, null, [], "a", 7, undefined, pulumi.output({}), Promise.resolve({})];
  expect(values.map(isRecord)).toEqual([true, true, false, false, false, false, false, false, false]);
});

test("an Output and a Promise are known later", () => {
  const values = [pulumi.output("x"), Promise.resolve("x"), "x", {}];
  expect(values.map(isDeferred)).toEqual([true, true, false, false]);
});

test("each repetition names the first of its kind", () => {
  const problems: string[] = [];
  reportRepeated(["a", "b", "a", "b", "a"], "roles", "role", (path, text) =>
    problems.push(`${path} ${text}`),
  );
  expect(problems).toEqual([
    "roles[2] repeats the role of `roles[0]`. Remove one.",
    "roles[3] repeats the role of `roles[1]`. Remove one.",
    "roles[4] repeats the role of `roles[0]`. Remove one.",
  ]);
});
