import type { Fields, Shape } from "./schema.ts";
import { inStateOrder } from "./setOrder.ts";
import { hasUnknown, isProperties, unknown, type Properties, type Value } from "./values.ts";

/**
 * The state after a create or an update: what the plugin read back, but with what Terraform insists on from the plan.
 *
 * A set that was planned in full stays as planned, whatever came back, and an empty collection that nobody asked for
 * stays absent until the next refresh. Source: normalizeNullValues in helper/schema/grpc_provider.go of Terraform's
 * plugin SDK.
 */
export function appliedState(fields: Fields, state: Properties, planned: Properties): Properties {
  const entries = Object.entries(fields).map(([name, field]) => {
    return [name, settle(field, state[name] ?? null, planned[name] ?? null)];
  });
  return Object.fromEntries(entries);
}

/** The state as a refresh or an import shows it: nothing but what the plugin read, sets in Terraform's order. */
export function readState(fields: Fields, state: Properties): Properties {
  const entries = Object.entries(fields).map(([name, field]) => [name, inOrder(field, state[name] ?? null)]);
  return Object.fromEntries(entries);
}

/** What the bridge hands a plugin of a plan: what is not known yet counts as not given. */
export function withoutUnknowns(planned: Properties): Properties {
  const entries = Object.entries(planned).map(([name, value]) => [name, value === unknown ? null : value]);
  return Object.fromEntries(entries);
}

function settle(shape: Shape, value: Value, planned: Value): Value {
  if (planned === null) return isEmptyAttribute(shape, value) ? null : inOrder(shape, value);
  if (hasUnknown(planned)) return inOrder(shape, value);
  if (shape.kind === "set") return planned;
  if (shape.kind === "object" && isProperties(value) && isProperties(planned)) {
    return appliedState(shape.fields ?? {}, value, planned);
  }
  const element = shape.element;
  if (element?.kind === "object" && Array.isArray(value) && Array.isArray(planned)) {
    return value.map((item, index) => settle(element, item, planned[index] ?? null));
  }
  return inOrder(shape, value);
}

/** Collections of objects are blocks in Terraform, which are never absent. */
function isEmptyAttribute(shape: Shape, value: Value): boolean {
  return (
    shape.element !== undefined &&
    shape.element.kind !== "object" &&
    Array.isArray(value) &&
    value.length === 0
  );
}

function inOrder(shape: Shape, value: Value): Value {
  const element = shape.element;
  if (Array.isArray(value) && element !== undefined) {
    const items = value.map((item) => inOrder(element, item));
    return shape.kind === "set" ? inStateOrder(items) : items;
  }
  if (shape.kind !== "object" || !isProperties(value)) return value;
  return { ...value, ...readState(shape.fields ?? {}, value) };
}
