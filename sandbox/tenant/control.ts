import { randomUUID } from "node:crypto";
import { Hono } from "hono";
import type { Clock } from "./clock.ts";
import { badRequest, errorBody, GraphError, notImplemented } from "./graph/errors.ts";
import { addFault, faultProperties } from "./faults/askedFault.ts";
import type { Faults } from "./faults/faults.ts";
import { isJsonObject, textOf, type JsonObject } from "./json.ts";
import { jsonBody } from "./requestOrigin.ts";
import type { RequestLog } from "./requestLog.ts";

/** Where the control interface is. */
export const controlPrefix = "/sandbox";

/** What can be done to a running server. */
export interface Controls {
  readonly clock: Clock;
  readonly faults: Faults;
  readonly log: RequestLog;
  reset(): void;
}

/**
 * The control interface, for those who are not in the server's process: everything below `/sandbox`.
 *
 * It has no authentication: the server listens on this machine only, holds nothing but what tests put into it, and refuses
 * what a web page could have a browser ask.
 */
export function createControl(controls: Controls): Hono {
  const app = new Hono().basePath(controlPrefix);
  app.onError((error) => errorResponse(error, controls.clock.now()));
  app.notFound((c) => errorResponse(notImplemented(`${c.req.method} ${c.req.path}`), controls.clock.now()));
  app.get("/requests", (c) => c.json(controls.log.entries));
  app.delete("/requests", (c) => {
    controls.log.clear();
    return c.body(null, 204);
  });
  app.post("/reset", (c) => {
    controls.reset();
    return c.body(null, 204);
  });
  app.get("/clock", (c) => c.json({ now: controls.clock.now().toISOString() }));
  app.post("/clock", async (c) => {
    setClock(controls.clock, await bodyOf(c.req.raw));
    return c.json({ now: controls.clock.now().toISOString() });
  });
  app.post("/faults", async (c) => {
    const body = await bodyOf(c.req.raw);
    checkNames(body, faultProperties);
    addFault(controls.faults, body);
    return c.body(null, 204);
  });
  app.delete("/faults", (c) => {
    controls.faults.clear();
    return c.body(null, 204);
  });
  return app;
}

/** An error as the answer to a request that is not to Graph. */
export function errorResponse(error: unknown, now: Date): Response {
  const known =
    error instanceof GraphError
      ? error
      : new GraphError(500, "generalException", error instanceof Error ? error.message : String(error));
  return Response.json(errorBody(known, randomUUID(), now), { status: known.status });
}

async function bodyOf(request: Request): Promise<JsonObject> {
  const body = await jsonBody(request);
  if (!isJsonObject(body))
    throw badRequest("The body must be a JSON object, with the content type application/json.");
  return body;
}

/** `{"now": "2026-…"}` sets the clock, `{"advanceMs": 1000}` moves it. */
function setClock(clock: Clock, body: JsonObject): void {
  checkNames(body, ["now", "advanceMs"]);
  const time = Date.parse(textOf(body.now));
  if (typeof body.advanceMs === "number") clock.advance(body.advanceMs);
  else if (Number.isNaN(time))
    throw badRequest(`The clock needs \`now\` or \`advanceMs\`, got ${JSON.stringify(body)}.`);
  else clock.set(new Date(time));
}

function checkNames(body: JsonObject, names: readonly string[]): void {
  for (const name of Object.keys(body))
    if (!names.includes(name)) throw badRequest(`The property '${name}' is not known.`);
}
