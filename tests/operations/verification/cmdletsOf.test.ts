import { expect, test } from "vitest";
import { readingCmdlets, writingCmdlets } from "../../../microsoft/exchangeCmdlets.ts";
import { exchangeManagementRoles } from "../../../microsoft/exchangeRoleGroups.ts";
import { nothingDeclared } from "../../../operations/grant/declaredRoles.ts";
import { cmdletsOf, type OwnRoles } from "../../../operations/verification/cmdletsOf.ts";

test.each<[string, readonly string[], readonly string[], boolean, (string | undefined)[]]>([
  ["a role that reads mailboxes", [], ["view-only recipients"], false, ["Get-Mailbox", "Set-Mailbox"]],
  ["a role that writes them", [], ["Mail Recipients"], false, ["Get-Mailbox", "Remove-ServicePrincipal"]],
  [
    "one beside a role that nothing tries",
    [],
    ["Reset Password", "View-Only Configuration"],
    false,
    ["Get-OrganizationConfig", "Set-Mailbox"],
  ],
  ["a role that nothing tries", [], ["Reset Password"], false, [undefined, "Set-Mailbox"]],
  ["journaling alone", [], ["Journaling"], false, ["Get-JournalRule", "Remove-ServicePrincipal"]],
  [
    "message tracking alone",
    [],
    ["Message Tracking"],
    false,
    ["Get-OrganizationRelationship", "Remove-ServicePrincipal"],
  ],
  ["a built-in role group", ["help desk"], [], false, ["Get-Mailbox", "Remove-ServicePrincipal"]],
  ["a role group that reads", ["Hygiene Management"], [], false, ["Get-OrganizationConfig", "Set-Mailbox"]],
  ["a role group of the tenant's own", ["Ours"], ["View-Only Recipients"], false, ["Get-Mailbox", undefined]],
  [
    "one beside a built-in one",
    ["Ours", "Hygiene Management"],
    [],
    false,
    ["Get-OrganizationConfig", undefined],
  ],
  ["a role of Entra beside", [], ["View-Only Recipients"], true, ["Get-Mailbox", undefined]],
  ["nothing", [], [], false, [undefined, "Set-Mailbox"]],
])("%s", (_what, groups, roles, hasEntraRole, [works, refused]) => {
  const own: OwnRoles = {
    exchangeOnline: { groups, roles: roles.map((role) => ({ role })) },
    securityAndCompliance: nothingDeclared,
    hasEntraRole,
  };
  const found = cmdletsOf(own);
  expect([found.works?.cmdlet, found.refused?.cmdlet]).toEqual([works, refused]);
  expect(found.declared).toEqual([...groups, ...roles]);
});

test("every built-in management role has a cmdlet that must run, or is known to have none", () => {
  const without = exchangeManagementRoles.filter((role) => {
    const own = { exchangeOnline: { groups: [], roles: [{ role }] }, securityAndCompliance: nothingDeclared };
    return cmdletsOf({ ...own, hasEntraRole: false }).works === undefined;
  });
  expect(without).toEqual([
    "Audit Logs",
    "Legal Hold",
    "Mail Enabled Public Folders",
    "Mailbox Import Export",
    "Mailbox Search",
    "Migration",
    "Move Mailboxes",
    "Org Custom Apps",
    "Org Marketplace Apps",
    "Reset Password",
    "Security Group Creation and Membership",
    "View-Only Audit Logs",
  ]);
  // No other role is named, by a slip.
  const named = [...readingCmdlets, ...writingCmdlets].flatMap(({ roles }) => roles);
  expect(named.filter((role) => !exchangeManagementRoles.includes(role))).toEqual([]);
});
