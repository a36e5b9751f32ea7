import type * as pulumi from "@pulumi/pulumi";
import * as v from "valibot";

import { isGuid } from "../../common/guid.ts";
import { type ReportProblem, reportRepeated, show } from "../problems.ts";
import { inputOf, isWellFormed, mustBe, parse, parseList, textUpTo } from "./shape.ts";

const defaultDisplayName = "Exchange Online automation";

/** Source: Microsoft Graph, resource type application. */
const maximumDisplayNameLength = 256;

/** Source: Microsoft Graph, resource type servicePrincipal. */
const maximumNotesLength = 1024;

const displayNameProblem = mustBe(
  `be a text of 1 to ${maximumDisplayNameLength} characters`,
  `Leave it out to use ${show(defaultDisplayName)}.`,
  (value) => lengthAbove(maximumDisplayNameLength, value),
);
const DisplayName = v.optional(
  inputOf(v.pipe(textUpTo(maximumDisplayNameLength, displayNameProblem), v.regex(/\S/, displayNameProblem))),
  defaultDisplayName,
);

const Notes = v.optional(
  inputOf(
    textUpTo(
      maximumNotesLength,
      mustBe(`be a text of at most ${maximumNotesLength} characters`, "Shorten it.", (value) =>
        lengthAbove(maximumNotesLength, value),
      ),
    ),
  ),
);

/** YAML reads `7` as a number; it is a text here. */
const Item = v.pipe(
  v.unknown(),
  v.transform((value) => (typeof value === "string" ? value : show(value))),
);

const Tag = inputOf(
  v.pipe(
    Item,
    v.check(
      (tag) => tag.trim() !== "" && isWellFormed(tag),
      mustBe("be a text", 'Give one such as "automation".'),
    ),
  ),
);

const Owner = inputOf(
  v.pipe(
    Item,
    v.check(
      isGuid,
      mustBe("be an object ID", "Give the GUID of a user or service principal, as Entra shows it."),
    ),
  ),
);

/** Checks the display name. */
export function resolveDisplayName(value: unknown, report: ReportProblem): pulumi.Input<string> {
  return parse(DisplayName, value, "displayName", report) ?? defaultDisplayName;
}

/** Checks the notes. */
export function resolveNotes(value: unknown, report: ReportProblem): pulumi.Input<string> | undefined {
  return parse(Notes, value, "notes", report);
}

/** Checks the tags. */
export function resolveTags(
  value: unknown,
  report: ReportProblem,
): readonly pulumi.Input<string>[] | undefined {
  return resolveTexts(Tag, value, "tags", report);
}

/** Checks the owners' object IDs. */
export function resolveOwners(
  value: unknown,
  report: ReportProblem,
): readonly pulumi.Input<string>[] | undefined {
  return resolveTexts(Owner, value, "owners", report);
}

/** Checks a GUID that an argument takes. */
export function resolveGuid(
  path: string,
  value: unknown,
  hint: string,
  report: ReportProblem,
): pulumi.Input<string> | undefined {
  const message = mustBe("be a GUID", hint);
  const schema = v.optional(inputOf(v.pipe(v.string(message), v.check(isGuid, message))));
  return parse(schema, value, path, report);
}

function resolveTexts(
  schema: v.GenericSchema<unknown, pulumi.Input<string>>,
  value: unknown,
  path: string,
  report: ReportProblem,
): readonly pulumi.Input<string>[] | undefined {
  if (value === undefined) return undefined;
  const items = parseList(value, path, "a list of texts", report, (item, at) =>
    parse(schema, item, at, report),
  );
  const known = items?.map((item, index) => (typeof item === "string" ? item : `(${index})`)) ?? [];
  reportRepeated(known, path, "value", report);
  return items?.filter((item) => item !== undefined);
}

function lengthAbove(maximumLength: number, value: unknown): string {
  return typeof value === "string" && isWellFormed(value) && value.length > maximumLength
    ? String(value.length)
    : show(value);
}
