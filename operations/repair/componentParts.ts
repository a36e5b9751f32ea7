import { childTypes, componentType } from "../../common/typeTokens.ts";
import type { StackResource } from "../../stack/resource.ts";
import { parseUrn } from "../../stack/urn.ts";
import { textOf } from "../../stack/values.ts";

/** One component: what of it the state knows, and what the next update would create. */
export interface ComponentParts {
  readonly name: string;
  /** By which the tenant's objects are recognised; undefined where the application is not the stack's own. */
  readonly description: string | undefined;
  /** What the application is called, in the state and in the plan. */
  readonly displayNames: readonly string[];
  readonly known: readonly StackResource[];
  readonly planned: readonly StackResource[];
}

/** Every component of the state or the plan, with all below it. */
export function componentParts(
  known: readonly StackResource[],
  planned: readonly StackResource[],
): readonly ComponentParts[] {
  const parents = new Map([...known, ...planned].map(({ urn, parent }) => [urn, parent]));
  const isBelow = (resource: StackResource, urn: string): boolean => {
    for (let above = resource.parent; above !== undefined; above = parents.get(above))
      if (above === urn) return true;
    return false;
  };
  const components = new Map(
    [...known, ...planned]
      .filter(({ type }) => type === componentType)
      .map((component) => [component.urn, component]),
  );
  return [...components.values()].map((component) => {
    const parts = {
      known: known.filter((resource) => isBelow(resource, component.urn)),
      planned: planned.filter((resource) => isBelow(resource, component.urn)),
    };
    const applications = [...parts.planned, ...parts.known].filter(
      ({ type }) => type === childTypes.application,
    );
    const texts = (input: string): string[] =>
      applications.flatMap(({ inputs }) => textOf(inputs, input) ?? []);
    return {
      name: parseUrn(component.urn).name,
      description: texts("description")[0],
      displayNames: [...new Set(texts("displayName"))],
      ...parts,
    };
  });
}
