import { describe, expect, it, test } from "vitest";

import { childTypes } from "../../common/typeTokens.ts";
import { type FailedOperation, pauseBeforeLookup, pauseBeforeRetry } from "../../components/replication.ts";

const {
  application,
  servicePrincipal,
  applicationCertificate: certificate,
  appRoleAssignment: consent,
  directoryRoleAssignment: role,
} = childTypes;

// As azuread 6.9.1 and the engine 3.259 word them.
const notFound =
  "unexpected status 404 (404 Not Found) with error: Request_ResourceNotFound: Resource '0' does not exist or one of its queried reference-property objects are not present.";
const conflict =
  "unexpected status 409 (409 Conflict) with error: Directory_ConcurrencyViolation: Unable to save changes.";
const unanswered =
  'Post "https://graph.microsoft.com/v1.0/…": HTTP response was nil; connection may have been reset';
const halfWay = (error: string) =>
  `1 error occurred:\n\t* creating urn:pulumi:s::p::t::n: 1 error occurred:\n\t* ${error}`;
const vanished = "expected non-nil error with nil state during Create of urn:pulumi:s::p::t::n";

const pause = (type: string, failedOperation: FailedOperation["failedOperation"], ...errors: string[]) =>
  pauseBeforeRetry({ type, failedOperation, errors }, 0.5);

describe("waits for what passes by itself", () => {
  it.each([
    notFound,
    conflict,
    "The appId '0' of the service principal does not reference a valid application object.",
    "When using this permission, the backing application of the service principal being created must in the local tenant",
    "Request_BadRequest: Not a valid reference update.",
  ])("%s", (error) => {
    for (const type of [application, servicePrincipal, certificate, consent, role])
      expect([pause(type, "create", error), pause(type, "update", error)]).toEqual([500, 500]);
  });
});

test("waits longer each time, then ends after about five minutes", () => {
  const pauses: number[] = [];
  const errors: string[] = [];
  for (;;) {
    errors.unshift(notFound);
    const next = pause(role, "create", ...errors);
    if (next === undefined) break;
    pauses.push(next);
  }
  expect(pauses.slice(0, 7)).toEqual([500, 1000, 2000, 4000, 8000, 15_000, 15_000]);
  expect(pauses.reduce((sum, next) => sum + next, 0)).toBe(300_500);
});

test("an update whose object is not found is tried for seconds only: the state has it, so it was deleted", () => {
  const tries = (count: number) => pause(application, "update", ...Array<string>(count).fill(notFound));
  expect([1, 5, 6].map(tries)).toEqual([500, 8000, undefined]);
  expect(pause(application, "update", ...Array<string>(6).fill(conflict))).toBe(15_000);
});

test("spreads tries that began together by a quarter either way", () => {
  const failure: FailedOperation = { type: role, failedOperation: "update", errors: [notFound] };
  expect([0, 1].map((random) => pauseBeforeRetry(failure, random))).toEqual([375, 625]);
});

describe("a create that got half-way", () => {
  test("is tried again for the service principal, which is adopted", () => {
    expect(pause(servicePrincipal, "create", halfWay(notFound))).toBe(500);
    expect(pause(servicePrincipal, "create", vanished)).toBe(500);
    const notListed = "because the service principal name 0 is already in use.";
    expect(pause(servicePrincipal, "create", notListed)).toBe(500);
    expect(pause(consent, "create", notListed)).toBeUndefined();
  });

  test.each([application, certificate, consent, role])("would make a second %s", (type) => {
    expect(pause(type, "create", halfWay(notFound))).toBeUndefined();
    expect(pause(type, "create", vanished)).toBeUndefined();
  });
});

describe("a create without an answer", () => {
  test("would create a second application", () => {
    expect(pause(application, "create", unanswered)).toBeUndefined();
  });

  test.each([servicePrincipal, certificate, consent, role])("is tried five times more for %s", (type) => {
    expect(pause(type, "create", unanswered)).toBe(500);
    expect(pause(type, "create", ...Array<string>(5).fill(unanswered))).toBe(8000);
    expect(pause(type, "create", ...Array<string>(6).fill(unanswered))).toBeUndefined();
  });
});

test("updates are tried again without an answer, too", () => {
  expect(pause(application, "update", unanswered)).toBe(500);
  expect(pause(application, "update", 'Get "https://localhost/v1.0/x": EOF')).toBe(500);
});

test("deletions are tried again after a conflict or without an answer: their 404 means that the object is gone", () => {
  expect(pause(certificate, "delete", conflict)).toBe(500);
  expect(pause(certificate, "delete", unanswered)).toBe(500);
  expect(pause(consent, "delete", notFound)).toBeUndefined();
});

test("a lookup is tried again where its connection broke, five times, and nowhere else", () => {
  const eof = 'Get "https://graph.microsoft.com/v1.0/domains": EOF';
  expect([1, 2, 5, 6].map((tries) => pauseBeforeLookup(eof, tries, 0.5))).toEqual([
    500,
    1000,
    8000,
    undefined,
  ]);
  expect(pauseBeforeLookup(notFound, 1, 0.5)).toBeUndefined();
});

test("nothing else is tried again", () => {
  for (const type of [application, servicePrincipal, role])
    for (const operation of ["create", "update", "delete"] as const)
      expect(pause(type, operation, "403 Authorization_RequestDenied")).toBeUndefined();
  expect(pause(role, "create", "403 Authorization_RequestDenied", notFound)).toBeUndefined();
  expect(pause(role, "create")).toBeUndefined();
});
