import { randomUUID } from "node:crypto";
import type { JsonObject } from "../json.ts";
import type { TenantState } from "../state.ts";
import type { Predicate } from "./odata/filter.ts";

/** What a delta query asks for, and what its last answer knew. */
export interface DeltaQuery {
  /** The properties of each object. */
  readonly names: readonly string[];
  /** Which objects it is about. @default all */
  readonly filter?: Predicate | undefined;
  /** The objects as the last answer knew them, by ID. */
  readonly objects: ReadonlyMap<string, JsonObject>;
}

/** So many answers of a tenant are remembered; a token of an older one is unknown. */
const mostRemembered = 100;

const remembered = new WeakMap<TenantState, Map<string, DeltaQuery>>();

/** Remembers an answer. @returns the token that names it */
export function rememberDelta(tenant: TenantState, path: string, query: DeltaQuery): string {
  const queries = remembered.get(tenant) ?? new Map<string, DeltaQuery>();
  remembered.set(tenant, queries);
  const token = randomUUID();
  queries.set(`${path} ${token}`, structuredCloneOf(query));
  const [oldest] = queries.keys();
  if (queries.size > mostRemembered && oldest !== undefined) queries.delete(oldest);
  return token;
}

/** The answer of a path that a token names; undefined where there is none any more. */
export function rememberedDelta(tenant: TenantState, path: string, token: string): DeltaQuery | undefined {
  return remembered.get(tenant)?.get(`${path} ${token}`);
}

/** The tenant changes its objects in place. */
function structuredCloneOf({ objects, ...query }: DeltaQuery): DeltaQuery {
  return { ...query, objects: structuredClone(objects) };
}
