import { textOf, type Json } from "./json.ts";
import { plainSetIn } from "./sets.ts";
import { list, send, type AzureOperation } from "./client.ts";
import { attempt } from "./attempt.ts";
import { sameValue, type Properties } from "../protocol/values.ts";

/** Owners of something that is to be created. */
export interface NewOwners {
  /** References that the request names: the caller, and up to 19 others. */
  readonly bound: readonly string[];
  /** Owners that must be added afterwards. */
  readonly extra: readonly string[];
  /** Whether the caller is among the owners that the user wants. */
  readonly keepsCaller: boolean;
}

/** Sorts the owners that a user wants: Graph takes 20 at once, and the caller is always one at first. */
export function newOwners({ client }: AzureOperation, planned: Properties): NewOwners {
  const caller = client.identity.objectId;
  const wanted = plainSetIn(planned, "owners");
  const others = wanted.filter((id) => id.toLowerCase() !== caller.toLowerCase());
  const bound = [caller, ...others.slice(0, 19)].map((id) => reference(client.graph.url, id));
  return { bound, extra: others.slice(19), keepsCaller: others.length < wanted.length };
}

/** Brings the owners to what the user wants, after the thing was created with the first of them. */
export async function finishOwners(
  operation: AzureOperation,
  path: string,
  owners: NewOwners,
  thing: string,
): Promise<void> {
  for (const id of owners.extra) {
    await attempt(`Could not add owners to ${thing}`, addOwner(operation, path, id));
  }
  if (owners.keepsCaller) return;
  const caller = operation.client.identity.objectId;
  await attempt(
    `Could not remove initial owner from ${thing}`,
    send(operation, "DELETE", `${path}/owners/${caller}/$ref`),
  );
}

/** Adds and removes owners, if the user wants others than before. */
export async function updateOwners(
  operation: AzureOperation,
  path: string,
  prior: Properties,
  planned: Properties,
  thing: string,
): Promise<void> {
  const wanted = plainSetIn(planned, "owners");
  if (sameValue(plainSetIn(prior, "owners"), wanted)) return;
  const existing = await attempt(`Could not retrieve owners for ${thing}`, list(operation, `${path}/owners`));
  const present = existing.map((owner) => textOf(owner, "id"));
  for (const id of wanted.filter((item) => !present.includes(item))) {
    await attempt(`Could not add owners to ${thing}`, addOwner(operation, path, id));
  }
  for (const id of present.filter((item) => !wanted.includes(item))) {
    await attempt(`Could not add owners to ${thing}`, send(operation, "DELETE", `${path}/owners/${id}/$ref`));
  }
}

async function addOwner(operation: AzureOperation, path: string, id: string): Promise<Json | undefined> {
  const body = { "@odata.id": reference(operation.client.graph.url, id) };
  return send(operation, "POST", `${path}/owners/$ref`, { body });
}

function reference(graph: string, id: string): string {
  return `${graph}/v1.0/directoryObjects/${id}`;
}
