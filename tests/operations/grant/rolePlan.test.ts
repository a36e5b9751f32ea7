import { expect, test } from "vitest";
import type { DeclaredRole, DeclaredRoles } from "../../../operations/grant/declaredRoles.ts";
import { nothingDeclared } from "../../../operations/grant/declaredRoles.ts";
import { ledgerText } from "../../../operations/grant/ledger.ts";
import type { ObservedRoles } from "../../../operations/grant/observedRoles.ts";
import { assignmentName, ownName, principalName, scopeName } from "../../../operations/grant/ownNames.ts";
import { findGroup } from "../../../operations/grant/observedRoles.ts";
import { isAs, planRoles } from "../../../operations/grant/planRoles.ts";
import type { Grantee } from "../../../operations/grant/roleSteps.ts";
import { assignmentOf, groupNamed, nothingThere, owner } from "./ownRoles.ts";

const own = ownName(owner);
const member = owner.servicePrincipalObjectId;
const mail: DeclaredRole = { role: "Mail Recipients" };
const sales: DeclaredRole = { role: "Mail Tips", recipientFilter: "Department -eq 'Sales'" };
const unit: DeclaredRole = { role: "Journaling", administrativeUnit: "UNIT" };
const [helpDesk, hygiene] = [groupNamed("Help Desk"), groupNamed("Hygiene Management")];
const bypass = { BypassSecurityGroupManagerCheck: true };
const quietly = { Confirm: false };

/** What people are told of the steps. */
function titles(observed: Partial<ObservedRoles>, wanted: DeclaredRoles): readonly string[] {
  const { steps } = planRoles(owner, wanted, { ...nothingThere, ...observed });
  return steps.map(({ title }) => title);
}

/** The steps as cmdlets with their parameters. */
function stepsOf(declared: Partial<DeclaredRoles>, observed: Partial<ObservedRoles>): readonly unknown[] {
  const { steps } = planRoles(owner, { ...nothingDeclared, ...declared }, { ...nothingThere, ...observed });
  return steps.map(({ cmdlet, parameters }) => [cmdlet, parameters]);
}

test("nothing declared and nothing there is nothing to do", () => {
  expect(planRoles(owner, nothingDeclared, nothingThere)).toEqual({
    steps: [],
    notes: [],
    unknownGroups: [],
  });
});

test("everything new: the principal, the ledger, scopes, roles, and memberships after them", () => {
  const declared = { groups: ["help desk"], roles: [sales, unit] };
  const scope = scopeName(owner, "Department -eq 'Sales'");
  expect(stepsOf(declared, { groups: [helpDesk] })).toEqual([
    ["New-ServicePrincipal", { AppId: owner.appId, ObjectId: member, DisplayName: principalName(owner) }],
    [
      "New-RoleGroup",
      {
        Name: own,
        Description: ledgerText(owner, ["Help Desk"]),
        ManagedBy: "Organization Management",
      },
    ],
    ["New-ManagementScope", { Name: scope, RecipientRestrictionFilter: "Department -eq 'Sales'" }],
    [
      "New-ManagementRoleAssignment",
      {
        Name: assignmentName(owner, sales),
        Role: "Mail Tips",
        SecurityGroup: own,
        CustomRecipientWriteScope: scope,
      },
    ],
    [
      "New-ManagementRoleAssignment",
      {
        Name: assignmentName(owner, unit),
        Role: "Journaling",
        SecurityGroup: own,
        RecipientAdministrativeUnitScope: "UNIT",
      },
    ],
    ["Add-RoleGroupMember", { Identity: own, Member: member, ...bypass }],
    ["Add-RoleGroupMember", { Identity: "Help Desk", Member: member, ...bypass }],
  ]);
});

test("the titles say what a step does, and over which recipients", () => {
  const declared = { groups: ["Help Desk"], roles: [sales, unit] };
  expect(titles({ groups: [helpDesk] }, declared)).toEqual(
    expect.arrayContaining([
      `give the application the role "Mail Tips" over the recipients with Department -eq 'Sales'`,
      'give the application the role "Journaling" over the administrative unit UNIT',
      'add the application to the role group "Help Desk"',
    ]),
  );
  const changed = assignmentOf(assignmentName(owner, mail), "Journaling");
  const known = {
    principal: principalName(owner),
    own: { description: ledgerText(owner, []), assignments: [changed], others: [] },
    memberships: [groupNamed(own)],
  };
  expect(titles(known, { groups: [], roles: [mail] })).toEqual([
    `remove the role assignment "${changed.name}", which was changed`,
    'give the application the role "Mail Recipients"',
  ]);
});

test("a declared group that the service does not have is named, and none is joined in its place", () => {
  const declared = { groups: ["Nobody", "Help Desk"], roles: [] };
  const observed = {
    ...nothingThere,
    principal: principalName(owner),
    own: { description: ledgerText(owner, ["Help Desk"]), assignments: [], others: [] },
    memberships: [helpDesk],
    groups: [helpDesk],
  };
  expect(planRoles(owner, declared, observed)).toEqual({ steps: [], notes: [], unknownGroups: ["Nobody"] });
});

test("two spellings of one role group are one membership", () => {
  const { steps } = planRoles(
    owner,
    { groups: ["Help Desk", "HelpDesk"], roles: [] },
    { ...nothingThere, groups: [helpDesk] },
  );
  expect(steps.map(({ cmdlet, parameters }) => [cmdlet, parameters["Identity"]])).toEqual([
    ["New-ServicePrincipal", undefined],
    ["New-RoleGroup", undefined],
    ["Add-RoleGroupMember", "Help Desk"],
  ]);
});

test("fewer groups: the membership goes, and the ledger forgets it afterwards", () => {
  const observed = {
    principal: principalName(owner),
    own: {
      description: ledgerText(owner, ["Help Desk", "Hygiene Management"]),
      assignments: [],
      others: [],
    },
    memberships: [helpDesk, hygiene],
    groups: [helpDesk, hygiene],
  };
  expect(stepsOf({ groups: ["Help Desk"] }, observed)).toEqual([
    ["Remove-RoleGroupMember", { Identity: "Hygiene Management", Member: member, ...bypass, ...quietly }],
    ["Set-RoleGroup", { Identity: own, Description: ledgerText(owner, ["Help Desk"]), ...bypass }],
  ]);
});

test("one group instead of another is written down before, and the old one until it is left", () => {
  const observed = {
    principal: principalName(owner),
    own: { description: ledgerText(owner, ["Help Desk"]), assignments: [], others: [] },
    memberships: [helpDesk],
    groups: [helpDesk, hygiene],
  };
  const both = ledgerText(owner, ["Help Desk", "Hygiene Management"]);
  expect(stepsOf({ groups: ["Hygiene Management"] }, observed)).toEqual([
    ["Set-RoleGroup", { Identity: own, Description: both, ...bypass }],
    ["Add-RoleGroupMember", { Identity: "Hygiene Management", Member: member, ...bypass }],
    ["Remove-RoleGroupMember", { Identity: "Help Desk", Member: member, ...bypass, ...quietly }],
    ["Set-RoleGroup", { Identity: own, Description: ledgerText(owner, ["Hygiene Management"]), ...bypass }],
  ]);
});

const ofOthers = assignmentOf("Mail Recipients of somebody", "Mail Recipients");
const everything: ObservedRoles = {
  ...nothingThere,
  principal: principalName(owner),
  own: {
    description: ledgerText(owner, ["Help Desk"]),
    assignments: [assignmentOf(assignmentName(owner, mail), "Mail Recipients"), ofOthers],
    others: [],
  },
  memberships: [groupNamed(own), helpDesk],
  scopes: [
    { name: "Somebody's scope", recipientFilter: "x" },
    { name: scopeName(owner, "y"), recipientFilter: "y" },
  ],
  groups: [helpDesk],
};
const taken = [
  ["Remove-RoleGroupMember", { Identity: "Help Desk", Member: member, ...bypass, ...quietly }],
  ["Remove-RoleGroupMember", { Identity: own, Member: member, ...bypass, ...quietly }],
  ["Remove-ManagementRoleAssignment", { Identity: assignmentName(owner, mail), ...quietly }],
  ["Remove-RoleGroup", { Identity: own, ...bypass, ...quietly }],
  ["Remove-ManagementScope", { Identity: scopeName(owner, "y"), ...quietly }],
];

test("nothing declared any more: everything of ours goes, the service principal last, nothing of others'", () => {
  expect(stepsOf({}, everything)).toEqual([
    ...taken,
    ["Remove-ServicePrincipal", { Identity: member, ...quietly }],
  ]);
  expect(planRoles(owner, nothingDeclared, everything).steps.map(({ title }) => title)).toEqual([
    'remove the application from the role group "Help Desk"',
    `remove the application from the role group "${own}"`,
    `remove the role assignment "${assignmentName(owner, mail)}"`,
    `remove the role group "${own}"`,
    `remove the management scope "${scopeName(owner, "y")}"`,
    `remove the service principal ${member}`,
  ]);
});

test.each<[string, Partial<ObservedRoles>]>([
  ["in a role group that exo-auth did not put it in", { memberships: [...everything.memberships, hygiene] }],
  ["holds a role itself", { direct: [assignmentOf("x", "Journaling")] }],
  ["was made by somebody else", { principal: "Jobs" }],
  ["is not there", { principal: undefined }],
])("the service principal stays where it %s", (_what, change) => {
  expect(stepsOf({}, { ...everything, ...change })).toEqual(taken);
});

test("groups alone: the own role group is left, and stays as the ledger", () => {
  expect(stepsOf({ groups: ["Help Desk"] }, { ...everything, scopes: [] })).toEqual([
    ["Remove-RoleGroupMember", { Identity: own, Member: member, ...bypass, ...quietly }],
    ["Remove-ManagementRoleAssignment", { Identity: assignmentName(owner, mail), ...quietly }],
  ]);
});

test("a role that was changed is given again, and a scope with another filter is set", () => {
  const filter = "Department -eq 'Sales'";
  const scope = scopeName(owner, filter);
  const right = { ...assignmentOf(assignmentName(owner, sales), "Mail Tips"), scope };
  const observed = (assignments: readonly (typeof right)[], recipientFilter: string) => ({
    principal: principalName(owner),
    own: { description: ledgerText(owner, []), assignments, others: [] },
    memberships: [groupNamed(own)],
    scopes: [
      { name: "Somebody's scope", recipientFilter: "x" },
      { name: scope, recipientFilter },
    ],
  });
  expect(stepsOf({ roles: [sales] }, observed([right], '(department -EQ "sales")'))).toEqual([]);
  expect(stepsOf({ roles: [sales] }, observed([right], "Department -eq 'IT'"))).toEqual([
    ["Set-ManagementScope", { Identity: scope, RecipientRestrictionFilter: filter }],
  ]);
  expect(stepsOf({ roles: [sales] }, observed([{ ...right, scope: "" }], filter))).toEqual([
    ["Remove-ManagementRoleAssignment", { Identity: right.name, ...quietly }],
    [
      "New-ManagementRoleAssignment",
      { Name: right.name, Role: "Mail Tips", SecurityGroup: own, CustomRecipientWriteScope: scope },
    ],
  ]);
});

test("what is left alone is said, and what is declared or ours is not", () => {
  const observed: ObservedRoles = {
    ...everything,
    memberships: [
      groupNamed(own),
      helpDesk,
      hygiene,
      groupNamed("Old"),
      { name: "Theirs", displayName: "Their group" },
    ],
    direct: [assignmentOf("Journaling-x", "Journaling")],
    earlier: [{ name: "Old", about: "was created before. Remove it", removal: "Remove-RoleGroup Old" }],
    own: { ...everything.own!, others: [{ displayName: "Olga", ids: [] }] },
    groups: [helpDesk, hygiene],
  };
  const { notes } = planRoles(owner, { groups: ["Hygiene Management"], roles: [] }, observed);
  expect(notes).toEqual([
    'Left alone: the application is in the role group "Their group", which is not declared, and exo-auth did not add it.',
    'Left alone: the application holds the role "Journaling" directly (Journaling-x). The role is not declared, and exo-auth did not give it.',
    `Left alone: the role group "${own}" holds the role "Mail Recipients" (Mail Recipients of somebody), which is not declared, and exo-auth did not give it.`,
    'Left alone: the role group "Old" was created before. Remove it: Remove-RoleGroup Old',
    `Left alone: "Olga" is in the role group "${own}", which exo-auth created for this component alone.`,
  ]);
});

test("a role group of the own name that somebody else made stops everything", () => {
  const observed = { ...nothingThere, own: { description: "Mine", assignments: [], others: [] } };
  expect(planRoles(owner, { groups: [], roles: [mail] }, observed)).toEqual({
    steps: [],
    notes: [],
    unknownGroups: [],
    foreignGroup: own,
  });
});

test("a role group is found by its name, then by either text as Exchange writes names", () => {
  const shown = { name: "HelpDesk1", displayName: "Help Desk" };
  const exact = { name: "HELP DESK", displayName: "x" };
  expect(findGroup([shown, exact], "Help Desk")).toBe(exact);
  expect(findGroup([shown], "help desk")).toBe(shown);
  expect(findGroup([{ name: "HelpDesk", displayName: "y" }], "Help Desk")?.displayName).toBe("y");
  expect(findGroup([shown], "Hygiene Management")).toBeUndefined();
});

test.each<[string, DeclaredRole, Omit<Parameters<typeof isAs>[2], "isDisabled">, boolean]>([
  [
    "the same role over everybody",
    mail,
    { role: "mail recipients", scopeKind: "Organization", scope: "" },
    true,
  ],
  ["another role", mail, { role: "Journaling", scopeKind: "Organization", scope: "" }, false],
  ["a scope where none is declared", mail, { role: "Mail Recipients", scopeKind: "x", scope: "s" }, false],
  ["the unit", unit, { role: "Journaling", scopeKind: "AdministrativeUnit", scope: "" }, true],
  [
    "everybody instead of the unit",
    unit,
    { role: "Journaling", scopeKind: "Organization", scope: "" },
    false,
  ],
  [
    "the scope",
    sales,
    { role: "Mail Tips", scopeKind: "CustomRecipientScope", scope: scopeOf(sales, owner) },
    true,
  ],
  ["another scope", sales, { role: "Mail Tips", scopeKind: "CustomRecipientScope", scope: "s" }, false],
  [
    "a unit of the scope's name",
    sales,
    { role: "Mail Tips", scopeKind: "AdministrativeUnit", scope: scopeOf(sales, owner) },
    false,
  ],
])("an assignment of %s", (_what, role, found, same) => {
  expect(isAs(owner, role, { ...found, isDisabled: false })).toBe(same);
});

function scopeOf({ recipientFilter = "" }: DeclaredRole, of: Grantee): string {
  return scopeName(of, recipientFilter);
}
