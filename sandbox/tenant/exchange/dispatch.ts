import { clouds } from "../../../components/clouds.ts";
import { readAccessToken, withoutTrailingSlash, type Caller } from "../accessToken.ts";
import type { Identified, ServerContext } from "../context.ts";
import { isJsonObject, type Json, type JsonObject } from "../json.ts";
import type { TenantState } from "../state.ts";
import { first } from "../state.ts";
import { commands, type ExchangeCommand } from "./commands.ts";
import { ExchangeError, forbiddenRole, invalidCommand, unauthorized, unknownCommand } from "./errors.ts";
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
): Promise<ExchangeAnswer> {
  const { caller, tenant, service } = await identify(context, request);
  identified.tenantId = tenant.id;
  identified.clientId = caller.appId;
  const isAddressed = tenantName.toLowerCase() === tenant.id || tenant.domains.has(tenantName.toLowerCase());
  if (!isAddressed || !caller.roles.includes("Exchange.ManageAsApp")) throw unauthorized();
  const roles = supportedRoles(service, caller.directoryRoles);
  if (roles.length === 0) throw forbiddenRole(caller.appId);
  const { command, parameters } = await readCommand(request, service);
  const value = command.run({ tenant, caller, parameters });
  return {
    status: 200,
    body: {
      "@odata.context": `${context.url}/adminapi/beta/${tenant.id}/$metadata#Collection(Exchange.GenericHashTable)`,
      "adminapi.warnings@odata.type": "#Collection(String)",
      "@adminapi.warnings": [],
      value,
    },
  };
}

async function identify(
  context: ServerContext,
  request: Request,
): Promise<{ caller: Caller; tenant: TenantState; service: ExchangeService }> {
  const [, token] = /^Bearer (\S+)$/i.exec(request.headers.get("authorization") ?? "") ?? [];
  if (token === undefined) throw unauthorized();
  let service: ExchangeService | undefined;
  const audiences = (tenantId: string): readonly string[] => {
    const tenant = context.store.tenants.get(tenantId);
    if (tenant === undefined) return [];
    const { exchangeOnlineAudience, securityAndComplianceAudience } = clouds[tenant.cloud];
    return [exchangeOnlineAudience, securityAndComplianceAudience].map(withoutTrailingSlash);
  };
  const caller = await readAccessToken(await context.signingKey(), token, audiences, context.now());
  if (typeof caller === "string") throw unauthorized();
  const tenant = first(context.store.tenants.values(), (candidate) => candidate.id === caller.tenantId);
  service = tenant && serviceOf(tenant, token);
  if (tenant === undefined || service === undefined) throw unauthorized();
  return { caller, tenant, service };
}

async function readCommand(
  request: Request,
  service: ExchangeService,
): Promise<{ command: ExchangeCommand; parameters: JsonObject }> {
  const body: unknown = await request.json().catch(() => undefined);
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
  for (const parameter of Object.keys(parameters)) {
    const known = command.parameters.some((candidate) => candidate.toLowerCase() === parameter.toLowerCase());
    if (!known)
      throw new ExchangeError(
        400,
        "BadRequest",
        `A parameter cannot be found that matches parameter name '${parameter}'.`,
      );
  }
  return { command, parameters };
}
