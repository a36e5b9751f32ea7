import { expect, test } from "vitest";
import { SignInError } from "../../../graph/signInError.ts";
import type { Subject } from "../../../operations/verification/problem.ts";
import { signInProblem } from "../../../operations/verification/signInProblem.ts";

const subject: Subject = {
  clientId: "CLIENT",
  tenantId: "TENANT",
  tenantDomain: "contoso.onmicrosoft.com",
  cloud: "global",
  thumbprint: "THUMBPRINT",
};

test.each([
  [
    700027,
    "certificateNotAccepted",
    true,
    "Entra does not accept the certificate THUMBPRINT for application CLIENT (AADSTS700027).",
  ],
  [
    7000214,
    "certificateNotAccepted",
    true,
    "Entra does not accept the certificate THUMBPRINT for application CLIENT (AADSTS7000214).",
  ],
  [
    1000502,
    "certificateExpired",
    false,
    "Entra says that the certificate THUMBPRINT is outside its validity (AADSTS1000502).",
  ],
  [700016, "applicationMissing", true, "Tenant TENANT has no application CLIENT (AADSTS700016)."],
  [
    7000229,
    "servicePrincipalMissing",
    true,
    "Application CLIENT has no service principal in tenant TENANT (AADSTS7000229).",
  ],
  [
    7000112,
    "servicePrincipalDisabled",
    false,
    "Application CLIENT is blocked (`exo-auth revoke --block`, the application's `isDisabled`), or its service principal is disabled (AADSTS7000112).",
  ],
  [
    53003,
    "conditionalAccess",
    false,
    "A Conditional Access policy for workload identities blocks application CLIENT from here (AADSTS53003).",
  ],
  [90002, "tenantUnknown", false, "Microsoft 365 worldwide has no tenant TENANT (AADSTS90002)."],
  [
    900382,
    "wrongCloud",
    false,
    "Tenant contoso.onmicrosoft.com does not live in Microsoft 365 worldwide (AADSTS900382).",
  ],
  [500011, "exchangeMissing", false, "Tenant contoso.onmicrosoft.com has no Exchange Online (AADSTS500011)."],
])("explains AADSTS%i as %s", (number, cause, passing, message) => {
  const problem = signInProblem(
    new SignInError(new Error(`invalid_client: AADSTS${number}: words`)),
    subject,
  );
  expect(problem).toMatchObject({ cause, passing, message });
  expect(problem.remedy).not.toBe("");
});

test("what somebody disabled is named, and nobody is told to enable it", () => {
  const error = new SignInError(new Error("AADSTS7000112: Application is disabled."));
  expect(signInProblem(error, subject).remedy).toBe(
    "Find out who did it, and why; they decide when it ends. `exo-auth status` says which of the two it is.",
  );
});

test("an expired key is told from an unknown one, though the number is the same", () => {
  const text =
    "AADSTS700027: Client assertion failed signature validation. [Reason - The key used is expired., Thumbprint of key used by client: 'THUMBPRINT']";
  expect(signInProblem(new SignInError(new Error(text)), subject)).toMatchObject({
    cause: "certificateExpired",
    message: "Entra says that the certificate THUMBPRINT is outside its validity (AADSTS700027).",
    passing: false,
  });
});

test("an unknown tenant whose domain belongs to another cloud is looked for in the wrong one", () => {
  const error = new SignInError(new Error("AADSTS90002: Tenant 'TENANT' not found."));
  expect(signInProblem(error, { ...subject, tenantDomain: "contoso.partner.onmschina.cn" })).toEqual({
    cause: "wrongCloud",
    message: "Tenant contoso.partner.onmschina.cn does not live in Microsoft 365 worldwide (AADSTS90002).",
    remedy: "Set `cloud` to the tenant's own: china.",
    passing: false,
  });
});

test.each([
  [undefined, ""],
  [600_400, " The clock is 600 s fast."],
  [-901_000, " The clock is 901 s slow."],
])("says how far the clock is off (%s)", (offset, ending) => {
  const error = new SignInError(
    new Error("AADSTS700024: Client assertion is not within its valid time range."),
  );
  expect(signInProblem(error, subject, offset)).toMatchObject({
    cause: "clockSkew",
    message: `This machine's clock and Entra's differ: the sign-in is outside its valid time (AADSTS700024).${ending}`,
  });
});

test("quotes what it does not know, with the id that Microsoft's support asks for", () => {
  const text =
    "invalid_client: 7000999 - [2026-11-23 08:00:00Z]: AADSTS7000999: A new reason. Trace ID: 1 Correlation ID: 01234567-89ab-4cde-8f01-23456789abcd Timestamp: 3";
  expect(signInProblem(new SignInError(new Error(text)), subject)).toEqual({
    cause: "signInRefused",
    message:
      "Entra refused the sign-in: AADSTS7000999: A new reason. (correlation id 01234567-89ab-4cde-8f01-23456789abcd)",
    remedy: "Look it up: https://login.microsoftonline.com/error?code=7000999.",
    passing: false,
  });
});

test("no answer at all is the network's fault", () => {
  const error = new SignInError(new Error("getaddrinfo ENOTFOUND login.microsoftonline.com"));
  expect(signInProblem(error, subject)).toEqual({
    cause: "network",
    message: "Entra could not be reached: getaddrinfo ENOTFOUND login.microsoftonline.com",
    remedy:
      "Check that this machine reaches https://login.microsoftonline.com: network, name resolution, proxy (HTTPS_PROXY), trusted certificates (NODE_EXTRA_CA_CERTS).",
    passing: false,
  });
});
