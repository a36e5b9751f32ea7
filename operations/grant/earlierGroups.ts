import { powerShellCommand } from "../../common/powerShell.ts";
import { ledgerGroups } from "./ledger.ts";
import { ownName, type Owner } from "./ownNames.ts";

/** A role group that `exo-auth grant` made for a component under another name, or with another application. */
export interface EarlierGroup {
  readonly name: string;
  /** Whom it was made for and why it is not the component's own, as the end of a sentence that begins with its name. */
  readonly about: string;
  /** PowerShell that removes it. */
  readonly removal: string;
}

/** A component; without an object ID where its application is not there. */
export type EarlierOwner = Omit<Owner, "servicePrincipalObjectId"> & {
  readonly servicePrincipalObjectId: string | undefined;
};

/**
 * Those among all role groups of a service. A name is proven by the hash in it, which has the service principal's object
 * ID. A description alone is what anybody may write, so it counts for the component's own names only.
 */
export function earlierGroups(
  groups: readonly { readonly name: string; readonly description: string }[],
  owner: EarlierOwner,
): readonly EarlierGroup[] {
  return groups.flatMap(({ name, description }) => {
    const about = aboutOf(name, description, owner);
    const removal = powerShellCommand("Remove-RoleGroup", { Identity: name, Confirm: false });
    return about === undefined ? [] : [{ name, about, removal }];
  });
}

function aboutOf(name: string, description: string, owner: EarlierOwner): string | undefined {
  const { servicePrincipalObjectId } = owner;
  if (servicePrincipalObjectId !== undefined) {
    const present = { ...owner, servicePrincipalObjectId };
    if (name.toLowerCase() === ownName(present).toLowerCase()) return undefined;
    const before = ownersIn(description).find((one) => ownName({ ...present, ...one }) === name);
    if (before !== undefined)
      return `was created by exo-auth for ${before.project}/${before.stack}, component ${before.component}, with this application. If that stack was renamed or is gone, remove it`;
  }
  if (ledgerGroups(owner, description) === undefined) return undefined;
  return "was created for this component with another application, or somebody renamed it. If nothing uses it, remove it";
}

/** Whom a description may have been written for: a component's name may hold what stands after it. */
function ownersIn(description: string): readonly Omit<Owner, "servicePrincipalObjectId">[] {
  const [, project = "", stack = "", rest = ""] =
    /^Made by exo-auth for ([^/]+)\/([^/,]+), component (.+)\.$/s.exec(description) ?? [];
  const words = rest.split(". Member of: ");
  return words.map((_, index) => ({
    project,
    stack,
    component: words.slice(0, index + 1).join(". Member of: "),
  }));
}
