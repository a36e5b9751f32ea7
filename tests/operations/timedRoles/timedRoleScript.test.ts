import { expect, test } from "vitest";
import { timedRoleScript } from "../../../operations/timedRoles/timedRoleScript.ts";
import type { TimedRoleSubject } from "../../../operations/timedRoles/grantTimedRoles.ts";
import { owner } from "../grant/ownRoles.ts";

const subject: TimedRoleSubject = {
  ...owner,
  cloud: "usGovernmentHigh",
  tenantId: "a7d4f3c2-6b1e-4f58-9c0d-2e8b5a913f47",
  tenantDomain: "contoso.onmicrosoft.us",
  declared: {
    timed: [
      { roleTemplateId: "one", until: "2027-01-31T00:00:00Z" },
      { roleTemplateId: "two", until: "2027-06-30T00:00:00Z" },
    ],
    lasting: ["three"],
  },
};
const undeclared = { ...subject, component: "idle", declared: { timed: [], lasting: ["three"] } };

test("it gives what is declared, and leaves out a component that declares nothing", () => {
  const lines = timedRoleScript([undeclared, subject], false).split("\n");
  expect(lines.slice(0, 7)).toEqual([
    "$ErrorActionPreference = 'Stop'",
    "",
    "# exchange-auth/contoso, component exchange: roles of Entra in contoso.onmicrosoft.us",
    "Connect-MgGraph -TenantId 'a7d4f3c2-6b1e-4f58-9c0d-2e8b5a913f47' -Environment USGov -Scopes 'RoleAssignmentSchedule.ReadWrite.Directory' -NoWelcome",
    "$principal = '6233fba6-0198-4277-892f-9275bf728bcc'",
    "$reason = 'Made by exo-auth for exchange-auth/contoso, component exchange.'",
    "$ends = @{ 'one' = '2027-01-31T00:00:00Z'; 'two' = '2027-06-30T00:00:00Z' }",
  ]);
  expect(lines.filter((line) => line.startsWith("# "))).toHaveLength(1);
  expect(lines.at(-3)).toContain("-notin (@($ends.Keys) + @('three'))");
});

test("with remove, it gives nothing, and takes everything back", () => {
  expect(timedRoleScript([subject], true).split("\n")).toContain("$ends = @{  }");
});

test("without a component that declares something, there is none", () => {
  expect(timedRoleScript([undeclared], false)).toBe("");
});
