import { expect, it } from "vitest";

import { appOnlyRoles, findRole } from "../../microsoft/roles.ts";
import { slug } from "../../common/slug.ts";
import { read } from "../docs/pages.ts";

it("holds the eight roles of Microsoft's page, with what each opens", () => {
  expect(
    appOnlyRoles.map((role) => [role.displayName, role.exchangeOnline, role.securityAndCompliance]),
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

it("has each role in the table of docs/fromCredential.md, with what it opens", () => {
  const rows = read("docs/fromCredential.md").matchAll(/^\| ([A-Z][\w ]+?) +\| (yes|no) +\| (yes|no) +\|/gm);
  const listed = [...rows].map(([, name, exchange, compliance]) => `${name}: ${exchange}, ${compliance}`);
  expect(listed.toSorted()).toEqual(
    appOnlyRoles.map(
      ({ displayName, exchangeOnline, securityAndCompliance }) =>
        `${displayName}: ${word(exchangeOnline)}, ${word(securityAndCompliance)}`,
    ),
  );
});

it("finds a role by name in any case and by template ID, and nothing else", () => {
  for (const role of appOnlyRoles) {
    expect(findRole(appOnlyRoles, role.displayName.toUpperCase())).toBe(role);
    expect(findRole(appOnlyRoles, role.templateId.toUpperCase())).toBe(role);
  }
  expect(findRole(appOnlyRoles, "Exchange")).toBeUndefined();
});

it("turns names into parts of resource names", () => {
  expect(
    ["Exchange Recipient Administrator", "Office365ExchangeOnline", "full_access_as_app", " -x- "].map(slug),
  ).toEqual(["exchange-recipient-administrator", "office365-exchange-online", "full-access-as-app", "x"]);
});

function word(opens: boolean): string {
  return opens ? "yes" : "no";
}
