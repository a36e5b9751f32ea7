import type { GraphClient } from "../../graph/graphClient.ts";
import type { Removal } from "../../graph/removal.ts";
import { componentParts } from "./componentParts.ts";
import { findLeftovers } from "./findLeftovers.ts";
import { importFile } from "../../stack/importFile.ts";
import type { ImportFile } from "../../stack/importFile.ts";
import type { Leftover } from "./leftover.ts";
import type { StackResource } from "../../stack/resource.ts";
import { severalComponents } from "../../stack/components.ts";

/** What `repair` is asked to do. */
export interface RepairOptions {
  /** What the state has. */
  readonly known: readonly StackResource[];
  /** What the next update would create. */
  readonly planned: readonly StackResource[];
  /** Only this component. @default all */
  readonly component: string | undefined;
  readonly graph: GraphClient;
  /** Does what is found; left out where it is only shown. */
  readonly apply?: {
    readonly importInto: (file: ImportFile) => Promise<void>;
    readonly remove: (removal: Removal) => Promise<unknown>;
  };
}

/** What `repair` found, and whether it was done. */
export interface RepairResult {
  readonly repaired: boolean;
  readonly leftovers: readonly Leftover[];
}

/**
 * Finds what a stack's components made in the tenant and its state does not know, and imports or removes it.
 *
 * @throws ApiError, SignInError, Failure; before anything is done where several components are meant.
 */
export async function repair(options: RepairOptions): Promise<RepairResult> {
  const { known, planned, component, graph, apply } = options;
  const components = componentParts(known, planned).filter(
    ({ name }) => component === undefined || name === component,
  );
  if (apply !== undefined && components.length > 1)
    throw severalComponents(components.map(({ name }) => name));
  const found = await Promise.all(components.map((parts) => findLeftovers(graph, parts)));
  const leftovers = found.flat();
  if (apply === undefined || leftovers.every(({ action }) => action === "keep"))
    return { repaired: false, leftovers };
  // Pulumi refuses an import while an update runs, whose objects would look left over: so it comes first, even if empty.
  const imported = leftovers.filter(({ action }) => action === "import");
  await apply.importInto(importFile(imported, known, planned));
  for (const leftover of leftovers) if (leftover.action === "delete") await apply.remove(removalOf(leftover));
  return { repaired: true, leftovers };
}

function removalOf({ kind, id }: Leftover): Removal {
  if (kind !== "keyCredential") return { kind: "delete", path: id };
  const [objectId = "", keyId = ""] = id.split("/");
  return { kind: "certificate", holder: { collection: "applications", id: objectId }, keyId };
}
