import type { PublicComponent } from "../../stack/components.ts";
import type { GrantedRoles } from "../grant/askExchange.ts";
import { shownRole, timedRolesOf } from "./declaredTimedRoles.ts";
import { timedRoleCheck } from "./timedRoleFindings.ts";

/** One role with an end. */
export interface TimedRoleStatus {
  readonly role: string;
  /** As declared. */
  readonly until: string;
  /** Whole days until it ends, in the program or in the tenant; negative once it has ended. */
  readonly daysLeft: number;
  /** Whether the application has it now; absent where the tenant was not read. */
  readonly held?: boolean;
  /** When it ends in the tenant, which may be earlier; null for never, and absent where the application does not have it. */
  readonly endsAt?: string | null;
}

/** What `status` tells of a component's roles with an end; nothing where it declares none. */
export interface TimedRolesStatus {
  readonly timedRoles?: readonly TimedRoleStatus[];
  /** Why the tenant was not read. */
  readonly timedRolesNotRead?: string;
}

const dayMs = 86_400_000;

/** The roles that a component declares until a time, and what the tenant says of them. */
export function timedRolesStatus(
  component: Pick<PublicComponent, "record">,
  granted: Pick<GrantedRoles, "timedRoles" | "unread"> | undefined,
  now: Date,
): TimedRolesStatus {
  const declared = timedRolesOf(component.record);
  if (declared.length === 0) return {};
  const known = granted?.timedRoles;
  const unread = granted?.unread.find(({ check }) => check === timedRoleCheck);
  const notRead = granted === undefined ? "with --quiet, the tenant is not read" : unread?.reason;
  return {
    timedRoles: declared.map(({ roleTemplateId, until }): TimedRoleStatus => {
      const end = known?.find((one) => one.roleTemplateId === roleTemplateId)?.end;
      const ends = Math.min(Date.parse(until), typeof end === "string" ? Date.parse(end) : Infinity);
      return {
        role: shownRole(roleTemplateId),
        until,
        daysLeft: Math.floor((ends - now.getTime()) / dayMs),
        ...(known !== undefined && { held: end !== undefined }),
        ...(end !== undefined && { endsAt: end }),
      };
    }),
    ...(known === undefined && notRead !== undefined && { timedRolesNotRead: notRead }),
  };
}

/** When the first of a component's roles ends, as it declares it, in milliseconds since 1970; infinite for none. */
export function firstEnd({ timedRoles = [] }: TimedRolesStatus): number {
  return Math.min(
    ...timedRoles.map(({ until, endsAt }) =>
      Math.min(Date.parse(until), typeof endsAt === "string" ? Date.parse(endsAt) : Infinity),
    ),
    Infinity,
  );
}
