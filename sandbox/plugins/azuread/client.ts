import type { Operation } from "../protocol/resource.ts";
import type { Graph, RequestOptions } from "./graph.ts";
import type { Json } from "./json.ts";
import type { Locks } from "./locks.ts";
import { watchFor, type Sighting, type Waits } from "./waits.ts";

/** Who the plugin is signed in as. */
export interface Principal {
  readonly tenantId: string;
  readonly clientId: string;
  /** Of the service principal. */
  readonly objectId: string;
}

/** What every operation of the azuread plugin works with. */
export interface Client {
  readonly graph: Graph;
  readonly identity: Principal;
  readonly waits: Waits;
  /** One at a time works on an application's credentials and settings. */
  readonly applicationLocks: Locks;
}

/** One operation with Graph at hand, within the operation's time. */
export type AzureOperation = Operation<Client>;

/** Sends a request within the operation's time. */
export async function send(
  { client, timeout }: AzureOperation,
  method: string,
  path: string,
  options: Omit<RequestOptions, "timeout"> = {},
): Promise<Json | undefined> {
  return client.graph.send(method, path, { ...options, timeout });
}

/** Reads one object; an answer without one is an error. */
export async function get(
  operation: AzureOperation,
  path: string,
  options: Omit<RequestOptions, "timeout"> = {},
): Promise<Json> {
  const object = await send(operation, "GET", path, options);
  if (object === undefined) throw new Error("model was nil");
  return object;
}

/** Reads a list. */
export async function list(
  { client, timeout }: AzureOperation,
  path: string,
  query?: Record<string, string>,
): Promise<Json[]> {
  return client.graph.list(path, { timeout, ...(query !== undefined && { query }) });
}

/** Looks every 5 seconds until something has been gone 5 times: what the official plugin does after each delete. */
export async function waitUntilGone(
  { client, timeout }: AzureOperation,
  isThere: () => Promise<boolean>,
): Promise<void> {
  const look = async (): Promise<Sighting> => ((await isThere()) ? "pending" : "done");
  await watchFor(client.waits, { interval: 5, occurrences: 5, timeout }, look);
}
