import * as v from "valibot";
import { usageFailure } from "../common/failure.ts";
import { clouds, Cloud } from "../microsoft/clouds.ts";
import { readTextFile } from "../common/textFile.ts";
import { readJson, refused } from "./apiError.ts";
import { cloudOfEnvironment } from "./endpoints.ts";
import { createService } from "./service.ts";

/** Gives a federated token, a fresh one each time where it can be renewed. */
export type AssertionSource = () => Promise<string>;

/**
 * Where the federated token comes from that `ARM_USE_OIDC` asks for, in the azuread provider's order: in a file, given,
 * from Azure Pipelines, from GitHub Actions. Undefined where there is none.
 */
export function federatedTokenSource(env: NodeJS.ProcessEnv): AssertionSource | undefined {
  const token = env.ARM_OIDC_TOKEN;
  const file = env.ARM_OIDC_TOKEN_FILE_PATH;
  if (file) return token ? sameTokenSource(token, tokenFileSource(file)) : tokenFileSource(file);
  if (token) return async () => token;
  const connection = env.ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID || env.ARM_OIDC_AZURE_SERVICE_CONNECTION_ID;
  const pipelines = env.ARM_OIDC_REQUEST_URL || env.SYSTEM_OIDCREQUESTURI;
  const pipelinesToken = env.ARM_OIDC_REQUEST_TOKEN || env.SYSTEM_ACCESSTOKEN;
  if (connection && pipelines && pipelinesToken) {
    return async () => pipelinesAssertion(pipelines, connection, pipelinesToken);
  }
  const actions = env.ARM_OIDC_REQUEST_URL || env.ACTIONS_ID_TOKEN_REQUEST_URL;
  const actionsToken = env.ARM_OIDC_REQUEST_TOKEN || env.ACTIONS_ID_TOKEN_REQUEST_TOKEN;
  if (!actions || !actionsToken) return undefined;
  const cloud = cloudOfEnvironment(env.ARM_ENVIRONMENT ?? "") ?? Cloud.Global;
  return async () => actionsAssertion(actions, actionsToken, clouds[cloud].federatedTokenAudience);
}

/** Whoever renews the token writes the file anew, so it is read each time. */
export function tokenFileSource(file: string): AssertionSource {
  return async () => (await readTextFile(file)).trim();
}

/** The provider takes both where they are the same. */
function sameTokenSource(token: string, fromFile: AssertionSource): AssertionSource {
  return async () => {
    if ((await fromFile()) === token.trim()) return token.trim();
    throw usageFailure("ARM_OIDC_TOKEN and the file of ARM_OIDC_TOKEN_FILE_PATH differ. Remove one of them.");
  };
}

/** Asks Azure Pipelines, as Microsoft's "Oidctoken - Create" describes. */
async function pipelinesAssertion(url: string, connection: string, token: string): Promise<string> {
  const name = "Azure Pipelines";
  const response = await createService({ name })({
    method: "POST",
    url: `${url}?api-version=7.1&serviceConnectionId=${encodeURIComponent(connection)}`,
    headers: { authorization: `Bearer ${token}` },
    body: {},
  });
  if (response.status !== 200) throw refused(name, response);
  return readJson(name, response, v.object({ oidcToken: v.string() })).oidcToken;
}

/** Asks GitHub Actions. An audience that the address names stays, as for the azuread provider. */
async function actionsAssertion(url: string, token: string, audience: string): Promise<string> {
  const name = "GitHub Actions";
  const asked = new URL(url);
  if (!asked.searchParams.get("audience")) asked.searchParams.set("audience", audience);
  const response = await createService({ name })({
    url: asked.href,
    headers: { authorization: `Bearer ${token}` },
  });
  if (response.status !== 200) throw refused(name, response);
  return readJson(name, response, v.object({ value: v.string() })).value;
}
