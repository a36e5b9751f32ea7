import { badRequest, type GraphError } from "./errors.ts";
import { isJsonObject, textOf, type Json, type JsonObject } from "../json.ts";
import { jsonBody } from "../requestOrigin.ts";
import type { GraphVersion } from "./version.ts";

/** How many requests one batch may hold: Graph's limit. */
const maxRequests = 20;

/** One request of a batch. */
interface BatchItem {
  readonly id: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Json | undefined;
  readonly dependsOn: readonly string[];
}

/**
 * Answers `POST /$batch`: each request in its turn, with the batch's own access token; one whose predecessor has
 * failed is not made and answers 424.
 *
 * @throws GraphError where the batch itself is malformed
 */
export async function answerBatch(
  outer: Request,
  version: GraphVersion,
  answer: (request: Request) => Promise<Response>,
): Promise<Json> {
  const items = readBatch(await jsonBody(outer));
  const responses: JsonObject[] = [];
  for (const item of items) {
    const failed = item.dependsOn.some((id) =>
      responses.some((response) => response.id === id && Number(response.status) >= 400),
    );
    responses.push(failed ? failedDependency(item.id) : await answerItem(item, outer, version, answer));
  }
  return { responses };
}

function readBatch(body: unknown): readonly BatchItem[] {
  const requests = isJsonObject(body) ? body.requests : undefined;
  if (!isJsonObject(body) || !Array.isArray(requests) || requests.length === 0) {
    throw badRequest("Invalid batch payload format.", "BadRequest");
  }
  for (const name of Object.keys(body))
    if (name !== "requests") throw invalid(`The property '${name}' is not known.`);
  if (requests.length > maxRequests)
    throw invalid(`The batch has ${requests.length} requests, and ${maxRequests} are the most.`);
  const items = requests.map(readItem);
  const ids = new Set<string>();
  for (const item of items) {
    if (ids.has(item.id)) throw invalid(`The id '${item.id}' is there twice.`);
    const unknown = item.dependsOn.find((id) => !ids.has(id));
    if (unknown !== undefined)
      throw invalid(`The request '${item.id}' depends on '${unknown}', which is not before it.`);
    ids.add(item.id);
  }
  return items;
}

function readItem(request: Json): BatchItem {
  if (!isJsonObject(request)) throw invalid("A request is no object.");
  const { id, method, url, headers = {}, body, dependsOn = [], ...unknown } = request;
  const [other] = Object.keys(unknown);
  if (other !== undefined) throw invalid(`The property '${other}' is not known.`);
  if (textOf(id) === "" || textOf(method) === "" || !/^\/?\w/.test(textOf(url))) {
    throw invalid("A request needs 'id', 'method' and a 'url' below the version.");
  }
  if (!isJsonObject(headers) || !Array.isArray(dependsOn))
    throw invalid("'headers' is an object and 'dependsOn' a list.");
  return {
    id: textOf(id),
    method: textOf(method).toUpperCase(),
    // Tools leave the slash out (CIPP).
    url: textOf(url).replace(/^\/?/, "/"),
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, textOf(value)])),
    body,
    dependsOn: dependsOn.map((item: Json) => textOf(item)),
  };
}

async function answerItem(
  item: BatchItem,
  outer: Request,
  version: GraphVersion,
  answer: (request: Request) => Promise<Response>,
): Promise<JsonObject> {
  const headers = new Headers({ ...item.headers, authorization: outer.headers.get("authorization") ?? "" });
  const request = new Request(new URL(`/${version}${item.url}`, outer.url), {
    method: item.method,
    headers,
    ...(item.body === undefined ? {} : { body: JSON.stringify(item.body) }),
  });
  const response = await answer(request);
  const text = await response.text();
  return {
    id: item.id,
    status: response.status,
    headers: { "Content-Type": response.headers.get("content-type") ?? "" },
    body: text === "" ? null : (JSON.parse(text) as Json),
  };
}

function failedDependency(id: string): JsonObject {
  const error = {
    code: "FailedDependency",
    message: "The request was not made because one that it depends on has failed.",
  };
  return { id, status: 424, headers: { "Content-Type": "application/json" }, body: { error } };
}

function invalid(detail: string): GraphError {
  return badRequest(`Invalid batch payload format. ${detail}`, "BadRequest");
}
