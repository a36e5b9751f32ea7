import { readAccessToken, type Caller, type TokenFault } from "../signIn/accessToken.ts";
import { clouds } from "../../../microsoft/clouds.ts";
import { settleSchedules } from "../directory/schedules.ts";
import { checkActivityRights } from "../directory/signInActivity.ts";
import { checkAttributeRights } from "../directory/securityAttributes.ts";
import { microsoftAppIds } from "../catalogue/microsoftServicePrincipals.ts";
import type { Identified, ServerContext } from "../context.ts";
import { badRequest, invalidToken, notImplemented, requestDenied, signedInUserRequired } from "./errors.ts";
import { isJsonObject, type JsonObject } from "../json.ts";
import { nameOf } from "./odata/names.ts";
import { parseQuery, readSelect, type Query } from "./odata/query.ts";
import { objectByAlternateKey } from "./routes/alternateKeys.ts";
import { holds } from "./routes/permissions.ts";
import { isOwner } from "./routes/owners.ts";
import type { Expanded, GraphRoute, Reply } from "./route.ts";
import type { GraphVersion } from "./version.ts";
import type { TenantState } from "../state.ts";
import { saysJson } from "../requestOrigin.ts";

/** A request to one of Graph's routes, as it came. */
export interface IncomingGraphRequest {
  readonly route: GraphRoute;
  readonly version: GraphVersion;
  readonly params: Readonly<Record<string, string>>;
  readonly request: Request;
}

/**
 * Answers a request to Graph: who is it, may they, is it well-formed, and then what it asks for.
 *
 * @throws GraphError
 */
export async function dispatchGraph(
  context: ServerContext,
  incoming: IncomingGraphRequest,
  identified: Identified,
): Promise<Reply> {
  const { route, version, params, request } = incoming;
  const { caller, tenant } = await identify(context, request);
  settleSchedules(tenant, context.now());
  identified.tenantId = tenant.id;
  identified.clientId = caller.appId;
  if (!isAllowed(route, caller, tenant, params)) throw requestDenied();
  const url = new URL(request.url);
  if (Object.values(params).some((value) => notAnId.test(value))) {
    throw notImplemented(`${route.method} ${url.pathname}`);
  }
  const publicUrl = new URL(`${url.pathname}${url.search}`, context.url);
  const where = `${route.method} /${version}${route.path}`;
  const query = parseQuery(url.searchParams, route.query ?? [], route.type, version, where);
  const eventual = request.headers.get("consistencylevel") === "eventual";
  checkAdvanced(query, route, eventual);
  const sent = await request.arrayBuffer();
  const body = route.takesBody === "picture" ? {} : readBody(request, route, new TextDecoder().decode(sent));
  checkAttributeRights(caller, query.select, body);
  checkActivityRights(caller, tenant, query.select);
  return route.handle({
    tenant,
    store: context.store,
    caller,
    version,
    params,
    query,
    expanded: expandedBy(query, route, version),
    eventual,
    body,
    createIfMissing: /\bcreate-if-missing\b/i.test(request.headers.get("prefer") ?? ""),
    isMinimal: /\breturn=minimal\b/i.test(request.headers.get("prefer") ?? ""),
    picture: { type: request.headers.get("content-type") ?? "", content: new Uint8Array(sent) },
    url: publicUrl,
    now: context.now(),
  });
}

/** Functions, types and segments of OData that stand where an object's id does, and that this tenant does not have. */
const notAnId = /^(?:\$\w*|delta|(?:microsoft\.)?graph\.\w+)(?:\(.*\))?$/i;

/** Answers a request for the signed-in user, who is not there. @throws GraphError */
export async function refuseSignedInUser(
  context: ServerContext,
  request: Request,
  identified: Identified,
): Promise<never> {
  const { caller, tenant } = await identify(context, request);
  identified.tenantId = tenant.id;
  identified.clientId = caller.appId;
  throw signedInUserRequired();
}

/** Whether a route is about objects of the directory, whose queries have limits of their own. */
function isOfDirectory({ type }: GraphRoute): boolean {
  return Object.hasOwn(type.properties, "deletedDateTime");
}

/**
 * Refuses an advanced query without what it takes.
 *
 * Source: "Advanced query capabilities on Microsoft Entra ID objects", https://learn.microsoft.com/graph/aad-advanced-queries.
 */
function checkAdvanced({ advanced, count }: Query, route: GraphRoute, eventual: boolean): void {
  if (advanced === undefined || !isOfDirectory(route)) return;
  if (advanced === "$search") {
    if (eventual) return;
    throw badRequest(
      "Request with $search query parameter only works through MSGraph with a special request header: 'ConsistencyLevel: eventual'",
      "Request_UnsupportedQuery",
    );
  }
  const isCount = route.path.endsWith("/$count");
  if (!eventual || !(count || isCount)) throw badRequest("Unsupported Query.", "Request_UnsupportedQuery");
}

/** Of objects of the directory one relationship is expanded, of others any number. */
function expandedBy({ expand = [] }: Query, route: GraphRoute, version: GraphVersion): readonly Expanded[] {
  if (expand.length > 1 && isOfDirectory(route)) {
    throw badRequest("The query cannot expand more than one relationship.", "Request_UnsupportedQuery");
  }
  return expand.map(({ name: given, select }) => {
    const name = nameOf(Object.keys(route.expand ?? {}), given) ?? given;
    const expansion = route.expand && Object.hasOwn(route.expand, name) ? route.expand[name] : undefined;
    if (expansion === undefined) {
      throw badRequest(
        `Parsing OData Select and Expand failed: Could not find a property named '${given}' on type 'microsoft.graph.${route.type.name}'.`,
        "BadRequest",
      );
    }
    const chosen = select === undefined ? {} : { select: readSelect(select, expansion.type, version) };
    return { name, expansion, ...chosen };
  });
}

const faultMessages: Readonly<Record<TokenFault, string>> = {
  malformed: "IDX14100: JWT is not well formed, there are no dots (.).",
  signature: "Access token validation failure. Invalid signature.",
  expired: "Lifetime validation failed, the token is expired.",
  audience: "Access token validation failure. Invalid audience.",
};

async function identify(
  context: ServerContext,
  request: Request,
): Promise<{ caller: Caller; tenant: TenantState }> {
  const [, token] = /^Bearer (\S+)$/i.exec(request.headers.get("authorization") ?? "") ?? [];
  if (token === undefined) throw invalidToken("Access token is empty.");
  const audiences = (tenantId: string): readonly string[] => {
    const tenant = context.store.tenants.get(tenantId);
    return [
      context.url,
      microsoftAppIds.graph,
      ...(tenant === undefined ? [] : [clouds[tenant.cloud].graph]),
    ];
  };
  const caller = await readAccessToken(await context.signingKey(), token, audiences, context.now());
  if (typeof caller === "string") throw invalidToken(faultMessages[caller]);
  const tenant = context.store.tenants.get(caller.tenantId);
  if (tenant === undefined) throw invalidToken("Access token validation failure. The tenant does not exist.");
  return { caller, tenant };
}

/** One permission suffices, or one directory role, or a permission for what the caller owns. */
function isAllowed(
  route: GraphRoute,
  caller: Caller,
  tenant: TenantState,
  params: Readonly<Record<string, string>>,
): boolean {
  const { permissions, alsoRequires, directoryRoles = [], permissionsOfOwners = [] } = route;
  const hasRole = holds(caller, [], directoryRoles);
  if (hasRole || (holds(caller, permissions, []) && (!alsoRequires || holds(caller, alsoRequires, []))))
    return true;
  if (!holds(caller, permissionsOfOwners, [])) return false;
  const { id } = params;
  if (id === undefined) return true;
  const [, collection = ""] = route.path.split("/");
  // What is not there has no owner yet: it is not found, or its creator becomes one.
  const owned = id.includes("=") ? objectByAlternateKey(tenant, collection, id)?.id : id.toLowerCase();
  return owned === undefined || isOwner(tenant, owned, caller.objectId);
}

function readBody(request: Request, route: GraphRoute, text: string): JsonObject {
  if (route.takesBody !== true) {
    if (text !== "") throw badRequest(`${route.method} ${route.path} takes no request body.`, "BadRequest");
    return {};
  }
  if (text === "" && route.path.endsWith("/restore")) return {};
  if (text === "") throw badRequest("Empty Payload. JSON content expected.", "BadRequest");
  const body = saysJson(request) ? parseJson(text) : undefined;
  if (!isJsonObject(body)) {
    throw badRequest(
      "Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.",
      "BadRequest",
    );
  }
  return body;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
