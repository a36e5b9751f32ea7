import * as v from "valibot";
import { type StateDocument, withoutRawState } from "./blankState.ts";
import { hasSealed } from "./sealedValues.ts";

const Part = v.looseObject({
  urn: v.string(),
  custom: v.optional(v.boolean(), false),
  dependencies: v.optional(v.array(v.string()), []),
  parent: v.optional(v.string(), ""),
  provider: v.optional(v.string(), ""),
  outputs: v.optional(v.record(v.string(), v.unknown()), {}),
});

/**
 * What of a state is whole without its secrets: no resource that has one or that was made of one. A component stays, without
 * its outputs. Operations whose end the state does not know go, too.
 */
export function openPartOf({ deployment, ...document }: StateDocument): StateDocument {
  const { secrets_providers: _, pending_operations: __, resources, ...others } = deployment;
  const parts = resources.map((resource) => {
    const part = v.parse(Part, hasSealed(resource) ? withoutRawState(resource) : resource);
    return !part.custom && hasSealed(part) ? { ...part, outputs: {} } : part;
  });
  const gone = new Set(parts.filter(hasSealed).map(({ urn }) => urn));
  const isMadeOfGone = ({ urn, dependencies, parent, provider }: v.InferOutput<typeof Part>): boolean =>
    !gone.has(urn) &&
    [...dependencies, parent, provider.replace(/::[^:]*$/, "")].some((one) => gone.has(one));
  for (let next = parts.filter(isMadeOfGone); next.length > 0; next = parts.filter(isMadeOfGone))
    for (const { urn } of next) gone.add(urn);
  return {
    ...document,
    deployment: { ...others, resources: parts.filter(({ urn }) => !gone.has(urn)) },
  };
}
