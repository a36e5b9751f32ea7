import { expect, test } from "vitest";
import { nothingDeclared } from "../../../operations/grant/declaredRoles.ts";
import { cmdletsOf, type OwnRoles } from "../../../operations/verification/cmdletsOf.ts";

test.each<[string, readonly string[], readonly string[], boolean, (string | undefined)[]]>([
  ["a role that reads mailboxes", [], ["view-only recipients"], false, ["Get-Mailbox", "Set-Mailbox"]],
  ["a role that writes them", [], ["Mail Recipients"], false, ["Get-Mailbox", "Remove-ServicePrincipal"]],
  [
    "one beside a role that nothing tries",
    [],
    ["Mail Tips", "View-Only Configuration"],
    false,
    ["Get-OrganizationConfig", "Set-Mailbox"],
  ],
  ["a role that nothing tries", [], ["Mail Tips"], false, [undefined, "Set-Mailbox"]],
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
});
