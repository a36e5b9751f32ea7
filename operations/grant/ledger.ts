import type { Owner } from "./ownNames.ts";

/** Whose words a description has: nothing of the application is in them. */
type Author = Omit<Owner, "servicePrincipalObjectId">;

/**
 * The description of a component's own role group, which says into which other groups `exo-auth grant` put it. A membership
 * itself has no room for that, and what somebody else gave must stay. People read it, too.
 *
 * @param groups names of role groups
 */
export function ledgerText({ project, stack, component }: Author, groups: readonly string[]): string {
  const own = `Made by exo-auth for ${project}/${stack}, component ${component}.`;
  return groups.length === 0 ? own : `${own} ${intro}${groups.toSorted().join("; ")}.`;
}

/** The groups that a description says; undefined where it is none of the component's. */
export function ledgerGroups(owner: Author, description: string): readonly string[] | undefined {
  const own = ledgerText(owner, []);
  if (description === own) return [];
  const [, list] = description.startsWith(`${own} ${intro}`)
    ? (/^(.+)\.$/.exec(description.slice(`${own} ${intro}`.length)) ?? [])
    : [];
  return list?.split("; ");
}

const intro = "Member of: ";
