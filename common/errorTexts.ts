/** A text that tells one error of somebody else's program from another. */
export interface ErrorText {
  readonly pattern: RegExp;
  /** The program and the version that it was seen in. */
  readonly seenIn: string;
  /** The line that writes it, the recording that has it, or a report of it. */
  readonly source: string;
}

const graph = "Microsoft Graph v1.0";
/** Built from terraform-provider-azuread 3.8.0, whose sources are named below; `sdk` is its go-azure-sdk. */
const azuread = "azuread 6.9.1";
const bridge = "pulumi-terraform-bridge 3.130";
const engine = "engine 3.259";

/** Every text of Pulumi's engine, its plugins and the services behind them that is matched here, each by what it means. */
export const errorTexts = {
  // What Microsoft Graph says, in azuread's errors.
  resourceNotFound: {
    pattern: /Request_ResourceNotFound/,
    seenIn: graph,
    source: "tests/fixtures/recordings/plugin/12-create-with-replication-lag.jsonl",
  },
  referenceNotFound: {
    pattern: /does not exist or one of its queried reference-property objects are not present/,
    seenIn: graph,
    source: "tests/fixtures/recordings/plugin/12-create-with-replication-lag.jsonl",
  },
  applicationNotReplicated: {
    pattern: /does not reference a valid application object/,
    seenIn: azuread,
    source: "internal/services/serviceprincipals/service_principal_resource.go:474",
  },
  applicationInOtherTenant: {
    pattern: /backing application .* must in the local tenant/,
    seenIn: azuread,
    source: "internal/services/serviceprincipals/service_principal_resource.go:477",
  },
  invalidReference: {
    pattern: /Not a valid reference update/,
    seenIn: azuread,
    source: "internal/services/approleassignments/app_role_assignment_resource.go:131",
  },
  concurrentWrite: {
    pattern: /Directory_ConcurrencyViolation/,
    seenIn: graph,
    source: "https://github.com/nais/azurerator/issues/448",
  },
  servicePrincipalNameInUse: {
    pattern: /service principal name \S+ is already in use/,
    seenIn: graph,
    source: "https://github.com/Azure/reliable-web-app-pattern-java/issues/185",
  },
  requestDenied: {
    pattern: /Authorization_RequestDenied/,
    seenIn: graph,
    source: "tests/fixtures/recordings/plugin/14-create-role-denied.jsonl",
  },
  insufficientPrivileges: {
    pattern: /Insufficient privileges/,
    seenIn: graph,
    source: "tests/fixtures/recordings/plugin/14-create-role-denied.jsonl",
  },
  lifetimeRefused: {
    pattern: /CredentialInvalidLifetimeAsPerAppPolicy/,
    seenIn: graph,
    source: "https://github.com/OfficeDev/microsoft-365-agents-toolkit/issues/10998",
  },
  policyRefused: {
    pattern: /AsPerAppPolicy|as per assigned policy/,
    seenIn: graph,
    source: "https://github.com/OfficeDev/microsoft-365-agents-toolkit/issues/10998",
  },
  authorityRefused: {
    pattern: /trustedCertificateAuthority/i,
    seenIn: "Microsoft Graph beta",
    source: "https://learn.microsoft.com/graph/api/resources/keycredentialconfiguration",
  },
  certificateEndRefused: {
    pattern: /Key credential end date is invalid|KeyCredentialsInvalidEndDate/,
    seenIn: graph,
    source: "https://github.com/Azure/azure-powershell/issues/6974",
  },
  credentialChangeRefused: {
    pattern: /Update to existing credential with KeyId \S+ is not allowed/,
    seenIn: graph,
    source: "https://github.com/Azure/azure-powershell/issues/6784",
  },
  permissionExists: {
    pattern: /Permission being assigned already exists/,
    seenIn: graph,
    source: "https://github.com/hashicorp/terraform-provider-azuread/pull/1896",
  },
  objectExists: {
    pattern: /A conflicting object with one or more/,
    seenIn: azuread,
    source: "sdk/odata/errors.go:16",
  },
  federatedCredentialExists: {
    pattern:
      /FederatedIdentityCredential with name .* already exists|combination of issuer and subject must be unique/,
    seenIn: graph,
    source:
      "https://github.com/Azure/azure-dev/issues/1482, https://github.com/Azure/azure-workload-identity/issues/434",
  },
  roleAssignmentExists: {
    pattern: /RoleAssignmentExists/,
    seenIn: graph,
    source: "https://github.com/Microsoft365DSC/Microsoft365DSC/issues/5532",
  },
  entraRefused: {
    pattern: /AADSTS\d+/,
    seenIn: "Microsoft Entra",
    source: "https://learn.microsoft.com/entra/identity-platform/reference-error-codes",
  },
  /** One reason of several that AADSTS700027 has. */
  keyNotFound: {
    pattern: /key was not found/i,
    seenIn: "Microsoft Entra",
    source: "https://learn.microsoft.com/entra/identity-platform/reference-error-codes, AADSTS700027",
  },

  // What azuread says itself.
  status403: {
    pattern: /\b403\b/,
    seenIn: azuread,
    source: "tests/fixtures/recordings/plugin/14-create-role-denied.jsonl",
  },
  status404: {
    pattern: /\b404\b/,
    seenIn: azuread,
    source: "tests/fixtures/recordings/plugin/12-create-with-replication-lag.jsonl",
  },
  noResponse: { pattern: /HTTP response was nil/, seenIn: azuread, source: "sdk/client/client.go:481" },
  connectionBroken: {
    pattern: /connection (?:reset|refused)/,
    seenIn: azuread,
    source: "golang.org/x/sys/unix/zerrors_linux_amd64.go, ECONNRESET and ECONNREFUSED",
  },
  endOfAnswer: { pattern: /\bEOF\b/, seenIn: azuread, source: "Go's io/io.go, EOF" },
  resourceExists: {
    pattern: /A resource with the ID "[^"]*" already exists/,
    seenIn: azuread,
    source: "internal/helpers/tf/errors.go:63",
  },
  certificateExists: {
    pattern: /A resource with the ID "[^"]*\/certificate\/[^"]*" already exists/,
    seenIn: azuread,
    source: "internal/helpers/tf/errors.go:63, of application_certificate_resource.go",
  },
  /** Its group is the application's object id. */
  applicationUnreadable: {
    pattern: /Retrieving Application \(Application: "([^"]+)"\): unexpected status 404/,
    seenIn: azuread,
    source: "internal/services/applications/application_certificate_resource.go:152",
  },
  nothingFound: {
    pattern: /not found|no \w+( \w+)? found/i,
    seenIn: azuread,
    source: "internal/services/serviceprincipals/service_principal_data_source.go:316",
  },

  // What the bridge between Pulumi and Terraform says.
  createUnfinished: {
    pattern: /creating urn:pulumi:/,
    seenIn: bridge,
    source: "tests/fixtures/recordings/plugin/12-create-with-replication-lag.jsonl",
  },
  createdAndVanished: {
    pattern: /expected non-nil error with nil state/,
    seenIn: bridge,
    source: "pkg/tfbridge/provider.go:1366",
  },
  createdWithoutId: {
    pattern: /expected non-empty ID for new state/,
    seenIn: bridge,
    source: "pkg/tfbridge/provider.go:1371",
  },
  readPrefix: {
    pattern: /^refreshing urn:\S+: /,
    seenIn: bridge,
    source: "pkg/tfbridge/provider.go:1505",
  },
  errorCount: {
    pattern: /\b\d+ errors? occurred:\s*\* /,
    seenIn: bridge,
    source: "tests/fixtures/recordings/plugin/14-create-role-denied.jsonl",
  },

  // What the engine and Pulumi's command line say.
  errorPrefix: { pattern: /^error: /, seenIn: engine, source: "sdk/go/common/diag/sink.go:209" },
  previewPrefix: {
    pattern: /^Preview failed: /,
    seenIn: engine,
    source: "sdk/go/common/diag/errors.go:45",
  },
  previewFailed: {
    pattern: /preview failed\s*$/,
    seenIn: engine,
    source: "pkg/resource/deploy/deployment_executor.go:425",
  },
  lookupFailed: {
    pattern: /\breturned an error:/,
    seenIn: engine,
    source: "pkg/resource/deploy/source_eval.go:1145",
  },
  stackLocked: {
    pattern: /stack is currently locked/i,
    seenIn: engine,
    source: "pkg/backend/diy/lock.go:87",
  },
  updateInProgress: {
    pattern: /another update is currently in progress/i,
    seenIn: "Pulumi Cloud",
    source: "sdk/go/auto/errors.go:50",
  },
  resourceProtected: {
    pattern: /because it is protected/,
    seenIn: engine,
    source: "pkg/resource/deploy/step.go:620",
  },
  replacementProtected: {
    pattern: /marked for protection/,
    seenIn: engine,
    source: "pkg/resource/deploy/step_generator.go:1960",
  },
  noSuchStack: {
    pattern: /no stack named/,
    seenIn: engine,
    source: "pkg/backend/backenderr/backenderr.go:47",
  },
  noStackSelected: {
    pattern: /no stack selected/,
    seenIn: engine,
    source: "pkg/backend/backenderr/backenderr.go:63",
  },
  noProject: { pattern: /no Pulumi\.yaml/, seenIn: engine, source: "pkg/workspace/workspace.go:83" },
  /** A stack's name alone, outside of any project. */
  unqualifiedStack: {
    pattern: /pass the fully qualified name/,
    seenIn: engine,
    source: "pkg/backend/diy/store.go:180",
  },
  attributesCutOff: {
    pattern: /failed to load checkpoint: EOF/,
    seenIn: engine,
    source: "pkg/backend/diy/state.go:124",
  },
  stateCutOff: {
    pattern: /failed to load checkpoint: .*unexpected end of JSON/,
    seenIn: engine,
    source: "pkg/backend/diy/state.go:124, Go's encoding/json/scanner.go",
  },
  passphrase: { pattern: /passphrase/i, seenIn: engine, source: "pkg/secrets/passphrase/manager.go:42" },
} as const satisfies Readonly<Record<string, ErrorText>>;

/** What a text means. */
export type ErrorTextName = keyof typeof errorTexts;

/** Whether an error has one of these texts. */
export function says(error: string, ...names: readonly ErrorTextName[]): boolean {
  return names.some((name) => errorTexts[name].pattern.test(error));
}

/** An error without the first of each of these texts, in this order. */
export function without(error: string, ...names: readonly ErrorTextName[]): string {
  return names.reduce((text, name) => text.replace(errorTexts[name].pattern, ""), error);
}

/** What follows a text in an error; the whole error where it does not have that. */
export function after(error: string, name: ErrorTextName): string {
  const found = errorTexts[name].pattern.exec(error);
  return found === null ? error : error.slice(found.index + found[0].length);
}
