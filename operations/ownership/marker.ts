import { shellArgument } from "../../common/shellArgument.ts";
import * as v from "valibot";
import { markerName, markerUsedName } from "../../common/marker.ts";
import { childTypes, componentType } from "../../common/typeTokens.ts";
import type { StackResource } from "../../stack/resource.ts";
import { parseUrn } from "../../stack/urn.ts";
import { textOf } from "../../stack/values.ts";

/** The marker that a component's state holds. */
export interface Marker {
  readonly value: string;
  readonly urn: string;
  /**
   * Whether a state has known an application with it. Its description was public then, so the marker proves nothing about
   * another application.
   */
  readonly isUsed: boolean;
}

/**
 * The marker of a component; undefined where the state has none: before the first update, and since release 0.1.0.
 *
 * An application may have been known although the record of that is missing: where an update failed between the two, the
 * state has the application, and where a `destroy` failed, the component has its outputs still.
 *
 * @param component the component's name
 * @param known what the state has of the component and below it
 */
export function markerOf(component: string, known: readonly StackResource[]): Marker | undefined {
  const standing = known.filter((resource) => !resource.delete);
  const uuids = known.filter(({ type }) => type === childTypes.randomUuid);
  const marker = uuids.find(
    ({ urn, delete: isLeaving }) => !isLeaving && parseUrn(urn).name === markerName(component),
  );
  const value = marker && textOf(marker.outputs, "result");
  if (marker === undefined || value === undefined) return undefined;
  const records = uuids
    .filter(({ urn }) => parseUrn(urn).name === markerUsedName(component))
    .flatMap(({ inputs }) => (v.is(UsedRecord, inputs) ? [inputs.keepers] : []));
  const hasApplication = standing.some(
    ({ type, outputs }) =>
      type === childTypes.application && textOf(outputs, "description")?.endsWith(value) === true,
  );
  const lastClientId = standing
    .filter(({ type, urn }) => type === componentType && parseUrn(urn).name === component)
    .map(({ outputs }) => textOf(outputs, "appId"))
    .at(0);
  const isRecorded = records.some(({ clientId }) => clientId === lastClientId);
  const isUsed =
    hasApplication ||
    records.some(({ marker: recorded }) => recorded === value) ||
    (lastClientId !== undefined && !isRecorded);
  return { value, urn: marker.urn, isUsed };
}

const UsedRecord = v.object({ keepers: v.object({ marker: v.string(), clientId: v.string() }) });

/** How the marker is replaced by one that nobody has seen; works in bash and PowerShell. */
export function replaceMarkerCommand({ urn }: Marker): string {
  return `pulumi up --replace ${shellArgument(urn, "URN")}`;
}
