import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { sharedCredential } from "../../graph/sharedCredential.ts";
import type { Credential, Identity } from "../../graph/signIn.ts";
import type { TestTenant } from "./testTenant.ts";
import { startTestTenant } from "./testTenant.ts";

let tenant: TestTenant;
let graph: string;
let exchange: string;

beforeAll(async () => {
  tenant = await startTestTenant();
  graph = tenant.endpoints.graph.scope;
  exchange = tenant.endpoints.exchangeOnline.scope;
});
beforeEach(() => tenant.server.clearRequests());
afterAll(() => tenant.server.close());

test("who has the same identity gets the same credential, in each tenant another", () => {
  const identity: Identity = { ...tenant.deployer };
  const credential = credentialOf(identity);
  expect(credentialOf(identity)).toBe(credential);
  expect(sharedCredential(identity, tenant.seed.initialDomain, tenant.endpoints)).not.toBe(credential);
  expect(credentialOf({ ...identity })).not.toBe(credential);
});

test("signs in to the tenant that is asked for, else to that of the identity", async () => {
  const identity: Identity = { ...tenant.deployer, tenantId: "00000000-0000-4000-8000-000000000000" };
  await expect(sharedCredential(identity, undefined, tenant.endpoints).getToken(graph)).rejects.toMatchObject(
    { aadsts: 90002 },
  );
  await credentialOf(identity).getToken(graph);
  expect(requests(/token/)).toEqual([`/${tenant.seed.tenantId}/oauth2/v2.0/token`]);
});

test("however many ask at once, each service gives one token, and Entra is asked about the tenant once", async () => {
  const identity: Identity = { ...tenant.deployer };
  const tokens = await Promise.all(
    [graph, exchange, graph, [graph], exchange].map((scope) => credentialOf(identity).getToken(scope)),
  );
  expect(new Set(tokens.map(({ token }) => token)).size).toBe(2);
  await credentialOf(identity).getToken(graph);
  expect(requests(/oauth2/)).toHaveLength(2);
  expect(requests(/openid-configuration/)).toHaveLength(1);
});

test("a sign-in that failed is tried again, and keeps no other from being tried", async () => {
  const identity: Identity = { ...tenant.deployer };
  const fault = tenant.server.faults.throttle({ path: /oauth2/ }, 4000, 1);
  const [first, second] = await Promise.allSettled([
    credentialOf(identity).getToken(graph),
    credentialOf(identity).getToken(exchange),
  ]);
  fault.remove();
  expect(first).toMatchObject({ reason: { message: expect.stringMatching(/it asks for a wait of 4000 s/) } });
  expect(second.status).toBe("fulfilled");
  expect((await credentialOf(identity).getToken(graph)).token).toMatch(/^ey/);
});

test("of sign-ins at the same time, each says what stopped it", async () => {
  const asked: string[] = [];
  const identity: Identity = {
    kind: "assertion",
    tenantId: tenant.seed.tenantId,
    clientId: tenant.deployer.clientId,
    async getAssertion() {
      asked.push("assertion");
      if (asked.length === 1) throw new Error("no assertion");
      return "not.an.assertion";
    },
  };
  const credential = sharedCredential(identity, undefined, { ...tenant.endpoints, custom: true });
  const [first, second] = await Promise.allSettled([
    credential.getToken(graph),
    credential.getToken(exchange),
  ]);
  expect(first).toMatchObject({ reason: { message: expect.stringMatching(/no assertion/) } });
  expect(second).toMatchObject({ reason: { aadsts: expect.any(Number) } });
});

function credentialOf(identity: Identity): Credential {
  return sharedCredential(identity, tenant.seed.tenantId, tenant.endpoints);
}

function requests(path: RegExp): readonly string[] {
  return tenant.server.requests
    .map((request) => request.path.split("?")[0] ?? "")
    .filter((one) => path.test(one));
}
