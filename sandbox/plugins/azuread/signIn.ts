import { STATUS_CODES } from "node:http";

import { ConnectionError, request } from "./connection.ts";
import { isJson, objectOf, parseJson, textOf, type Json } from "./json.ts";
import type { Credential, ProviderSettings } from "./settings.ts";
import { askForToken } from "./tokenEndpoint.ts";
import type { Waits } from "./waits.ts";

/** Where a cloud's services are, from its metadata document. */
export interface CloudEndpoints {
  /** Without a slash at the end. */
  readonly login: string;
  /** Without a slash at the end. */
  readonly graph: string;
}

/** A token source: hands out the same token until it is about to expire. */
export type Tokens = () => Promise<string>;

/**
 * Reads the cloud's metadata document from its host. It is asked for once, whatever the answer.
 *
 * Source: sdk/internal/metadata/client.go of hashicorp/go-azure-sdk.
 */
export async function readCloud(host: string): Promise<CloudEndpoints> {
  const url = `https://${host}/metadata/endpoints?api-version=2022-09-01`;
  const failed = (reason: string, cause?: unknown): Error =>
    new Error(`retrieving metadata from endpoint "https://${host}": performing request: ${reason}`, {
      cause,
    });
  const { response, text } = await request(url).catch((error: unknown) => {
    throw error instanceof ConnectionError ? failed(error.message, error) : error;
  });
  const { status } = response;
  if (status !== 200)
    throw failed(`expected 200 OK but got ${status} ${status} ${STATUS_CODES[status] ?? ""}`);
  const document = parseJson(text);
  const login = textOf(objectOf(document, "authentication"), "loginEndpoint");
  const graph = textOf(document, "microsoftGraphResourceId").replace(/\/+$/, "");
  if (login !== "" && graph !== "") return { login, graph };
  throw new Error(`The metadata document of ${host} names no login or no Graph endpoint.`);
}

/** Makes a token source for Graph. */
export function createTokens(cloud: CloudEndpoints, settings: ProviderSettings, waits: Waits): Tokens {
  let current: { token: Promise<string>; renewAt: number } | undefined;
  return () => {
    if (current === undefined || Date.now() >= current.renewAt) {
      const fresh = requestToken(cloud, settings, waits).then(({ token, lifetime }) => {
        entry.renewAt = Date.now() + (lifetime - earlyBy(lifetime)) * 1000;
        return token;
      });
      const entry = { token: fresh, renewAt: Number.POSITIVE_INFINITY };
      current = entry;
      fresh.catch(() => (entry.renewAt = 0));
    }
    return current.token;
  };
}

/** The claims of a token, which is not verified: the plugin only looks up who it is. */
export function claimsOf(token: string): Json {
  const payload = token.split(".")[1] ?? "";
  const claims: unknown = JSON.parse(Buffer.from(payload, "base64url").toString("utf8"));
  return isJson(claims) ? claims : {};
}

/** A token is renewed 20 minutes before it expires, or at half its life if that is short. */
function earlyBy(lifetime: number): number {
  return lifetime < 40 * 60 ? lifetime / 2 : 20 * 60;
}

async function requestToken(
  cloud: CloudEndpoints,
  settings: ProviderSettings,
  waits: Waits,
): Promise<{ token: string; lifetime: number }> {
  const endpoint = `${cloud.login}/${settings.tenantId}/oauth2/v2.0/token`;
  const body = new URLSearchParams({
    client_id: settings.clientId,
    ...(await proof(settings.credential, settings.clientId, endpoint)),
    grant_type: "client_credentials",
    scope: `${cloud.graph}/.default`,
  });
  const { response, text } = await askForToken(endpoint, body, waits);
  if (!response.ok) {
    throw new Error(
      `unable to obtain access token: clientCredentialsToken: received HTTP status ${response.status} with response: ${text}`,
    );
  }
  const answer = parseJson(text);
  const token = textOf(answer, "access_token");
  if (token === "") throw new Error("unable to obtain access token: the response has none");
  return { token, lifetime: Number(answer?.["expires_in"] ?? 0) };
}

async function proof(
  credential: Credential,
  clientId: string,
  endpoint: string,
): Promise<Record<string, string>> {
  if (credential.kind === "secret") return { client_secret: credential.secret };
  return {
    client_assertion: await assertion(credential, clientId, endpoint),
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
  };
}

async function assertion(
  credential: Exclude<Credential, { kind: "secret" }>,
  clientId: string,
  endpoint: string,
): Promise<string> {
  if (credential.kind === "federated") return credential.token;
  return credential.kind === "requested" ? requested(credential) : signed(credential, clientId, endpoint);
}

/** Asks GitHub Actions for a token, as sdk/auth/github_oidc_authorizer.go of hashicorp/go-azure-sdk does. */
async function requested({ url, bearer }: Credential & { kind: "requested" }): Promise<string> {
  const asked = new URL(url);
  if (!asked.searchParams.get("audience")) asked.searchParams.set("audience", "api://AzureADTokenExchange");
  const headers = { accept: "application/json", authorization: `Bearer ${bearer}` };
  const { response, text } = await request(asked.href, { headers });
  if (!response.ok) {
    throw new Error(`githubAssertion: received HTTP status ${response.status} with response: ${text}`);
  }
  return textOf(parseJson(text), "value");
}

async function signed(
  credential: Credential & { kind: "certificate" },
  clientId: string,
  endpoint: string,
): Promise<string> {
  const { certificateAssertion } = await import("./certificateAssertion.ts");
  return certificateAssertion(credential.path, credential.password, clientId, endpoint);
}
