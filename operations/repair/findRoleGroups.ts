import { isSecret, textOf } from "../../stack/values.ts";
import { ApiError } from "../../graph/apiError.ts";
import type { RoleReader } from "../../graph/exchangeRoles.ts";
import { SignInError } from "../../graph/signInError.ts";
import { type RoleService, roleServices, serviceNames } from "../grant/declaredRoles.ts";
import { earlierGroups } from "../grant/earlierGroups.ts";
import type { ComponentParts } from "../ownership/componentParts.ts";

/** A role group that `exo-auth grant` made, and that no component of the stack has any more. */
export interface LeftRoleGroup {
  /** The component that it was made for, or one with the same application. */
  readonly component: string;
  readonly service: string;
  readonly name: string;
  /** Whom it was made for, and when to remove it, as the end of a sentence that begins with its name. */
  readonly about: string;
  /** PowerShell that removes it. */
  readonly removal: string;
}

/** What a component left in Exchange. */
export interface FoundRoleGroups {
  readonly roleGroups: readonly LeftRoleGroup[];
  /** Services that were not read, with the reason, where the component declares roles of Exchange itself. */
  readonly notRead: readonly string[];
}

/** Opens one service of a tenant, by its initial domain. @throws SignInError; a text says why it may not be read */
export type OpenRoles = (service: RoleService, tenantDomain: string) => Promise<RoleReader | string>;

/** Finds the role groups that a component left in Exchange under another name, or with another application. */
export async function findRoleGroups(parts: ComponentParts, open: OpenRoles): Promise<FoundRoleGroups> {
  const { name, project, stack, tenantDomain, self } = parts;
  const owner = {
    project,
    stack,
    component: name,
    servicePrincipalObjectId: self
      .flatMap(({ outputs }) => textOf(outputs, "servicePrincipalObjectId") ?? [])
      .at(0),
  };
  const found = await Promise.all(
    roleServices.map(async (service): Promise<FoundRoleGroups> => {
      const where = serviceNames[service];
      try {
        if (service === "securityAndCompliance" && tenantDomain === undefined)
          return { roleGroups: [], notRead: [`${where}: the state does not say the tenant's domain`] };
        const reader = await open(service, tenantDomain ?? "");
        if (typeof reader === "string") return { roleGroups: [], notRead: [`${where}: ${reader}`] };
        const groups = earlierGroups(await reader.groups(), owner);
        return {
          roleGroups: groups.map((group) => ({ component: name, service: where, ...group })),
          notRead: [],
        };
      } catch (error) {
        if (!(error instanceof ApiError || error instanceof SignInError)) throw error;
        return { roleGroups: [], notRead: [`${where}: ${error.message}`] };
      }
    }),
  );
  return {
    roleGroups: found.flatMap(({ roleGroups }) => roleGroups),
    notRead: declaresRoles(parts) ? found.flatMap(({ notRead }) => notRead) : [],
  };
}

const keys = ["exchangeRoleGroups", "exchangeRoles", "complianceRoleGroups"];

function declaresRoles({ self }: ComponentParts): boolean {
  return self.some(({ inputs }) =>
    keys.some((key) => isSecret(inputs[key]) || (Array.isArray(inputs[key]) && inputs[key].length > 0)),
  );
}
