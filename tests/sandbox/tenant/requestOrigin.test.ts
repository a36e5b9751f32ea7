import { expect, test } from "vitest";
import { clouds } from "../../../microsoft/clouds.ts";
import type { JsonObject } from "../../../sandbox/tenant/json.ts";
import { errorOf, startTestTenant } from "./client.ts";

const page = "https://evil.example";

test.each([page, "null", "http://localhost:3000", "https://localhost"])(
  "a web page of %s cannot make a browser change anything",
  async (origin) => {
    const tenant = await startTestTenant();
    const token = await tenant.deployerToken();
    tenant.server.clearRequests();
    const refusal = {
      status: 403,
      code: "Forbidden",
      message: `Requests of the origin '${origin}' are refused.`,
    };
    const asked = [
      tenant.send("POST", "/sandbox/reset", { headers: { origin } }),
      tenant.send("POST", "/sandbox/clock", { headers: { origin }, body: { advanceMs: 1 } }),
      // A form, which a browser sends without asking first.
      tenant.send("POST", "/sandbox/faults", {
        headers: { origin },
        raw: { type: "text/plain", text: '{"kind":"dropConnection"}' },
      }),
      tenant.send("POST", "/v1.0/applications", { headers: { origin }, token, body: { displayName: "P" } }),
      tenant.send("POST", `/${tenant.seed.tenantId}/oauth2/v2.0/token`, {
        headers: { origin },
        raw: { type: "application/x-www-form-urlencoded", text: "" },
      }),
    ];
    for (const answer of await Promise.all(asked)) expect(errorOf(answer)).toEqual(refusal);
    expect(tenant.server.requests).toEqual([]);
  },
);

test("a page of the server's own origin, and a client without any, are answered", async () => {
  const tenant = await startTestTenant();
  const own = await tenant.send("GET", "/sandbox/clock", { headers: { origin: tenant.server.url } });
  expect([own.status, (await tenant.send("GET", "/sandbox/clock")).status]).toEqual([200, 200]);
});

test("a name that has been made to lead here is not the server's", async () => {
  const tenant = await startTestTenant();
  for (const path of ["/sandbox/requests", "/v1.0/domains", "/metadata/endpoints?api-version=2022-09-01"]) {
    const answer = await tenant.send("GET", path, { headers: { host: "rebound.example" } });
    expect(errorOf(answer)).toEqual({
      status: 421,
      code: "MisdirectedRequest",
      message: "This server is not 'rebound.example'.",
    });
  }
});

test.each(["localhost", "localhost:1", "127.0.0.1:8443", "[::1]:8443", "LOCALHOST"])(
  "the loopback name %s is the server's",
  async (host) => {
    const tenant = await startTestTenant();
    expect((await tenant.send("GET", "/sandbox/clock", { headers: { host } })).status).toBe(200);
  },
);

test("Microsoft's hosts are served, as through a proxy, but for the control interface", async () => {
  const tenant = await startTestTenant();
  const token = await tenant.deployerToken();
  for (const { graph, authorityHost, exchangeOnline, securityAndCompliance } of Object.values(clouds)) {
    for (const address of [graph, authorityHost, exchangeOnline, securityAndCompliance]) {
      const headers = { host: new URL(address).host };
      expect((await tenant.send("GET", "/v1.0/domains", { headers, token })).status).toBe(200);
      expect((await tenant.send("GET", "/sandbox/requests", { headers })).status).toBe(421);
    }
  }
});

test.each<[string, JsonObject]>([
  ["/sandbox/clock", { advanceMs: 1 }],
  ["/sandbox/faults", { kind: "delay", ms: 1, times: 1 }],
  ["/v1.0/$batch", { requests: [{ id: "1", method: "GET", url: "/domains" }] }],
  ["/v1.0/applications", { displayName: "Jobs" }],
])("JSON that does not say that it is JSON is refused: %s", async (path, body) => {
  const tenant = await startTestTenant();
  const token = await tenant.deployerToken();
  const text = JSON.stringify(body);
  const send = (type: string) => tenant.send("POST", path, { raw: { type, text }, token });
  const others = ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"];
  for (const type of [...others, "application/json-patch+json", "application/json5"]) {
    expect((await send(type)).status).toBe(400);
  }
  expect((await send("application/json; charset=utf-8")).status).toBeLessThan(300);
});
