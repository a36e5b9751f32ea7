import { Failure } from "../../common/failure.ts";
import type { PublicComponent } from "../../stack/components.ts";
import { SealedValue } from "../../stack/sealedValues.ts";

/** A management role that a component declares, and the recipients that it may change. */
export interface DeclaredRole {
  readonly role: string;
  readonly recipientFilter?: string | undefined;
  /** An object id. */
  readonly administrativeUnit?: string | undefined;
}

/** What a component declares in one service. */
export interface DeclaredRoles {
  /** Names of role groups that exist. */
  readonly groups: readonly string[];
  readonly roles: readonly DeclaredRole[];
}

/** The two services with roles of their own. */
export type RoleService = "exchangeOnline" | "securityAndCompliance";

/** Both of them. */
export const roleServices: readonly RoleService[] = ["exchangeOnline", "securityAndCompliance"];

/** Their names, for people. */
export const serviceNames: Readonly<Record<RoleService, string>> = {
  exchangeOnline: "Exchange Online",
  securityAndCompliance: "Security & Compliance",
};

/** Nothing is declared. */
export const nothingDeclared: DeclaredRoles = { groups: [], roles: [] };

/**
 * What a component declares in each service, as its own record in the state has it.
 *
 * @throws SealedValue where it is a secret; Failure where the record is not whole
 */
export function declaredRoles({
  name,
  record,
}: Pick<PublicComponent, "name" | "record">): Readonly<Record<RoleService, DeclaredRoles>> {
  if (record.kind === "sealed") throw new SealedValue(record.property, `component "${name}"`);
  if (record.kind === "unknown") {
    throw new Failure(
      "EXO_AUTH_INCOMPLETE",
      `The state does not say what component "${name}" declares: ${record.missing}. Run \`pulumi up\`.`,
    );
  }
  // The release that wrote no record knew no roles of Exchange.
  if (record.kind === "beforeUpgrade")
    return { exchangeOnline: nothingDeclared, securityAndCompliance: nothingDeclared };
  const { exchangeRoleGroups = [], exchangeRoles = [], complianceRoleGroups = [] } = record.record;
  return {
    exchangeOnline: { groups: exchangeRoleGroups, roles: exchangeRoles },
    securityAndCompliance: { groups: complianceRoleGroups, roles: [] },
  };
}

/** Whether anything is declared. */
export function isDeclared({ groups, roles }: DeclaredRoles): boolean {
  return groups.length + roles.length > 0;
}
