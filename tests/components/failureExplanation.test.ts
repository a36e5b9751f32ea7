import { expect, test } from "vitest";

import { childTypes } from "../../common/typeTokens.ts";
import { explainFailure } from "../../components/failureExplanation.ts";
import type { FailedOperation } from "../../components/replication.ts";

const {
  application,
  applicationCertificate: certificate,
  appRoleAssignment: consent,
  directoryRoleAssignment: role,
} = childTypes;

const repair = "Run `exo-auth repair`, which finds what the state does not know. Then run `pulumi up`.";
const notFound = "unexpected status 404 (404 Not Found) with error: Request_ResourceNotFound: Resource '0'";
const unanswered = "HTTP response was nil; connection may have been reset";

const explain = (type: string, failedOperation: FailedOperation["failedOperation"], ...errors: string[]) =>
  explainFailure({ type, failedOperation, errors });

test.each([
  [application, "the application", "Application.ReadWrite.All"],
  [certificate, "the application's certificate", "Application.ReadWrite.All"],
  [consent, "the consent to a permission", "AppRoleAssignment.ReadWrite.All"],
  [role, "the role assignment", "RoleManagement.ReadWrite.Directory"],
])("a refused %s names the permission that is missing", (type, title, permission) => {
  expect(explain(type, "create", "403 (403 Forbidden) with error: Authorization_RequestDenied: …")).toBe(
    `the deploying identity may not write ${title}. Grant it the permission ${permission} of Microsoft Graph with admin consent. \`exo-auth preflight\` names everything that is missing. Then run \`pulumi up\`.`,
  );
});

test("a policy's refusal names the argument", () => {
  const refusal = "Request_BadRequest: CredentialInvalidLifetimeAsPerAppPolicy: Credential lifetime exceeds";
  expect(explain(certificate, "create", refusal)).toBe(
    "the tenant's app management policy does not allow a certificate that lasts so long. `exo-auth preflight` says how many days it allows. Set `certificate.validityDays` to less, and name a new generation.",
  );
  expect(explain(certificate, "create", "CredentialTypeNotAllowedAsPerAppPolicy: …")).toBe(
    "the tenant's app management policy does not accept this certificate. Give a certificate from an authority that the tenant trusts as a generation's `publicCertificate`, or ask for an exemption of the application from the policy.",
  );
});

test("a credential that Entra does not take, or that it refuses to change, is explained", () => {
  const ended =
    "400 (400 Bad Request) with error: KeyCredentialsInvalidEndDate: Key credential end date is invalid.";
  expect(explain(certificate, "create", ended)).toBe(
    "Entra does not accept the end of the certificate. It has passed by Entra's clock, or it is too late for Entra. If the certificate is a `publicCertificate`, create one that ends within a year. Give it as a generation with a new name.",
  );
  const changed =
    "Request_BadRequest: Update to existing credential with KeyId '0133ea5a-aa8a-483f-aeea-fe4931e6217a' is not allowed.";
  const meaning =
    "Entra refuses to change a credential that the application already has. Another program changed the application's credentials at the same time, or one of them is not as azuread sends it back. Run `pulumi up` again. If that fails, too, `exo-auth audit` lists each credential that the stack does not declare.";
  expect(explain(certificate, "create", changed)).toBe(meaning);
  expect(explain(certificate, "delete", changed)).toBe(meaning);
});

test.each([
  [consent, "the consent to a permission", "Permission being assigned already exists on the object"],
  [role, "the role assignment", "A conflicting object with one or more of the specified property values"],
  [
    certificate,
    "the application's certificate",
    'A resource with the ID "0/certificate/1" already exists - to be managed via Terraform',
  ],
])("a lost answer of %s leads to `exo-auth repair`", (type, title, error) => {
  expect(explain(type, "create", error, unanswered)).toBe(
    `${title} is in the tenant already, but the state does not know it. An answer was lost, or somebody created it by hand. ${repair}`,
  );
});

test.each([
  "409 (409 Conflict) with error: Request_MultipleObjectsWithSameKeyValue: FederatedIdentityCredential with name job already exists.",
  "400 (400 Bad Request) with error: InvalidFederatedIdentityCredentialValue: The combination of issuer and subject must be unique for the application.",
])("a federated credential that is there already was renamed, or left: %s", (error) => {
  expect(explain(childTypes.federatedCredential, "create", error)).toBe(
    "the application has a federated credential with this name, or with this issuer and subject. If the program has renamed it, first remove it in an update of its own. If an answer was lost, or somebody created it by hand, run `exo-auth repair`, which finds what the state does not know. Then run `pulumi up`.",
  );
});

test("tells how far a create got", () => {
  expect(explain(application, "create", unanswered)).toBe(
    `no answer came, so the application may have been created without the state knowing it. ${repair}`,
  );
  expect(explain(application, "create", "expected non-nil error with nil state during Create of x")).toBe(
    `the application was created, but Entra did not find it again, so the state does not know it. Wait a minute, because Entra may not find it sooner. Then run \`exo-auth repair\`, which finds what the state does not know. Then run \`pulumi up\`.`,
  );
  expect(explain(application, "create", `creating urn:pulumi:s::p::t::n: ${notFound}`)).toBe(
    "the application was created, but not finished. The state knows it. Run `pulumi up --refresh` to finish it.",
  );
  expect(explain(role, "create", notFound, notFound)).toBe(
    "Entra does not find what it needs: it was deleted, or is not replicated after minutes. `exo-auth preflight` says which, and what to do. Everything that exists stays.",
  );
});

test("tells what a failed update or deletion means", () => {
  expect(explain(application, "update", unanswered)).toBe(
    "no answer came about the application. Run `pulumi up` again.",
  );
  expect(explain(application, "update", notFound)).toBe(
    "the application is not in the tenant: it was deleted, or the tenant does not know it yet. `exo-auth preflight` says which, and what to do.",
  );
  expect(explain(role, "delete", notFound)).toBe(
    "the role assignment is gone already. Run `pulumi up --refresh`, so that the state knows it.",
  );
});

test("adds nothing where azuread says it all, nor to other plugins' errors", () => {
  expect(explain(application, "create", "Request_BadRequest: Invalid value")).toBeUndefined();
  expect(explain(application, "update", "Request_BadRequest: Invalid value")).toBeUndefined();
  expect(explain(role, "delete", "Request_BadRequest: Invalid value")).toBeUndefined();
  expect(explain(role, "create")).toBeUndefined();
  expect(explain(childTypes.privateKey, "create", unanswered)).toBeUndefined();
});
