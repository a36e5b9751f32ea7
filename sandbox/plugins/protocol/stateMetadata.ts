import type { ResourceType, Timeouts } from "./resource.ts";
import type { Properties } from "./values.ts";

/** The key of timeouts in a state: schema.TimeoutKey of Terraform's plugin SDK. */
const timeoutsKey = "e2bfb730-ecaa-11e6-8f88-34363bc7c4c0";

/** What the user set with `customTimeouts` for one operation, in seconds; 0 for nothing. */
export interface OwnTimeout {
  readonly kind: keyof Timeouts;
  readonly seconds: number;
}

/**
 * What the bridge keeps beside a resource's own properties, under `__meta`: the layout's version, and timeouts.
 *
 * @param kind - a plan has no version, and a mark of the older bridge's instead; an import always has a version.
 */
export function stateMetadata<Client>(
  type: Pick<ResourceType<Client>, "schemaVersion" | "timeouts">,
  kind: "plan" | "state" | "import",
  own?: OwnTimeout,
): Properties {
  const version = type.schemaVersion ?? (kind === "import" && type.timeouts !== undefined ? 0 : undefined);
  const meta = {
    ...(kind === "plan" && type.timeouts !== undefined && { _new_extra_shim: {} }),
    ...(type.timeouts !== undefined && { [timeoutsKey]: nanoseconds(type.timeouts, own) }),
    ...(kind !== "plan" && version !== undefined && { schema_version: String(version) }),
  };
  return Object.keys(meta).length === 0 ? {} : { __meta: JSON.stringify(meta) };
}

/** How long an operation may take, in seconds. */
export function timeoutOf(timeouts: Timeouts | undefined, own: OwnTimeout): number {
  return own.seconds > 0 ? own.seconds : (timeouts?.[own.kind] ?? defaultTimeout);
}

/** Terraform's older SDK gives 20 minutes where a type says nothing. */
const defaultTimeout = 1200;

function nanoseconds(timeouts: Timeouts, own: OwnTimeout | undefined): Record<string, number> {
  const all = { ...timeouts, ...(own !== undefined && own.seconds > 0 && { [own.kind]: own.seconds }) };
  const sorted = Object.entries(all).toSorted(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(sorted.map(([kind, seconds]) => [kind, seconds * 1e9]));
}
