import { badRequest, notImplemented } from "../errors.ts";

/** A relationship that a `$expand` names. */
export interface ExpandedName {
  readonly name: string;
  /** A nested `$select`, unchecked. */
  readonly select?: string;
}

/**
 * Reads a `$expand`: relationships, each with a nested `$select` where one is given.
 *
 * @throws GraphError
 */
export function readExpand(value: string): readonly ExpandedName[] {
  return value.split(/,(?![^()]*\))/).map(readOne);
}

function readOne(value: string): ExpandedName {
  const [, name = "", , options] = /^(\w+)(\(([^()]*)\))?$/.exec(value.trim()) ?? [];
  if (name === "") {
    throw badRequest(`Parsing OData Select and Expand failed: '${value}' cannot be read.`, "BadRequest");
  }
  if (options === undefined) return { name };
  const [, select] = /^\$select=([\w,\s]+)$/.exec(options) ?? [];
  if (select === undefined) throw notImplemented(`'${options}' inside $expand`);
  return { name, select };
}
