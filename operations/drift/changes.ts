import { propertyKeys } from "../../stack/propertyPath.ts";

/** A property as the last update left it, and as it was found. */
export interface PropertyChange {
  /** As in `accountEnabled` or `requiredResourceAccesses[0].resourceAppId`. */
  readonly path: string;
  readonly declared: string;
  readonly found: string;
}

/** The changed properties of a resource, by the paths that the engine names. */
export function propertyChanges(
  paths: readonly string[],
  declared: Readonly<Record<string, unknown>>,
  found: Readonly<Record<string, unknown>>,
): readonly PropertyChange[] {
  return [...new Set(paths)].toSorted().map((path) => ({
    path,
    declared: show(valueAt(declared, path)),
    found: show(valueAt(found, path)),
  }));
}

/** A value as JSON; a secret, which the engine masks after it has compared it, by that word. */
function show(value: unknown): string {
  if (value === undefined || value === null) return "not set";
  return JSON.stringify(value).replaceAll('"[secret]"', "(secret)");
}

function valueAt(object: unknown, path: string): unknown {
  let value: unknown = object;
  for (const key of propertyKeys(path)) {
    if (isRecord(value)) value = value[key];
    else return undefined;
  }
  return value;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
