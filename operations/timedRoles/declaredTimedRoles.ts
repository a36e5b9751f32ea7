import { roleName } from "../../microsoft/roles.ts";
import type { PublicComponent } from "../../stack/components.ts";
import type { RecordState } from "../../stack/record.ts";

/** A role of Entra that a component declares until a time. */
export interface DeclaredTimedRole {
  readonly roleTemplateId: string;
  /** RFC 3339 in UTC. */
  readonly until: string;
}

/** The roles until a time that a record has; none where nobody knows what it declares. */
export function timedRolesOf(record: RecordState): readonly DeclaredTimedRole[] {
  return record.kind === "known" ? (record.record.timedRoles ?? []) : [];
}

/** The roles without an end that a component's record has. */
export function lastingRolesOf({ record }: Pick<PublicComponent, "record">): readonly string[] {
  return record.kind === "known" ? record.record.roleTemplateIds : [];
}

/** Those that have not ended. */
export function runningRoles(
  declared: readonly DeclaredTimedRole[],
  now: number,
): readonly DeclaredTimedRole[] {
  return declared.filter(({ until }) => Date.parse(until) > now);
}

/** A role's name as messages show it. */
export function shownRole(roleTemplateId: string): string {
  return roleName(roleTemplateId) ?? `role ${roleTemplateId}`;
}
