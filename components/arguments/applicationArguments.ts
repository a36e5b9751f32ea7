import type * as pulumi from "@pulumi/pulumi";

import { isGuid } from "../../common/guid.ts";
import { isDeferred, type ReportProblem, reportRepeated, show } from "../problems.ts";

const defaultDisplayName = "Exchange Online automation";

/** Source: Microsoft Graph, resource type application. */
const maximumDisplayNameLength = 256;

/** Source: Microsoft Graph, resource type servicePrincipal. */
const maximumNotesLength = 1024;

/** Checks the display name. */
export function resolveDisplayName(value: unknown, report: ReportProblem): pulumi.Input<string> {
  if (value === undefined) return defaultDisplayName;
  if (isDeferred(value)) return value;
  if (isText(value, maximumDisplayNameLength) && value.trim() !== "") return value;
  const got =
    typeof value === "string" && value.length > maximumDisplayNameLength ? value.length : show(value);
  report(
    "displayName",
    `must be a text of 1 to ${maximumDisplayNameLength} characters, got ${got}. Leave it out for ${show(defaultDisplayName)}.`,
  );
  return defaultDisplayName;
}

/** Checks the notes. */
export function resolveNotes(value: unknown, report: ReportProblem): pulumi.Input<string> | undefined {
  if (value === undefined || isDeferred(value)) return value;
  if (isText(value, maximumNotesLength)) return value;
  const got = typeof value === "string" && isWellFormed(value) ? value.length : show(value);
  report("notes", `must be a text of at most ${maximumNotesLength} characters, got ${got}. Shorten it.`);
  return undefined;
}

/** Checks the tags. */
export function resolveTags(
  value: unknown,
  report: ReportProblem,
): readonly pulumi.Input<string>[] | undefined {
  return resolveList("tags", value, report, (tag, path) => {
    if (tag.trim() !== "" && isWellFormed(tag)) return;
    report(path, `must be a text, got ${show(tag)}. Give one such as "automation".`);
  });
}

/** Checks the owners' object ids. */
export function resolveOwners(
  value: unknown,
  report: ReportProblem,
): readonly pulumi.Input<string>[] | undefined {
  return resolveList("owners", value, report, (owner, path) => {
    if (isGuid(owner)) return;
    report(
      path,
      `must be an object id, got ${show(owner)}. Give the GUID of a user or service principal, as Entra shows it.`,
    );
  });
}

/** Checks a GUID that an argument takes. */
export function resolveGuid(
  path: string,
  value: unknown,
  hint: string,
  report: ReportProblem,
): pulumi.Input<string> | undefined {
  if (value === undefined || isDeferred(value) || (typeof value === "string" && isGuid(value))) return value;
  report(path, `must be a GUID, got ${show(value)}. ${hint}`);
  return undefined;
}

function resolveList(
  path: string,
  value: unknown,
  report: ReportProblem,
  check: (item: string, path: string) => void,
): readonly pulumi.Input<string>[] | undefined {
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) {
    report(path, `must be a list, got ${show(value)}. Give a list of texts, or leave it out.`);
    return undefined;
  }
  const items = value.map((item: unknown, index): pulumi.Input<string> => {
    if (isDeferred(item)) return item;
    check(typeof item === "string" ? item : show(item), `${path}[${index}]`);
    return typeof item === "string" ? item : show(item);
  });
  const known = items.map((item, index) => (typeof item === "string" ? item : `(${index})`));
  reportRepeated(known, path, "value", report);
  return items;
}

/** A lone half of a character is no text that Pulumi's engine, or Entra, takes. */
function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}

/** Whether a value is text of at most so many UTF-16 units, as Entra counts, and no character of it is cut in half. */
export function isText(value: unknown, maximumLength: number): value is string {
  return typeof value === "string" && isWellFormed(value) && value.length <= maximumLength;
}
