import type { FleetChanges } from "./fleetChanges.ts";
import type { FleetDocument } from "./fleetDocument.ts";
import type { BrokenDocument } from "./fleetFolder.ts";
import { byUrgency, type FleetTenant, fleetTenant, type TenantState, tenantStates } from "./fleetTenant.ts";

/** Many stacks at a glance. */
export interface FleetSummary {
  /** When this was made; days and states are counted from here. */
  readonly made: string;
  /** How many stacks are in each state. */
  readonly totals: Readonly<Record<TenantState, number>>;
  /** The worst first. */
  readonly tenants: readonly FleetTenant[];
  /** Files that are no documents, so that nobody knows which stacks they hide. */
  readonly broken: readonly BrokenDocument[];
}

/** A summary of a folder's documents, compared with an earlier folder's if one was given. */
export interface FleetReport extends FleetSummary {
  readonly changes?: FleetChanges;
}

/** Puts documents together. */
export function fleetSummary(
  documents: readonly FleetDocument[],
  broken: readonly BrokenDocument[],
  now: Date,
): FleetSummary {
  const tenants = documents.map((document) => fleetTenant(document, now)).toSorted(byUrgency);
  const count = (state: TenantState): number => tenants.filter((tenant) => tenant.state === state).length;
  return {
    made: now.toISOString(),
    totals: Object.fromEntries(tenantStates.map((state) => [state, count(state)])) as FleetSummary["totals"],
    tenants,
    broken,
  };
}
