import { text, type Shape } from "../protocol/schema.ts";
import { inHashOrder } from "../protocol/setOrder.ts";
import type { Properties } from "../protocol/values.ts";
import { objectsIn, stringsIn } from "./json.ts";

/** A set of texts in the order in which the official plugin sends it. */
export function setIn(properties: Properties, name: string): string[] {
  return inHashOrder(stringsIn(properties, name), text);
}

/** A set of tags or owners: their checksums are over nothing but the text. */
export function plainSetIn(properties: Properties, name: string): string[] {
  return inHashOrder(stringsIn(properties, name), text, true);
}

/** A set of objects in the order in which the official plugin sends it. */
export function objectSetIn(properties: Properties, name: string, shape: Shape | undefined): Properties[] {
  return inHashOrder(objectsIn(properties, name), shape ?? text);
}
