import { expect, test } from "vitest";
import { contentHash } from "../../../operations/findings/contentHash.ts";
import { compareRoles, directRoleFinding, roleCheck } from "../../../operations/grant/compareRoles.ts";
import type { DeclaredRole, DeclaredRoles } from "../../../operations/grant/declaredRoles.ts";
import { nothingDeclared } from "../../../operations/grant/declaredRoles.ts";
import { ledgerText } from "../../../operations/grant/ledger.ts";
import type { ObservedRoles } from "../../../operations/grant/observedRoles.ts";
import { assignmentName, ownName, scopeName } from "../../../operations/grant/ownNames.ts";
import { noRoleManagement } from "../../../operations/grant/roleManagement.ts";
import { assignmentOf, groupNamed, nothingThere, owner } from "./ownRoles.ts";

const own = ownName(owner);
const mail: DeclaredRole = { role: "Mail Recipients" };
const sales: DeclaredRole = { role: "Mail Tips", recipientFilter: "Department -eq 'Sales'" };
const scope = scopeName(owner, "Department -eq 'Sales'");
const helpDesk = groupNamed("Help Desk");

/** What is found, each with its subject, what was found and what is declared. */
function findingsOf(declared: Partial<DeclaredRoles>, observed: Partial<ObservedRoles>) {
  const all = compareRoles(
    owner,
    "exchangeOnline",
    { ...nothingDeclared, ...declared },
    { ...nothingThere, ...observed },
  );
  return all.map(({ finding: { id, subject, found, declared: wanted } }) => [id, subject, found, wanted]);
}

const there: ObservedRoles = {
  ...nothingThere,
  principal: "x",
  own: {
    description: ledgerText(owner, []),
    assignments: [{ ...assignmentOf(assignmentName(owner, sales), "Mail Tips"), scope }],
    others: [],
  },
  memberships: [groupNamed(own)],
  scopes: [
    { name: "Somebody's", recipientFilter: "Department -eq 'IT'" },
    { name: scope, recipientFilter: "Department -eq 'Sales'" },
  ],
};
const missing = "EXO-AUDIT-EXCHANGE-ROLE-MISSING";
const changed = "EXO-AUDIT-EXCHANGE-ROLE-CHANGED";

test("what is as declared is none", () => {
  expect(findingsOf({ roles: [sales] }, there)).toEqual([]);
  const joined = { ...there, memberships: [...there.memberships, helpDesk], groups: [helpDesk] };
  expect(findingsOf({ roles: [sales], groups: ["help desk"] }, joined)).toEqual([]);
  expect(roleCheck("securityAndCompliance")).toBe("Roles of Security & Compliance itself");
});

test("a declared group that the service lacks, and one that the application is not in", () => {
  expect(findingsOf({ groups: ["Nobody", "Help Desk"] }, { groups: [helpDesk] })).toEqual([
    [missing, "Exchange Online: Nobody", "no such role group", "member"],
    [missing, "Exchange Online: Help Desk", "the application is not in it", "member"],
  ]);
  // A membership of another group is none of the one that is not there.
  const other = findingsOf({ groups: ["Nobody"] }, { groups: [helpDesk], memberships: [helpDesk] });
  expect(other).toEqual([
    ["EXO-AUDIT-EXCHANGE-ROLE-GROUP", "Exchange Online: Help Desk", "the application is in it", "none"],
    [missing, "Exchange Online: Nobody", "no such role group", "member"],
  ]);
});

test("declared roles whose own role group is not there, is not ours, or has not the application in it", () => {
  const group = [missing, `Exchange Online: ${own}`];
  expect(findingsOf({ roles: [mail] }, {})).toEqual([[...group, "the application is not in it", "member"]]);
  const foreign = { description: "Mine", assignments: [], others: [] };
  expect(findingsOf({ roles: [mail] }, { own: foreign, memberships: [groupNamed(own)] })).toEqual([
    [...group, `the role group "${own}" was not created by exo-auth`, "member"],
  ]);
  expect(findingsOf({ roles: [sales] }, { ...there, memberships: [] })).toEqual([
    [...group, "the application is not in it", "member"],
  ]);
  // Only a membership that the service shows without its group has this.
  expect(findingsOf({ roles: [mail] }, { memberships: [groupNamed(own)] })).toEqual([
    [missing, "Exchange Online: Mail Recipients", "none", "Mail Recipients"],
  ]);
});

/** The component's scope with a filter, after somebody else's. */
function filtered(filter: string) {
  return [
    { name: "Somebody's", recipientFilter: "x" },
    { name: scope, recipientFilter: filter },
  ];
}

test("a role that is missing, another one in its place, and other recipients", () => {
  const wanted = "Mail Tips over the recipients with Department -eq 'Sales'";
  const withOne = (change: object) => ({
    ...there,
    own: {
      ...there.own!,
      assignments: [{ ...there.own!.assignments[0]!, ...change }],
    },
  });
  const subject = "Exchange Online: Mail Tips";
  // Another change ends the acceptance of this one.
  const row = (found: string): string[] => [changed, `${subject} ${contentHash(found)}`, found, wanted];
  const none = { ...there, own: { ...there.own!, assignments: [] } };
  expect(findingsOf({ roles: [sales] }, none)).toEqual([[missing, subject, "none", wanted]]);
  const off = `${assignmentName(owner, sales)}, but disabled`;
  expect(findingsOf({ roles: [sales] }, withOne({ isDisabled: true }))).toEqual([
    [missing, subject, off, wanted],
  ]);
  expect(findingsOf({ roles: [sales] }, withOne({ scope: "" }))).toEqual([
    row("Mail Tips over all recipients"),
  ]);
  expect(findingsOf({ roles: [sales] }, withOne({ role: "Journaling", scope: "Theirs" }))).toEqual([
    row("Journaling over Theirs"),
  ]);
  expect(findingsOf({ roles: [sales] }, { ...there, scopes: filtered("Department -eq 'IT'") })).toEqual([
    row("Mail Tips over the recipients with Department -eq 'IT'"),
  ]);
  expect(findingsOf({ roles: [sales] }, { ...there, scopes: filtered("x").slice(0, 1) })).toEqual([
    row("Mail Tips over the recipients with nothing"),
  ]);
  const everybody = {
    ...there,
    own: { ...there.own!, assignments: [assignmentOf(assignmentName(owner, mail), "Mail Recipients")] },
  };
  expect(findingsOf({ roles: [mail] }, everybody)).toEqual([]);
});

test.each([
  [
    "a GUID among its IDs",
    ["olga", "11111111-1111-4111-8111-111111111111"],
    "11111111-1111-4111-8111-111111111111",
  ],
  ["its first ID that is not empty", ["", "olga", "olga@contoso.example"], "olga"],
  ["what is shown of it, where it has no ID", ["", ""], "Olga"],
])("somebody else in the own role group is removed by %s", (_what, ids, identity) => {
  const observed = { ...there, own: { ...there.own!, others: [{ displayName: "Olga", ids }] } };
  const [one, ...more] = compareRoles(owner, "exchangeOnline", { groups: [], roles: [sales] }, observed);
  expect(more).toEqual([]);
  expect(one?.finding).toMatchObject({
    id: "EXO-AUDIT-EXCHANGE-ROLE-GROUP-MEMBER",
    found: `in the role group "${own}"`,
    remedy: `Remove-RoleGroupMember -Identity '${own}' -Member '${identity}' -BypassSecurityGroupManagerCheck:$true -Confirm:$false`,
  });
});

test("a role that the application holds itself as declared is neither found nor missing", () => {
  const held = assignmentOf("by hand", "Mail Recipients");
  expect(findingsOf({ roles: [mail] }, { direct: [held] })).toEqual([]);
  const content = contentHash([JSON.stringify(["Mail Recipients", false, "", undefined, false])]);
  const extra = [
    "EXO-AUDIT-EXCHANGE-ROLE",
    `Exchange Online: Mail Recipients ${content}`,
    "by hand, held by the application directly",
    "none",
  ];
  expect(findingsOf({}, { direct: [held] })).toEqual([extra]);
  // Its own role group has the other declared role.
  expect(findingsOf({ roles: [mail, sales] }, { ...there, direct: [held] })).toEqual([]);
  expect(directRoleFinding("exchangeOnline", held, noRoleManagement, [])).toMatchObject({
    id: extra[0],
    subject: extra[1],
    severity: "high",
    found: extra[2],
    declared: "none",
    remedy: "Remove-ManagementRoleAssignment -Identity 'by hand' -Confirm:$false",
  });
});

test("what an undeclared role group holds, and over which unit, is part of what is accepted", () => {
  const unit = "0B6C1F0E-6F27-4F7B-8F3A-3A0A9A4D7D11";
  const inUnit = { ...assignmentOf("x", "Mail Recipients"), scopeKind: "AdministrativeUnit", scope: unit };
  const subjectOf = (held: ReadonlyMap<string, (typeof inUnit)[]>): unknown => {
    const roleManagement = { ...noRoleManagement, held };
    const [row] = findingsOf({}, { groups: [helpDesk], memberships: [helpDesk], roleManagement });
    return row?.[1];
  };
  const content = JSON.stringify(["Mail Recipients", true, unit.toLowerCase(), undefined, false]);
  expect(subjectOf(new Map([["Help Desk", [inUnit]]]))).toBe(
    `Exchange Online: Help Desk ${contentHash([content])}`,
  );
  expect(subjectOf(new Map())).toBe(`Exchange Online: Help Desk ${contentHash([])}`);
});
