import { createHash } from "node:crypto";
import { clipped } from "../../common/foreignText.ts";
import type { DeclaredRole } from "./declaredRoles.ts";

/** Whose objects in Exchange are meant. */
export interface Owner {
  readonly project: string;
  readonly stack: string;
  /** The component's name. */
  readonly component: string;
  readonly servicePrincipalObjectId: string;
}

/** The longest name that Exchange takes. */
const maximumLength = 64;

/** The name of a component's own role group. No other component, of whatever stack, has the same. */
export function ownName(owner: Owner): string {
  return cut(`exo-auth ${owner.component}`, ` ${ownerHash(owner)}`);
}

/**
 * What Exchange's service principal of a component is called. Cmdlets take a service principal by this name, too, so it is
 * not the role group's.
 */
export function principalName(owner: Owner): string {
  return cut(`exo-auth application of ${owner.component}`, ` ${ownerHash(owner)}`);
}

/** The name of the assignment of a role. A role over other recipients is another assignment. */
export function assignmentName(owner: Owner, role: DeclaredRole): string {
  const { recipientFilter = "", administrativeUnit = "" } = role;
  const over = hash([role.role.toLowerCase(), recipientFilter, administrativeUnit], 8);
  return cut(role.role, `${marked(owner)}${over}`);
}

/** The name of the management scope of a filter, which the roles with the same filter share. */
export function scopeName(owner: Owner, recipientFilter: string): string {
  return cut(`exo-auth ${owner.component}`, `${marked(owner)}${hash([recipientFilter], 8)}`);
}

/** Whether an assignment or a scope of this name was made for the component. */
export function isOwn(owner: Owner, name: string): boolean {
  return new RegExp(`${ownEnding(owner)}$`).test(name);
}

/** How the names of the component's assignments and scopes end, as a regular expression. */
export function ownEnding(owner: Owner): string {
  return `${marked(owner)}[0-9a-f]{8}`;
}

function marked(owner: Owner): string {
  return ` ${ownerHash(owner)} `;
}

function ownerHash({ project, stack, component, servicePrincipalObjectId }: Owner): string {
  return hash([project, stack, component, servicePrincipalObjectId.toLowerCase()], 10);
}

function hash(parts: readonly string[], length: number): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, length);
}

function cut(start: string, end: string): string {
  return `${clipped(start, maximumLength - end.length).trimEnd()}${end}`;
}
