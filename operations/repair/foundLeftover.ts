import type { StackResource } from "../../stack/resource.ts";
import type { Properties } from "../../stack/values.ts";
import type { Leftover } from "./leftover.ts";

/** A leftover with what its import takes. */
export interface FoundLeftover {
  readonly leftover: Leftover;
  /** As azuread names it for an import. @default the leftover's id */
  readonly importId?: string;
  /** What Pulumi writes into the state instead of asking azuread, which does not read all of it. */
  readonly properties?: { readonly inputs: Properties; readonly outputs: Properties };
  /** What it becomes, where the plan does not have it. */
  readonly resource?: StackResource;
}
