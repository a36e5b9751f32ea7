import * as pulumi from "@pulumi/pulumi";

import { isGuid } from "../../common/guid.ts";
import { type Report, reportRepeated, show } from "../problems.ts";

const defaultDisplayName = "Exchange Online automation";

/** Source: Microsoft Graph, resource type application. */
const maximumDisplayNameLength = 256;

/** Source: Microsoft Graph, resource type servicePrincipal. */
const maximumNotesLength = 1024;

/** Checks the display name. */
export function resolveDisplayName(value: unknown, report: Report): pulumi.Input<string> {
  if (value === undefined) return defaultDisplayName;
  if (isDeferred(value)) return value;
  if (typeof value !== "string" || value.trim() === "") {
    report(
      "displayName",
      `is empty, got ${show(value)}. Give a name, or leave it out for ${show(defaultDisplayName)}.`,
    );
    return defaultDisplayName;
  }
  if (value.length > maximumDisplayNameLength) {
    report(
      "displayName",
      `is longer than the ${maximumDisplayNameLength} characters that Entra takes, got ${value.length}. Shorten it.`,
    );
  }
  return value;
}

/** Checks the notes. */
export function resolveNotes(value: unknown, report: Report): pulumi.Input<string> | undefined {
  if (value === undefined || isDeferred(value)) return value;
  if (typeof value === "string" && value.length <= maximumNotesLength) return value;
  const got = typeof value === "string" ? value.length : show(value);
  report("notes", `must be a text of at most ${maximumNotesLength} characters, got ${got}. Shorten it.`);
  return undefined;
}

/** Checks the tags. */
export function resolveTags(value: unknown, report: Report): readonly pulumi.Input<string>[] | undefined {
  return resolveList("tags", value, report, (tag, path) => {
    if (tag.trim() === "") report(path, `is empty, got ${show(tag)}. Give a text such as "automation".`);
  });
}

/** Checks the owners' object ids. */
export function resolveOwners(value: unknown, report: Report): readonly pulumi.Input<string>[] | undefined {
  return resolveList("owners", value, report, (owner, path) => {
    if (isGuid(owner)) return;
    report(
      path,
      `is no object id, got ${show(owner)}. Give the GUID of a user or service principal, as Entra shows it.`,
    );
  });
}

/** Checks a GUID that an argument takes. */
export function resolveGuid(
  path: string,
  value: unknown,
  hint: string,
  report: Report,
): pulumi.Input<string> | undefined {
  if (value === undefined || isDeferred(value) || (typeof value === "string" && isGuid(value))) return value;
  report(path, `is no GUID, got ${show(value)}. ${hint}`);
  return undefined;
}

function resolveList(
  path: string,
  value: unknown,
  report: Report,
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

/** Whether a value is known only later; it is checked by Entra then. */
function isDeferred(value: unknown): value is pulumi.Output<string> | Promise<string> {
  return pulumi.Output.isInstance(value) || value instanceof Promise;
}
