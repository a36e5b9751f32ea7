import { expect, test } from "vitest";
import { ApiError } from "../../../graph/apiError.ts";
import { SignInError } from "../../../graph/signInError.ts";
import type { SignInTarget } from "../../../operations/verification/problem.ts";
import { signInProblem } from "../../../operations/verification/signInProblem.ts";

const subject: SignInTarget = {
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
  [
    530035,
    "conditionalAccess",
    false,
    "The security defaults of tenant contoso.onmicrosoft.com block the sign-in of application CLIENT (AADSTS530035).",
  ],
  [
    700030,
    "signInRefused",
    false,
    "Entra accepts a certificate of application CLIENT by its subject and issuer, but the subject of certificate THUMBPRINT is not among those (AADSTS700030).",
  ],
  [7000215, "signInRefused", false, "Application CLIENT has no such client secret (AADSTS7000215)."],
  [
    70023,
    "signInRefused",
    false,
    "The federated token is valid for longer than Entra accepts, which is 25 hours (AADSTS70023).",
  ],
  [7000222, "signInRefused", false, "The client secret of application CLIENT has ended (AADSTS7000222)."],
  [90002, "tenantUnknown", false, "Microsoft 365 worldwide has no tenant TENANT (AADSTS90002)."],
  [
    900382,
    "wrongCloud",
    false,
    "Tenant contoso.onmicrosoft.com is not in Microsoft 365 worldwide (AADSTS900382).",
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
    "Find out who did it, and why. They decide when it ends. `exo-auth status` says which of the two it is.",
  );
});

test("for a missing application, nobody is told to create another one", () => {
  const error = new SignInError(new Error("AADSTS700016: Application was not found."));
  expect(signInProblem(error, subject).remedy).toBe(
    'A new application takes minutes to reach every server. Wait longer with --wait. If the problem remains, check the client ID and the tenant. If both are right, the application was deleted. `exo-auth status` says whether it is in the recycle bin. After a refresh, `pulumi up` would create another application, so first see docs/recovery.md, "The application was deleted".',
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

const notYet =
  "AADSTS700027: Client assertion failed signature validation. [Reason - The key used is expired., Thumbprint of key used by client: 'THUMBPRINT', Found key 'Start=11/27/2026 18:52:10, End=11/26/2027 18:52:10'] Trace ID: 1 Correlation ID: 01234567-89ab-4cde-8f01-23456789abcd Timestamp: 2026-11-27 18:51:30Z";

test("a key that begins after Entra's own time passes by itself", () => {
  expect(signInProblem(new SignInError(new Error(notYet)), subject)).toEqual({
    cause: "certificateNotYetValid",
    message:
      "Entra's clock reads 2026-11-27 18:51 UTC, but the certificate THUMBPRINT begins at 2026-11-27 18:52 UTC (AADSTS700027).",
    remedy: "Wait. The problem passes by itself. A new generation would have to wait, too.",
    passing: true,
  });
  const ended = notYet.replace("Timestamp: 2026", "Timestamp: 2028");
  expect(signInProblem(new SignInError(new Error(ended)), subject).cause).toBe("certificateExpired");
});

test.each([
  [
    "AADSTS700027: Client assertion failed signature validation. [Reason - RSA key size 1024 is less than the minimum required 2048 bits.]",
    {
      cause: "certificateNotAccepted",
      message:
        "Entra accepts RSA keys of 2048 bits or more, but the key of certificate THUMBPRINT has 1024 (AADSTS700027).",
      remedy: "Add a generation with a longer key and run `pulumi up`.",
      passing: false,
    },
  ],
  [
    "AADSTS500014: The service principal for resource 'https://outlook.office365.com' is disabled. This indicate that a subscription within the tenant has lapsed, or that the administrator for this tenant has disabled the application.",
    {
      cause: "exchangeMissing",
      message:
        "Exchange Online is disabled in tenant contoso.onmicrosoft.com (AADSTS500014): a subscription has lapsed, or an administrator has disabled its service principal.",
      remedy:
        "Renew the license, or enable the service principal of Exchange Online: Microsoft Entra admin center, Enterprise apps, Properties.",
      passing: false,
    },
  ],
  [
    "AADSTS5000225: This tenant has been blocked due to inactivity.",
    {
      cause: "signInRefused",
      message: "Microsoft has blocked tenant TENANT because nobody used it (AADSTS5000225).",
      remedy:
        "An administrator of the tenant must ask Microsoft's support to lift the block within 20 days. Microsoft deletes the tenant then.",
      passing: false,
    },
  ],
  [
    "AADSTS50196: The server terminated an operation because it encountered a client request loop.",
    {
      cause: "serviceUnavailable",
      message:
        "Entra does not work now. It answers AADSTS50196: The server terminated an operation because it encountered a client request loop.",
      remedy: "Try again later; https://admin.microsoft.com shows the service's health.",
      passing: true,
    },
  ],
  [
    "AADSTS90024: A transient error has occurred. Try again.",
    {
      cause: "serviceUnavailable",
      message: "Entra does not work now. It answers AADSTS90024: A transient error has occurred. Try again.",
      remedy: "Try again later; https://admin.microsoft.com shows the service's health.",
      passing: true,
    },
  ],
])("explains %s", (text, wanted) => {
  expect(signInProblem(new SignInError(new Error(text)), subject)).toEqual(wanted);
});

const newCredential =
  "A new federated credential takes minutes to reach every server. Wait longer with --wait. If the problem remains: ";
const noRecord = "No matching federated identity record found for presented assertion";

test.each([
  [
    700211,
    `${noRecord} issuer 'https://gitlab.com'. Please check`,
    'The pipeline\'s token has the issuer "https://gitlab.com", and no federated credential of the application has it (AADSTS700211).',
    'Set the federated credential\'s issuer to exactly "https://gitlab.com", including upper and lower case, if that pipeline may sign in.',
  ],
  [
    700212,
    `${noRecord} audience 'api://AzureADTokenExchangeUSGov'. Please check`,
    'The pipeline\'s token has the audience "api://AzureADTokenExchangeUSGov", and no federated credential of the application has it (AADSTS700212).',
    'In Microsoft 365 worldwide both the token and the federated credential must have the audience "api://AzureADTokenExchange".',
  ],
  [
    700213,
    `${noRecord} subject 'repo:contoso@1234/exchange@5678:environment:production'. Please check`,
    'The pipeline\'s token has the subject "repo:contoso@1234/exchange@5678:environment:production", and no federated credential of the application has it (AADSTS700213).',
    'Set the federated credential\'s subject to exactly "repo:contoso@1234/exchange@5678:environment:production", including upper and lower case, if that pipeline may sign in. A credential with "repo:contoso/exchange:environment:production" no longer matches. Since 2026-07-15, GitHub puts the IDs of owner and repository into the subject of new, renamed and transferred repositories.',
  ],
  [
    7002138,
    `${noRecord} subject 'repo:contoso/exchange:environment:Production'. The subject matches with case-insensitive comparison`,
    'The pipeline\'s token has the subject "repo:contoso/exchange:environment:Production", and a federated credential of the application has it in other upper or lower case (AADSTS7002138).',
    'Set the federated credential\'s subject to exactly "repo:contoso/exchange:environment:Production", including upper and lower case, if that pipeline may sign in.',
  ],
  [
    700213,
    "Something else is said.",
    "The pipeline's token has the subject, and no federated credential of the application has it (AADSTS700213).",
    "Set the federated credential's subject to exactly what the token has, including upper and lower case, if that pipeline may sign in.",
  ],
])("a federated token that fits no credential (AADSTS%i)", (number, text, message, remedy) => {
  const error = new SignInError(new Error(`AADSTS${number}: ${text}`));
  expect(signInProblem(error, subject)).toEqual({
    cause: "signInRefused",
    message,
    remedy: `${newCredential}${remedy}`,
    passing: true,
  });
});

test.each([50166, 90061])(
  "an issuer that does not answer Entra (AADSTS%i) says nothing about the key",
  (number) => {
    const error = new SignInError(new Error(`AADSTS${number}: Request to External OIDC endpoint failed.`));
    expect(signInProblem(error, subject)).toMatchObject({ cause: "serviceUnavailable", passing: true });
  },
);

test.each([
  [
    "No matching federated identity record found for presented assertion. Assertion Issuer: 'https://token.actions.githubusercontent.com'. Assertion Subject: 'repo:contoso@1/exchange@2:ref:refs/heads/main'. Assertion Audience: 'api://AzureADTokenExchange'. https://docs",
    'The pipeline\'s token has the issuer "https://token.actions.githubusercontent.com", the subject "repo:contoso@1/exchange@2:ref:refs/heads/main", the audience "api://AzureADTokenExchange"; it matches no federated credential of the application (AADSTS70021).',
    / and a slash at the end\. A credential with "repo:contoso\/exchange:ref:refs\/heads\/main" no longer matches\. /,
  ],
  [
    "No matching record.",
    "The pipeline's token matches no federated credential of the application (AADSTS70021).",
    / and a slash at the end\.$/,
  ],
])("the older refusal of a federated token: %s", (text, message, remedy) => {
  const error = new SignInError(new Error(`AADSTS70021: ${text}`));
  expect(signInProblem(error, subject)).toEqual({
    cause: "signInRefused",
    message,
    remedy: expect.stringMatching(remedy),
    passing: true,
  });
});

const until = (end: string) =>
  `AADSTS700024: Client assertion is not within its valid time range. Current time: 2026-11-23T08:20:00.000Z, assertion valid from 2026-11-23T08:00:00.000Z, expiry time of assertion ${end}.`;
const withoutCertificate = { ...subject, thumbprint: "" };

test.each([
  [
    "a token that is to begin",
    withoutCertificate,
    "2026-11-23T09:00:00.000Z",
    /^The federated token is outside/,
  ],
  ["what this machine signed", subject, "2026-11-23T08:10:00.000Z", /^This machine's clock and Entra's/],
])("another clock may be wrong, by %s", (_, target, end, text) => {
  expect(signInProblem(new SignInError(new Error(until(end))), target)).toMatchObject({
    message: expect.stringMatching(text),
    passing: false,
  });
});

test("an unknown tenant whose domain belongs to another cloud is looked for in the wrong one", () => {
  const error = new SignInError(new Error("AADSTS90002: Tenant 'TENANT' not found."));
  expect(signInProblem(error, { ...subject, tenantDomain: "contoso.partner.onmschina.cn" })).toEqual({
    cause: "wrongCloud",
    message: "Tenant contoso.partner.onmschina.cn is not in Microsoft 365 worldwide (AADSTS90002).",
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
    passing: false,
    message: `This machine's clock and Entra's differ: the sign-in is outside its valid time (AADSTS700024).${ending}`,
  });
});

test.each([
  [
    501051,
    "Application 'a'(Jobs) is not assigned to a role for the application 'b'(Office 365 Exchange Online).",
  ],
  [50105, "Application 'a' is not assigned to a role for the application 'b'."],
])("AADSTS%i is a missing consent (active-directory-dotnet-daemon#10)", (number, text) => {
  expect(signInProblem(new SignInError(new Error(`AADSTS${number}: ${text}`)), subject)).toEqual({
    cause: "consentMissing",
    message: `Application ${subject.clientId} has no app role of the service that it asked for, and the service requires one (AADSTS${number}): it was not granted Exchange.ManageAsApp, or the grant is not effective yet.`,
    remedy:
      "A new grant takes minutes. Wait longer with --wait. If the problem remains, the grant was revoked. Run `pulumi up --refresh`.",
    passing: true,
  });
});

test("AADSTS50128 is an unknown tenant", () => {
  const text =
    "AADSTS50128: Invalid domain name - No tenant-identifying information found in either the request or implied by any provided credentials.";
  expect(signInProblem(new SignInError(new Error(text)), subject)).toMatchObject({
    cause: "tenantUnknown",
    passing: false,
  });
});

test("a federated token that is too old is no clock's fault (Azure/login#180)", () => {
  const error = new SignInError(
    new Error(
      "AADSTS700024: Client assertion is not within its valid time range. Current time: 2026-11-23T08:00:00Z, assertion valid from 2026-11-23T07:00:00Z, expiry time of assertion 2026-11-23T07:05:00Z.",
    ),
  );
  expect(signInProblem(error, { ...subject, thumbprint: "" }, 2000)).toEqual({
    cause: "clockSkew",
    message:
      "The job's federated token ended at 2026-11-23 07:05 UTC, and Entra's clock reads 2026-11-23 08:00 UTC (AADSTS700024).",
    remedy:
      "Get a new token right before the command: renew ARM_OIDC_TOKEN or the token's file, or let exo-auth ask the pipeline for it (ARM_USE_OIDC without ARM_OIDC_TOKEN).",
    passing: false,
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

test.each(["environment:a:repo:contoso@1/exchange@2:ref", "environment:a:repo:contoso/exchange:ref"])(
  "a subject that only contains GitHub's form (%s) gets no hint on it",
  (text) => {
    const error = new SignInError(new Error(`AADSTS700213: ${noRecord} subject '${text}'.`));
    expect(signInProblem(error, subject).remedy).toBe(
      `${newCredential}Set the federated credential's subject to exactly "${text}", including upper and lower case, if that pipeline may sign in.`,
    );
  },
);

test("an answer of Entra that says nothing of the sign-in is Entra's fault", () => {
  const failure = { service: "Entra", request: "POST /token", reason: "busy" };
  expect(signInProblem(new SignInError(new ApiError({ ...failure, status: 503 })), subject)).toMatchObject({
    cause: "serviceUnavailable",
    message: "Entra does not work now. It answers 503, busy",
  });
  expect(signInProblem(new SignInError(new ApiError(failure)), subject)).toMatchObject({ cause: "network" });
});

test("a refusal that nobody knows has no id where Entra gives none", () => {
  expect(signInProblem(new SignInError(new Error("AADSTS7000999: New.")), subject).message).toBe(
    "Entra refused the sign-in: AADSTS7000999: New.",
  );
});

test.each([
  [700016, "contoso.partner.onmschina.cn", "applicationMissing"],
  [90002, "contoso.com", "tenantUnknown"],
])("AADSTS%i of the tenant %s is no wrong cloud", (number, tenantDomain, cause) => {
  const error = new SignInError(new Error(`AADSTS${number}: words`));
  expect(signInProblem(error, { ...subject, tenantDomain }).cause).toBe(cause);
});

test("a domain of the tenant's own can be in every cloud", () => {
  const error = new SignInError(new Error("AADSTS900382: words"));
  expect(signInProblem(error, { ...subject, tenantDomain: "contoso.com" }).remedy).toBe(
    "Set `cloud` to the tenant's own: usGovernmentHigh or usGovernmentDod or china.",
  );
  // The domain says that it is this cloud's, and Entra that it is not (microsoft/CSS-Exchange#1593).
  expect(signInProblem(error, subject).remedy).toBe(
    "Set `cloud` to the tenant's own: usGovernmentHigh or usGovernmentDod or china.",
  );
});

test("a key that begins just now is not one that begins later", () => {
  const now = notYet.replace("18:51:30Z", "18:52:10Z");
  expect(signInProblem(new SignInError(new Error(now)), subject).cause).toBe("certificateExpired");
});
