import { badRequest, notImplemented } from "../errors.ts";
import { textOf, type JsonObject } from "../../json.ts";
import { propertiesOf, type EntityType } from "../../model/entityType.ts";
import type { GraphVersion } from "../version.ts";
import { readExpand, type ExpandedName } from "./expand.ts";
import { parseFilter, type Predicate } from "./filter.ts";
import { nameOf } from "./names.ts";
import { parseSearch } from "./search.ts";

/** The system query options that this tenant knows. */
export type QueryOption =
  | "$select"
  | "$filter"
  | "$top"
  | "$count"
  | "$orderby"
  | "$expand"
  | "$search"
  | "$deltatoken";

/** What a query asks for. */
export interface Query {
  /** Undefined without `$select`. */
  readonly select?: readonly string[];
  readonly filter?: Predicate;
  /** The properties that the filter names. */
  readonly filtered?: ReadonlySet<string>;
  readonly search?: Predicate;
  /** What of the query is an advanced one of directory objects, which takes `ConsistencyLevel: eventual`. */
  readonly advanced?: string;
  readonly top?: number;
  /** Whether the number of all objects is asked for. */
  readonly count: boolean;
  readonly orderBy?: { readonly property: string; readonly descending: boolean };
  readonly expand?: readonly ExpandedName[];
  /** Which answer of a delta query this goes on from. */
  readonly deltaToken?: string;
  /** How many objects came before this page. */
  readonly skip: number;
}

const maxTop = 999;
const everything: Predicate = () => true;
const systemOptions = new Set([
  "$select",
  "$filter",
  "$top",
  "$count",
  "$orderby",
  "$expand",
  "$search",
  "$skip",
  "$format",
]);

/**
 * Reads a query, and refuses what a route does not take.
 *
 * @throws GraphError that names the option
 */
export function parseQuery(
  parameters: URLSearchParams,
  options: readonly QueryOption[],
  type: EntityType,
  version: GraphVersion,
  where: string,
): Query {
  let query: Query = { count: false, skip: 0 };
  for (const [given, value] of parameters) {
    // On the beta endpoint the `$` may be left out ("Customize responses with query parameters").
    const name =
      version === "beta" && systemOptions.has(`$${given}`)
        ? `$${given}`
        : given.replace(/^\$deltatoken$/i, "$deltatoken");
    if (parameters.getAll(given).length > 1) {
      throw badRequest(
        `Query option '${name}' was specified more than once, but it must be specified at most once.`,
        "BadRequest",
      );
    }
    if (name === "$skiptoken" && options.includes("$top")) query = { ...query, skip: readSkipToken(value) };
    else if (name === "api-version" || !isOption(name, options)) throw refusal(name, where);
    else query = { ...query, ...readOption(name, value, type, version) };
  }
  return query;
}

/** A token that continues a list after this many objects. */
export function skipToken(skip: number): string {
  return Buffer.from(`skip:${skip}`).toString("base64url");
}

function isOption(name: string, options: readonly QueryOption[]): name is QueryOption {
  return options.some((option) => option === name);
}

function refusal(name: string, where: string): Error {
  if (systemOptions.has(name)) return notImplemented(`The query option '${name}' of ${where}`);
  return badRequest(`The query parameter '${name}' is not supported.`, "BadRequest");
}

function readOption(
  name: QueryOption,
  value: string,
  type: EntityType,
  version: GraphVersion,
): Partial<Query> {
  const readers: Readonly<Record<QueryOption, () => Partial<Query>>> = {
    $select: () => ({ select: readSelect(value, type, version) }),
    $filter: () => {
      const { predicate, properties, advanced } = parseFilter(value, type);
      return { filter: predicate, filtered: properties, ...(advanced === undefined ? {} : { advanced }) };
    },
    $top: () => ({ top: readTop(value) }),
    $count: () => ({ count: readCount(value) }),
    $orderby: () => ({ orderBy: readOrderBy(value, type) }),
    $expand: () => ({ expand: readExpand(value) }),
    $search: () => ({ search: parseSearch(value, type), advanced: "$search" }),
    $deltatoken: () => ({ deltaToken: value }),
  };
  return readers[name]();
}

function readCount(value: string): boolean {
  if (value === "true" || value === "false") return value === "true";
  throw badRequest(
    `Invalid value '${value}' for $count query option found. Valid values are 'true' or 'false'.`,
    "BadRequest",
  );
}

/** The names of a `$select`, each of which the type must have; `*` is all, and `@odata.type` comes anyway. @throws GraphError */
export function readSelect(value: string, type: EntityType, version: GraphVersion): readonly string[] {
  const known = Object.keys(propertiesOf(type, version));
  return value.split(",").flatMap((item) => {
    if (item.trim() === "*") return known.filter((name) => !type.selectedOnly?.includes(name));
    if (item.trim() === "@odata.type") return [];
    const name = nameOf(known, item.trim());
    if (name !== undefined) return name;
    throw badRequest(
      `Parsing OData Select and Expand failed: Could not find a property named '${item.trim()}' on type 'microsoft.graph.${type.name}'.`,
      "BadRequest",
    );
  });
}

function readTop(value: string): number {
  const top = Number(value);
  if (!/^\d+$/.test(value) || top < 1) {
    throw badRequest(
      `Invalid value '${value}' for $top query option found. The $top query option requires a positive integer value.`,
      "BadRequest",
    );
  }
  if (top > maxTop)
    throw badRequest(`Invalid page size specified: '${value}'. Must be between 1 and ${maxTop} inclusive.`);
  return top;
}

function readOrderBy(value: string, type: EntityType): Query["orderBy"] {
  const [name = "", direction = "asc", ...rest] = value.trim().split(/\s+/);
  const property = nameOf(type.filterable, name);
  if (property === undefined || !["asc", "desc"].includes(direction) || rest.length > 0) {
    throw badRequest(`Unsupported sort property '${value}' for '${type.name}'.`, "Request_UnsupportedQuery");
  }
  return { property, descending: direction === "desc" };
}

function readSkipToken(value: string): number {
  const [, skip] = /^skip:(\d+)$/.exec(Buffer.from(value, "base64url").toString()) ?? [];
  if (skip === undefined) throw badRequest("The skip token is invalid.", "Directory_ExpiredPageToken");
  return Number(skip);
}

/** Applies filter, search and order; paging comes after. */
export function select(objects: readonly JsonObject[], query: Query): readonly JsonObject[] {
  const { filter = everything, search = everything, orderBy } = query;
  const fitting = objects.filter((object) => filter(object) && search(object));
  if (orderBy === undefined) return fitting;
  const sorted = fitting.toSorted((left, right) => {
    return textOf(left[orderBy.property]).localeCompare(textOf(right[orderBy.property]));
  });
  return orderBy.descending ? sorted.toReversed() : sorted;
}
