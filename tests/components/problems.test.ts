import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { problemsError } from "../../components/problems.ts";

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

test("the SDK's prefix does not get into the message, and its assignment does not fail", () => {
  const error = problemsError({ subject: "The PFX", problems: ["`password` is empty."] });
  const { message } = error;
  error.message = `error serializing property "x": ${message}`;
  expect(error.message).toBe(message);
});
