import { describe, expect, it } from "vitest";

import { pauseBeforeRetry } from "../../components/replication.ts";

const notFound =
  "Resource '0' does not exist or one of its queried reference-property objects are not present. (404 Not Found) with error: Request_ResourceNotFound";

describe("waits for what passes by itself", () => {
  it.each([
    notFound,
    "The appId '0' does not reference a valid application object.",
    "When using this permission, the backing application of the service principal being created must in the local tenant",
    "Request_BadRequest: Not a valid reference update.",
    "unexpected status 409 (409 Conflict) with error: Directory_ConcurrencyViolation",
  ])("%s", (error) => {
    expect(pauseBeforeRetry("create", [error], 0.5)).toBe(500);
  });
});

it("waits longer each time, then ends after about five minutes", () => {
  const pauses: number[] = [];
  const errors: string[] = [];
  for (;;) {
    errors.unshift(notFound);
    const pause = pauseBeforeRetry("create", errors, 0.5);
    if (pause === undefined) break;
    pauses.push(pause);
  }
  expect(pauses.slice(0, 7)).toEqual([500, 1000, 2000, 4000, 8000, 15_000, 15_000]);
  expect(pauses.reduce((sum, pause) => sum + pause, 0)).toBe(300_500);
});

it("spreads tries that began together by a quarter either way", () => {
  expect([0, 1].map((random) => pauseBeforeRetry("update", [notFound], random))).toEqual([375, 625]);
});

it("does not wait for anything else, nor on a deletion", () => {
  expect(pauseBeforeRetry("create", ["403 Authorization_RequestDenied", notFound], 0.5)).toBeUndefined();
  expect(pauseBeforeRetry("delete", [notFound], 0.5)).toBeUndefined();
  expect(pauseBeforeRetry("create", [], 0.5)).toBeUndefined();
});
