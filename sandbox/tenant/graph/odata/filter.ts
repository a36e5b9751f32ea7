import { badRequest, notImplemented, type GraphError } from "../errors.ts";
import { isJsonObject, textOf, type Json, type JsonObject } from "../../json.ts";
import { nameOf } from "./names.ts";
import type { EntityType } from "../../model/entityType.ts";

/** Whether an object fits a `$filter`. */
export type Predicate = (object: JsonObject) => boolean;

/** A `$filter`, read. */
export interface Filter {
  readonly predicate: Predicate;
  /** The properties that it names. */
  readonly properties: ReadonlySet<string>;
  /** The operator that makes it an advanced query of directory objects; undefined for a simple one. */
  readonly advanced: string | undefined;
}

/**
 * Reads a `$filter`: `eq`, `ne`, `gt`, `ge`, `lt`, `le`, `in`, `startswith`, `endswith`, `and`, `or`, `not` and `any`.
 *
 * These do not tell case: Microsoft's own examples have `startsWith`, `OR` and `NOT`.
 *
 * @throws GraphError that names what is wrong
 */
export function parseFilter(filter: string, type: EntityType): Filter {
  const parser = new FilterParser(filter, type);
  const predicate = parser.parse();
  return { predicate, properties: parser.properties, advanced: parser.advanced };
}

type Token = { readonly kind: "name" | "string" | "literal" | "symbol"; readonly text: string };

const comparisons: Readonly<Record<string, (left: Json, right: Json) => boolean>> = {
  eq: (left, right) => equal(left, right),
  ne: (left, right) => !equal(left, right),
  gt: (left, right) => ordered(left, right, (order) => order > 0),
  ge: (left, right) => ordered(left, right, (order) => order >= 0),
  lt: (left, right) => ordered(left, right, (order) => order < 0),
  le: (left, right) => ordered(left, right, (order) => order <= 0),
};

class FilterParser {
  readonly properties = new Set<string>();
  /** Source: "Advanced query capabilities on Microsoft Entra ID objects", https://learn.microsoft.com/graph/aad-advanced-queries. */
  advanced: string | undefined;
  readonly #filter: string;
  readonly #type: EntityType;
  readonly #tokens: readonly Token[];
  #position = 0;

  constructor(filter: string, type: EntityType) {
    this.#filter = filter;
    this.#type = type;
    this.#tokens = tokenize(filter);
  }

  parse(): Predicate {
    const predicate = this.#or();
    if (this.#position < this.#tokens.length) throw this.#invalid();
    return predicate;
  }

  #or(): Predicate {
    let left = this.#and();
    while (this.#take("or")) {
      const [before, right] = [left, this.#and()];
      left = (object) => before(object) || right(object);
    }
    return left;
  }

  #and(): Predicate {
    let left = this.#unary();
    while (this.#take("and")) {
      const [before, right] = [left, this.#unary()];
      left = (object) => before(object) && right(object);
    }
    return left;
  }

  #unary(): Predicate {
    if (this.#take("not")) {
      this.advanced = "not";
      const inner = this.#unary();
      return (object) => !inner(object);
    }
    if (this.#take("(")) {
      const inner = this.#or();
      this.#expect(")");
      return inner;
    }
    return this.#comparison();
  }

  #comparison(): Predicate {
    const name = this.#next("name");
    const keyword = name.toLowerCase();
    if (keyword === "startswith" || keyword === "endswith") return this.#textFunction(keyword);
    if (keyword.endsWith("/any")) return this.#any(name.slice(0, -"/any".length));
    const value = this.#property(name);
    const operator = this.#keyword();
    if (operator === "ne") this.advanced = "ne";
    if (operator === "in") {
      const allowed = this.#list();
      return (object) => allowed.some((item) => equal(value(object), item));
    }
    const compare = comparisons[operator];
    if (compare === undefined) throw this.#invalid();
    const literal = this.#literal();
    return (object) => compare(value(object), literal);
  }

  #textFunction(name: "startswith" | "endswith"): Predicate {
    if (name === "endswith") this.advanced = name;
    this.#expect("(");
    const value = this.#property(this.#next("name"));
    this.#expect(",");
    const text = textOf(this.#literal()).toLowerCase();
    this.#expect(")");
    return (object) => {
      const actual = value(object);
      if (typeof actual !== "string") return false;
      return name === "startswith"
        ? actual.toLowerCase().startsWith(text)
        : actual.toLowerCase().endsWith(text);
    };
  }

  #any(collection: string): Predicate {
    const items = this.#property(collection);
    this.#expect("(");
    const variable = this.#next("name").replace(/:$/, "");
    this.#take(":");
    const subject = this.#next("name");
    if (subject !== variable) throw notImplemented(`$filter with '${subject}' inside any()`);
    const compare = comparisons[this.#keyword()];
    if (compare === undefined) throw this.#invalid();
    const literal = this.#literal();
    this.#expect(")");
    return (object) => {
      const list = items(object);
      return Array.isArray(list) && list.some((item: Json) => compare(item, literal));
    };
  }

  #property(given: string): (object: JsonObject) => Json {
    const [head = given] = given.split("/");
    if (nameOf(Object.keys(this.#type.properties), head) === undefined) {
      throw badRequest(
        `Invalid filter clause: Could not find a property named '${head}' on type 'microsoft.graph.${this.#type.name}'.`,
        "BadRequest",
      );
    }
    const name = nameOf(this.#type.filterable, given);
    if (name === undefined) {
      throw badRequest(
        `Unsupported or invalid query filter clause specified for property '${given}' of resource '${this.#type.name}'.`,
        "Request_UnsupportedQuery",
      );
    }
    this.properties.add(name);
    return (object) => {
      let value: Json = object;
      for (const part of name.split("/")) value = isJsonObject(value) ? (value[part] ?? null) : null;
      return value;
    };
  }

  #list(): readonly Json[] {
    this.#expect("(");
    const items = [this.#literal()];
    while (this.#take(",")) items.push(this.#literal());
    this.#expect(")");
    return items;
  }

  #literal(): Json {
    const token = this.#tokens[this.#position];
    this.#position += 1;
    if (token?.kind === "string") return token.text;
    if (token?.kind === "literal") return token.text;
    if (token?.kind === "name" && token.text === "true") return true;
    if (token?.kind === "name" && token.text === "false") return false;
    if (token?.kind === "name" && token.text === "null") return null;
    throw this.#invalid();
  }

  #take(text: string): boolean {
    const token = this.#tokens[this.#position];
    if (token === undefined || token.kind === "string" || token.text.toLowerCase() !== text) return false;
    this.#position += 1;
    return true;
  }

  #expect(text: string): void {
    if (!this.#take(text)) throw this.#invalid();
  }

  #keyword(): string {
    return this.#next("name").toLowerCase();
  }

  #next(kind: Token["kind"]): string {
    const token = this.#tokens[this.#position];
    if (token?.kind !== kind) throw this.#invalid();
    this.#position += 1;
    return token.text;
  }

  #invalid(): GraphError {
    return badRequest(`Invalid filter clause: '${this.#filter}'.`, "BadRequest");
  }
}

const tokenPattern =
  /\s*(?:'((?:[^']|'')*)'|(-?\d[\w:.+-]*|[0-9a-fA-F]{8}-[0-9a-fA-F-]{27})|([A-Za-z_][\w/]*)|([(),:]))/y;

function tokenize(filter: string): readonly Token[] {
  const tokens: Token[] = [];
  const pattern = new RegExp(tokenPattern);
  const end = filter.trimEnd().length;
  while (pattern.lastIndex < end) {
    const at = pattern.lastIndex;
    const match = pattern.exec(filter);
    if (match === null) throw badRequest(`Syntax error at position ${at} in '${filter}'.`, "BadRequest");
    const [, text, literal, name, symbol] = match;
    if (text !== undefined) tokens.push({ kind: "string", text: text.replaceAll("''", "'") });
    else if (literal !== undefined) tokens.push({ kind: "literal", text: literal });
    else if (name !== undefined) tokens.push({ kind: "name", text: name });
    else tokens.push({ kind: "symbol", text: symbol ?? "" });
  }
  return tokens;
}

/** Directory strings compare without regard to case. */
function equal(left: Json, right: Json): boolean {
  if (typeof left === "string" && typeof right === "string")
    return left.toLowerCase() === right.toLowerCase();
  if (typeof left === "number" && typeof right === "string") return left === Number(right);
  return left === right;
}

function ordered(left: Json, right: Json, fits: (order: number) => boolean): boolean {
  if (typeof left === "number") return fits(left - Number(right));
  if (typeof left !== "string" || typeof right !== "string") return false;
  const [leftTime, rightTime] = [Date.parse(left), Date.parse(right)];
  if (Number.isNaN(leftTime) || Number.isNaN(rightTime))
    return fits(left < right ? -1 : Number(left > right));
  return fits(leftTime - rightTime);
}
