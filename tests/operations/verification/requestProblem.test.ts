import { expect, test } from "vitest";
import type { AccessTokenClaims } from "../../../graph/accessToken.ts";
import type { ApiFailure } from "../../../graph/apiError.ts";
import { ApiError } from "../../../graph/apiError.ts";
import type { SignInTarget } from "../../../operations/verification/problem.ts";
import {
  complianceResourceMissing,
  requestProblem,
} from "../../../operations/verification/requestProblem.ts";

const subject: SignInTarget = {
  clientId: "CLIENT",
  tenantId: "TENANT",
  tenantDomain: "contoso.onmicrosoft.com",
  cloud: "global",
  thumbprint: "THUMBPRINT",
};
const defaultAccess = "0997a1d0-0d1d-4acb-b408-d5ca73121e90";
const exchangeAdministrator = "29232cdf-9323-42fd-ade2-1d097af3e4de";
const reportsReader = "4a5d8f65-41da-4de4-8968-e035b65339cf";

test.each([
  [401, [], [], "consentMissing", true],
  [401, [], [exchangeAdministrator], "consentMissing", true],
  [403, ["Exchange.ManageAsApp"], [], "roleMissing", true],
  [403, ["Exchange.ManageAsApp"], [defaultAccess], "roleMissing", true],
  [403, ["Exchange.ManageAsApp"], [defaultAccess, reportsReader], "roleUnsupported", false],
  [403, ["Exchange.ManageAsApp"], [exchangeAdministrator, reportsReader], "roleNotEffective", true],
  [401, ["Exchange.ManageAsApp"], [exchangeAdministrator], "roleNotEffective", true],
])("%i with permissions %j and roles %j is %s", (status, roles, wids, cause, passing) => {
  expect(problem({ status }, { roles, wids })).toMatchObject({ cause, passing });
});

test("names the roles that do not help, and those that would", () => {
  expect(problem({ status: 403 }, { roles: ["Exchange.ManageAsApp"], wids: [reportsReader] })).toEqual({
    cause: "roleUnsupported",
    message: `The service principal of application CLIENT holds only roles that Exchange Online does not support for applications: ${reportsReader}.`,
    remedy:
      "Give it one of Compliance Administrator, Exchange Administrator, Exchange Recipient Administrator, Global Administrator, Global Reader, Helpdesk Administrator, Security Administrator, Security Reader.",
    passing: false,
  });
});

test("Security & Compliance without the permission names the other resource", () => {
  expect(problem({ status: 401, service: "Security & Compliance" }, {})).toEqual({
    cause: "consentMissing",
    message:
      "The token for Security & Compliance does not have Exchange.ManageAsApp: application CLIENT was not granted the one of Microsoft Exchange Online Protection, or the grant is not effective yet.",
    remedy:
      "A new grant takes minutes. Wait longer with --wait. If the problem remains, run `pulumi up --refresh`, which grants it unless `securityAndCompliance` is false.",
    passing: true,
  });
  expect(complianceResourceMissing(subject)).toEqual({
    cause: "consentMissing",
    message:
      "Tenant contoso.onmicrosoft.com has no service principal of Microsoft Exchange Online Protection, which Security & Compliance PowerShell signs in to.",
    remedy:
      "Create it with `az ad sp create --id 00000007-0000-0ff1-ce00-000000000000` and run `pulumi up`, or set `securityAndCompliance` to false.",
    passing: false,
  });
});

test("Exchange without the permission names the grant", () => {
  expect(problem({ status: 401 }, {}).message).toBe(
    "The token does not have Exchange.ManageAsApp: application CLIENT was not granted it, or the grant is not effective yet.",
  );
});

test("a resource of Security & Compliance that is disabled", () => {
  expect(complianceResourceMissing(subject, true)).toEqual({
    cause: "exchangeMissing",
    message:
      "Microsoft Exchange Online Protection, which Security & Compliance PowerShell signs in to, is disabled in tenant contoso.onmicrosoft.com.",
    remedy:
      "Renew the license, or enable its service principal: Microsoft Entra admin center, Enterprise apps, Properties. If you do not need Security & Compliance, set `securityAndCompliance` to false.",
    passing: false,
  });
});

test("a tenant that Exchange does not know", () => {
  const reason = "The organization contoso.onmicrosoft.com does not exist.";
  expect(problem({ status: 404, reason }, {})).toEqual({
    cause: "exchangeMissing",
    message: `Tenant contoso.onmicrosoft.com has no Exchange Online: ${reason}`,
    remedy:
      "Assign a license with Exchange Online in the tenant. Microsoft then adds the service within hours.",
    passing: false,
  });
});

test("a role that is held and not known yet is named", () => {
  const wids = [exchangeAdministrator, "f2ef992c-3afb-46b9-b7cf-a126ee74c451"];
  expect(problem({ status: 403 }, { roles: ["Exchange.ManageAsApp"], wids }).message).toBe(
    "Exchange Online does not know about Exchange Administrator, Global Reader yet. It answers 403, no",
  );
});

test.each([429, 500, 503])("%i is the service's fault, and passes", (status) => {
  expect(problem({ status, reason: "too busy" }, {})).toMatchObject({
    cause: "serviceUnavailable",
    message: `Exchange Online does not work now. It answers ${status}, too busy`,
    passing: true,
  });
});

test("no answer is the network's fault", () => {
  expect(problem({ reason: "connect ECONNREFUSED" }, {})).toMatchObject({
    cause: "network",
    message: "Exchange Online could not be reached: connect ECONNREFUSED",
    passing: false,
  });
});

test("another's page is told from no answer", () => {
  expect(problem({ reason: "the answer is not JSON", isStrange: true }, {})).toMatchObject({
    cause: "network",
    message: "Exchange Online gave an unexpected answer: the answer is not JSON",
  });
});

// github.com/MicrosoftDocs/office-docs-powershell/issues/7970 and 8058: some cmdlets are refused, with permission and role.
test("a role that Exchange knows in part is named with what Exchange says", () => {
  const claims = { roles: ["Exchange.ManageAsApp"], wids: [exchangeAdministrator] };
  const reason = "User is not allowed to call Get-Mailbox";
  expect(problem({ status: 401, code: "Unauthorized", reason }, claims)).toEqual({
    cause: "roleNotEffective",
    message: `Exchange Online does not know about Exchange Administrator yet. It answers 401, ${reason}`,
    remedy: "Exchange can take hours to learn about a new role. Wait longer with --wait, or try again later.",
    passing: true,
  });
});

test("a role that Exchange does not know about yet is known by its words, whatever the status", () => {
  const reason = "The user isn't assigned to any management roles.";
  const claims = { roles: ["Exchange.ManageAsApp"], wids: [exchangeAdministrator] };
  expect(problem({ status: 400, reason }, claims)).toMatchObject({
    cause: "roleNotEffective",
    passing: true,
  });
  // github.com/maester365/maester/issues/718, Microsoft365DSC#4530.
  const other =
    "The role assigned to application CLIENT isn't supported in this scenario. Please check online documentation.";
  const reports = "4a5d8f65-41da-4de4-8968-e035b65339cf";
  expect(problem({ status: 400, reason: other }, { ...claims, wids: [reports] })).toMatchObject({
    cause: "roleUnsupported",
  });
  expect(problem({ status: 400, reason: other }, { ...claims, wids: [] })).toMatchObject({
    cause: "roleMissing",
  });
  expect(problem({ status: 400, reason: "Bad." }, claims)).toMatchObject({
    cause: "requestRefused",
    passing: false,
  });
});

function problem(
  failure: Partial<ApiFailure>,
  { roles = [], wids = [] }: Partial<AccessTokenClaims>,
): ReturnType<typeof requestProblem> {
  const error = new ApiError({
    service: "Exchange Online",
    request: "POST /InvokeCommand",
    reason: "no",
    ...failure,
  });
  return requestProblem(error, { tid: "TENANT", aud: "AUDIENCE", exp: 0, roles, wids }, subject);
}
