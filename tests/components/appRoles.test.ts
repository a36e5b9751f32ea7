import { describe, expect, it } from "vitest";

import { findAppRole } from "../../components/appRoles.ts";

const resourceAppId = "00000003-0000-0000-c000-000000000000";
const read = {
  id: "df021288-bdef-4463-88db-98f22de89214",
  value: "User.Read.All",
  enabled: true,
  allowedMemberTypes: ["Application"],
};
const appRoles = [
  read,
  {
    ...read,
    id: "00000000-0000-4000-8000-000000000001",
    value: "User.Delegated",
    allowedMemberTypes: ["User"],
  },
  { ...read, id: "00000000-0000-4000-8000-000000000002", value: "User.Off", enabled: false },
];

it("finds a permission by value in any case and by id", () => {
  for (const permission of ["user.read.all", read.id.toUpperCase()]) {
    expect(findAppRole({ resourceAppId, permission }, appRoles)).toEqual({ appRoleId: read.id });
  }
});

it.each([
  ["User.ReadAll", 'Did you mean "User.Read.All"?'],
  ["User.Delegated", 'Use one of "User.Read.All".'],
  ["User.Off", 'Use one of "User.Read.All".'],
])("fails on %s", (permission, hint) => {
  expect(findAppRole({ resourceAppId, permission }, appRoles)).toEqual({
    problem: `is not an application permission of that resource in this tenant. ${hint}`,
  });
});

describe("Exchange.ManageAsApp", () => {
  const exchange = "00000002-0000-0ff1-ce00-000000000000";
  const wellKnown = "dc50a0fb-09a3-484d-be87-e023b12c6440";
  const own = { ...read, id: "00000000-0000-4000-8000-000000000004", value: "Exchange.ManageAsApp" };

  it.each(["Exchange.ManageAsApp", wellKnown])(
    "declared as %s has the id of the tenant's own list",
    (name) => {
      const declared = { resourceAppId: exchange, permission: name };
      expect(findAppRole(declared, [...appRoles, own])).toEqual({ appRoleId: own.id });
    },
  );

  it("has Microsoft's id where the resource lists nothing of the kind", () => {
    const declared = { resourceAppId: exchange, permission: "Exchange.ManageAsApp" };
    expect(findAppRole(declared, appRoles)).toEqual({ appRoleId: wellKnown });
    expect(findAppRole(declared, [{ ...own, enabled: false }])).toEqual({ appRoleId: wellKnown });
  });
});

it("suggests the right name for the article's spelling", () => {
  const exchange = { ...read, id: "00000000-0000-4000-8000-000000000003", value: "Exchange.ManageAsApp" };
  expect(findAppRole({ resourceAppId, permission: "Exchange.AsManageApp" }, [...appRoles, exchange])).toEqual(
    {
      problem:
        'is not an application permission of that resource in this tenant. Did you mean "Exchange.ManageAsApp"?',
    },
  );
});

it("says where a resource offers nothing", () => {
  expect(findAppRole({ resourceAppId, permission: "User.Read.All" }, [])).toEqual({
    problem:
      "is not an application permission of that resource in this tenant. It offers no application permission.",
  });
});

it("suggests no role without a value", () => {
  const nameless = { ...read, id: "00000000-0000-4000-8000-000000000004", value: "" };
  expect(findAppRole({ resourceAppId, permission: "Mail" }, [nameless])).toEqual({
    problem:
      "is not an application permission of that resource in this tenant. It offers no application permission.",
  });
});

it("takes Exchange.ManageAsApp of a resource that lists nothing", () => {
  const exchange = "00000002-0000-0ff1-ce00-000000000000";
  expect(findAppRole({ resourceAppId: exchange, permission: "exchange.manageasapp" }, [])).toEqual({
    appRoleId: "dc50a0fb-09a3-484d-be87-e023b12c6440",
  });
});
