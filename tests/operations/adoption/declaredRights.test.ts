import { expect, test } from "vitest";

import type { RoleAssignment } from "../../../graph/exchangeRoles.ts";
import { declaredRights } from "../../../operations/adoption/declaredRights.ts";
import type { ExchangeRight, HeldGroup } from "../../../operations/adoption/exchangeRights.ts";
import { noRoleManagement, roleManagementOf } from "../../../operations/grant/roleManagement.ts";
import { assignmentOf } from "../grant/ownRoles.ts";

const principalId = "6233fba6-0198-4277-892f-9275bf728bcc";
const unit = "5D1C8A30-7B2E-4F9A-8C61-D09E3B7A52C4";
const filter = "Department -eq 'Sales'";

function inGroup(wanted: string, changes: Partial<HeldGroup> = {}): ExchangeRight {
  const group = { name: wanted, displayName: wanted };
  return {
    kind: "group",
    service: "exchangeOnline",
    principalId,
    roleManagement: noRoleManagement,
    group,
    wanted,
    ...changes,
  };
}

function holding(
  role: string,
  changes: Partial<RoleAssignment> = {},
  recipientFilter?: string,
): ExchangeRight {
  return {
    kind: "role",
    service: "exchangeOnline",
    principalId,
    roleManagement: roleManagementOf(["Nice Helpers"], [], []),
    assignment: { ...assignmentOf("by hand", role), ...changes },
    ...(recipientFilter !== undefined && { recipientFilter }),
  };
}

const compliance = { service: "securityAndCompliance" } as const;
const scoped = { scopeKind: "CustomRecipientScope", scope: "Sellers" };
const inUnit = { scopeKind: "AdministrativeUnit", scope: unit };

test("role groups and roles are declared by service, each once", () => {
  const rights = [
    inGroup("Help Desk"),
    inGroup("Reviewers", compliance),
    holding("Mail Recipients"),
    holding("Mail Recipients", { name: "again" }),
    holding("Mail Tips", inUnit),
    holding("Journaling", scoped, filter),
  ];
  expect(declaredRights(rights)).toStrictEqual({
    settings: {
      exchangeRoleGroups: ["Help Desk"],
      exchangeRoles: [
        { role: "Mail Recipients" },
        { role: "Mail Tips", administrativeUnit: unit.toLowerCase() },
        { role: "Journaling", recipientFilter: filter },
      ],
      complianceRoleGroups: ["Reviewers"],
    },
    undeclared: [],
  });
  expect(declaredRights([])).toStrictEqual({ settings: {}, undeclared: [] });
});

test("of each service, twelve role groups are declared, and the others shown", () => {
  const names = Array.from({ length: 13 }, (_, index) => `Group ${index}`);
  const others = names.map((name) => inGroup(`${name} C`, compliance));
  const { settings, undeclared } = declaredRights([...names.map((name) => inGroup(name)), ...others]);
  expect(settings.exchangeRoleGroups).toEqual(names.slice(0, 12));
  expect(settings.complianceRoleGroups).toEqual(names.slice(0, 12).map((name) => `${name} C`));
  const choice =
    "declare it in place of another one, because a component takes 12 role groups of a service, accept it in .exo-auth, or remove it";
  expect(undeclared).toEqual([
    { title: 'role group "Group 12"', choice },
    { title: 'role group "Group 12 C"', choice },
  ]);
});

const master = (key: string): string =>
  `remove it: with it, the application can give itself every right of the service. If it must stay, declare it in \`${key}\` and run \`exo-auth grant\` with --allow-role-management, or accept it in .exo-auth`;
const unnamed =
  "accept it in .exo-auth, because the component takes no such name, or move the application to a role group with another name";
const unlimited =
  "accept it in .exo-auth, because the component cannot name the recipients that it is limited to, or remove it";
const byHidden = {
  ...noRoleManagement,
  groups: new Map([["Helpers", assignmentOf("hidden", "Role Management")]]),
};

test.each<[string, ExchangeRight, string]>([
  ["a group of every right", inGroup("Organization Management"), master("exchangeRoleGroups")],
  [
    "one of Security & Compliance",
    inGroup("Organization Management", compliance),
    master("complianceRoleGroups"),
  ],
  [
    "one by its shown name alone",
    inGroup("x", { group: { name: "x", displayName: "organizationmanagement" } }),
    master("exchangeRoleGroups"),
  ],
  [
    "one by its own name alone",
    inGroup("x", { group: { name: "Role Management", displayName: "x" } }),
    master("exchangeRoleGroups"),
  ],
  ["one by what it holds", inGroup("Helpers", { roleManagement: byHidden }), master("exchangeRoleGroups")],
  ["a role of every right", holding("Role Management"), master("exchangeRoles")],
  ["a role that comes from one", holding("nice helpers"), master("exchangeRoles")],
  ["a role to be given to others", holding("Journaling", { isDelegating: true }), master("exchangeRoles")],
  [
    "a role that is switched off",
    holding("Journaling", { isDisabled: true }),
    "remove it, because it is disabled and gives nothing, or accept it in .exo-auth",
  ],
  [
    "a role of Security & Compliance",
    { ...holding("Case Management"), ...compliance },
    "declare a role group that holds it in `complianceRoleGroups`, accept it in .exo-auth, or remove it",
  ],
  [
    "a role for applications",
    holding("application Mail.Read"),
    "accept it in .exo-auth, because it opens mailboxes and no cmdlets and the component has no argument for it, or remove it",
  ],
  ["a unit that is not said", holding("Mail Tips", { ...inUnit, scope: "" }), unlimited],
  ["a unit that is shown by its name", holding("Mail Tips", { ...inUnit, scope: "Sales" }), unlimited],
  ["a scope that could not be read", holding("Mail Tips", scoped), unlimited],
  ["a filter of two lines", holding("Mail Tips", scoped, "a\nb"), unlimited],
  ["a filter that is empty", holding("Mail Tips", scoped, ""), unlimited],
  ["a filter that is too long", holding("Mail Tips", scoped, "x".repeat(2001)), unlimited],
  ["a name that is too long", inGroup("x".repeat(65)), unnamed],
  ["a name with a semicolon", inGroup("a;b"), unnamed],
  ["a name that ends in a space", holding("a "), unnamed],
  ["a name that is an ID", inGroup(principalId), unnamed],
  ["a group called as one of the other service", inGroup("eDiscovery Manager"), unnamed],
  ["a role called as a group", holding("help desk"), unnamed],
])("%s is not declared, and what to do is said", (_what, right, choice) => {
  const { settings, undeclared } = declaredRights([right]);
  expect(settings).toStrictEqual({});
  expect(undeclared.map((one) => one.choice)).toEqual([choice]);
});

test.each<[string, ExchangeRight, object]>([
  ["a name of 64 characters", inGroup("x".repeat(64)), { exchangeRoleGroups: ["x".repeat(64)] }],
  ["a name of one character", inGroup("x"), { exchangeRoleGroups: ["x"] }],
  [
    "a role whose name only has the word",
    holding("My Application Roles"),
    { exchangeRoles: [{ role: "My Application Roles" }] },
  ],
  [
    "a filter of 2,000 characters",
    holding("Mail Tips", scoped, "x".repeat(2000)),
    { exchangeRoles: [{ role: "Mail Tips", recipientFilter: "x".repeat(2000) }] },
  ],
])("%s is declared", (_what, right, settings) => {
  expect(declaredRights([right])).toStrictEqual({ settings, undeclared: [] });
});
