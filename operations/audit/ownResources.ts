import { componentType } from "../../common/typeTokens.ts";
import type { StackResource } from "../../stack/resource.ts";
import { parseUrn } from "../../stack/urn.ts";

/** The URNs of what a component made, at any depth. */
export function ownResources(resources: readonly StackResource[], name: string): ReadonlySet<string> {
  const parents = new Map(resources.map(({ urn, parent }) => [urn, parent]));
  const isBelow = (urn: string): boolean => {
    for (let at = parents.get(urn); at !== undefined; at = parents.get(at)) {
      const parent = parseUrn(at);
      if (parent.type === componentType && parent.name === name) return true;
    }
    return false;
  };
  return new Set(resources.map(({ urn }) => urn).filter(isBelow));
}
