import type { IncomingHttpHeaders } from "node:http";
import { Agent, request } from "node:https";
import { onTestFinished } from "vitest";
import {
  defaultSeed,
  startTenantServer,
  type TenantSeed,
  type TenantServer,
  type TenantServerOptions,
} from "../../../sandbox/tenant/index.ts";
import { isJsonObject, textOf, type Json, type JsonObject } from "../../../sandbox/tenant/json.ts";

/** An answer; `body` is empty where there is none. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly body: JsonObject;
}

/** What a request says besides method and path. */
export interface Sent {
  readonly body?: Json;
  /** A body as it is, with its content type. */
  readonly raw?: { readonly type: string; readonly text: string };
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A server under test in this process. */
export interface TestTenant extends Connection {
  readonly server: TenantServer;
}

/** Ways to talk to a server. */
export interface Connection {
  readonly server: Pick<TenantServer, "url">;
  readonly seed: TenantSeed;
  send(method: string, path: string, sent?: Sent): Promise<Answer>;
  /** A request to Graph with the deployer's token, or another's. */
  graph(method: string, path: string, body?: Json, token?: string): Promise<Answer>;
  /** A request for a token, whatever comes of it. */
  signIn(form: Readonly<Record<string, string>>, tenant?: string): Promise<Answer>;
  /** The deployer's token for Graph. */
  deployerToken(): Promise<string>;
}

/** What every test's clock shows at first. */
export const startOfTest = new Date("2026-11-23T08:00:00Z");

/** Starts a server whose clock stands still, and closes it when the test is over. */
export async function startTestTenant(options: TenantServerOptions = {}): Promise<TestTenant> {
  const server = await startTenantServer({ now: () => startOfTest, ...options });
  const agent = new Agent({ ca: server.certificateAuthorityPem, keepAlive: true });
  onTestFinished(async () => {
    agent.destroy();
    await server.close();
  });
  return { ...connect(server, agent, options.seeds?.[0] ?? defaultSeed), server };
}

/** Ways to talk to a server through an agent that trusts it. */
export function connect(server: Pick<TenantServer, "url">, agent: Agent, seed: TenantSeed): Connection {
  let token: string | undefined;
  const send: Connection["send"] = (method, path, sent = {}) =>
    sendRequest(server.url, agent, method, path, sent);
  const signIn: Connection["signIn"] = (form, tenant = seed.tenantId) =>
    send("POST", `/${tenant}/oauth2/v2.0/token`, {
      raw: { type: "application/x-www-form-urlencoded", text: new URLSearchParams(form).toString() },
    });
  const deployerToken = async (): Promise<string> => {
    token ??= await tokenOf(signIn({ ...deployerForm(seed), scope: `${server.url}/.default` }));
    return token;
  };
  return {
    server,
    seed,
    send,
    signIn,
    deployerToken,
    graph: async (method, path, body, other) =>
      send(method, path, {
        token: other ?? (await deployerToken()),
        ...(body === undefined ? {} : { body }),
      }),
  };
}

/** The deployer's sign-in by secret, without a scope. */
export function deployerForm(seed: TenantSeed): Record<string, string> {
  return {
    client_id: seed.deployer.clientId,
    client_secret: seed.deployer.clientSecret,
    grant_type: "client_credentials",
  };
}

/** The access token of an answer that must have one. */
export async function tokenOf(answer: Promise<Answer>): Promise<string> {
  const { body, text } = await answer;
  const token = textOf(body.access_token);
  if (token === "") throw new Error(`No access token in ${text}`);
  return token;
}

/** The claims of a JWT. */
export function claimsOf(token: string): JsonObject {
  const [, payload = ""] = token.split(".");
  return JSON.parse(Buffer.from(payload, "base64url").toString());
}

/** `code` and `message` of a Graph error. */
export function errorOf(answer: Answer): {
  status: number;
  code: Json | undefined;
  message: Json | undefined;
} {
  const { error } = answer.body;
  const { code, message } = isJsonObject(error) ? error : {};
  return { status: answer.status, code, message };
}

/** The items of a list. */
export function itemsOf(answer: Answer): readonly JsonObject[] {
  const { value } = answer.body;
  if (!Array.isArray(value)) throw new Error(`No list in ${answer.text}`);
  return value.filter(isJsonObject);
}

/** Creates an application and its service principal. */
export async function createApplication(
  tenant: TestTenant,
  properties: JsonObject = {},
): Promise<{ readonly id: string; readonly appId: string; readonly principalId: string }> {
  const application = await tenant.graph("POST", "/v1.0/applications", {
    displayName: "Jobs",
    ...properties,
  });
  const [id, appId] = [textOf(application.body.id), textOf(application.body.appId)];
  const principal = await tenant.graph("POST", "/v1.0/servicePrincipals", { appId });
  return { id, appId, principalId: textOf(principal.body.id) };
}

function sendRequest(url: string, agent: Agent, method: string, path: string, sent: Sent): Promise<Answer> {
  const raw =
    sent.raw ??
    (sent.body === undefined ? undefined : { type: "application/json", text: JSON.stringify(sent.body) });
  const headers = {
    ...(raw === undefined
      ? {}
      : { "content-type": raw.type, "content-length": String(Buffer.byteLength(raw.text)) }),
    ...(sent.token === undefined ? {} : { authorization: `Bearer ${sent.token}` }),
    ...sent.headers,
  };
  return new Promise((resolve, reject) => {
    // The certificate is for this name, whichever the header `Host` says.
    const servername = "localhost";
    const outgoing = request(`${url}${path}`, { method, agent, headers, servername }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString();
        const isJson = /json/.test(response.headers["content-type"] ?? "");
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text,
          body: isJson ? JSON.parse(text) : {},
        });
      });
    });
    outgoing.on("error", reject);
    outgoing.end(raw?.text);
  });
}
