import { textOf, type Json } from "../json.ts";
import type { ExchangeCommand } from "./command.ts";
import { invalidCommand } from "./errors.ts";
import { configurationViews, organizationManagers, roleGroupReaders } from "./roles.ts";

/** What the commands have in common that read who may do what. */
export const reading = {
  services: ["exchangeOnline", "securityAndCompliance"],
  roles: roleGroupReaders,
  managementRoles: configurationViews,
} as const satisfies Partial<ExchangeCommand>;

/** What those have in common that change it. Exchange Administrator opens Exchange Online alone. */
export const writing = {
  services: ["exchangeOnline", "securityAndCompliance"],
  roles: organizationManagers,
  managementRoles: ["Role Management"],
} as const satisfies Partial<ExchangeCommand>;

/** Management scopes are a thing of Exchange Online. */
export const exchangeOnly = { services: ["exchangeOnline"] } as const;

/** The longest name of a role group, a role assignment or a management scope. */
export const maxNameLength = 64;

/** A name that is not too long. @throws ExchangeError */
export function checkedName(name: string, what: string): string {
  if (name.length <= maxNameLength) return name;
  throw invalidCommand(
    `The name "${name}" of the ${what} is too long. The maximum length is ${maxNameLength} characters.`,
  );
}

/** A parameter that takes one text or several. */
export function textsOf(value: Json | undefined): readonly string[] {
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? value.map((item: Json) => textOf(item)) : [];
}
