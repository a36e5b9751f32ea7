import { expect, test } from "vitest";
import { after, type ErrorTextName, errorTexts, says, without } from "../../common/errorTexts.ts";
import { recordedCalls } from "../sandbox/plugins/recordings.ts";

/** The first error that a recording has. */
function recorded(scenario: string): string {
  return recordedCalls(scenario).find(({ errors }) => errors !== undefined)?.errors?.[0] ?? "";
}

const lagging = recorded("12-create-with-replication-lag");
const denied = recorded("14-create-role-denied");
const tooLong =
  "CredentialInvalidLifetimeAsPerAppPolicy: Credential lifetime exceeds the max value allowed as per assigned policy 'a1'.";
const certificateExists =
  'A resource with the ID "a/certificate/b" already exists - to be managed via Terraform this resource needs to be imported into the State.';

/** What each text was seen in: of a recording where one has it, else as the line of the table's `source` writes it. */
const seen: Readonly<Record<ErrorTextName, string>> = {
  resourceNotFound: lagging,
  referenceNotFound: lagging,
  applicationNotReplicated:
    "Request_BadRequest: The appId 'a1' of the service principal does not reference a valid application object.",
  applicationInOtherTenant:
    "When using this permission, the backing application of the service principal being created must in the local tenant",
  invalidReference: "Request_BadRequest: Not a valid reference update.",
  concurrentWrite:
    "Directory_ConcurrencyViolation: Error due to concurrent requests being made to the tenant. Please wait briefly and retry.",
  servicePrincipalNameInUse:
    "Request_MultipleObjectsWithSameKeyValue: The service principal cannot be created, updated, or restored because the service principal name 8e85ac55-d0bd-4e2f-96e9-0723b0ab703a is already in use.",
  requestDenied: denied,
  insufficientPrivileges: denied,
  lifetimeRefused: tooLong,
  policyRefused: tooLong,
  authorityRefused: "restrictionType: trustedCertificateAuthority",
  certificateEndRefused: "KeyCredentialsInvalidEndDate: Key credential end date is invalid.",
  credentialChangeRefused:
    "Request_BadRequest: Update to existing credential with KeyId '0133ea5a-aa8a-483f-aeea-fe4931e6217a' is not allowed.",
  permissionExists: "Request_BadRequest: Permission being assigned already exists on the object",
  objectExists:
    "Request_BadRequest: A conflicting object with one or more of the specified property values is present in the directory.",
  federatedCredentialExists:
    "Request_MultipleObjectsWithSameKeyValue: FederatedIdentityCredential with name main already exists.",
  roleAssignmentExists: "RoleAssignmentExists: The Role assignment already exists.",
  entraRefused: "AADSTS700016: Application with identifier 'a1' was not found in the directory 'Contoso'.",
  keyNotFound:
    "AADSTS700027: The certificate with identifier used to sign the client assertion is not registered on application. [Reason - The key was not found., Thumbprint of key used by client: '1A']",
  status403: denied,
  status404: lagging,
  noResponse:
    'Post "https://graph.microsoft.com/v1.0/applications": HTTP response was nil; connection may have been reset',
  connectionBroken: "read tcp 127.0.0.1:1->127.0.0.1:2: read: connection reset by peer",
  endOfAnswer: 'Get "https://graph.microsoft.com/v1.0/domains": EOF',
  resourceExists: certificateExists,
  certificateExists,
  applicationUnreadable:
    '[application_id] Retrieving Application (Application: "a1"): unexpected status 404 (404 Not Found)',
  nothingFound: "Service principal not found: no service principals found matching filter: \"appId eq 'a1'\"",
  createUnfinished: lagging,
  createdAndVanished: "expected non-nil error with nil state during Create of urn:pulumi:s::p::t::n",
  createdWithoutId: "expected non-empty ID for new state during Create of urn:pulumi:s::p::t::n",
  readPrefix: "refreshing urn:pulumi:s::p::t::n: 1 error occurred:",
  errorCount: denied,
  errorPrefix: "error: preview failed",
  previewPrefix: "Preview failed: refreshing urn:pulumi:s::p::t::n",
  previewFailed: "error: preview failed\n",
  lookupFailed: "invocation of azuread:index/getUser:getUser returned an error: 403",
  stackLocked:
    "the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock file with `pulumi cancel`.",
  updateInProgress: "[409] Conflict: Another update is currently in progress.",
  resourceProtected:
    'resource "urn:pulumi:s::p::t::n" cannot be deleted\nbecause it is protected. To unprotect the resource, either remove the `protect` flag',
  replacementProtected:
    'unable to replace resource "urn:pulumi:s::p::t::n"\nas it is currently marked for protection. To unprotect the resource, remove the `protect` flag',
  noSuchStack: "no stack named 'contoso' found",
  noStackSelected: "no stack selected; specify a stack name with --stack",
  noProject: "no Pulumi.yaml project file found (searching upwards from /tmp).",
  unqualifiedStack:
    "if you're using the --stack flag, pass the fully qualified name (organization/project/stack)",
  attributesCutOff: "failed to load checkpoint: EOF",
  stateCutOff: "failed to load checkpoint: unmarshalling: unexpected end of JSON input",
  passphrase: "passphrase must be set with PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE",
};

test.each(Object.entries(errorTexts))("%s, as its source has it", (name, { pattern, source }) => {
  const text = seen[name as ErrorTextName];
  expect(text).toMatch(pattern);
  // What a recording has is taken from it.
  expect(text === lagging || text === denied).toBe(source.includes("recordings/"));
});

test("a text that means something else is not taken for it", () => {
  expect(says(denied, "resourceNotFound", "status404", "createUnfinished")).toBe(false);
  expect(says(lagging, "requestDenied", "noResponse", "endOfAnswer")).toBe(false);
  expect(says('A resource with the ID "a/b" already exists', "certificateExists")).toBe(false);
  expect(says(denied, "resourceNotFound", "requestDenied")).toBe(true);
});

test("what stands around an error is taken off in order, and what is not there leaves it alone", () => {
  const message = "error: Preview failed: refreshing urn:pulumi:s::p::t::n: 1 error occurred:\n\t* 503\n";
  expect(without(message, "errorPrefix", "previewPrefix", "readPrefix", "errorCount")).toBe("503\n");
  expect(without("503", "errorPrefix", "errorCount")).toBe("503");
  expect(after("invocation of f returned an error: 503", "lookupFailed")).toBe(" 503");
  expect(after("503", "lookupFailed")).toBe("503");
});
