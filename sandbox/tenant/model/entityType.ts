import type { Json } from "../json.ts";
import type { PropertyTable } from "./property.ts";

/** A Graph type. */
export interface EntityType {
  /** Without the namespace, such as `application`. */
  readonly name: string;
  readonly properties: PropertyTable;
  /** Properties that only `/beta` has. */
  readonly beta?: PropertyTable;
  /** What a read answers without `$select`; everything where it is left out. */
  readonly selectedByDefault?: readonly string[];
  /** What it answers with `$select` alone, where `selectedByDefault` does not say. @default none */
  readonly selectedOnly?: readonly string[];
  /** What `$filter` may name; dotted for `any`. */
  readonly filterable: readonly string[];
  /** Navigation properties that a create may bind, as in `owners@odata.bind`. */
  readonly bindable?: readonly string[];
}

/** The properties of a type in one version of Graph. */
export function propertiesOf(type: EntityType, version: "v1.0" | "beta"): PropertyTable {
  return version === "beta" ? { ...type.properties, ...type.beta } : type.properties;
}

/** What a read of a type answers without `$select`. */
export function defaultSelection(type: EntityType, version: "v1.0" | "beta"): readonly string[] {
  const { selectedByDefault, selectedOnly = [] } = type;
  const all = Object.keys(propertiesOf(type, version));
  return selectedByDefault ?? all.filter((name) => !selectedOnly.includes(name));
}

/** What a new object of this type is before its creator has said anything. */
export function initialValues(properties: PropertyTable): Record<string, Json> {
  return Object.fromEntries(Object.entries(properties).map(([name, property]) => [name, property.initial]));
}
