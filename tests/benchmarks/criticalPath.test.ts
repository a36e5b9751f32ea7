import { expect, test } from "vitest";

import { criticalPath } from "../../benchmarks/criticalPath.ts";
import type { RequestLogEntry } from "../../sandbox/tenant/index.ts";

const request = (method: string, path: string, from: number, ms: number): RequestLogEntry => ({
  time: new Date(from),
  method,
  path,
  status: 200,
  ms,
});

/** A service principal that takes as long as is said, beside a certificate that takes from 400 to 700. */
const log = (servicePrincipal: number): readonly RequestLogEntry[] => [
  request("POST", "/t/oauth2/v2.0/token", 0, 20),
  request("GET", "/v1.0/domains", 30, 70),
  request("GET", "/v1.0/servicePrincipals?$filter=appId eq 'x'", 40, 30),
  request("POST", "/v1.0/applications", 200, 50),
  request("GET", "/v1.0/applications/a/owners", 250, 50),
  request("GET", "/v1.0/applications/a", 400, 50),
  request("PATCH", "/v1.0/applications/a", 650, 50),
  request("POST", "/v1.0/servicePrincipals", 400, servicePrincipal),
  request("GET", "/v1.0/servicePrincipals/exchange", 500, 10),
  request("POST", "/v1.0/servicePrincipals/exchange/appRoleAssignedTo", 510, 90),
  request("POST", "/v1.0/roleManagement/directory/roleAssignments", 500, 120),
];

test("adds up what must follow each other: here the certificate is what takes longest", () => {
  // Lookups from 0 to 100, the application from 200 to 300, its certificate from 400 to 700.
  expect(criticalPath(log(100))).toBe(100 + 100 + 300);
});

test("takes the service principal with the longer of its grants where those take longest", () => {
  expect(criticalPath(log(250))).toBe(100 + 100 + 250 + 120);
});

test("of nothing is nothing", () => {
  expect(criticalPath([])).toBe(0);
});
