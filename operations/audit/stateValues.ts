import { hasSealed, SealedValue } from "../../stack/sealedValues.ts";
import { plain, type Properties } from "../../stack/values.ts";

/**
 * The properties of a state's resource, their secrets laid open. To read one that was exported without its secrets throws a
 * `SealedValue`: a rule must not take it for one that is not there.
 *
 * @param owner whose they are, in words
 * @param noted hears of each that is read
 */
export function opened(
  values: Properties,
  owner: string,
  noted: (name: string) => void = () => undefined,
): Properties {
  const properties: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(values)) {
    const get = (): unknown => {
      noted(name);
      if (hasSealed(value)) throw new SealedValue(name, owner);
      return plain(value);
    };
    Object.defineProperty(properties, name, { enumerable: true, get });
  }
  return properties;
}

/** Whether an id, or a path that ends in one, is this object's. */
export function isSame(value: unknown, objectId: string): boolean {
  return text(value).split("/").at(-1)?.toLowerCase() === objectId.toLowerCase();
}

/** A text; empty where it is none. */
export function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** The texts of a list. */
export function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
