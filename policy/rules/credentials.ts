import { notKnown, type KnownResource } from "../knownResource.ts";
import type { PolicyRule } from "../rule.ts";
import { azuread } from "../types.ts";

const secretTypes: ReadonlySet<string> = new Set(
  ["ApplicationPassword", "ServicePrincipalPassword"].map(azuread),
);

/** Who and what may sign in as an application besides its certificates. */
export const credentialRules: readonly PolicyRule[] = [
  {
    name: "no-client-secrets",
    description: "No application has a client secret.",
    source: {
      title: "CISA MS.AAD.5.5",
      url: "https://github.com/cisagov/ScubaGear/blob/main/PowerShell/ScubaGear/baselines/aad.md#msaad55v1",
    },
    severity: "high",
    level: "mandatory",
    checkResource: (resource) => {
      const isSecret = secretTypes.has(resource.type);
      const inline = resource.type === azuread("Application") && isGiven(resource.properties["password"]);
      if (!isSecret && !inline) return [];
      return [
        {
          problem: isSecret ? "is a client secret" : "creates a client secret in `password`",
          remedy: "Use a certificate, or a federated identity credential.",
        },
      ];
    },
  },
  {
    name: "no-owners",
    description: "No application and no service principal has owners.",
    source: {
      title: "Microsoft on owners of applications",
      url: "https://learn.microsoft.com/entra/identity/enterprise-apps/overview-assign-app-owners",
    },
    severity: "high",
    level: "mandatory",
    checkResource: (resource) =>
      ownersOf(resource).map((owner) => ({
        problem: `has the owner ${owner === notKnown ? "that this update creates" : `"${String(owner)}"`}`,
        remedy: "Remove the owner, who can add credentials of their own.",
      })),
  },
];

function ownersOf({ type, properties }: KnownResource): readonly unknown[] {
  if (type === azuread("ApplicationOwner")) return [properties["ownerObjectId"]];
  if (type !== azuread("Application") && type !== azuread("ServicePrincipal")) return [];
  const owners = properties["owners"];
  return owners === notKnown ? [notKnown] : Array.isArray(owners) ? owners : [];
}

/** Whether a block is there; its content does not matter. */
function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0);
}
