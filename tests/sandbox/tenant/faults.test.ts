import { expect, test } from "vitest";
import { textOf, type JsonObject } from "../../../sandbox/tenant/json.ts";
import {
  claimsOf,
  createApplication,
  deployerForm,
  errorOf,
  itemsOf,
  startTestTenant,
  tokenOf,
} from "./client.ts";

test("nothing goes wrong until it is asked to", async () => {
  const tenant = await startTestTenant();
  for (let request = 0; request < 20; request += 1) {
    expect((await tenant.graph("GET", "/v1.0/domains")).status).toBe(200);
  }
});

test("a refusal meets the requests that fit, as often as it says", async () => {
  const tenant = await startTestTenant();
  const matcher = { method: "POST", path: /^\/v1\.0\/applications$/ };
  const fault = tenant.server.faults.refuse(matcher, { status: 403 }, 2);
  for (let request = 0; request < 2; request += 1) {
    expect(errorOf(await tenant.graph("POST", "/v1.0/applications", { displayName: "Jobs" }))).toEqual({
      status: 403,
      code: "Authorization_RequestDenied",
      message: "Insufficient privileges to complete the operation.",
    });
  }
  expect((await tenant.graph("GET", "/v1.0/applications")).status).toBe(200);
  expect((await tenant.graph("POST", "/v1.0/applications", { displayName: "Jobs" })).status).toBe(201);
  expect(fault.hits).toBe(2);
});

test("a refusal says what it is told to, with and without Retry-After, and without JSON", async () => {
  const tenant = await startTestTenant();
  const { faults } = tenant.server;
  faults.throttle({ path: /domains/ }, 7, 1);
  const throttled = await tenant.graph("GET", "/v1.0/domains");
  expect({ ...errorOf(throttled), retryAfter: throttled.headers["retry-after"] }).toEqual({
    status: 429,
    code: "TooManyRequests",
    message: "Too many requests.",
    retryAfter: "7",
  });
  faults.throttle({ path: /domains/ }, undefined, 1);
  expect((await tenant.graph("GET", "/v1.0/domains")).headers).not.toHaveProperty("retry-after");
  faults.refuse({ path: /domains/ }, { status: 400, code: "Directory_Broken", message: "Broken." }, 1);
  expect(errorOf(await tenant.graph("GET", "/v1.0/domains"))).toEqual({
    status: 400,
    code: "Directory_Broken",
    message: "Broken.",
  });
  faults.refuse({ path: /domains/ }, { status: 403, rawBody: "\0\0\0" }, 1);
  const raw = await tenant.graph("GET", "/v1.0/domains");
  expect({ status: raw.status, text: raw.text }).toEqual({ status: 403, text: "\0\0\0" });
});

test("sign-in is refused in the token endpoint's shape", async () => {
  const tenant = await startTestTenant();
  tenant.server.faults.refuse({ path: /\/token$/ }, { status: 503 }, 1);
  const answer = await tenant.signIn({
    ...deployerForm(tenant.seed),
    scope: `${tenant.server.url}/.default`,
  });
  expect({ status: answer.status, error: answer.body.error, codes: answer.body.error_codes }).toEqual({
    status: 503,
    error: "temporarily_unavailable",
    codes: [90033],
  });
});

test("a lost answer is done all the same, and a dropped connection is not", async () => {
  const tenant = await startTestTenant();
  await tenant.deployerToken();
  tenant.server.clearRequests();
  const lost = tenant.server.faults.loseAnswer({ method: "POST", path: /\/applications$/ }, 1);
  await expect(tenant.graph("POST", "/v1.0/applications", { displayName: "Lost" })).rejects.toThrow(
    /socket hang up|ECONNRESET/,
  );
  const dropped = tenant.server.faults.dropConnection({ method: "POST", path: /\/applications$/ }, 1);
  await expect(tenant.graph("POST", "/v1.0/applications", { displayName: "Dropped" })).rejects.toThrow(
    /socket hang up|ECONNRESET/,
  );
  const names = itemsOf(await tenant.graph("GET", "/v1.0/applications")).map(
    (application) => application.displayName,
  );
  expect(names).toEqual(["Deployment", "Lost"]);
  expect([lost.hits, dropped.hits]).toEqual([1, 1]);
  expect(tenant.server.requests.map(({ method, path, status }) => ({ method, path, status }))).toEqual([
    { method: "POST", path: "/v1.0/applications", status: 0 },
    { method: "POST", path: "/v1.0/applications", status: 0 },
    { method: "GET", path: "/v1.0/applications", status: 200 },
  ]);
});

test("new objects are not found until the tenants' clock has moved on", async () => {
  const tenant = await startTestTenant();
  tenant.server.faults.lag({ path: /servicePrincipals|roleAssignments/ }, 2000);
  const application = await tenant.graph("POST", "/v1.0/applications", { displayName: "Jobs" });
  const appId = textOf(application.body.appId);
  expect((await tenant.graph("GET", `/v1.0/applications/${textOf(application.body.id)}`)).status).toBe(200);
  expect(errorOf(await tenant.graph("POST", "/v1.0/servicePrincipals", { appId }))).toEqual({
    status: 400,
    code: "Request_BadRequest",
    message: `The appId '${appId}' of the service principal does not reference a valid application object.`,
  });
  tenant.server.clock.advance(2000);
  const principalId = textOf((await tenant.graph("POST", "/v1.0/servicePrincipals", { appId })).body.id);
  const notFound = {
    status: 404,
    code: "Request_ResourceNotFound",
    message: `Resource '${principalId}' does not exist or one of its queried reference-property objects are not present.`,
  };
  expect(
    errorOf(await tenant.graph("PATCH", `/v1.0/servicePrincipals/${principalId}`, { notes: "n" })),
  ).toEqual(notFound);
  const assignment = {
    principalId,
    roleDefinitionId: "f2ef992c-3afb-46b9-b7cf-a126ee74c451",
    directoryScopeId: "/",
  };
  expect(
    errorOf(await tenant.graph("POST", "/v1.0/roleManagement/directory/roleAssignments", assignment)),
  ).toEqual(notFound);
  const byAppId = `/v1.0/servicePrincipals?$filter=${encodeURIComponent(`appId eq '${appId}'`)}`;
  expect(itemsOf(await tenant.graph("GET", byAppId))).toEqual([]);
  tenant.server.clock.advance(2000);
  expect((await tenant.graph("PATCH", `/v1.0/servicePrincipals/${principalId}`, { notes: "n" })).status).toBe(
    204,
  );
  expect(itemsOf(await tenant.graph("GET", byAppId))).toHaveLength(1);
});

test("permissions and roles reach tokens later", async () => {
  const tenant = await startTestTenant();
  const { id, appId, principalId } = await createApplication(tenant);
  const secret = await tenant.graph("POST", `/v1.0/applications/${id}/addPassword`, {});
  const exchange = itemsOf(
    await tenant.graph(
      "GET",
      `/v1.0/servicePrincipals?$filter=${encodeURIComponent("displayName eq 'Office 365 Exchange Online'")}`,
    ),
  )[0];
  tenant.server.faults.lagClaims({}, 60_000);
  await tenant.graph("POST", `/v1.0/servicePrincipals/${principalId}/appRoleAssignments`, {
    principalId,
    resourceId: exchange?.id ?? null,
    appRoleId: "dc50a0fb-09a3-484d-be87-e023b12c6440",
  });
  await tenant.graph("POST", "/v1.0/roleManagement/directory/roleAssignments", {
    principalId,
    roleDefinitionId: "29232cdf-9323-42fd-ade2-1d097af3e4de",
    directoryScopeId: "/",
  });
  const claims = async (): Promise<unknown> => {
    const token = await tokenOf(
      tenant.signIn({
        client_id: appId,
        client_secret: textOf(secret.body.secretText),
        grant_type: "client_credentials",
        scope: "https://outlook.office365.com/.default",
      }),
    );
    const { roles, wids } = claimsOf(token);
    return { roles, wids };
  };
  expect(await claims()).toEqual({ roles: undefined, wids: ["0997a1d0-0d1d-4acb-b408-d5ca73121e90"] });
  tenant.server.clock.advance(60_000);
  expect(await claims()).toEqual({
    roles: ["Exchange.ManageAsApp"],
    wids: ["29232cdf-9323-42fd-ade2-1d097af3e4de", "0997a1d0-0d1d-4acb-b408-d5ca73121e90"],
  });
});

test("faults meet each request of a batch by itself", async () => {
  const tenant = await startTestTenant();
  const { id } = await createApplication(tenant);
  tenant.server.faults.refuse({ path: /^\/v1\.0\/applications/ }, { status: 503 });
  tenant.server.faults.loseAnswer({ path: /servicePrincipals/ });
  const urls = [`/applications/${id}`, "/domains", "/servicePrincipals"];
  const requests = urls.map((url) => ({ id: url, method: "GET", url }));
  const { responses } = (await tenant.graph("POST", "/v1.0/$batch", { requests })).body;
  expect(Array.isArray(responses) && responses.map(({ status }: { status: number }) => status)).toEqual([
    503, 200, 504,
  ]);
});

test("two quick writes to one application are a conflict, to two are not", async () => {
  const tenant = await startTestTenant();
  const [one, other] = [await createApplication(tenant), await createApplication(tenant)];
  tenant.server.faults.conflict({ method: "PATCH" }, 1000);
  const write = (id: string) => tenant.graph("PATCH", `/v1.0/applications/${id}`, { notes: "n" });
  expect((await write(one.id)).status).toBe(204);
  expect((await write(other.id)).status).toBe(204);
  expect(errorOf(await write(one.id))).toEqual({
    status: 409,
    code: "Directory_ConcurrencyViolation",
    message:
      "Unable to save changes. The object has been modified since it was last retrieved. Please retry your request.",
  });
  tenant.server.clock.advance(1000);
  expect((await write(one.id)).status).toBe(204);
});

test("an unkind server is unkind in the same way for the same number", async () => {
  const first = await outcomes(7);
  expect(await outcomes(7)).toBe(first);
  expect(await outcomes(8)).not.toBe(first);
  expect(first).toMatch(/\b429\b/);
});

test("no unkindness strikes the document that azuread asks the cloud for in the sandbox alone", async () => {
  const tenant = await startTestTenant({ unkindness: { seed: 7, percent: 100 } });
  for (let request = 0; request < 20; request += 1) {
    expect((await tenant.send("GET", "/metadata/endpoints?api-version=2022-09-01")).status).toBe(200);
  }
});

test("the control interface does over HTTP what tests do in the process", async () => {
  const tenant = await startTestTenant();
  await createApplication(tenant);
  expect((await tenant.send("POST", "/sandbox/clock", { body: { advanceMs: 60_000 } })).body).toEqual({
    now: "2026-11-23T08:01:00.000Z",
  });
  expect(
    (await tenant.send("POST", "/sandbox/clock", { body: { now: "2027-01-01T00:00:00Z" } })).body,
  ).toEqual({
    now: "2027-01-01T00:00:00.000Z",
  });
  expect((await tenant.send("POST", "/sandbox/clock", { body: { advanceMs: -1 } })).status).toBe(200);
  const fault = { kind: "refuse", path: "/applications", status: 503, times: 1 };
  expect((await tenant.send("POST", "/sandbox/faults", { body: fault })).status).toBe(204);
  expect((await tenant.send("GET", "/v1.0/applications")).status).toBe(503);
  await tenant.send("POST", "/sandbox/faults", { body: { kind: "dropConnection" } });
  expect((await tenant.send("DELETE", "/sandbox/faults")).status).toBe(204);
  expect((await tenant.send("POST", "/sandbox/reset")).status).toBe(204);
  const token = await tokenOf(
    tenant.signIn({ ...deployerForm(tenant.seed), scope: `${tenant.server.url}/.default` }),
  );
  expect(itemsOf(await tenant.graph("GET", "/v1.0/applications", undefined, token))).toHaveLength(1);
  expect((await tenant.send("DELETE", "/sandbox/requests")).status).toBe(204);
  expect((await tenant.send("GET", "/sandbox/requests")).text).toBe("[]");
});

test.each<{ path: string; body: JsonObject; message: string }>([
  {
    path: "/sandbox/faults",
    body: { kind: "explode" },
    message:
      'The kind of a fault must be one of refuse, loseAnswer, dropConnection, delay, lag, lagClaims, lagRoles and conflict, got "explode".',
  },
  {
    path: "/sandbox/faults",
    body: { kind: "lag" },
    message: "The fault needs a number `ms`, got undefined.",
  },
  {
    path: "/sandbox/faults",
    body: { kind: "lag", seconds: 1 },
    message: "The property 'seconds' is not known.",
  },
  {
    path: "/sandbox/clock",
    body: { now: "soon" },
    message: 'The clock needs `now` or `advanceMs`, got {"now":"soon"}.',
  },
])("the control interface refuses $body", async ({ path, body, message }) => {
  const tenant = await startTestTenant();
  expect(errorOf(await tenant.send("POST", path, { body }))).toEqual({
    status: 400,
    code: "Request_BadRequest",
    message,
  });
});

/** The statuses of twenty requests to an unkind server; 0 for a dropped connection. */
async function outcomes(seed: number): Promise<string> {
  const tenant = await startTestTenant({ unkindness: { seed, percent: 50 } });
  const statuses: number[] = [];
  for (let request = 0; request < 20; request += 1) {
    const answer = await tenant.send("GET", "/v1.0/applications").catch(() => undefined);
    statuses.push(answer?.status ?? 0);
  }
  return statuses.join(" ");
}
