import type { Dialect } from "./dialect.ts";
import { type Field, type Shape, terraformName } from "./schema.ts";

/** Where a value is, in the plugin's terms and in Pulumi's. */
export interface Place {
  readonly terraform: string;
  readonly pulumi: string;
  /** Inside a set, whose elements have no place of their own in messages. */
  readonly inSet: boolean;
}

/** The whole of the inputs. */
export const nowhere: Place = { terraform: "", pulumi: "", inSet: false };

/** The place of a member. */
export function step(place: Place, name: string, field: Field | undefined): Place {
  const terraform = terraformName(name, field);
  const single = field?.kind === "object" ? `${terraform}.0` : terraform;
  return {
    ...place,
    terraform: join(place.terraform, single),
    pulumi: place.inSet ? place.pulumi : join(place.pulumi, name),
  };
}

function join(left: string, right: string): string {
  return left === "" ? right : `${left}.${right}`;
}

/** The place of an element. */
export function indexed(place: Place, index: number, shape: Shape, dialect: Dialect): Place {
  const inSet = place.inSet || shape.kind === "set";
  return {
    ...place,
    inSet,
    terraform: dialect === "sdk" ? `${place.terraform}.${index}` : `${place.terraform}[${index}]`,
    pulumi: inSet ? place.pulumi : `${place.pulumi}[${index}]`,
  };
}
