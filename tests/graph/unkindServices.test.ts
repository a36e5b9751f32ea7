import { performance } from "node:perf_hooks";
import { setImmediate } from "node:timers/promises";
import * as v from "valibot";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { ApiError } from "../../graph/apiError.ts";
import type { ServiceEndpoint } from "../../graph/endpoints.ts";
import { cloudEndpoints } from "../../graph/endpoints.ts";
import { createComplianceClient, createExchangeClient } from "../../graph/exchange.ts";
import { all, createGraphClient, one } from "../../graph/graphClient.ts";
import { createCredential } from "../../graph/signIn.ts";
import type { GraphClient } from "../../graph/graphClient.ts";
import type { ScriptedAnswer, ScriptedServer } from "./scriptedServer.ts";
import { fixedCredential, startScriptedServer } from "./scriptedServer.ts";

let server: ScriptedServer;

beforeAll(async () => {
  server = await startScriptedServer();
});
afterAll(() => server.close());

const Item = v.object({ id: v.string() });
const tenant = { tenantId: "TENANT", initialDomain: "contoso.onmicrosoft.com" };

test("waits as long as Retry-After says, and asks again with the same token", async () => {
  server.answer({ status: 429, headers: { "retry-after": "1" } }, { status: 200, body: { id: "1" } });
  const started = performance.now();
  expect(await graph().read(one("/me", Item))).toEqual({ id: "1" });
  expect(performance.now() - started).toBeGreaterThan(950);
  expect(server.seen.map(({ headers }) => headers.authorization)).toEqual(["Bearer token", "Bearer token"]);
});

test("waits by itself where a service throttles and does not say how long", async () => {
  server.answer({ status: 429 }, { status: 429 }, { status: 200, body: { id: "1" } });
  expect(await graph().read(one("/me", Item))).toEqual({ id: "1" });
  expect(server.seen.length).toBe(3);

  server.answer({ status: 429 });
  expect((await failure(graph().read(one("/me", Item)))).failure.status).toBe(429);
  expect(server.seen.length).toBe(4);
});

test("tries three times more where a service fails, then gives up with its words", async () => {
  server.answer({
    status: 503,
    body: { error: { code: "serviceNotAvailable", message: "The service is down." } },
  });
  const error = await failure(graph().read(one("/me", Item)));
  expect(error.failure).toMatchObject({
    status: 503,
    code: "serviceNotAvailable",
    reason: "The service is down.",
  });
  expect(server.seen.length).toBe(4);
});

test("does not ask again what is refused", async () => {
  server.answer({ status: 403, body: { error: { code: "Authorization_RequestDenied", message: "No." } } });
  await failure(graph().read(one("/me", Item)));
  expect(server.seen.length).toBe(1);
});

test("never takes a token to another host", async () => {
  server.answer({ status: 302, headers: { location: "https://example.com/" } });
  expect((await failure(graph().read(one("/me", Item)))).failure.status).toBe(302);
});

test("says so where it is to wait for an hour, and asks no more", async () => {
  server.answer({ status: 429, headers: { "retry-after": "3600" } });
  const { status, reason } = (await failure(graph().read(one("/me", Item)))).failure;
  expect(status).toBe(429);
  expect(reason).toMatch(
    /^it asks for a wait of 3600 s \(Retry-After\)\. Run this again after \d{4}-\d\d-\d\d \d\d:\d\d UTC\.$/,
  );
  expect(server.seen.length).toBe(1);
});

const throttled = { status: 429, body: { error: "temporarily_unavailable" } };

/** Signs in to an Entra that gives these answers where it is asked for a token. */
async function signIn(...answers: readonly ScriptedAnswer[]): Promise<string> {
  const path = "/11111111-1111-4111-8111-111111111111";
  const left = [...answers];
  server.answer(({ method }) =>
    method === "GET"
      ? {
          status: 200,
          body: {
            issuer: `${server.url}${path}/v2.0`,
            authorization_endpoint: `${server.url}${path}/authorize`,
            token_endpoint: `${server.url}${path}/token`,
            jwks_uri: `${server.url}${path}/keys`,
          },
        }
      : (left.shift() ?? throttled),
  );
  const identity = {
    kind: "secret",
    tenantId: path.slice(1),
    clientId: "22222222-2222-4222-8222-222222222222",
    clientSecret: "s",
  } as const;
  const endpoints = { ...cloudEndpoints("global"), authorityHost: server.url, custom: true };
  const { token } = await createCredential(identity, endpoints).getToken(
    "https://graph.microsoft.com/.default",
  );
  return token;
}

test("says so where Entra wants a wait of an hour, too", async () => {
  const error: unknown = await signIn({ ...throttled, headers: { "retry-after": "3600" } }).catch(
    (caught: unknown) => caught,
  );
  expect(error).toMatchObject({
    name: "SignInError",
    isUnavailable: true,
    message: expect.stringMatching(
      /^Entra answered 429 to POST .*: it asks for a wait of 3600 s \(Retry-After\)/,
    ),
  });
  expect(server.seen.map(({ method }) => method)).toEqual(["GET", "POST"]);
});

test("waits by itself where Entra throttles a sign-in and does not say how long", async () => {
  const started = performance.now();
  const given = { status: 200, body: { token_type: "Bearer", expires_in: 3600, access_token: "t" } };
  expect(await signIn(throttled, given)).toBe("t");
  expect(performance.now() - started).toBeGreaterThan(950);
  expect(server.seen.map(({ method }) => method)).toEqual(["GET", "POST", "POST"]);
});

test("a Retry-After in fractions of a second is waited for (microsoft-graph-docs#3877)", async () => {
  server.answer(
    { status: 429, headers: { "retry-after": "0.124" }, body: {} },
    { status: 200, body: { id: "a" } },
  );
  expect(await graph().read(one("/a", Item))).toEqual({ id: "a" });
  expect(server.seen.length).toBe(2);
});

test.each([429, 503])("a Retry-After below zero is as good as none (%i)", async (status) => {
  const warnings: string[] = [];
  const note = ({ name }: Error): unknown => warnings.push(name);
  process.on("warning", note);
  onTestFinished(() => void process.off("warning", note));
  server.answer({ status, headers: { "retry-after": "-5" }, body: {} }, { status: 200, body: { id: "1" } });
  expect(await graph().read(one("/me", Item))).toEqual({ id: "1" });
  expect(server.seen.length).toBe(2);
  await setImmediate();
  expect(warnings).toEqual([]);
});

test("a Retry-After that is neither a time nor a date is as good as none", async () => {
  server.answer(
    { status: 429, headers: { "retry-after": "soon" }, body: {} },
    { status: 200, body: { id: "a" } },
  );
  expect(await graph().read(one("/a", Item))).toEqual({ id: "a" });
  expect(server.seen.length).toBe(2);
});

test("reads a date in Retry-After, too", async () => {
  const until = new Date(Date.now() + 7_200_000);
  server.answer({ status: 503, headers: { "retry-after": until.toUTCString() } });
  const { reason } = (await failure(graph().read(one("/me", Item)))).failure;
  expect(reason).toContain(`again after ${until.toISOString().slice(0, 16).replace("T", " ")} UTC`);
});

test.each<[string, (url: string) => string, RegExp]>([
  [
    "the page itself",
    (url) => `${url}/v1.0/list`,
    /^its link to the next page leads to a page that was read before, so reading would never end: "https:/,
  ],
  [
    "another host",
    () => "https://graph.example.com/v1.0/list?$skiptoken=1",
    /^its link to the next page leads to another host, which must not get a token: "https:\/\/graph\.example\.com\//,
  ],
  ["no encryption", (url) => `${url.replace("https", "http")}/v1.0/list?2`, /leads to another host/],
  ["no address at all", () => "https://", /leads to another host/],
])("does not follow a link to %s", async (_, link, reason) => {
  server.answer({ status: 200, body: { value: [{ id: "1" }], "@odata.nextLink": link(server.url) } });
  expect((await failure(graph().read(all("/list", Item)))).failure.reason).toMatch(reason);
  expect(server.seen.length).toBe(1);
  const exchange = createExchangeClient({ credential: fixedCredential, endpoint: endpoint(), tenant });
  server.answer(({ path }) => ({
    status: 200,
    body: { value: [{ id: "1" }], "@odata.nextLink": link(server.url).replace("/v1.0/list", path) },
  }));
  expect((await failure(exchange.invoke("Get-Mailbox", {}, Item))).failure.reason).toMatch(reason);
  expect(server.seen.length).toBe(1);
});

test("does not follow links that go round in a circle", async () => {
  server.answer(({ path }) => ({
    status: 200,
    body: {
      value: [{ id: path }],
      "@odata.nextLink": `${server.url}/v1.0/list?${path.endsWith("a") ? "b" : "a"}`,
    },
  }));
  const { reason } = (await failure(graph().read(all("/list", Item)))).failure;
  expect(reason).toMatch(/leads to a page that was read before, so reading would never end: "https:/);
  expect(server.seen.length).toBe(3);
});

test.each([null, ""])("a link of %j is the end", async (link) => {
  server.answer({ status: 200, body: { value: [{ id: "1" }], "@odata.nextLink": link } });
  expect(await graph().read(all("/list", Item))).toEqual([{ id: "1" }]);
});

test("a link without a host is on the same host", async () => {
  server.answer(
    { status: 200, body: { value: [{ id: "1" }], "@odata.nextLink": "/v1.0/list?$skiptoken=2" } },
    { status: 200, body: { value: [{ id: "2" }] } },
  );
  expect(await graph().read(all("/list", Item))).toEqual([{ id: "1" }, { id: "2" }]);
});

test("a proxy's page is shown, and is no answer of Graph's", async () => {
  server.answer({
    status: 200,
    headers: { "content-type": "text/html" },
    body: "<html><title>Sign in to the guest network</title></html>",
  });
  const error = await failure(graph().read(one("/me", Item)));
  expect(error.failure).not.toHaveProperty("status");
  expect(error.message).toBe(
    `Microsoft Graph gave an unexpected answer to GET ${server.url}/v1.0/me: the answer is not JSON: "<html><title>Sign in to the guest network</title></html>". A proxy or a sign-in page may have answered instead (HTTPS_PROXY, NO_PROXY).`,
  );
});

test("an answer without a body is told as such", async () => {
  server.answer({ status: 200, body: "" });
  const { reason } = (await failure(graph().read(one("/me", Item)))).failure;
  expect(reason).toBe(
    "the answer is empty. A proxy or a sign-in page may have answered instead (HTTPS_PROXY, NO_PROXY).",
  );
});

test.each([5, ["x"], {}])(
  "a link to the next page that is no text is no answer of Graph's: %j",
  async (link) => {
    server.answer({ status: 200, body: { value: [], "@odata.nextLink": link } });
    const { reason } = (await failure(graph().read(all("/list", Item)))).failure;
    expect(reason).toMatch(/^the answer is not of the documented form: @odata\.nextLink: Invalid type/);
    expect(server.seen.length).toBe(1);
  },
);

test("a byte order mark before an answer does no harm", async () => {
  server.answer({ status: 200, body: '\uFEFF{"id":"1"}' });
  expect(await graph().read(one("/me", Item))).toEqual({ id: "1" });
});

test("a refusal without words says that there are none", async () => {
  server.answer({ status: 403, body: { error: { code: "Forbidden", message: "" } } });
  expect((await failure(graph().read(one("/me", Item)))).failure.reason).toBe("it gave no reason.");
});

test("cancels a wait", async () => {
  server.answer({ status: 429, headers: { "retry-after": "60" } });
  const controller = new AbortController();
  const client = createGraphClient(fixedCredential, endpoint(), { signal: controller.signal });
  const reading = client.read(one("/me", Item));
  const ended = reading.then(() => "answered", String);
  await vi.waitUntil(() => server.seen.length === 1);
  controller.abort(new Error("cancelled by the test"));
  expect(await ended).toContain("cancelled by the test");
  expect(server.seen.length).toBe(1);
});

test("a batch whose ids are numbers and whose statuses are text is the same batch", async () => {
  const responses = [
    { id: 1, status: "200", body: { id: "b" } },
    { id: 0, status: 200, body: { id: "a" } },
  ];
  server.answer({ status: 200, body: { responses } });
  expect(await graph().batch({ a: one("/a", Item), b: one("/b", Item) })).toEqual({
    a: { ok: true, value: { id: "a" } },
    b: { ok: true, value: { id: "b" } },
  });
  expect(server.seen.length).toBe(1);
  server.answer({ status: 200, body: { responses: [{ id: 0, status: "OK" }] } });
  await expect(graph().batch({ a: one("/a", Item) })).rejects.toThrow(
    "the answer is not of the documented form: responses.0.status: Invalid integer",
  );
});

test("a batch asks once for many things, follows pages, and keeps refusals apart", async () => {
  server.answer(
    {
      status: 200,
      body: {
        responses: [
          {
            id: "1",
            status: 200,
            body: { value: [{ id: "a" }], "@odata.nextLink": `${server.url}/v1.0/next` },
          },
          { id: "2", status: 403, body: { error: { code: "Authorization_RequestDenied", message: "No." } } },
          { id: "0", status: 200, body: { id: "me" } },
        ],
      },
    },
    { status: 200, body: { value: [{ id: "b" }] } },
  );
  const found = await graph().batch({
    me: one("/me", Item),
    apps: all("/applications", Item),
    denied: all("/domains", Item),
  });
  expect(found.me).toEqual({ ok: true, value: { id: "me" } });
  expect(found.apps).toEqual({ ok: true, value: [{ id: "a" }, { id: "b" }] });
  expect(found.denied.ok ? undefined : found.denied.error.failure).toEqual({
    service: "Microsoft Graph",
    request: `GET ${server.url}/v1.0/domains`,
    status: 403,
    code: "Authorization_RequestDenied",
    reason: "No.",
  });
  expect(server.seen.map(({ method, path, body }) => ({ method, path, body }))).toEqual([
    {
      method: "POST",
      path: "/v1.0/$batch",
      body: {
        requests: [
          { id: "0", method: "GET", url: "/me" },
          { id: "1", method: "GET", url: "/applications" },
          { id: "2", method: "GET", url: "/domains" },
        ],
      },
    },
    { method: "GET", path: "/v1.0/next", body: undefined },
  ]);
});

test("what a batch throttled is asked for by itself", async () => {
  server.answer(
    { status: 200, body: { responses: [{ id: "0", status: 429, headers: { "Retry-After": "1" } }] } },
    { status: 200, body: { id: "me" } },
  );
  expect(await graph().batch({ me: one("/me", Item) })).toEqual({ me: { ok: true, value: { id: "me" } } });
  expect(server.seen.map(({ path }) => path)).toEqual(["/v1.0/$batch", "/v1.0/me"]);
});

test("a batch of more than 20 goes in several, and asks the same only once", async () => {
  server.answer(({ body }) => batchAnswer(body));
  const reads = Object.fromEntries(
    Array.from({ length: 45 }, (_, index) => [index, one(`/users/${index % 41}`, Item)]),
  );
  const found = await graph().batch(reads);
  expect(Object.values(found).map((outcome) => (outcome.ok ? outcome.value.id : "?"))).toEqual(
    Array.from({ length: 45 }, (_, index) => `/users/${index % 41}`),
  );
  // They are sent at once, and may arrive in any order.
  const sizes = server.seen.map(({ body }) => v.parse(Batch, body).requests.length);
  expect(sizes.toSorted((a, b) => b - a)).toEqual([20, 20, 1]);
});

test("Exchange: headers, body and pages", async () => {
  server.answer(
    {
      status: 200,
      body: {
        value: [{ id: "1" }],
        "@odata.nextLink": `${server.url}/adminapi/beta/TENANT/InvokeCommand?page=2`,
      },
    },
    { status: 200, body: { value: [{ id: "2" }] } },
  );
  const exchange = createExchangeClient({ credential: fixedCredential, endpoint: endpoint(), tenant });
  expect(await exchange.invoke("Get-Mailbox", { ResultSize: "Unlimited" }, Item)).toEqual([
    { id: "1" },
    { id: "2" },
  ]);
  expect(server.seen.map(({ path }) => path)).toEqual([
    "/adminapi/beta/TENANT/InvokeCommand",
    "/adminapi/beta/TENANT/InvokeCommand?page=2",
  ]);
  for (const { method, headers, body } of server.seen) {
    expect(method).toBe("POST");
    expect(headers).toMatchObject({
      authorization: "Bearer token",
      prefer: "odata.maxpagesize=1000",
      "x-anchormailbox": "APP:SystemMailbox{bb558c35-97f1-4cb9-8ff7-d53741dc928c}@TENANT",
    });
    expect(body).toEqual({
      CmdletInput: { CmdletName: "Get-Mailbox", Parameters: { ResultSize: "Unlimited" } },
    });
  }
});

test.each([
  ["NUL characters", "\0".repeat(64), "it gave no reason."],
  ["HTML", "<html>\r\n<b>No</b></html>", "<html> <b>No</b></html>"],
  ["an OData error without details", { error: { code: "Forbidden", message: "Outer." } }, "Outer."],
  [
    "an inner exception",
    { error: { code: "Forbidden", message: "", innererror: { internalexception: { message: "Inner." } } } },
    "Inner.",
  ],
  ["details", { error: { code: "Forbidden", message: "", details: [{ message: "Detail." }] } }, "Detail."],
])("Exchange: a refusal with %s", async (_, body, reason) => {
  server.answer({ status: 403, body });
  const exchange = createExchangeClient({ credential: fixedCredential, endpoint: endpoint(), tenant });
  expect((await failure(exchange.invoke("Get-Mailbox", {}, Item))).failure).toMatchObject({
    status: 403,
    reason,
  });
});

test("Security & Compliance: asks the front door for the region once, by the initial domain", async () => {
  const location = `${server.url}/somewhere`;
  server.answer({ status: 302, headers: { location } }, { status: 200, body: { value: [] } });
  const compliance = createComplianceClient({ credential: fixedCredential, endpoint: endpoint(), tenant });
  await compliance.invoke("Get-DlpCompliancePolicy", {}, Item);
  await compliance.invoke("Get-DlpCompliancePolicy", {}, Item);
  expect(server.seen.map(({ method, path, headers }) => [method, path, headers["x-anchormailbox"]])).toEqual(
    [
      ["GET", "/adminapi/beta/TENANT/EXOBanner('AutogenSession')?Version=3.9.0"],
      ["POST", "/adminapi/beta/TENANT/InvokeCommand"],
      ["POST", "/adminapi/beta/TENANT/InvokeCommand"],
    ].map((request) => [
      ...request,
      "UPN:SystemMailbox{bb558c35-97f1-4cb9-8ff7-d53741dc928c}@contoso.onmicrosoft.com",
    ]),
  );
});

function endpoint(): ServiceEndpoint {
  return { url: server.url, scope: "https://scope/.default" };
}

function graph(): GraphClient {
  return createGraphClient(fixedCredential, endpoint(), { retryDelayMs: 1 });
}

const Batch = v.object({ requests: v.array(v.object({ id: v.string(), url: v.string() })) });

function batchAnswer(body: unknown): ScriptedAnswer {
  const responses = v
    .parse(Batch, body)
    .requests.map(({ id, url }) => ({ id, status: 200, body: { id: url } }));
  return { status: 200, body: { responses } };
}

async function failure(promise: Promise<unknown>): Promise<ApiError> {
  const error: unknown = await promise.catch((caught: unknown) => caught);
  if (error instanceof ApiError) return error;
  throw new Error(`not the expected failure: ${String(error)}`);
}
