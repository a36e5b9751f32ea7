import { randomUUID } from "node:crypto";
import { Hono, type Context } from "hono";
import { bodyLimit } from "hono/body-limit";
import { answerBatch } from "./graph/batch.ts";
import type { Identified, ServerContext } from "./context.ts";
import { cloudMetadata, metadataPath, openIdConfiguration } from "./signIn/discovery.ts";
import { errorBody, GraphError, notImplemented } from "./graph/errors.ts";
import { dispatchBanner, dispatchExchange } from "./exchange/dispatch.ts";
import { ExchangeError, exchangeErrorBody } from "./exchange/errors.ts";
import { dispatchGraph, refuseSignedInUser } from "./graph/dispatch.ts";
import type { Json } from "./json.ts";
import { vaultCertificate, vaultSignature } from "./keyVault/dispatch.ts";
import { KeyVaultError, keyVaultErrorBody } from "./keyVault/errors.ts";
import { graphRoutes } from "./graph/routes.ts";
import { routedPath } from "./routedPath.ts";
import { answerTokenRequest, tenantByName } from "./signIn/tokenEndpoint.ts";
import { malformedRequest, TokenError, tokenErrorBody } from "./signIn/tokenError.ts";

/** What travels with a request. */
export interface AppEnv {
  Bindings: {
    identified: Identified;
    /** Whether what was granted under this id is in tokens by now. */
    isInTokens: (grantId: string) => boolean;
    /** Whether a role that was given in Exchange at this time holds by now. */
    isEffective: (since: string) => boolean;
    /** Answers a request of a batch as if it had come by itself. */
    answerPart: (request: Request) => Promise<Response>;
  };
}

/** The largest body, in bytes: Graph's own limit. */
const maxBody = 4 * 1024 * 1024;

/** The application that answers requests, without a socket. */
export function createApp(context: ServerContext): Hono<AppEnv> {
  const app = new Hono<AppEnv>({ getPath: routedPath });
  app.use(
    bodyLimit({
      maxSize: maxBody,
      onError: (c) =>
        failure(c, context, new GraphError(413, "RequestEntityTooLarge", "The request is larger than 4 MB.")),
    }),
  );
  app.onError((error, c) => failure(c, context, error));
  app.notFound((c) => failure(c, context, notImplemented(`${c.req.method} ${new URL(c.req.url).pathname}`)));
  addSignIn(app, context);
  addGraph(app, context);
  addMe(app, context);
  addBatch(app);
  app.post("/adminapi/beta/:tenant/InvokeCommand", async (c) => {
    const { identified, isEffective } = c.env;
    const tenant = c.req.param("tenant");
    const answer = await dispatchExchange(context, tenant, c.req.raw, identified, isEffective);
    return json(answer.body, answer.status);
  });
  app.get("/adminapi/beta/:tenant/:banner{EXOBanner\\('AutogenSession'\\)}", async (c) => {
    const answer = await dispatchBanner(context, c.req.param("tenant"), c.req.raw, c.env.identified);
    return json(answer.body, answer.status);
  });
  addKeyVault(app, context);
  return app;
}

function addKeyVault(app: Hono<AppEnv>, context: ServerContext): void {
  app.get("/certificates/:name/:version?", async (c) => {
    const { name, version } = c.req.param();
    return json(await vaultCertificate(context, c.req.raw, name, version, c.env.identified), 200);
  });
  app.post("/keys/:name/:version/sign", async (c) => {
    const { name, version } = c.req.param();
    return json(await vaultSignature(context, c.req.raw, name, version, c.env.identified), 200);
  });
}

function addSignIn(app: Hono<AppEnv>, context: ServerContext): void {
  app.get(metadataPath, (c) => {
    const version = c.req.query("api-version");
    if (version !== "2022-09-01")
      throw notImplemented(`GET ${metadataPath} with api-version '${version ?? ""}'`);
    return json(cloudMetadata(context.url), 200);
  });
  app.get("/:tenant/v2.0/.well-known/openid-configuration", (c) => {
    return json(openIdConfiguration(context, tenantByName(context.store, c.req.param("tenant"))), 200);
  });
  app.get("/:tenant/discovery/v2.0/keys", async (c) => {
    tenantByName(context.store, c.req.param("tenant"));
    return json({ keys: [{ ...(await context.signingKey()).jwk }] }, 200);
  });
  app.post("/:tenant/oauth2/v2.0/token", async (c) => {
    const contentType = c.req.header("content-type") ?? "";
    if (!/^application\/x-www-form-urlencoded\b/i.test(contentType)) {
      throw malformedRequest(
        `The content type must be application/x-www-form-urlencoded, got '${contentType}'.`,
      );
    }
    const form = new URLSearchParams(await c.req.text());
    const identified = c.env.identified;
    identified.clientId = form.get("client_id") ?? undefined;
    identified.tenantId = tenantByName(context.store, c.req.param("tenant")).id;
    const answer = await answerTokenRequest(context, c.req.param("tenant"), form, c.env.isInTokens);
    return json(answer.body, 200, { "cache-control": "no-store" });
  });
}

function addGraph(app: Hono<AppEnv>, context: ServerContext): void {
  for (const route of graphRoutes) {
    for (const version of route.versions ?? (["v1.0", "beta"] as const)) {
      app.on(route.method, `/${version}${route.path}`, async (c) => {
        const incoming = { route, version, params: c.req.param(), request: c.req.raw };
        const reply = await dispatchGraph(context, incoming, c.env.identified);
        // What is acknowledged is in the data file.
        if (route.method !== "GET" && route.onlyReads !== true) await context.store.save();
        if (reply.text !== undefined) return c.text(reply.text);
        if (reply.picture !== undefined)
          return c.body(reply.picture.content, 200, { "content-type": reply.picture.type });
        return reply.body === undefined
          ? new Response(null, { status: reply.status })
          : json(reply.body, reply.status);
      });
    }
  }
}

/** The signed-in user, whom an application's token does not have. */
function addMe(app: Hono<AppEnv>, context: ServerContext): void {
  for (const path of ["/v1.0/me", "/v1.0/me/*", "/beta/me", "/beta/me/*"]) {
    app.all(path, (c) => refuseSignedInUser(context, c.req.raw, c.env.identified));
  }
}

function addBatch(app: Hono<AppEnv>): void {
  for (const version of ["v1.0", "beta"] as const) {
    app.post(`/${version}/$batch`, async (c) => {
      return json(await answerBatch(c.req.raw, version, c.env.answerPart), 200);
    });
  }
}

function failure(c: Context, context: ServerContext, error: unknown): Response {
  if (error instanceof TokenError)
    return json(tokenErrorBody(error, context.url, context.now()), error.status);
  if (error instanceof KeyVaultError) return json(keyVaultErrorBody(error), error.status, error.headers);
  if (error instanceof ExchangeError) {
    return error.code === undefined
      ? new Response(null, { status: error.status, headers: { "www-authenticate": "Bearer" } })
      : json(exchangeErrorBody(error), error.status);
  }
  const graphError =
    error instanceof GraphError
      ? error
      : new GraphError(500, "generalException", error instanceof Error ? error.message : String(error));
  const requestId = c.req.header("client-request-id") ?? randomUUID();
  return json(errorBody(graphError, requestId, context.now()), graphError.status, graphError.headers);
}

function json(body: Json, status: number, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/json", ...headers },
  });
}
