import { isDescribedAsOwn, markedDescription } from "../../common/marker.ts";
import type { Marker } from "./marker.ts";

/** What an application's description says about who made it. */
export type Provenance =
  /** It carries the marker that the state holds. */
  | "marked"
  /** It names the component, without a marker: so did release 0.1.0, and so can anybody who may register applications. */
  | "unmarked"
  /** It names the component, with a marker that the state does not hold. */
  | "markedOtherwise"
  /** It names something else. */
  | "other";

/**
 * Reads an application's description.
 *
 * @param own what the descriptions of the component's applications begin with
 */
export function provenance(
  description: string | null | undefined,
  own: string,
  marker: Marker | undefined,
): Provenance {
  // After a stack was renamed, its applications carry the marker and the old name.
  if (
    marker !== undefined &&
    description?.startsWith("exchange-auth ") &&
    description.endsWith(markedDescription("", marker.value))
  )
    return "marked";
  if (description === own) return "unmarked";
  return isDescribedAsOwn(description, own) ? "markedOtherwise" : "other";
}
