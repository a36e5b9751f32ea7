import { badRequest } from "../errors.ts";

/** A relationship that a `$expand` names. */
export interface ExpandedName {
  readonly name: string;
  /** A nested `$select`, unchecked. */
  readonly select?: string;
}

/**
 * Reads a `$expand`: relationships, each with a nested `$select` where one is given. Graph documents that it nests no other
 * option in an expansion of the directory's objects, but `$levels` for a user's manager.
 *
 * Source: Graph's known issue 13635, and "List manager".
 *
 * @throws GraphError
 */
export function readExpand(value: string): readonly ExpandedName[] {
  return value.split(/,(?![^()]*\))/).map(readOne);
}

function readOne(value: string): ExpandedName {
  const [, name = "", , options] = /^(\w+)(\((.*)\))?$/.exec(value.trim()) ?? [];
  if (name === "") {
    throw badRequest(`Parsing OData Select and Expand failed: '${value}' cannot be read.`, "BadRequest");
  }
  if (options === undefined) return { name };
  const nested = new Map(options.split(";").map((option) => nestedOption(option.trim())));
  for (const [option] of nested) {
    if (option === "$select" || (option === "$levels" && name.toLowerCase() === "manager")) continue;
    throw badRequest(
      `The query option '${option}' is not supported inside $expand of '${name}'.`,
      "Request_UnsupportedQuery",
    );
  }
  const select = nested.get("$select");
  return select === undefined ? { name } : { name, select };
}

function nestedOption(option: string): readonly [string, string] {
  const [, name, value = ""] = /^(\$?\w+)=(.*)$/.exec(option) ?? [];
  if (name === undefined) {
    throw badRequest(`Parsing OData Select and Expand failed: '${option}' cannot be read.`, "BadRequest");
  }
  return [name.startsWith("$") ? name : `$${name}`, value];
}
