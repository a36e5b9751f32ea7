import { componentType } from "../../../common/typeTokens.ts";
import type { StackResource } from "../../../stack/resource.ts";

/** The names of the resources for which something holds, without their types. */
export function names(
  resources: readonly StackResource[],
  holds: (resource: StackResource) => unknown,
): readonly string[] {
  return resources
    .filter(holds)
    .map(({ urn }) => urn.slice(urn.lastIndexOf("::") + 2))
    .toSorted();
}

/** What the component and its children have, in names. */
export function ours(resources: readonly StackResource[]) {
  return resources
    .filter(({ urn }) => urn.includes(componentType))
    .map(({ type, urn, inputs, outputs }) => ({
      name: `${type} ${urn.slice(urn.lastIndexOf("::") + 2)}`,
      inputs: Object.keys(inputs).toSorted(),
      outputs: Object.keys(outputs).toSorted(),
    }));
}
