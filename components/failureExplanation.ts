import { type ChildResource, childResources } from "../common/childResources.ts";
import { type ErrorTextName, says } from "../common/errorTexts.ts";
import { type FailedOperation, passesByItself, stageOf } from "./replication.ts";

const commands = "`exo-auth repair`, which finds what the state does not know. Then run `pulumi up`.";
const repair = `Run ${commands}`;

/**
 * What an operation's failure means, and what to do: the end of a sentence that begins with the resource's name.
 *
 * @returns undefined where nothing is known that azuread does not say itself.
 */
export function explainFailure(failure: FailedOperation): string | undefined {
  const child = childResources[failure.type];
  if (child === undefined) return undefined;
  const [newest = ""] = failure.errors;
  const known = explanations.find(([texts]) => says(newest, ...texts));
  if (known !== undefined) return known[1](child);
  return failure.failedOperation === "create" ? explainCreate(failure, child) : explainOther(failure, child);
}

/** By what Microsoft Graph or azuread says. */
const explanations: readonly (readonly [
  texts: readonly ErrorTextName[],
  explain: (child: ChildResource) => string,
])[] = [
  [
    ["requestDenied"],
    ({ title, permission }) =>
      `the deploying identity may not write ${title}. Grant it the permission ${permission} of Microsoft Graph with admin consent. \`exo-auth preflight\` names everything that is missing. Then run \`pulumi up\`.`,
  ],
  [
    ["lifetimeRefused"],
    () =>
      "the tenant's app management policy does not allow a certificate that lasts so long. `exo-auth preflight` says how many days it allows. Set `certificate.validityDays` to less, and name a new generation.",
  ],
  [
    ["policyRefused", "authorityRefused"],
    () =>
      "the tenant's app management policy does not accept this certificate. Give a certificate from an authority that the tenant trusts as a generation's `publicCertificate`, or ask for an exemption of the application from the policy.",
  ],
  [
    ["certificateEndRefused"],
    () =>
      "Entra does not accept the end of the certificate. It has passed by Entra's clock, or it is too late for Entra. If the certificate is a `publicCertificate`, create one that ends within a year. Give it as a generation with a new name.",
  ],
  [
    ["credentialChangeRefused"],
    () =>
      "Entra refuses to change a credential that the application already has. Another program changed the application's credentials at the same time, or one of them is not as azuread sends it back. Run `pulumi up` again. If that fails, too, `exo-auth audit` lists each credential that the stack does not declare.",
  ],
  [
    ["federatedCredentialExists"],
    () =>
      `the application has a federated credential with this name, or with this issuer and subject. If the program has renamed it, first remove it in an update of its own. If an answer was lost, or somebody created it by hand, run ${commands}`,
  ],
  [
    ["permissionExists", "objectExists", "roleAssignmentExists", "resourceExists"],
    ({ title }) =>
      `${title} is in the tenant already, but the state does not know it. An answer was lost, or somebody created it by hand. ${repair}`,
  ],
];

function explainCreate(
  { errors: [newest = ""] }: FailedOperation,
  { title }: ChildResource,
): string | undefined {
  switch (stageOf(newest)) {
    case "halfWay":
      return `${title} was created, but not finished. The state knows it. Run \`pulumi up --refresh\` to finish it.`;
    case "unknownId":
      return `${title} was created, but Entra did not find it again, so the state does not know it. Wait a minute, because Entra may not find it sooner. Then run ${commands}`;
    case "unanswered":
      return `no answer came, so ${title} may have been created without the state knowing it. ${repair}`;
    default:
      return passesByItself(newest)
        ? "Entra does not find what it needs: it was deleted, or is not replicated after minutes. `exo-auth preflight` says which, and what to do. Everything that exists stays."
        : undefined;
  }
}

function explainOther(
  { failedOperation, errors }: FailedOperation,
  { title }: ChildResource,
): string | undefined {
  const [newest = ""] = errors;
  if (failedOperation === "delete" && says(newest, "resourceNotFound", "status404"))
    return `${title} is gone already. Run \`pulumi up --refresh\`, so that the state knows it.`;
  if (says(newest, "resourceNotFound"))
    return `${title} is not in the tenant: it was deleted, or the tenant does not know it yet. \`exo-auth preflight\` says which, and what to do.`;
  return stageOf(newest) === "unanswered"
    ? `no answer came about ${title}. Run \`pulumi up\` again.`
    : undefined;
}
