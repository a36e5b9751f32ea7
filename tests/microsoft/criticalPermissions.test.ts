import { expect, it } from "vitest";

import { criticalPermissions, isCriticalPermission } from "../../microsoft/criticalPermissions.ts";
import { microsoftApplications } from "../../sandbox/tenant/catalogue/microsoftServicePrincipals.ts";

it("knows the ID of every critical permission of Exchange and Graph, and no other", () => {
  const offered = microsoftApplications.flatMap(({ appRoles }) => appRoles);
  const critical = offered.filter(({ value }) => isCriticalPermission("", value));
  expect(critical.length).toBeGreaterThan(40);
  expect(criticalPermissions).toEqual(Object.fromEntries(critical.map(({ id, value }) => [id, value])));
});
