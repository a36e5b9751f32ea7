import { expect, test, vi } from "vitest";
import { ApiError } from "../../../graph/apiError.ts";
import { cloudEndpoints } from "../../../graph/endpoints.ts";
import * as exchange from "../../../graph/exchange.ts";
import { SignInError } from "../../../graph/signInError.ts";
import { declaredRoles, nothingDeclared } from "../../../operations/grant/declaredRoles.ts";
import { requireApplicationIdentity, roleAccess } from "../../../operations/grant/roleAccess.ts";
import { deniedReason, roleFailure } from "../../../operations/grant/roleFailure.ts";

const tenant = { tenantId: "TENANT", tenantDomain: "contoso.onmicrosoft.com" };
const answered = (status: number) =>
  new ApiError({ service: "Exchange Online", request: "POST x", status, reason: "no." });
const made = "2 changes were made before. Run the command again. It goes on from there.";

test.each([401, 403])("a request that is refused with %i lacks rights", (status) => {
  const error = answered(status);
  expect(deniedReason(error)).toBe(error.message);
  expect(roleFailure(error, "securityAndCompliance", tenant)).toMatchObject({
    code: "EXO_AUTH_SERVICE",
    reason: "authentication",
    cause: error,
    message: `The identity lacks rights in Security & Compliance of contoso.onmicrosoft.com: ${error.message} It needs Exchange.ManageAsApp, and the management role \`Role Management\` in that service. Or run \`exo-auth grant --print\`, and let an administrator run what it prints.`,
  });
  expect(roleFailure(error, "exchangeOnline", tenant, 2)).toMatchObject({
    message: expect.stringMatching(
      /^The identity lacks rights in Exchange Online of .* prints\. 2 changes were made/,
    ),
  });
});

test("another failure is itself, and says what was done before", () => {
  const error = answered(500);
  expect(deniedReason(error)).toBeUndefined();
  expect(roleFailure(error, "exchangeOnline", tenant)).toBe(error);
  expect(roleFailure(error, "exchangeOnline", tenant, 1)).toMatchObject({
    code: "EXO_AUTH_SERVICE",
    cause: error,
    message: `${error.message} 1 change was made before. Run the command again. It goes on from there.`,
  });
  expect(roleFailure(error, "exchangeOnline", tenant, 2)).toMatchObject({
    message: `${error.message} ${made}`,
  });
});

test("a sign-in that is refused is a reason, and what is no answer of a service stays as it is", () => {
  const refused = new SignInError(new Error("AADSTS7000112: disabled."));
  expect(deniedReason(refused)).toBe(refused.message);
  expect(roleFailure(refused, "exchangeOnline", tenant, 2)).toBe(refused);
  expect(deniedReason(new Error("x"))).toBeUndefined();
  const other = new TypeError("x");
  expect(roleFailure(other, "exchangeOnline", tenant)).toBe(other);
});

test("the Azure CLI's account changes nothing in Exchange, an application does", () => {
  const identity = { kind: "secret", tenantId: "T", clientId: "C", clientSecret: "S" } as const;
  expect(requireApplicationIdentity(identity)).toBe(identity);
  expect(() => requireApplicationIdentity({ kind: "azureCli", tenantId: "T" })).toThrow(
    expect.objectContaining({
      code: "EXO_AUTH_USAGE",
      message: expect.stringMatching(
        /^The environment names no application that may change Exchange\. Set ARM_CLIENT_ID/,
      ),
    }),
  );
});

test("each service is asked with its own client", () => {
  const [online, compliance] = [
    vi.spyOn(exchange, "createExchangeClient"),
    vi.spyOn(exchange, "createComplianceClient"),
  ];
  const options = {
    identity: { kind: "secret", tenantId: "T", clientId: "C", clientSecret: "S" } as const,
    endpoints: cloudEndpoints("global"),
    signal: new AbortController().signal,
  };
  roleAccess(tenant, "exchangeOnline", options);
  expect([online.mock.calls.length, compliance.mock.calls.length]).toEqual([1, 0]);
  roleAccess(tenant, "securityAndCompliance", options);
  expect([online.mock.calls.length, compliance.mock.calls.length]).toEqual([1, 1]);
  vi.restoreAllMocks();
});

test("what a record says, and what one that is secret, half written or older does not", () => {
  const about = { name: "exchange" };
  const plain = { permissions: [], roleTemplateIds: [], userRoles: [] };
  const record = { ...plain, exchangeRoleGroups: ["Help Desk"], complianceRoleGroups: ["Security Reader"] };
  expect(declaredRoles({ ...about, record: { kind: "known", record } })).toEqual({
    exchangeOnline: { groups: ["Help Desk"], roles: [] },
    securityAndCompliance: { groups: ["Security Reader"], roles: [] },
  });
  expect(declaredRoles({ ...about, record: { kind: "beforeUpgrade" } })).toEqual({
    exchangeOnline: nothingDeclared,
    securityAndCompliance: nothingDeclared,
  });
  expect(() => declaredRoles({ ...about, record: { kind: "unknown", missing: "no roles" } })).toThrow(
    expect.objectContaining({
      code: "EXO_AUTH_INCOMPLETE",
      message: 'The state does not say what component "exchange" declares: no roles. Run `pulumi up`.',
    }),
  );
  expect(() => declaredRoles({ ...about, record: { kind: "sealed", property: "roles" } })).toThrow("roles");
});
