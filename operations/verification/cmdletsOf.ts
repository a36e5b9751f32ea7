import { readingCmdlets, type TriedCmdlet, writingCmdlets } from "../../microsoft/exchangeCmdlets.ts";
import { exchangeRoleGroups, isSameRoleName } from "../../microsoft/exchangeRoleGroups.ts";
import type { DeclaredRoles, RoleService } from "../grant/declaredRoles.ts";

/** What a component declares of Exchange's own roles. */
export interface OwnRoles extends Readonly<Record<RoleService, DeclaredRoles>> {
  /** Whether a role of Entra adds to them. */
  readonly hasEntraRole: boolean;
}

/** What a job's own roles in Exchange Online make true: a cmdlet that runs, and one that does not. */
export interface ProvingCmdlets {
  /** Undefined where none is known: the role groups are a tenant's own, or no source says what the roles let run. */
  readonly works: TriedCmdlet | undefined;
  /** The names of the role groups and roles that are declared. */
  readonly declared: readonly string[];
  /** Undefined where nobody can know, or nothing is refused. */
  readonly refused: TriedCmdlet | undefined;
}

/** The cmdlets that prove what is declared in Exchange Online. */
export function cmdletsOf({ exchangeOnline: { groups, roles }, hasEntraRole }: OwnRoles): ProvingCmdlets {
  const known = groups.map((group) => builtInRoles(group));
  const held = [...roles.map(({ role }) => role), ...known.flatMap((one) => one ?? [])];
  const mayRun = (one: TriedCmdlet): boolean =>
    one.roles.some((role) => held.some((other) => isSameRoleName(role, other)));
  const isWhole = !hasEntraRole && known.every((one) => one !== undefined);
  return {
    declared: [...groups, ...roles.map(({ role }) => role)],
    works: readingCmdlets.find(mayRun),
    refused: isWhole ? writingCmdlets.find((one) => !mayRun(one)) : undefined,
  };
}

function builtInRoles(group: string): readonly string[] | undefined {
  return Object.entries(exchangeRoleGroups).find(([name]) => isSameRoleName(name, group))?.[1];
}
