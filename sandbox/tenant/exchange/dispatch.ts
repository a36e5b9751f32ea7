import { clouds } from "../../../microsoft/clouds.ts";
import { readAccessToken, withoutTrailingSlash, type Caller } from "../signIn/accessToken.ts";
import type { Identified, ServerContext } from "../context.ts";
import { roleTemplateId } from "../catalogue/directoryRoles.ts";
import { isJsonObject, type Json, type JsonObject } from "../json.ts";
import { jsonBody } from "../requestOrigin.ts";
import type { DirectoryEntity, TenantState } from "../state.ts";
import { heldRoles, reaches, rolesFor } from "./authorization.ts";
import type { ExchangeCommand } from "./command.ts";
import { commands } from "./commands.ts";
import {
  forbiddenCommand,
  forbiddenRole,
  invalidCommand,
  tenantNotLicensed,
  unauthorized,
  unknownCommand,
} from "./errors.ts";
import { serviceOf, supportedRoles, type ExchangeService } from "./services.ts";

/** What the Exchange admin API answers. */
export interface ExchangeAnswer {
  readonly status: number;
  readonly body: Json;
}

/**
 * Answers `POST /adminapi/beta/{tenant}/InvokeCommand`: 401 without Exchange.ManageAsApp in the token, 403 without a
 * directory role that Exchange takes, and the command's output with both.
 *
 * @throws ExchangeError
 */
export async function dispatchExchange(
  context: ServerContext,
  tenantName: string,
  request: Request,
  identified: Identified,
  isEffective: (since: string) => boolean,
): Promise<ExchangeAnswer> {
  const { caller, tenant, service } = await identify(context, request);
  identified.tenantId = tenant.id;
  identified.clientId = caller.appId;
  if (!isAddressed(tenant, tenantName) || !caller.roles.includes("Exchange.ManageAsApp"))
    throw unauthorized();
  const store = tenant.exchange[service];
  const roles = supportedRoles(service, caller.directoryRoles);
  const held = heldRoles(store, service, caller.objectId, isEffective);
  if (roles.length === 0 && held.length === 0) throw forbiddenRole(caller.appId);
  if (!tenant.exchangeLicensed) throw tenantNotLicensed(tenant.id);
  const { command, parameters } = await readCommand(request, service);
  const isByDirectory = command.roles.some((role) => roles.includes(roleTemplateId(role)));
  const usable = rolesFor(command, held);
  if (!isByDirectory && usable.length === 0) throw forbiddenCommand(command.name);
  const mayWrite = (recipient: DirectoryEntity): boolean =>
    isByDirectory || reaches(tenant, store, usable, recipient);
  const value = command.run({ tenant, store, service, parameters, now: context.now(), mayWrite });
  if (!command.name.startsWith("Get-")) await context.store.save();
  return { status: 200, body: page(context.url, tenant, request, value) };
}

/**
 * Answers `GET /adminapi/beta/{tenant}/EXOBanner('AutogenSession')`, which modules ask for first. Security & Compliance
 * redirects from there to the tenant's region; this tenant lives where it was asked.
 *
 * @throws ExchangeError
 */
export async function dispatchBanner(
  context: ServerContext,
  tenantName: string,
  request: Request,
  identified: Identified,
): Promise<ExchangeAnswer> {
  const { caller, tenant } = await identify(context, request);
  identified.tenantId = tenant.id;
  identified.clientId = caller.appId;
  if (!isAddressed(tenant, tenantName)) throw unauthorized();
  return {
    status: 200,
    body: { "@odata.context": `${context.url}/adminapi/beta/${tenant.id}/$metadata#EXOBanner`, value: [] },
  };
}

function isAddressed(tenant: TenantState, name: string): boolean {
  return name.toLowerCase() === tenant.id || tenant.domains.has(name.toLowerCase());
}

/** A page as long as `Prefer: odata.maxpagesize` says, with a link to the next one, which takes the same body. */
function page(url: string, tenant: TenantState, request: Request, all: readonly Json[]): Json {
  const path = `${url}/adminapi/beta/${tenant.id}`;
  const [, size = "1000"] = /odata\.maxpagesize=([1-9]\d*)/.exec(request.headers.get("prefer") ?? "") ?? [];
  const token = new URL(request.url).searchParams.get("$skiptoken") ?? "0";
  if (!/^\d+$/.test(token)) throw invalidCommand(`The skip token '${token}' is invalid.`);
  const skip = Number(token);
  const end = skip + Number(size);
  return {
    "@odata.context": `${path}/$metadata#Collection(Exchange.GenericHashTable)`,
    "adminapi.warnings@odata.type": "#Collection(String)",
    "@adminapi.warnings": [],
    ...(end < all.length ? { "@odata.nextLink": `${path}/InvokeCommand?$skiptoken=${end}` } : {}),
    value: all.slice(skip, end),
  };
}

async function identify(
  context: ServerContext,
  request: Request,
): Promise<{ caller: Caller; tenant: TenantState; service: ExchangeService }> {
  const [, token] = /^Bearer (\S+)$/i.exec(request.headers.get("authorization") ?? "") ?? [];
  if (token === undefined) throw unauthorized();
  const audiences = (tenantId: string): readonly string[] => {
    const tenant = context.store.tenants.get(tenantId);
    if (tenant === undefined) return [];
    const { exchangeOnlineAudience, securityAndComplianceAudience } = clouds[tenant.cloud];
    return [exchangeOnlineAudience, securityAndComplianceAudience].map(withoutTrailingSlash);
  };
  const caller = await readAccessToken(await context.signingKey(), token, audiences, context.now());
  if (typeof caller === "string") throw unauthorized();
  const tenant = context.store.tenants.get(caller.tenantId);
  const service = tenant && serviceOf(tenant, token);
  if (tenant === undefined || service === undefined) throw unauthorized();
  return { caller, tenant, service };
}

async function readCommand(
  request: Request,
  service: ExchangeService,
): Promise<{ command: ExchangeCommand; parameters: JsonObject }> {
  const body = await jsonBody(request);
  const input = isJsonObject(body) ? body.CmdletInput : undefined;
  if (!isJsonObject(body) || !isJsonObject(input))
    throw invalidCommand("The request body has no 'CmdletInput'.");
  const unknown = [
    ...Object.keys(body).filter((name) => name !== "CmdletInput"),
    ...Object.keys(input).filter((name) => name !== "CmdletName" && name !== "Parameters"),
  ];
  if (unknown.length > 0) throw invalidCommand(`The property '${unknown[0]}' is not known.`);
  const { CmdletName: name, Parameters: parameters = {} } = input;
  if (typeof name !== "string") throw invalidCommand("The command has no 'CmdletName'.");
  if (!isJsonObject(parameters)) throw invalidCommand("The command's 'Parameters' are no object.");
  const command = commands.find(
    (candidate) =>
      candidate.name.toLowerCase() === name.toLowerCase() && candidate.services.includes(service),
  );
  if (command === undefined) throw unknownCommand(name);
  return { command, parameters: namedParameters(command, parameters) };
}

/** Parameters by their own names: PowerShell does not look at case. */
function namedParameters(command: ExchangeCommand, given: JsonObject): JsonObject {
  const named = Object.entries(given).map(([parameter, value]) => {
    const known = command.parameters.find((candidate) => candidate.toLowerCase() === parameter.toLowerCase());
    if (known === undefined)
      throw invalidCommand(`A parameter cannot be found that matches parameter name '${parameter}'.`);
    return [known, value] as const;
  });
  const parameters = Object.fromEntries(named);
  const missing = command.required?.find((name) => parameters[name] === undefined);
  if (missing !== undefined) {
    throw invalidCommand(
      `Cannot process command because of one or more missing mandatory parameters: ${missing}.`,
    );
  }
  return parameters;
}
