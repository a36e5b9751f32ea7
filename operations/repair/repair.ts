import type { GraphClient } from "../../graph/graphClient.ts";
import { usageFailure } from "../../common/failure.ts";
import { childTypes } from "../../common/typeTokens.ts";
import type { Removal } from "../../graph/removal.ts";
import { severalComponents } from "../../stack/selectComponents.ts";
import { type ImportFile, importFile } from "../../stack/importFile.ts";
import type { StackResource } from "../../stack/resource.ts";
import { replaceMarkerCommand } from "../ownership/marker.ts";
import { type ComponentParts, componentParts } from "../ownership/componentParts.ts";
import type { Deployer } from "./expected.ts";
import { findLeftovers } from "./findLeftovers.ts";
import { findRoleGroups, type LeftRoleGroup, type OpenRoles } from "./findRoleGroups.ts";
import type { FoundLeftover } from "./foundLeftover.ts";
import type { Leftover } from "./leftover.ts";
import { requireUnchanged } from "./requireUnchanged.ts";

/** What `repair` is asked to do. */
export interface RepairOptions {
  readonly graph: GraphClient;
  /** What the state has. */
  readonly known: readonly StackResource[];
  /** What the next update would create. */
  readonly planned: readonly StackResource[];
  /** Only this component. @default all */
  readonly component: string | undefined;
  readonly deployer: Deployer;
  /** Opens Exchange, where role groups may be left. @default Exchange is not read */
  readonly openRoles?: OpenRoles;
  /** What a person has decided about one leftover, by its object ID. */
  readonly choice?: { readonly kind: "adopt" | "delete"; readonly objectId: string };
  /** Does what is found; left out where it is only shown. */
  readonly apply?: {
    readonly importInto: (file: ImportFile) => Promise<void>;
    /** What the state has now, read again before a removal. */
    readonly knownNow: () => Promise<readonly StackResource[]>;
    readonly remove: (removal: Removal) => Promise<unknown>;
  };
}

/** What `repair` found, and whether it was done. */
export interface RepairResult {
  readonly repaired: boolean;
  readonly leftovers: readonly Leftover[];
  /** Markers that prove nothing any more, while their components have no application. */
  readonly usedMarkers: readonly UsedMarker[];
  /** Role groups in Exchange; absent where none is left. */
  readonly roleGroups?: readonly LeftRoleGroup[];
  /** Why services of Exchange were not read, for components that declare roles there; absent where they were. */
  readonly roleGroupsNotRead?: readonly string[];
}

/** A marker that must be replaced before an application is made. */
export interface UsedMarker {
  readonly component: string;
  /** The update that replaces it and makes the application. */
  readonly command: string;
}

/**
 * Finds what a stack's components made in the tenant and its state does not know, and imports it.
 *
 * Only what is proven to be the stack's own is imported by itself. All else is shown, and imported or deleted where a
 * person has decided so.
 *
 * @throws ApiError, SignInError, Failure; before anything is done where several components are meant, and before a removal
 *   of what is not as it was read.
 */
export async function repair(options: RepairOptions): Promise<RepairResult> {
  const { known, planned, component, deployer, choice, apply, openRoles } = options;
  const components = componentParts(known, planned).filter(
    ({ name }) => component === undefined || name === component,
  );
  if (apply !== undefined && components.length > 1)
    throw severalComponents(components.map(({ name }) => name));
  const adopted = choice?.kind === "adopt" ? choice.objectId : undefined;
  const look = async (): Promise<readonly FoundLeftover[]> =>
    (
      await Promise.all(components.map((parts) => findLeftovers(options.graph, parts, deployer, adopted)))
    ).flat();
  const found = decided(await look(), choice);
  const leftovers = found.map(({ leftover }) => leftover);
  const usedMarkers = components.flatMap((parts) => usedMarkerOf(parts));
  const inExchange = openRoles === undefined ? {} : await leftInExchange(components, openRoles);
  if (apply === undefined || leftovers.every(({ action }) => action === "keep"))
    return { repaired: false, leftovers, usedMarkers, ...inExchange };
  // Pulumi refuses an import while an update runs, whose objects would look left over: so it comes first, even if empty.
  const imported = found
    .filter(({ leftover }) => leftover.action === "import")
    .map(({ leftover, importId, properties }) => ({
      id: importId ?? leftover.id,
      ...(leftover.urn !== undefined && { urn: leftover.urn }),
      ...properties,
    }));
  const resources = found.flatMap(({ resource }) => resource ?? []);
  await apply.importInto(importFile(imported, known, [...planned, ...resources]));
  for (const leftover of leftovers.filter(({ action }) => action === "delete")) {
    const [inState, inTenant] = await Promise.all([apply.knownNow(), look()]);
    requireUnchanged(leftover, { known: inState, leftovers: inTenant.map((one) => one.leftover) });
    await apply.remove(removalOf(leftover));
  }
  return { repaired: true, leftovers, usedMarkers, ...inExchange };
}

async function leftInExchange(
  components: readonly ComponentParts[],
  openRoles: OpenRoles,
): Promise<Pick<RepairResult, "roleGroups" | "roleGroupsNotRead">> {
  const found = await Promise.all(components.map(async (parts) => findRoleGroups(parts, openRoles)));
  const roleGroups = found.flatMap((one) => one.roleGroups);
  const notRead = [...new Set(found.flatMap((one) => one.notRead))];
  return {
    ...(roleGroups.length > 0 && { roleGroups }),
    ...(notRead.length > 0 && { roleGroupsNotRead: notRead }),
  };
}

/** @throws Failure where what was chosen is not among what was found, or cannot be done */
function decided(found: readonly FoundLeftover[], choice: RepairOptions["choice"]): readonly FoundLeftover[] {
  if (choice === undefined) return found;
  const chosen = found.find(({ leftover }) => objectIdOf(leftover) === choice.objectId);
  const open = found.filter(({ leftover }) => leftover.reasons !== undefined);
  if (chosen === undefined) {
    const ids = open.map(({ leftover }) => objectIdOf(leftover));
    throw usageFailure(
      `--${choice.kind} must name something that was left over, got "${choice.objectId}". ${
        ids.length === 0 ? "There is nothing to decide." : `You can decide about: ${ids.join(", ")}.`
      }`,
    );
  }
  if (choice.kind === "adopt") {
    if (chosen.leftover.action === "import") return found;
    throw usageFailure(
      `--adopt names something that does not fit into the state, got "${choice.objectId}": ${(chosen.leftover.reasons ?? []).join("; ")}. Delete it with --delete, or leave it.`,
    );
  }
  if (chosen.leftover.reasons === undefined)
    throw usageFailure(
      `--delete names something that belongs to the stack, got "${choice.objectId}". Import it, and remove it with \`pulumi up\` or \`pulumi destroy\`.`,
    );
  const { urn: _, ...leftover } = chosen.leftover;
  return found.map((one) => (one === chosen ? { leftover: { ...leftover, action: "delete" } } : one));
}

/** By which `--adopt` and `--delete` name a leftover; of a keyCredential its key ID. */
function objectIdOf({ id }: Leftover): string {
  return id.split("/").at(-1) ?? "";
}

function usedMarkerOf({ name, marker, planned }: ComponentParts): readonly UsedMarker[] {
  const makesApplication = planned.some(({ type }) => type === childTypes.application);
  return marker?.isUsed && makesApplication
    ? [{ component: name, command: replaceMarkerCommand(marker) }]
    : [];
}

function removalOf({ kind, id }: Leftover): Removal {
  if (kind !== "keyCredential") return { kind: "delete", path: id };
  const [objectId = "", keyId = ""] = id.split("/");
  return { kind: "certificate", holder: { collection: "applications", id: objectId }, keyId };
}
