import { isWideSubject } from "../../common/federatedSubject.ts";
import { criticalPermissions, isCriticalPermission } from "../../microsoft/criticalPermissions.ts";
import { manageAsApp } from "../../microsoft/permissions.ts";
import { componentType } from "../../common/typeTokens.ts";
import { isOfComponent, text, type KnownResource } from "../knownResource.ts";
import type { PolicyRule, Violation } from "../rule.ts";
import { azuread } from "../types.ts";

/** What an application may do, and whose tokens it trusts. */
export const accessRules: readonly PolicyRule[] = [
  {
    name: "no-takeover-permissions",
    description: "No application has a permission that takes over the tenant or reads everybody's mail.",
    source: {
      title: "CISA ScubaGear, risky permissions of applications",
      url: "https://github.com/cisagov/ScubaGear/blob/main/PowerShell/ScubaGear/Modules/Permissions/RiskyAppPermissions.json",
    },
    severity: "critical",
    level: "mandatory",
    checkResource: (resource) => {
      if (resource.type === componentType) return declaredByName(resource);
      const id = resource.type === azuread("AppRoleAssignment") ? text(resource, "appRoleId") : undefined;
      const appRoleId = id?.toLowerCase() ?? "";
      const permission = criticalPermissions[appRoleId];
      // What Exchange.ManageAsApp opens is what the application's roles allow.
      if (!isCriticalPermission(appRoleId, undefined) || permission === manageAsApp) return [];
      return [
        {
          problem: `grants the permission "${permission}"`,
          remedy: "Choose a narrower permission, or give this resource an exception by its name.",
        },
      ];
    },
  },
  {
    name: "federated-subject",
    description: "A federated identity credential trusts one branch or environment.",
    source: {
      title: "GitHub on OpenID Connect",
      url: "https://docs.github.com/actions/reference/security/oidc",
    },
    severity: "high",
    level: "mandatory",
    checkResource: (resource) => {
      const isFlexible = resource.type === azuread("ApplicationFlexibleFederatedIdentityCredential");
      if (!isFlexible && resource.type !== azuread("ApplicationFederatedIdentityCredential")) return [];
      const expression = text(resource, "claimsMatchingExpression");
      const subject = text(resource, "subject");
      if (!isWideSubject(subject, expression, text(resource, "issuer"))) return [];
      return [
        {
          problem: `trusts "${subject ?? expression}", which is wider than one branch or environment`,
          remedy: `Name one environment, such as "repo:contoso/exchange:environment:production".${ofComponent(resource)}`,
        },
      ];
    },
  },
];

/**
 * The critical permissions that a component declares by a name whose ID nobody lists here, such as a newer one of the
 * same kind: `AppRoleAssignment` has the ID alone.
 */
function declaredByName({ properties }: KnownResource): readonly Violation[] {
  const declared = properties["permissions"];
  return (Array.isArray(declared) ? declared : []).flatMap((one: unknown) => {
    const permission =
      typeof one === "object" && one !== null && "permission" in one ? one.permission : undefined;
    if (typeof permission !== "string") return [];
    const isListed = [...Object.keys(criticalPermissions), ...Object.values(criticalPermissions)].some(
      (listed) => listed.toLowerCase() === permission.toLowerCase(),
    );
    if (isListed || !isCriticalPermission("", permission)) return [];
    return [
      {
        problem: `declares the permission "${permission}"`,
        remedy: "Choose a narrower permission, or give this component an exception by its name.",
      },
    ];
  });
}

/** The component has a switch of its own, which is for who writes the program. */
function ofComponent({ urn }: KnownResource): string {
  return isOfComponent(urn)
    ? " The component's `allowWideSubject` does not change this rule: if the subject must stay, give this resource an exception by its name."
    : "";
}
