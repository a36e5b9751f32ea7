import { expect, test } from "vitest";
import { graphRoutes } from "../../../sandbox/tenant/graph/routes.ts";
import { textOf } from "../../../sandbox/tenant/json.ts";
import { directoryRoles } from "../../../microsoft/roles.ts";
import { microsoftApplication } from "../../../sandbox/tenant/catalogue/microsoftServicePrincipals.ts";
import {
  createApplication,
  deployerForm,
  errorOf,
  startTestTenant,
  tokenOf,
  type TestTenant,
} from "./client.ts";

const someId = "99999999-9999-4999-8999-999999999999";

test("every route refuses a caller without any of its permissions", async () => {
  const tenant = await withPermissions([]);
  const refused = await Promise.all(
    graphRoutes.flatMap((route) =>
      (route.versions ?? ["v1.0"]).map(async (version) => {
        const path = `/${version}${route.path.replaceAll(/:\w+/g, someId)}`;
        const { code } = errorOf(await tenant.graph(route.method, path));
        return `${textOf(code)} ${route.method} ${path}`;
      }),
    ),
  );
  expect(refused.filter((line) => !line.startsWith("Authorization_RequestDenied "))).toEqual([]);
  expect(refused.length).toBeGreaterThan(100);
});

test("every permission and every role that a route names exists", () => {
  const values = new Set(
    microsoftApplication("00000003-0000-0000-c000-000000000000")?.appRoles.map((role) => role.value),
  );
  const names = new Set(directoryRoles.map((role) => role.displayName));
  const permissions = graphRoutes.flatMap((route) => [
    ...route.permissions,
    ...(route.permissionsOfOwners ?? []),
    ...(route.alsoRequires ?? []),
  ]);
  const roles = graphRoutes.flatMap((route) => route.directoryRoles ?? []);
  expect(permissions.filter((permission) => !values.has(permission))).toEqual([]);
  expect(roles.filter((role) => !names.has(role))).toEqual([]);
});

test("a permission that a route names opens it", async () => {
  const tenant = await withPermissions(["Domain.Read.All"]);
  expect((await tenant.graph("GET", "/v1.0/domains")).status).toBe(200);
  expect((await tenant.graph("GET", "/v1.0/applications")).status).toBe(403);
});

test("consent needs a permission to read applications too", async () => {
  for (const [more, status] of [
    [[], 403],
    [["Application.Read.All"], 404],
    [["Directory.Read.All"], 404],
  ] as const) {
    const tenant = await withPermissions(["AppRoleAssignment.ReadWrite.All", ...more]);
    expect(
      (await tenant.graph("POST", `/v1.0/servicePrincipals/${someId}/appRoleAssignedTo`, {})).status,
    ).toBe(status);
  }
});

test("a directory role opens what it covers, as of the next token", async () => {
  const tenant = await withPermissions(["RoleManagement.ReadWrite.Directory"], ["Application Administrator"]);
  expect((await tenant.graph("POST", "/v1.0/applications", { displayName: "Jobs" })).status).toBe(201);
  const { objectId, ...rest } = await identityOf(tenant);
  const reader = {
    principalId: objectId,
    roleDefinitionId: "62e90394-69f5-4237-9190-012177145e10",
    directoryScopeId: "/",
  };
  expect((await tenant.graph("GET", "/v1.0/domains")).status).toBe(403);
  expect((await tenant.graph("POST", "/v1.0/roleManagement/directory/roleAssignments", reader)).status).toBe(
    201,
  );
  expect((await tenant.graph("GET", "/v1.0/domains")).status).toBe(403);
  const token = await tokenOf(tenant.signIn(rest.form));
  expect((await tenant.graph("GET", "/v1.0/domains", undefined, token)).status).toBe(200);
});

test("Application.ReadWrite.OwnedBy is enough for what the caller owns, and it owns what it creates", async () => {
  const tenant = await withPermissions(["Application.ReadWrite.OwnedBy"]);
  const { id, principalId } = await createApplication(tenant);
  const owners = await tenant.graph("GET", `/v1.0/applications/${id}/owners?$select=appId`);
  expect(owners.body.value).toEqual([
    { "@odata.type": "#microsoft.graph.servicePrincipal", appId: tenant.seed.deployer.clientId },
  ]);
  expect((await tenant.graph("PATCH", `/v1.0/applications/${id}`, { notes: "n" })).status).toBe(204);
  expect((await tenant.graph("PATCH", `/v1.0/servicePrincipals/${principalId}`, { notes: "n" })).status).toBe(
    204,
  );
  const { objectId } = await identityOf(tenant);
  expect((await tenant.graph("DELETE", `/v1.0/applications/${id}/owners/${objectId}/$ref`)).status).toBe(204);
  expect(errorOf(await tenant.graph("PATCH", `/v1.0/applications/${id}`, { notes: "m" }))).toEqual({
    status: 403,
    code: "Authorization_RequestDenied",
    message: "Insufficient privileges to complete the operation.",
  });
});

test("requests without a good token are refused", async () => {
  const tenant = await startTestTenant();
  const token = await tenant.deployerToken();
  const [header = "", payload = ""] = token.split(".");
  const get = (headers: Record<string, string>) => tenant.send("GET", "/v1.0/domains", { headers });
  const refusals = [
    [{}, "Access token is empty."],
    [{ authorization: "Bearer nothing" }, "IDX14100: JWT is not well formed, there are no dots (.)."],
    [
      { authorization: `Bearer ${header}.${payload}.AAAA` },
      "Access token validation failure. Invalid signature.",
    ],
  ] as const;
  for (const [headers, message] of refusals) {
    const answer = await get(headers);
    expect(errorOf(answer)).toEqual({ status: 401, code: "InvalidAuthenticationToken", message });
    expect(answer.headers["www-authenticate"]).toContain("Bearer");
  }
  const exchange = await tokenOf(
    tenant.signIn({ ...deployerForm(tenant.seed), scope: "https://outlook.office365.com/.default" }),
  );
  expect(errorOf(await tenant.graph("GET", "/v1.0/domains", undefined, exchange)).message).toBe(
    "Access token validation failure. Invalid audience.",
  );
  tenant.server.clock.advance(3_600_000);
  expect(errorOf(await tenant.graph("GET", "/v1.0/domains")).message).toBe(
    "Lifetime validation failed, the token is expired.",
  );
});

async function withPermissions(
  permissions: readonly string[],
  roles: readonly string[] = [],
): Promise<TestTenant> {
  return startTestTenant({
    seeds: [
      {
        tenantId: "a7d4f3c2-6b1e-4f58-9c0d-2e8b5a913f47",
        initialDomain: "contoso.onmicrosoft.com",
        deployer: { clientId: "5f0c8e1b-94d7-4a26-b3e9-7c2d1f6a8b05", clientSecret: "s", permissions, roles },
      },
    ],
  });
}

async function identityOf(tenant: TestTenant): Promise<{ objectId: string; form: Record<string, string> }> {
  const token = await tenant.deployerToken();
  const { oid } = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
  return {
    objectId: textOf(oid),
    form: { ...deployerForm(tenant.seed), scope: `${tenant.server.url}/.default` },
  };
}
