import { expect, test } from "vitest";
import { ApiError } from "../../../graph/apiError.ts";
import { timedRoleFailure } from "../../../operations/timedRoles/timedRoleFailure.ts";

const tenant = { tenantDomain: "contoso.onmicrosoft.com" };

function refusal(status: number, code: string): ApiError {
  return new ApiError({ service: "Microsoft Graph", request: "POST /x", status, code, reason: "No." });
}

test("what no service said is not changed", () => {
  const error = new Error("x");
  expect(timedRoleFailure(error, tenant, 2)).toBe(error);
});

test.each([
  [
    401,
    "InvalidAuthenticationToken",
    "authentication",
    /^The identity may not assign roles of Entra in contoso/,
  ],
  [
    403,
    "Authorization_RequestDenied",
    "authentication",
    /^The identity may not assign roles of Entra in contoso/,
  ],
  [
    400,
    "AadPremiumLicenseRequired",
    "resource",
    /^Tenant contoso\.onmicrosoft\.com has no license for roles/,
  ],
  [
    400,
    "RoleAssignmentRequestPolicyValidationFailed",
    "resource",
    /^The rules of tenant contoso\.onmicrosoft/,
  ],
])("%i %s is explained, with what was done before", (status, code, reason, message) => {
  const error = refusal(status, code);
  const explained = { code: "EXO_AUTH_SERVICE", reason, cause: error };
  expect(timedRoleFailure(error, tenant)).toMatchObject({
    ...explained,
    message: expect.stringMatching(message),
  });
  expect(timedRoleFailure(error, tenant)).toMatchObject({
    message: expect.not.stringContaining("made before"),
  });
  expect(timedRoleFailure(error, tenant, 1)).toMatchObject({
    ...explained,
    message: expect.stringMatching(
      / 1 change was made before\. Run the command again\. It goes on from there\.$/,
    ),
  });
});

test("another refusal says what was done before, if anything was", () => {
  const error = refusal(500, "generalException");
  expect(timedRoleFailure(error, tenant)).toBe(error);
  expect(timedRoleFailure(error, tenant, 1)).toMatchObject({
    code: "EXO_AUTH_SERVICE",
    message: `${error.message} 1 change was made before. Run the command again. It goes on from there.`,
  });
  expect(timedRoleFailure(error, tenant, 2)).toMatchObject({
    message: `${error.message} 2 changes were made before. Run the command again. It goes on from there.`,
  });
});
