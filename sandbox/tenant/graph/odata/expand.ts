import { badRequest, notImplemented } from "../errors.ts";

/** What a `$expand` names. */
export interface ExpandedName {
  readonly name: string;
  /** A nested `$select`, unchecked. */
  readonly select?: string;
}

/**
 * Reads a `$expand`: one relationship, with a nested `$select` where one is given.
 *
 * @throws GraphError
 */
export function readExpand(value: string): ExpandedName {
  const [, name = "", , options] = /^(\w+)(\(([^()]*)\))?$/.exec(value.trim()) ?? [];
  if (name === "") throw refusal(value);
  if (options === undefined) return { name };
  const [, select] = /^\$select=([\w,\s]+)$/.exec(options) ?? [];
  if (select === undefined) throw notImplemented(`'${options}' inside $expand`);
  return { name, select };
}

function refusal(value: string): Error {
  return value.includes(",")
    ? badRequest("The query cannot expand more than one relationship.", "Request_UnsupportedQuery")
    : badRequest(`Parsing OData Select and Expand failed: '${value}' cannot be read.`, "BadRequest");
}
