import { textOf } from "../json.ts";
import type { DirectoryEntity } from "../state.ts";
import { invalidCommand } from "./errors.ts";

/** The properties of a mailbox that a filter may ask for, in lower case, and where a user has them. */
const properties: Readonly<Record<string, string>> = {
  alias: "mailNickname",
  city: "city",
  company: "companyName",
  department: "department",
  displayname: "displayName",
  office: "officeLocation",
  primarysmtpaddress: "mail",
  title: "jobTitle",
  userprincipalname: "userPrincipalName",
};

/** One comparison of a filter. */
const comparison = /^\s*\(?\s*(\w+)\s+-(eq|ne|like)\s+(?:'((?:[^']|'')*)'|"([^"]*)")\s*\)?\s*$/i;

/**
 * Whether a recipient fits a filter in OPATH: comparisons with `-eq`, `-ne` and `-like`, joined by `-and` and `-or`
 * without parentheses around several of them.
 *
 * @throws ExchangeError where the filter is another one
 */
export function fitsFilter(filter: string, recipient: DirectoryEntity): boolean {
  return filter
    .split(/\s+-or\s+/i)
    .some((all) => all.split(/\s+-and\s+/i).every((one) => compares(one, recipient, filter)));
}

/** Refuses a filter that cannot be read. @throws ExchangeError */
export function checkFilter(filter: string): void {
  fitsFilter(filter, { id: "" });
  for (const one of filter.split(/\s+-(?:or|and)\s+/i)) compares(one, { id: "" }, filter);
}

function compares(text: string, recipient: DirectoryEntity, filter: string): boolean {
  const [, name = "", operator = "", single, double = ""] = comparison.exec(text) ?? [];
  const property = properties[name.toLowerCase()];
  if (property === undefined) {
    throw invalidCommand(
      `The recipient filter "${filter}" is not valid. Failed to parse "${text.trim()}": the sandbox knows -eq, -ne and -like with ${Object.keys(properties).join(", ")}.`,
    );
  }
  const wanted = (single?.replaceAll("''", "'") ?? double).toLowerCase();
  const value = textOf(recipient[property]).toLowerCase();
  if (operator.toLowerCase() === "eq") return value === wanted;
  if (operator.toLowerCase() === "ne") return value !== wanted;
  const [start = "", ...rest] = wanted.split("*");
  return rest.length === 0 ? value === wanted : value.startsWith(start) && value.endsWith(rest.at(-1) ?? "");
}
