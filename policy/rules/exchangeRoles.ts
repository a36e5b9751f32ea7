import { componentType } from "../../common/typeTokens.ts";
import { isIdentifier, isMaster } from "../../microsoft/exchangeRoleGroups.ts";
import type { KnownResource } from "../knownResource.ts";
import type { PolicyRule } from "../rule.ts";

/** What roles of Exchange itself a component may declare. */
export const exchangeRoleRules: readonly PolicyRule[] = [
  {
    name: "no-role-management",
    description: "No job gets Organization Management or Role Management of Exchange.",
    source: {
      title: "Microsoft on permissions in Exchange Online",
      url: "https://learn.microsoft.com/exchange/permissions-exo/permissions-exo",
    },
    severity: "critical",
    level: "mandatory",
    checkResource: (resource) =>
      resource.type === componentType
        ? declaredNames(resource).flatMap(({ name, property }) => {
            const declares = `declares "${name}" in \`${property}\``;
            if (isMaster(name)) return [{ problem: declares, remedy }];
            if (!isIdentifier(name)) return [];
            const problem = `${declares}, which can stand for any role or role group`;
            return [{ problem, remedy: "Declare the name that Exchange shows." }];
          })
        : [],
  },
];

/** The command has a switch of its own, which is for who runs it. */
const remedy =
  "With it, a job can give itself every right in Exchange, so declare less. `exo-auth grant --allow-role-management` does not change this rule: if the job needs it, give this component an exception by its name.";

interface DeclaredName {
  readonly name: string;
  readonly property: string;
}

function declaredNames({ properties }: KnownResource): readonly DeclaredName[] {
  return ["exchangeRoleGroups", "exchangeRoles", "complianceRoleGroups"].flatMap((key) => {
    const declared = properties[key];
    return (Array.isArray(declared) ? declared : []).flatMap((one: unknown, index) => {
      const property = `${key}[${index}]`;
      if (typeof one === "string") return [{ name: one, property }];
      const role = typeof one === "object" && one !== null && "role" in one ? one.role : undefined;
      return typeof role === "string" ? [{ name: role, property: `${property}.role` }] : [];
    });
  });
}
