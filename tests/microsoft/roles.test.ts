import { expect, it } from "vitest";

import { exchangeRoles, findRole } from "../../microsoft/roles.ts";
import { slug } from "../../common/slug.ts";

it("holds the eight roles of Microsoft's page, with what each opens", () => {
  expect(
    exchangeRoles.map((role) => [role.displayName, role.exchangeOnline, role.securityAndCompliance]),
  ).toEqual([
    ["Compliance Administrator", true, true],
    ["Exchange Administrator", true, false],
    ["Exchange Recipient Administrator", true, false],
    ["Global Administrator", true, true],
    ["Global Reader", true, true],
    ["Helpdesk Administrator", true, false],
    ["Security Administrator", true, true],
    ["Security Reader", true, true],
  ]);
});

it("finds a role by name in any case and by template ID, and nothing else", () => {
  for (const role of exchangeRoles) {
    expect(findRole(exchangeRoles, role.displayName.toUpperCase())).toBe(role);
    expect(findRole(exchangeRoles, role.templateId.toUpperCase())).toBe(role);
  }
  expect(findRole(exchangeRoles, "Exchange")).toBeUndefined();
});

it("turns names into parts of resource names", () => {
  expect(
    ["Exchange Recipient Administrator", "Office365ExchangeOnline", "full_access_as_app", " -x- "].map(slug),
  ).toEqual(["exchange-recipient-administrator", "office365-exchange-online", "full-access-as-app", "x"]);
});
