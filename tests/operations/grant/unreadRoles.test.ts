import { expect, test } from "vitest";

import { Failure } from "../../../common/failure.ts";
import { ApiError } from "../../../graph/apiError.ts";
import { SignInError } from "../../../graph/signInError.ts";
import { unreadRoles } from "../../../operations/grant/unreadRoles.ts";

const denied = { denied: true, optional: true };

test("a sign-in that is refused is a right that is missing", () => {
  const error = new SignInError(new Error("AADSTS700016: no such application."));
  expect(unreadRoles(error, "exchangeOnline")).toEqual({ reason: error.message, ...denied });
});

test.each([401, 403])("an answer %i is a role that is missing, and the role is named", (status) => {
  const error = answered(status);
  expect(unreadRoles(error, "securityAndCompliance")).toEqual({
    reason: `the identity lacks the management role View-Only Configuration in Security & Compliance (${error.message})`,
    ...denied,
  });
});

test.each([400, 429, 503, undefined])("an answer %s is no right that is missing", (status) => {
  const error = answered(status);
  expect(unreadRoles(error, "exchangeOnline")).toEqual({ reason: error.message, denied: false });
});

test("a failure explains itself, and anything else is a fault of ours", () => {
  const failure = new Failure("EXO_AUTH_USAGE", "The certificate cannot be read.");
  expect(unreadRoles(failure, "exchangeOnline")).toEqual({ reason: failure.message, denied: false });
  const fault = new TypeError("x is undefined");
  expect(() => unreadRoles(fault, "exchangeOnline")).toThrow(fault);
});

function answered(status: number | undefined): ApiError {
  const failure = { service: "Exchange Online", request: "POST /x", reason: "no" };
  return new ApiError(status === undefined ? failure : { ...failure, status });
}
