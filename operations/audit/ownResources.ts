import { componentType } from "../../common/typeTokens.ts";
import { ancestorsOf } from "../../stack/ancestors.ts";
import type { StackResource } from "../../stack/resource.ts";
import { parseUrn } from "../../stack/urn.ts";

/** The URNs of what a component made, at any depth. */
export function ownResources(resources: readonly StackResource[], name: string): ReadonlySet<string> {
  const above = ancestorsOf(resources);
  const isComponent = (urn: string): boolean => {
    const found = parseUrn(urn);
    return found.type === componentType && found.name === name;
  };
  return new Set(resources.map(({ urn }) => urn).filter((urn) => above(urn).some(isComponent)));
}
