import { expect, test } from "vitest";
import { graphRoutes } from "../../../sandbox/tenant/graph/routes.ts";
import type { GraphRoute } from "../../../sandbox/tenant/graph/route.ts";
import { startTestTenant } from "./client.ts";

const someId = "99999999-9999-4999-8999-999999999999";

test("no two rows of the table are one route", () => {
  const rows = graphRoutes.flatMap((route) =>
    (route.versions ?? ["v1.0", "beta"]).map((version) => `${route.method} /${version}${route.path}`),
  );
  expect(new Set(rows).size).toBe(rows.length);
});

/** What a caller who may do everything is answered, asking with ids of nothing and empty bodies. */
const probes: Readonly<Record<string, number>> = {
  "GET list": 200,
  "GET one": 404,
  "POST list": 400,
  "POST one": 404,
  "PATCH one": 404,
  "PUT one": 404,
  "DELETE one": 404,
};

/** Routes that answer otherwise: one object without an id, and counts, which need a header. */
const exceptions: Readonly<Record<string, number>> = {
  // It takes a filter.
  "GET /policies/roleManagementPolicyAssignments": 400,
  // Nobody can list these.
  "GET /directoryObjects": 400,
  "GET /applications/$count": 400,
  "GET /servicePrincipals/$count": 400,
  "GET /users/$count": 400,
  "GET /groups/$count": 400,
  "PATCH /policies/defaultAppManagementPolicy": 204,
};

test("every row of the table is a route that answers", async () => {
  const permissions = [
    ...new Set(graphRoutes.flatMap((route) => [...route.permissions, ...(route.alsoRequires ?? [])])),
  ];
  const tenant = await startTestTenant({
    seeds: [
      {
        tenantId: "a7d4f3c2-6b1e-4f58-9c0d-2e8b5a913f47",
        initialDomain: "contoso.onmicrosoft.com",
        deployer: { clientId: "5f0c8e1b-94d7-4a26-b3e9-7c2d1f6a8b05", clientSecret: "s", permissions },
      },
    ],
  });
  const answers: string[] = [];
  const expected: string[] = [];
  for (const route of graphRoutes) {
    for (const version of route.versions ?? (["v1.0", "beta"] as const)) {
      const path = `/${version}${route.path.replaceAll(/:\w+/g, someId)}`;
      const { status } = await tenant.graph(route.method, path, route.takesBody === true ? {} : undefined);
      answers.push(`${route.method} ${path} ${status}`);
      expected.push(`${route.method} ${path} ${expectedStatus(route)}`);
    }
  }
  expect(answers).toEqual(expected);
});

function expectedStatus(route: GraphRoute): number | undefined {
  const kind = route.path.includes(":") ? "one" : "list";
  // These lists take a filter.
  if (route.path.startsWith("/identityGovernance/privilegedAccess/group/") && kind === "list") return 400;
  return exceptions[`${route.method} ${route.path}`] ?? probes[`${route.method} ${kind}`];
}
