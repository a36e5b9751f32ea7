import { expect, test } from "vitest";
import { textOf, type Json, type JsonObject } from "../../../sandbox/tenant/json.ts";
import { createApplication, errorOf, itemsOf, startTestTenant, type TestTenant } from "./client.ts";

test.each([
  ["displayName eq 'alpha'", ["Alpha"]],
  ["displayName ne 'Alpha'", ["Beta", "Deployment", "O'Brien"]],
  ["displayName in ('Alpha', 'Beta')", ["Alpha", "Beta"]],
  ["startswith(displayName, 'b')", ["Beta"]],
  ["endswith(displayName,'a')", ["Alpha", "Beta"]],
  ["displayName eq 'O''Brien'", ["O'Brien"]],
  ["displayName eq 'Alpha' or displayName eq 'Beta' and signInAudience eq 'nobody'", ["Alpha"]],
  ["(displayName eq 'Alpha' or displayName eq 'Beta') and not(displayName eq 'Alpha')", ["Beta"]],
  ["tags/any(t:t eq 'one')", ["Alpha"]],
  ["startsWith(displayName, 'b')", ["Beta"]],
  ["endsWith(displayName, 'a') AND NOT(displayName EQ 'beta') OR tags/Any(t:t Eq 'none')", ["Alpha"]],
  [
    "createdDateTime ge 2026-11-23T00:00:00Z and createdDateTime lt 2026-11-24T00:00:00Z",
    ["Alpha", "Beta", "Deployment", "O'Brien"],
  ],
  ["createdDateTime gt 2026-11-23T08:00:00Z", []],
])("$filter=%s", async (filter, names) => {
  const tenant = await withApplications();
  const query = `?$filter=${encodeURIComponent(filter)}&$orderby=displayName&$count=true`;
  expect(await namesOf(tenant, query)).toEqual(names);
});

test.each([
  [
    "color eq 'blue'",
    "BadRequest",
    "Invalid filter clause: Could not find a property named 'color' on type 'microsoft.graph.application'.",
  ],
  [
    "notes eq 'n'",
    "Request_UnsupportedQuery",
    "Unsupported or invalid query filter clause specified for property 'notes' of resource 'application'.",
  ],
  ["displayName eq", "BadRequest", "Invalid filter clause: 'displayName eq'."],
  ["displayName is 'Alpha'", "BadRequest", "Invalid filter clause: 'displayName is 'Alpha''."],
  [
    "displayName eq 'Alpha' displayName",
    "BadRequest",
    "Invalid filter clause: 'displayName eq 'Alpha' displayName'.",
  ],
  ["displayName eq 'Alpha", "BadRequest", "Syntax error at position 14 in 'displayName eq 'Alpha'."],
])("$filter=%s is refused", async (filter, code, message) => {
  const tenant = await withApplications();
  const answer = await tenant.graph("GET", `/v1.0/applications?$filter=${encodeURIComponent(filter)}`);
  expect(errorOf(answer)).toEqual({ status: 400, code, message });
});

test("$select answers what it names, and refuses what there is not", async () => {
  const tenant = await withApplications();
  const answer = await tenant.graph(
    "GET",
    "/v1.0/applications?$select=displayName,notes&$filter=displayName eq 'Alpha'".replaceAll(" ", "%20"),
  );
  expect(answer.body.value).toEqual([{ displayName: "Alpha", notes: null }]);
  expect((await tenant.graph("GET", "/v1.0/applications?$select=constructor")).status).toBe(400);
  expect(errorOf(await tenant.graph("GET", "/v1.0/applications?$select=color"))).toEqual({
    status: 400,
    code: "BadRequest",
    message:
      "Parsing OData Select and Expand failed: Could not find a property named 'color' on type 'microsoft.graph.application'.",
  });
});

test("$top pages, and the pages are the list", async () => {
  const tenant = await withApplications();
  const names: Json[] = [];
  let path: string | undefined = "/v1.0/applications?$top=3&$select=displayName";
  let pages = 0;
  while (path !== undefined) {
    const page = await tenant.graph("GET", path);
    names.push(...itemsOf(page).map((item) => item.displayName ?? null));
    const next = textOf(page.body["@odata.nextLink"]);
    path = next === "" ? undefined : next.slice(tenant.server.url.length);
    pages += 1;
  }
  expect({ names, pages }).toEqual({ names: ["Deployment", "Alpha", "Beta", "O'Brien"], pages: 2 });
});

test("counts need the header that asks for them", async () => {
  const tenant = await withApplications();
  const token = await tenant.deployerToken();
  const headers = { consistencylevel: "eventual" };
  const counted = await tenant.send("GET", "/v1.0/applications?$count=true&$top=1", { token, headers });
  expect(counted.body["@odata.count"]).toBe(4);
  expect((await tenant.graph("GET", "/v1.0/applications?$count=true")).body).not.toHaveProperty(
    "@odata.count",
  );
  expect((await tenant.send("GET", "/v1.0/applications/$count", { token, headers })).text).toBe("4");
  expect(errorOf(await tenant.graph("GET", "/v1.0/applications/$count")).message).toBe(
    "$count is not currently supported.",
  );
});

test.each([
  [
    "$top=0",
    400,
    "BadRequest",
    "Invalid value '0' for $top query option found. The $top query option requires a positive integer value.",
  ],
  [
    "$top=1000",
    400,
    "Request_BadRequest",
    "Invalid page size specified: '1000'. Must be between 1 and 999 inclusive.",
  ],
  [
    "$count=yes",
    400,
    "BadRequest",
    "Invalid value 'yes' for $count query option found. Valid values are 'true' or 'false'.",
  ],
  ["$orderby=notes", 400, "Request_UnsupportedQuery", "Unsupported sort property 'notes' for 'application'."],
  [
    "$format=json",
    501,
    "NotImplemented",
    "The query option '$format' of GET /v1.0/applications is not implemented in this tenant.",
  ],
  ["$search=%22a%22", 400, "BadRequest", "Invalid $search clause: '\"a\"'."],
  [
    "$search=%22notes:a%22",
    400,
    "Request_UnsupportedQuery",
    "Property 'notes' of 'application' cannot be searched.",
  ],
  [
    "$search=%22displayName:a%22",
    400,
    "Request_UnsupportedQuery",
    "Request with $search query parameter only works through MSGraph with a special request header: 'ConsistencyLevel: eventual'",
  ],
  ["$filter=displayName%20ne%20'a'&$count=true", 400, "Request_UnsupportedQuery", "Unsupported Query."],
  ["$filter=not(displayName%20eq%20'a')", 400, "Request_UnsupportedQuery", "Unsupported Query."],
  ["$filter=endswith(displayName,'a')", 400, "Request_UnsupportedQuery", "Unsupported Query."],
  ["select=id", 400, "BadRequest", "The query parameter 'select' is not supported."],
  ["color=blue", 400, "BadRequest", "The query parameter 'color' is not supported."],
  [
    "$top=1&$top=2",
    400,
    "BadRequest",
    "Query option '$top' was specified more than once, but it must be specified at most once.",
  ],
  ["$skiptoken=x", 400, "Directory_ExpiredPageToken", "The skip token is invalid."],
])("?%s is refused", async (query, status, code, message) => {
  const tenant = await startTestTenant();
  expect(errorOf(await tenant.graph("GET", `/v1.0/applications?${query}`))).toEqual({
    status,
    code,
    message,
  });
});

test.each([
  ['"displayName:alp"', ["Alpha"]],
  ['"displayName:brien"', ["O'Brien"]],
  ['"DisplayName:lpha"', []],
  ['"displayName:a" OR "displayName:be" AND "displayName:b"', ["Alpha", "Beta"]],
  ['"appId:x"', []],
])("$search=%s", async (search, names) => {
  const tenant = await withApplications();
  expect(await namesOf(tenant, `?$search=${encodeURIComponent(search)}&$orderby=displayName`)).toEqual(names);
});

test("an advanced filter takes the count as well as the header", async () => {
  const tenant = await withApplications();
  const answer = await tenant.send("GET", "/v1.0/applications?$filter=displayName%20ne%20'a'", {
    token: await tenant.deployerToken(),
    headers: { ConsistencyLevel: "eventual" },
  });
  expect(errorOf(answer).message).toBe("Unsupported Query.");
});

test("case makes no difference in names, which come back as they are spelled", async () => {
  const tenant = await withApplications();
  const query = "$select=DISPLAYNAME,appid&$filter=displayname%20eq%20'Beta'&$orderby=DisplayName";
  const { value } = (await tenant.graph("GET", `/v1.0/applications?${query}`)).body;
  expect(value).toEqual([{ displayName: "Beta", appId: expect.any(String) }]);
});

test("what this tenant does not know says so", async () => {
  const tenant = await startTestTenant();
  for (const [method, path] of [
    ["GET", "/v1.0/devices"],
    ["PUT", "/v1.0/applications"],
    ["GET", "/v2.0/applications"],
    ["GET", "/"],
  ] as const) {
    expect(errorOf(await tenant.graph(method, path))).toEqual({
      status: 501,
      code: "NotImplemented",
      message: `${method} ${path} is not implemented in this tenant.`,
    });
  }
});

test("a batch answers each request in its turn", async () => {
  const tenant = await startTestTenant();
  const { id } = await createApplication(tenant);
  const answer = await tenant.graph("POST", "/v1.0/$batch", {
    requests: [
      { id: "read", method: "GET", url: `/applications/${id}?$select=displayName` },
      { id: "missing", method: "GET", url: "/applications/99999999-9999-4999-8999-999999999999" },
      { id: "after", method: "GET", url: "/domains", dependsOn: ["missing"] },
      {
        id: "write",
        method: "PATCH",
        url: `/applications/${id}`,
        headers: { "content-type": "application/json" },
        body: { notes: "n" },
        dependsOn: ["read"],
      },
    ],
  });
  expect(answer.status).toBe(200);
  const { responses } = answer.body;
  const statuses = Array.isArray(responses)
    ? responses.map((response: JsonObject) => [response.id, response.status])
    : [];
  expect(statuses).toEqual([
    ["read", 200],
    ["missing", 404],
    ["after", 424],
    ["write", 204],
  ]);
  expect(responses).toMatchObject([{ body: { displayName: "Jobs" } }, {}, {}, { body: null }]);
  expect((await tenant.graph("GET", `/v1.0/applications/${id}?$select=notes`)).body.notes).toBe("n");
});

test.each<{ title: string; body: Json; message: string }>([
  { title: "without requests", body: {}, message: "Invalid batch payload format." },
  {
    title: "of 21 requests",
    body: {
      requests: Array.from({ length: 21 }, (_, id) => ({ id: `${id}`, method: "GET", url: "/domains" })),
    },
    message: "Invalid batch payload format. The batch has 21 requests, and 20 are the most.",
  },
  {
    title: "with one id twice",
    body: { requests: [1, 2].map(() => ({ id: "1", method: "GET", url: "/domains" })) },
    message: "Invalid batch payload format. The id '1' is there twice.",
  },
  {
    title: "with an unknown predecessor",
    body: { requests: [{ id: "1", method: "GET", url: "/domains", dependsOn: ["2"] }] },
    message: "Invalid batch payload format. The request '1' depends on '2', which is not before it.",
  },
  {
    title: "with an unknown property",
    body: { requests: [{ id: "1", method: "GET", url: "/domains", color: "blue" }] },
    message: "Invalid batch payload format. The property 'color' is not known.",
  },
])("a batch $title is refused", async ({ body, message }) => {
  const tenant = await startTestTenant();
  expect(errorOf(await tenant.graph("POST", "/v1.0/$batch", body))).toEqual({
    status: 400,
    code: "BadRequest",
    message,
  });
});

test("bodies that are none are refused", async () => {
  const tenant = await startTestTenant();
  const token = await tenant.deployerToken();
  const post = (type: string, text: string) =>
    tenant.send("POST", "/v1.0/applications", { token, raw: { type, text } });
  const unreadable =
    "Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.";
  expect(errorOf(await post("application/json", "{")).message).toBe(unreadable);
  expect(errorOf(await post("application/json", "[]")).message).toBe(unreadable);
  expect(errorOf(await post("text/plain", "{}")).message).toBe(unreadable);
  expect(errorOf(await post("application/json", "")).message).toBe("Empty Payload. JSON content expected.");
  const oversize = JSON.stringify({ displayName: "x".repeat(5 * 1024 * 1024) });
  expect(errorOf(await post("application/json", oversize))).toMatchObject({
    status: 413,
    code: "RequestEntityTooLarge",
  });
  const removal = await tenant.graph("DELETE", "/v1.0/applications/99999999-9999-4999-8999-999999999999", {
    a: 1,
  });
  expect(errorOf(removal).message).toBe("DELETE /applications/:id takes no request body.");
});

async function withApplications(): Promise<TestTenant> {
  const tenant = await startTestTenant();
  await createApplication(tenant, { displayName: "Alpha", tags: ["one", "two"] });
  await createApplication(tenant, { displayName: "Beta" });
  await createApplication(tenant, { displayName: "O'Brien" });
  return tenant;
}

async function namesOf(tenant: TestTenant, query: string): Promise<readonly (Json | undefined)[]> {
  const answer = await tenant.send("GET", `/v1.0/applications${query}`, {
    token: await tenant.deployerToken(),
    headers: { ConsistencyLevel: "eventual" },
  });
  return itemsOf(answer).map((item) => item.displayName);
}
