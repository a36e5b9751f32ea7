import { createHash } from "node:crypto";
import type { ManagementRoleAssignment, TenantState } from "../state.ts";
import type { ExchangeService } from "./services.ts";

/** Where the names of Exchange's own objects are unique. */
type Place = readonly [tenant: Pick<TenantState, "id">, service: ExchangeService];

/** The GUID of a management role. */
export function roleGuid([{ id }, service]: Place, name: string): string {
  return guidOf(id, service, "role", name.toLowerCase());
}

/** The GUID of a role assignment: another one where it was made again. */
export function assignmentGuid(
  [{ id }, service]: Place,
  { name, since }: Pick<ManagementRoleAssignment, "name" | "since">,
): string {
  return guidOf(id, service, "assignment", name.toLowerCase(), since);
}

/** The GUID of a management scope. */
export function scopeGuid([{ id }, service]: Place, name: string): string {
  return guidOf(id, service, "scope", name.toLowerCase());
}

/** The same GUID for the same parts: what is built in is in no data file. */
function guidOf(...parts: readonly string[]): string {
  const hash = createHash("sha256").update(JSON.stringify(parts)).digest("hex");
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-4${hash.slice(13, 16)}-a${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
}
