import { badRequest } from "../errors.ts";
import { textOf } from "../../json.ts";
import { nameOf } from "./names.ts";
import type { EntityType } from "../../model/entityType.ts";
import type { Predicate } from "./filter.ts";

/** Their words are compared; of any other property the beginning is. */
const byWord = new Set(["displayName", "description"]);

/**
 * Reads a `$search`: clauses `"PROPERTY:TEXT"` with `AND` and `OR` between them, of which `AND` binds tighter.
 *
 * Source: "Use the $search query parameter", https://learn.microsoft.com/graph/search-query-parameter.
 *
 * @throws GraphError
 */
export function parseSearch(search: string, type: EntityType): Predicate {
  const alternatives = search
    .split(/\s+OR\s+(?=")/)
    .map((alternative) =>
      alternative.split(/\s+AND\s+(?=")/).map((clause) => readClause(clause.trim(), type)),
    );
  return (object) => alternatives.some((clauses) => clauses.every((fits) => fits(object)));
}

function readClause(clause: string, type: EntityType): Predicate {
  const [, name, text = ""] = /^"(\w+):([^"]*)"$/.exec(clause) ?? [];
  if (name === undefined) throw badRequest(`Invalid $search clause: '${clause}'.`, "BadRequest");
  const property =
    nameOf(type.filterable, name) ?? (name.toLowerCase() === "description" ? "description" : undefined);
  if (property === undefined || !Object.hasOwn(type.properties, property)) {
    throw badRequest(`Property '${name}' of '${type.name}' cannot be searched.`, "Request_UnsupportedQuery");
  }
  const wanted = wordsOf(text);
  return (object) => {
    const value = textOf(object[property]).toLowerCase();
    if (!byWord.has(property)) return value.startsWith(text.toLowerCase());
    const words = wordsOf(value);
    return wanted.every((one) => words.some((word) => word.startsWith(one)));
  };
}

function wordsOf(text: string): readonly string[] {
  return text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");
}
