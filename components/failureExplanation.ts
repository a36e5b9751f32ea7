import {
  applicationType,
  type Failure,
  passesByItself,
  servicePrincipalType,
  stageOf,
} from "./replication.ts";

/** Words for each kind of child, and the permission of Microsoft Graph that the deploying identity needs for it. */
const kinds: Readonly<Record<string, { readonly title: string; readonly permission: string }>> = {
  [applicationType]: { title: "the application", permission: "Application.ReadWrite.All" },
  [servicePrincipalType]: { title: "the service principal", permission: "Application.ReadWrite.All" },
  "azuread:index/applicationCertificate:ApplicationCertificate": {
    title: "the application's certificate",
    permission: "Application.ReadWrite.All",
  },
  "azuread:index/appRoleAssignment:AppRoleAssignment": {
    title: "the consent to a permission",
    permission: "AppRoleAssignment.ReadWrite.All",
  },
  "azuread:index/directoryRoleAssignment:DirectoryRoleAssignment": {
    title: "the role assignment",
    permission: "RoleManagement.ReadWrite.Directory",
  },
};

const repair = "Run `exo-auth repair`, which finds what the state does not know, then `pulumi up`.";

/**
 * What an operation's failure means, and what to do: the end of a sentence that begins with the resource's name.
 *
 * @returns undefined where nothing is known that azuread does not say itself.
 */
export function explainFailure(failure: Failure): string | undefined {
  const kind = kinds[failure.type];
  if (kind === undefined) return undefined;
  const [newest = ""] = failure.errors;
  const known = explanations.find(([text]) => text.test(newest));
  if (known !== undefined) return known[1](kind);
  return failure.failedOperation === "create" ? explainCreate(failure, kind) : explainOther(failure, kind);
}

type Kind = NonNullable<(typeof kinds)[string]>;

/** By what Microsoft Graph or azuread says. */
const explanations: readonly (readonly [text: RegExp, explain: (kind: Kind) => string])[] = [
  [
    /Authorization_RequestDenied/,
    ({ title, permission }) =>
      `the deploying identity may not write ${title}. Grant it the permission ${permission} of Microsoft Graph with admin consent, or let \`exo-auth preflight\` name all that is missing; then run \`pulumi up\`.`,
  ],
  [
    /CredentialInvalidLifetimeAsPerAppPolicy/,
    () =>
      "the tenant's app management policy allows no certificate that lasts so long. Set `certificate.validityDays` to less than the policy's days and name a new generation; `exo-auth preflight` says how many.",
  ],
  [
    /AsPerAppPolicy|trustedCertificateAuthority/i,
    () =>
      "the tenant's app management policy does not take this certificate. Give one from an authority that the tenant trusts as a generation's `publicCertificate`, or have the application exempted from the policy.",
  ],
  [
    /Permission being assigned already exists|A conflicting object with one or more|RoleAssignmentExists|A resource with the ID "[^"]*" already exists/,
    ({ title }) =>
      `${title} is in the tenant already, and the state does not know it: an answer was lost, or somebody made it by hand. ${repair}`,
  ],
];

function explainCreate({ errors: [newest = ""] }: Failure, { title }: Kind): string | undefined {
  switch (stageOf(newest)) {
    case "halfWay":
      return `${title} was created, but not finished; the state knows it. Run \`pulumi up --refresh\`, which finishes it.`;
    case "unknownId":
      return `${title} was created, but Entra did not find it again, so the state does not know it. ${repair}`;
    case "unanswered":
      return `no answer came, so ${title} may have been created without the state knowing it. ${repair}`;
    default:
      return passesByItself(newest)
        ? "Entra has not replicated what it needs for minutes. Run `pulumi up` again later; what is there stays."
        : undefined;
  }
}

function explainOther({ failedOperation, errors }: Failure, { title }: Kind): string | undefined {
  const [newest = ""] = errors;
  if (failedOperation === "delete" && /Request_ResourceNotFound|\b404\b/.test(newest))
    return `${title} is gone already. Run \`pulumi refresh\`, after which the state knows it, then \`pulumi up\`.`;
  return stageOf(newest) === "unanswered"
    ? `no answer came about ${title}. Run \`pulumi up\` again.`
    : undefined;
}
