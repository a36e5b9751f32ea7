import * as v from "valibot";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { ApiError } from "../../graph/apiError.ts";
import type { GraphClient } from "../../graph/graphClient.ts";
import { all, createGraphClient, one, quoted, withEach } from "../../graph/graphClient.ts";
import { createCredential } from "../../graph/signIn.ts";
import type { TestApplication, TestTenant } from "./testTenant.ts";
import { createApplication, startTestTenant } from "./testTenant.ts";

let tenant: TestTenant;
let graph: GraphClient;
let application: TestApplication;

beforeAll(async () => {
  tenant = await startTestTenant();
  graph = createGraphClient(createCredential(tenant.deployer, tenant.endpoints), tenant.endpoints.graph);
  application = await createApplication(tenant);
});
beforeEach(() => tenant.server.clearRequests());
afterAll(() => tenant.server.close());

const Named = v.object({ id: v.string(), displayName: v.string() });

test("reads one object", async () => {
  const read = one(`/applications/${application.applicationObjectId}?$select=id,displayName`, Named);
  expect(await graph.read(read)).toEqual({
    id: application.applicationObjectId,
    displayName: "Exchange Online automation",
  });
});

test("reads a filtered collection", async () => {
  const path = `/applications?$filter=displayName eq ${quoted("Exchange Online automation")}&$select=id,displayName`;
  expect((await graph.read(all(path, Named))).map(({ id }) => id)).toEqual([application.applicationObjectId]);
});

test("puts the pages of a collection together", async () => {
  const paged = await graph.read(all("/servicePrincipals?$top=2&$select=id,displayName", Named));
  const whole = await graph.read(all("/servicePrincipals?$select=id,displayName", Named));
  expect(paged.length).toBeGreaterThan(2);
  expect(paged.map(({ id }) => id).toSorted()).toEqual(whole.map(({ id }) => id).toSorted());
  const pages = tenant.server.requests.filter(({ path }) => path.includes("skiptoken"));
  expect(pages.length).toBe(Math.ceil(whole.length / 2) - 1);
});

test("reads something more of each item, and leaves out those of which nothing more is wanted", async () => {
  const services = all("/servicePrincipals?$select=id,displayName", Named);
  const [first, second] = await graph.read(services);
  const read = withEach(services, ({ id }) =>
    id === second?.id
      ? undefined
      : all(`/servicePrincipals/${id}/owners?$select=id`, v.object({ id: v.string() })),
  );
  const pairs = await graph.read(read);
  expect(pairs[0]).toEqual([first, []]);
  expect(pairs.map(([{ id }]) => id)).not.toContain(second?.id);
});

test("what is refused of one item fails the whole read", async () => {
  const read = withEach(all("/servicePrincipals?$select=id,displayName", Named), () =>
    one("/applications/99999999-9999-4999-8999-999999999999?$select=id", Named),
  );
  expect((await failure(graph.read(read))).failure.status).toBe(404);
});

test("two reads of a batch that look at one collection ask for its pages once", async () => {
  const paged = all("/servicePrincipals?$top=2&$select=id,displayName", Named);
  const { first, second } = await graph.batch<
    Record<"first" | "second", readonly v.InferOutput<typeof Named>[]>
  >({
    first: paged,
    second: paged,
  });
  expect(first.ok && first.value.length > 2).toBe(true);
  expect(second).toEqual(first);
  const pages = tenant.server.requests.map(({ path }) => path).filter((path) => path.includes("skiptoken"));
  expect(pages.toSorted()).toEqual([...new Set(pages)].toSorted());
});

test("a refusal carries status, code, words and request ID", async () => {
  const missing = "99999999-9999-4999-8999-999999999999";
  const error = await failure(graph.read(one(`/applications/${missing}?$select=id`, Named)));
  expect(error.failure).toEqual({
    service: "Microsoft Graph",
    request: `GET ${tenant.server.url}/v1.0/applications/${missing}?$select=id`,
    status: 404,
    code: "Request_ResourceNotFound",
    reason: `Resource '${missing}' does not exist or one of its queried reference-property objects are not present.`,
    requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
});

test("an answer of another form is refused, with the place", async () => {
  const error = await failure(graph.read(all("/domains", v.object({ id: v.number() }))));
  expect(error.failure.reason).toMatch(/^the answer is not of the documented form: value\.0\.id: /);
});

test("quotes what OData and URLs would take for their own", () => {
  expect(quoted("O'Brien & Söhne")).toBe("'O''Brien%20%26%20S%C3%B6hne'");
});

async function failure(promise: Promise<unknown>): Promise<ApiError> {
  const error: unknown = await promise.catch((caught: unknown) => caught);
  if (error instanceof ApiError) return error;
  throw new Error(`not the expected failure: ${String(error)}`);
}
