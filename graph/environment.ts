import { readFile } from "node:fs/promises";
import * as v from "valibot";
import { readJson, refused } from "./apiError.ts";
import { readCertificateFile } from "../common/certificateFile.ts";
import { createService } from "./service.ts";
import type { Identity } from "./signIn.ts";

/**
 * The identity that the environment names, in the azuread provider's order: a certificate, a secret, a federated token
 * (given, from Azure Pipelines, from GitHub Actions), the Azure CLI. `ARM_…` variables go before the `AZURE_…` ones of
 * Microsoft's own libraries.
 */
export async function identityFromEnvironment(env: NodeJS.ProcessEnv = process.env): Promise<Identity> {
  const tenantId = env.ARM_TENANT_ID || env.AZURE_TENANT_ID;
  const clientId = env.ARM_CLIENT_ID || env.AZURE_CLIENT_ID;
  if (!tenantId || !clientId) return { kind: "azureCli", ...(tenantId ? { tenantId } : {}) };
  const application = { tenantId, clientId };
  const file = env.ARM_CLIENT_CERTIFICATE_PATH || env.AZURE_CLIENT_CERTIFICATE_PATH;
  if (file) {
    const password = env.ARM_CLIENT_CERTIFICATE_PASSWORD || env.AZURE_CLIENT_CERTIFICATE_PASSWORD;
    return { ...application, kind: "certificate", ...(await readCertificateFile(file, { password, source: "ARM" })) };
  }
  const secret = env.ARM_CLIENT_SECRET || env.AZURE_CLIENT_SECRET;
  if (secret) return { ...application, kind: "secret", clientSecret: secret };
  const getAssertion = assertionSource(env);
  if (getAssertion) return { ...application, kind: "assertion", getAssertion };
  return { kind: "azureCli", tenantId };
}

/** As for azuread, the `ARM_…` variables of a federated token count with `ARM_USE_OIDC` only. */
function assertionSource(env: NodeJS.ProcessEnv): (() => Promise<string>) | undefined {
  const federatedFile = env.AZURE_FEDERATED_TOKEN_FILE;
  if (!/^(true|1)$/i.test(env.ARM_USE_OIDC ?? "")) return federatedFile ? fromFile(federatedFile) : undefined;
  const token = env.ARM_OIDC_TOKEN;
  if (token) return async () => token;
  const file = env.ARM_OIDC_TOKEN_FILE_PATH || federatedFile;
  if (file) return fromFile(file);
  const connection = env.ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID || env.ARM_OIDC_AZURE_SERVICE_CONNECTION_ID;
  const pipelines = env.ARM_OIDC_REQUEST_URL || env.SYSTEM_OIDCREQUESTURI;
  const pipelinesToken = env.ARM_OIDC_REQUEST_TOKEN || env.SYSTEM_ACCESSTOKEN;
  if (connection && pipelines && pipelinesToken) {
    return async () => pipelinesAssertion(pipelines, connection, pipelinesToken);
  }
  const actions = env.ARM_OIDC_REQUEST_URL || env.ACTIONS_ID_TOKEN_REQUEST_URL;
  const actionsToken = env.ARM_OIDC_REQUEST_TOKEN || env.ACTIONS_ID_TOKEN_REQUEST_TOKEN;
  if (actions && actionsToken) return async () => actionsAssertion(actions, actionsToken);
  return undefined;
}

/** Whoever renews the token writes the file anew, so it is read each time. */
function fromFile(file: string): () => Promise<string> {
  return async () => (await readFile(file, "utf8")).trim();
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

/** Asks GitHub Actions; the audience is the one that Entra's federated credentials expect by default. */
async function actionsAssertion(url: string, token: string): Promise<string> {
  const name = "GitHub Actions";
  const response = await createService({ name })({
    url: `${url}&audience=${encodeURIComponent("api://AzureADTokenExchange")}`,
    headers: { authorization: `Bearer ${token}` },
  });
  if (response.status !== 200) throw refused(name, response);
  return readJson(name, response, v.object({ value: v.string() })).value;
}
