import type { StackResource } from "./resource.ts";

/**
 * Tells of each resource what it is below: its parent's URN, then the parent's parent's, and so on. Whoever can write a
 * state can make a circle of parents: it is gone round once.
 */
export function ancestorsOf(
  resources: readonly Pick<StackResource, "urn" | "parent">[],
): (urn: string) => readonly string[] {
  const parents = new Map(resources.map(({ urn, parent }) => [urn, parent]));
  return (urn) => {
    const above: string[] = [];
    for (let at = parents.get(urn); at !== undefined && !above.includes(at); at = parents.get(at)) {
      above.push(at);
    }
    return above;
  };
}
