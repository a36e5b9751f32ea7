import { expect, test } from "vitest";

import { matcherOf, rowsOf, titleOf } from "../../../sandbox/faultTable/requestRow.ts";

const id = "4c0d0ce9-1f0f-4d8a-9d9b-3a8a6b7f7c11";
const request = (method: string, path: string) => ({ time: new Date(0), method, path, status: 200, ms: 1 });

test("a row is a request as it looks without its ids; writes are counted, reads are not", () => {
  const rows = rowsOf([
    request("PATCH", `/v1.0/applications/${id}`),
    request("GET", `/v1.0/applications/${id}`),
    request("GET", `/v1.0/applications/${id}`),
    request("PATCH", `/v1.0/applications/${id}`),
    request("GET", `/v1.0/servicePrincipals?%24filter=appId+eq+%27${id}%27`),
    request("GET", "/v1.0/servicePrincipals?%24filter=appId+eq+%2700000002-0000-0ff1-ce00-000000000000%27"),
    request("DELETE", "/v1.0/roleManagement/directory/roleAssignments/3ywj-1"),
    request("DELETE", `/v1.0/servicePrincipals/${id}/appRoleAssignedTo/JNWD_x`),
  ]);
  expect(rows.map(titleOf)).toEqual([
    "PATCH /v1.0/applications/{id}",
    "GET /v1.0/applications/{id}",
    "PATCH /v1.0/applications/{id}, 2nd",
    "GET /v1.0/servicePrincipals?$filter=appId eq '{id}'",
    "GET /v1.0/servicePrincipals?$filter=appId eq '00000002-0000-0ff1-ce00-000000000000'",
    "DELETE /v1.0/roleManagement/directory/roleAssignments/{id}",
    "DELETE /v1.0/servicePrincipals/{id}/appRoleAssignedTo/{id}",
  ]);
});

test("a row finds its own requests and no others", () => {
  const [row] = rowsOf([request("GET", `/v1.0/servicePrincipals?%24filter=appId+eq+%27${id}%27`)]);
  const { method, path } = matcherOf(row!);
  expect(method).toBe("GET");
  expect(path?.test("/v1.0/servicePrincipals?$filter=appId eq 'another'")).toBe(true);
  expect(path?.test("/v1.0/servicePrincipals?$filter=appId eq 'another' or true")).toBe(false);
  expect(path?.test("/v1.0/servicePrincipals/another")).toBe(false);
});
