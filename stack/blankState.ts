import * as v from "valibot";
import { secretSignature, signatureKey } from "../common/pulumiSignatures.ts";
import { hasSealed, isSealed } from "./sealedValues.ts";

/** A state as `pulumi stack export` prints it, with what of it stays as it is. */
export type StateDocument = v.InferOutput<typeof StateDocument>;

const Resource = v.looseObject({ urn: v.string() });

/** As `StateDocument`, to read it. */
export const StateDocument = v.looseObject({
  version: v.number(),
  deployment: v.looseObject({ resources: v.optional(v.array(Resource), []) }),
});

/** A state in whose secrets nothing stands any more. */
export interface BlankState {
  readonly document: StateDocument;
  /** The properties that lost their values, by the URN of their resource. */
  readonly blanked: ReadonlyMap<string, ReadonlySet<string>>;
}

/** How the engine's bridged plugins remember what they made of their own state, for this very state. */
const rawStateDelta = "__pulumi_raw_state_delta";

/**
 * Puts a text in the place of each secret of a state that was exported without them. What it says is a secret stays one,
 * so the engine prints nothing that it then reads in its place.
 */
export function blankState({ deployment, ...document }: StateDocument): BlankState {
  const { secrets_providers: _, resources, ...others } = deployment;
  const blanked = new Map<string, ReadonlySet<string>>();
  for (const resource of resources) {
    // A resource that waits for its deletion shares its URN with the one that took its place.
    const properties = new Set([...(blanked.get(resource.urn) ?? []), ...sealedProperties(resource)]);
    if (properties.size > 0) blanked.set(resource.urn, properties);
  }
  return {
    document: {
      ...document,
      deployment: {
        ...v.parse(v.looseObject({}), blank(others)),
        resources: resources.map((resource) =>
          v.parse(Resource, blank(hasSealed(resource) ? withoutRawState(resource) : resource)),
        ),
      },
    },
    blanked,
  };
}

function sealedProperties(resource: v.InferOutput<typeof Resource>): ReadonlySet<string> {
  const values = [resource["inputs"], resource["outputs"]].flatMap((properties) =>
    Object.entries(v.is(v.record(v.string(), v.unknown()), properties) ? properties : {}),
  );
  return new Set(values.filter(([, value]) => hasSealed(value)).map(([name]) => name));
}

function blank(value: unknown): unknown {
  if (isSealed(value)) return { [signatureKey]: secretSignature, plaintext: '"[secret]"' };
  if (Array.isArray(value)) return value.map(blank);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, blank(inner)]));
}

/** Takes that away: a plugin refuses a state that it does not describe, and does without it. */
export function withoutRawState(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutRawState);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== rawStateDelta)
      .map(([key, inner]) => [key, withoutRawState(inner)]),
  );
}
