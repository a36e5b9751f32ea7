import type { Caller } from "../signIn/accessToken.ts";
import type { Json, JsonObject } from "../json.ts";
import type { EntityType } from "../model/entityType.ts";
import type { GraphVersion } from "./version.ts";
import type { Query, QueryOption } from "./odata/query.ts";
import type { TenantState } from "../state.ts";
import type { TenantStore } from "../store.ts";

/** The methods that this server answers. */
export type Method = "GET" | "POST" | "PATCH" | "PUT" | "DELETE";

/** A picture with its content type. */
export interface Picture {
  readonly type: string;
  readonly content: Uint8Array<ArrayBuffer>;
}

/** What a handler answers. */
export interface Reply {
  readonly status: number;
  /** Undefined for an answer without content. */
  readonly body?: Json;
  /** An answer in plain text instead. */
  readonly text?: string;
  /** A picture instead. */
  readonly picture?: Picture;
}

/** A relationship that `$expand` may name. */
export interface Expansion {
  /** The type that a nested `$select` is checked against. */
  readonly type: EntityType;
  /** Whether it leads to one object instead of a list. @default false */
  readonly isSingle?: boolean;
  /** What it leads to from an object, as Graph shows it. */
  readonly of: (
    request: GraphRequest,
    object: JsonObject,
    select: readonly string[] | undefined,
  ) => readonly JsonObject[];
}

/** What a request's `$expand` names, with its nested `$select`. */
export interface Expanded {
  readonly name: string;
  readonly select?: readonly string[];
  readonly expansion: Expansion;
}

/** Relationships by name. */
export type Expansions = Readonly<Record<string, Expansion>>;

/** A request to Graph by a caller who may make it. */
export interface GraphRequest {
  readonly tenant: TenantState;
  readonly store: TenantStore;
  readonly caller: Caller;
  readonly version: GraphVersion;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Query;
  readonly expanded: readonly Expanded[];
  /** Whether the header `ConsistencyLevel: eventual` asks for advanced queries. */
  readonly eventual: boolean;
  /** Whether the header `Prefer: create-if-missing` makes a PATCH by another key create what is not there. */
  readonly createIfMissing: boolean;
  /** Whether the header `Prefer: return=minimal` asks for nothing but what changed. */
  readonly isMinimal: boolean;
  /** Empty for a request without a body. */
  readonly body: JsonObject;
  /** What a picture's request says: the content type, and what came. */
  readonly picture: Picture;
  /** The full URL without query, for links. */
  readonly url: URL;
  readonly now: Date;
}

/** One row of the table of Graph's routes: dispatch, tests and documentation read it. */
export interface GraphRoute {
  readonly method: Method;
  /** Below the version, such as `/applications/:id`. */
  readonly path: string;
  /** @default both */
  readonly versions?: readonly GraphVersion[];
  /** What it does, for the documentation. */
  readonly title: string;
  /** The type that `$select`, `$filter` and bodies are checked against. */
  readonly type: EntityType;
  /** Application permissions of which one suffices, as Microsoft's permissions reference lists them for the path. */
  readonly permissions: readonly string[];
  /** Application permissions of which one is needed besides. @default none */
  readonly alsoRequires?: readonly string[];
  /** Directory roles by name of which one suffices in their stead. @default none */
  readonly directoryRoles?: readonly string[];
  /** Permissions that suffice where the caller owns the object, or where `mayCreate` says so. @default none */
  readonly permissionsOfOwners?: readonly string[];
  /** @default none */
  readonly query?: readonly QueryOption[];
  /** What `$expand` may name, where `query` takes it. @default nothing */
  readonly expand?: Expansions;
  /** Whether a body is read, and which: JSON, or a picture. @default false */
  readonly takesBody?: boolean | "picture";
  /** Whether it only reads, although it is a POST: its question does not fit into an address. @default false */
  readonly onlyReads?: boolean;
  /** Where this differs from the cloud, for the documentation. */
  readonly differences?: string;
  /** The path of the row that this is another form of, which the documentation lists there. @default none */
  readonly formOf?: string;
  readonly handle: (request: GraphRequest) => Reply | Promise<Reply>;
}

/** An answer without content. */
export const noContent: Reply = { status: 204 };
