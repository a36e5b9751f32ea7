import { expect, expectTypeOf, test } from "vitest";
import type { argumentKeys } from "../../../components/arguments/argumentKeys.ts";
import type { ExchangeRole } from "../../../components/arguments/exchangeAccessArguments.ts";
import {
  type ExchangeAppOnlyAuthArgs,
  resolveArguments,
} from "../../../components/arguments/resolveArguments.ts";
import { recordOf } from "../../../components/record.ts";

const unit = "0b1c2d3e-4f50-4172-8394-a5b6c7d8e9f0";

test("declares role groups and roles, in the record too, and then no role of Entra by default", () => {
  const args: ExchangeAppOnlyAuthArgs = {
    exchangeRoleGroups: ["View-Only Organization Management", "Contoso: readers"],
    exchangeRoles: [
      { role: "View-Only Recipients" },
      { role: "Mail Recipients", recipientFilter: "Department -eq 'Sales'" },
      { role: "Mail Recipients", administrativeUnit: unit.toUpperCase() },
    ],
    complianceRoleGroups: ["Security Reader"],
  };
  const { settings, problems, warnings } = resolveArguments(args);
  expect({ problems, warnings }).toEqual({ problems: [], warnings: [] });
  expect(settings.roles).toEqual([]);
  expect(settings.securityAndCompliance).toBe(true);
  expect(settings.permissions.map(({ resourceAppId }) => resourceAppId)).toEqual([
    "00000002-0000-0ff1-ce00-000000000000",
    "00000007-0000-0ff1-ce00-000000000000",
  ]);
  expect(recordOf(settings)).toMatchObject({
    roleTemplateIds: [],
    exchangeRoleGroups: ["View-Only Organization Management", "Contoso: readers"],
    exchangeRoles: [
      { role: "View-Only Recipients" },
      { role: "Mail Recipients", recipientFilter: "Department -eq 'Sales'" },
      { role: "Mail Recipients", administrativeUnit: unit },
    ],
    complianceRoleGroups: ["Security Reader"],
  });
});

test.each([unit, `{${unit.toUpperCase()}}`, "CN=Role Management,CN=Roles", "contoso\\Role Management"])(
  "takes no %s in place of a name",
  (given) => {
    const { problems } = resolveArguments({ exchangeRoles: [{ role: given }], exchangeRoleGroups: [given] });
    const must = "must be a name, because nobody sees what an ID or a path gives, got";
    expect(problems).toEqual([
      `\`exchangeRoleGroups[0]\` ${must} ${JSON.stringify(given)}. Give the name that Exchange shows.`,
      `\`exchangeRoles[0].role\` ${must} ${JSON.stringify(given)}. Give the name that Exchange shows.`,
    ]);
  },
);

test("a component without any has its default role and the record of older releases", () => {
  const { settings } = resolveArguments({ exchangeRoleGroups: [], exchangeRoles: [] });
  expect(settings.roles.map(({ displayName }) => displayName)).toEqual(["Exchange Administrator"]);
  expect(Object.keys(recordOf(settings))).toEqual([
    "cloud",
    "signInAudience",
    "owners",
    "permissions",
    "roleTemplateIds",
    "userRoles",
  ]);
});

test("roles of both kinds add up", () => {
  const { settings } = resolveArguments({ roles: ["Global Reader"], exchangeRoleGroups: ["Help Desk"] });
  expect(settings.roles.map(({ displayName }) => displayName)).toEqual(["Global Reader"]);
});

test("says that a limit of a role that only reads has no effect", () => {
  const role = { role: "View-Only Recipients", recipientFilter: "Department -eq 'Sales'" };
  expect(resolveArguments({ exchangeRoles: [role] }).warnings).toEqual([
    '`exchangeRoles[0]` limits what "View-Only Recipients" may change, and this role only reads. It reads all recipients.',
  ]);
});

const long = "x".repeat(65);

test.each<[string, unknown, readonly string[]]>([
  [
    "roles where role groups belong",
    {
      exchangeRoleGroups: ["view-only recipients", "eDiscovery Manager", "DLP Compliance Management"],
      complianceRoleGroups: ["Help Desk", "Mail Recipients", "Preview"],
    },
    [
      '`exchangeRoleGroups[0]` is the role "view-only recipients" of Exchange Online, not a role group. Name it in `exchangeRoles`: { role: "view-only recipients" }.',
      '`exchangeRoleGroups[1]` is the role group "eDiscovery Manager" of Security & Compliance. Name it in `complianceRoleGroups`.',
      '`exchangeRoleGroups[2]` is the role "DLP Compliance Management" of Security & Compliance, not a role group. Name a role group that holds it in `complianceRoleGroups`.',
      '`complianceRoleGroups[0]` is the role group "Help Desk" of Exchange Online. Name it in `exchangeRoleGroups`.',
      '`complianceRoleGroups[1]` is the role "Mail Recipients" of Exchange Online, not a role group. Name it in `exchangeRoles`: { role: "Mail Recipients" }.',
      '`complianceRoleGroups[2]` is the role "Preview" of Security & Compliance, not a role group. Name a role group that holds it in `complianceRoleGroups`.',
    ],
  ],
  [
    "role groups where roles belong",
    { exchangeRoles: [{ role: "Help Desk" }, { role: "Preview" }, { role: "Security Reader" }] },
    [
      '`exchangeRoles[0].role` is the role group "Help Desk", not a role. Name it in `exchangeRoleGroups`.',
      '`exchangeRoles[1].role` is the role "Preview" of Security & Compliance. Name a role group that holds it in `complianceRoleGroups`.',
    ],
  ],
  [
    "a built-in role with other spaces, which Exchange does not know",
    { exchangeRoles: [{ role: "MailRecipients" }, { role: "mail tips" }, { role: "View-Only  Recipients" }] },
    [
      '`exchangeRoles[0].role` must be a name as Exchange shows it, got "MailRecipients". Did you mean "Mail Recipients"?',
      '`exchangeRoles[2].role` must be a name as Exchange shows it, got "View-Only  Recipients". Did you mean "View-Only Recipients"?',
    ],
  ],
  [
    "names of Exchange among the roles of Entra",
    { roles: ["Mail Recipients", "Recipient Management", "eDiscovery Manager"] },
    [
      '`roles[0]` is a management role of Exchange, not a role of Entra, got "Mail Recipients". Name it in `exchangeRoles`.',
      '`roles[1]` is a role group of Exchange, not a role of Entra, got "Recipient Management". Name it in `exchangeRoleGroups`.',
      '`roles[2]` is a role group of Exchange, not a role of Entra, got "eDiscovery Manager". Name it in `complianceRoleGroups`.',
    ],
  ],
  [
    "a filter and an administrative unit",
    { exchangeRoles: [{ role: "Mail Recipients", recipientFilter: "a -eq 'b'", administrativeUnit: unit }] },
    [
      "`exchangeRoles[0]` has both `recipientFilter` and `administrativeUnit`, and Exchange takes one of them. Remove one.",
    ],
  ],
  [
    "what has no form at all",
    {
      exchangeRoleGroups: "Help Desk",
      exchangeRoles: [
        "Mail Recipients",
        { role: "", scope: "x" },
        { role: "A", recipientFilter: "a\nb" },
        { role: "B", administrativeUnit: "Sales" },
      ],
      complianceRoleGroups: [7, long, "a; b"],
    },
    [
      '`exchangeRoleGroups` must be a list, got "Help Desk". Give ["Help Desk"], or leave it out.',
      "`complianceRoleGroups[0]` must be a text of 1 to 64 characters without a semicolon, got 7. Give the name that Exchange shows.",
      `\`complianceRoleGroups[1]\` must be a text of 1 to 64 characters without a semicolon, got "${long}". Give the name that Exchange shows.`,
      '`complianceRoleGroups[2]` must be a text of 1 to 64 characters without a semicolon, got "a; b". Give the name that Exchange shows.',
      '`exchangeRoles[0]` must be an object, got "Mail Recipients". Give { role: "View-Only Recipients" }.',
      '`exchangeRoles[1].scope` is not an argument. Use one of "role", "recipientFilter", "administrativeUnit".',
      '`exchangeRoles[1].role` must be a text of 1 to 64 characters without a semicolon, got "". Give the name that Exchange shows.',
      '`exchangeRoles[2].recipientFilter` must be a recipient filter of at most 2000 characters in one line, got "a\\nb". Give one such as "Department -eq \'Sales\'", or leave it out.',
      '`exchangeRoles[3].administrativeUnit` must be the object ID of an administrative unit, got "Sales". Give the GUID that Entra shows for it, or leave it out.',
    ],
  ],
  [
    "what is there twice",
    {
      exchangeRoleGroups: ["Help Desk", "help desk"],
      exchangeRoles: [{ role: "Mail Recipients" }, { role: "mail recipients" }],
    },
    [
      "`exchangeRoleGroups[1]` repeats the role group of `exchangeRoleGroups[0]`. Remove one.",
      "`exchangeRoles[1]` repeats the role of `exchangeRoles[0]`. Remove one.",
    ],
  ],
  [
    "more role groups than their record takes",
    { exchangeRoleGroups: Array.from({ length: 13 }, (_, index) => `Group ${index}`) },
    [
      "`exchangeRoleGroups` must have at most 12 role groups, got 13. Create a role group that holds the roles.",
    ],
  ],
  [
    "Security & Compliance that is turned off",
    { complianceRoleGroups: ["Security Reader"], securityAndCompliance: false },
    [
      "`complianceRoleGroups` needs Security & Compliance, and `securityAndCompliance` is false. Remove one of the two.",
    ],
  ],
])("refuses %s, with every problem", (_what, args, problems) => {
  expect([...resolveArguments(args as ExchangeAppOnlyAuthArgs).problems].toSorted()).toEqual(
    [...problems].toSorted(),
  );
});

test("the keys of a role are those of its type", () => {
  expectTypeOf<(typeof argumentKeys)["exchangeRoles[]."][number]>().toEqualTypeOf<keyof ExchangeRole>();
});
