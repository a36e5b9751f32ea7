import type { StackComponent } from "../../stack/components.ts";
import type { StackResource } from "../../stack/resource.ts";
import type { Validity } from "./rule.ts";
import { rules } from "./rules.ts";
import { opened } from "./stateValues.ts";

/** What a stack declares of the access through one application. */
export interface DeclaredAccess extends Validity {
  /** By the id of the finding that each would be if it were not declared; compared in lower case. */
  readonly keys: ReadonlyMap<string, ReadonlySet<string>>;
}

/**
 * What a stack declares for a component: all that Pulumi manages counts, whether the component made it or something
 * beside it, and what waits for its deletion until the next update.
 *
 * @param resources of a state that was exported with its secrets.
 */
export function declaredAccess(
  resources: readonly StackResource[],
  component: StackComponent,
): DeclaredAccess {
  const keys = new Map<string, Set<string>>();
  for (const { type, inputs, outputs } of resources) {
    const wanted = opened(inputs);
    const resource = { wanted, state: { ...wanted, ...opened(outputs) } };
    const word = type.split(":").at(-1) ?? "";
    for (const { id, declaredBy } of rules) {
      const found = declaredBy?.[word]?.(resource, component) ?? [];
      if (found.length === 0) continue;
      keys.set(id, new Set([...(keys.get(id) ?? []), ...found]));
    }
  }
  const [{ certificateNotBefore: notBefore, certificateNotAfter: notAfter }] = component.generations;
  return { keys, notBefore, notAfter };
}
