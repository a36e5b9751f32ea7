import * as fc from "fast-check";
import { expect, test } from "vitest";
import { powerShellCommand } from "../../../common/powerShell.ts";
import { Cloud } from "../../../microsoft/clouds.ts";
import { grantScript, type ScriptSubject } from "../../../operations/grant/grantScript.ts";
import type { TimedRoleSubject } from "../../../operations/timedRoles/grantTimedRoles.ts";
import { timedRoleScript } from "../../../operations/timedRoles/timedRoleScript.ts";
import { hostileText } from "../../hostileText.ts";
import { powerShellParser } from "../../powerShellSyntax.ts";

const parsed = await powerShellParser();

test("what is no PowerShell is told, and where", () => {
  expect(parsed("Get-RoleGroup\nif (x { y }").problems).not.toEqual([]);
  expect(parsed("Get-RoleGroup -Identity 'a").problems).toEqual([expect.stringMatching(/^1: /)]);
  expect(parsed("Get-RoleGroup -Identity ('a' + [char]0x27); Remove-Mailbox x").commands).toEqual([
    "Get-RoleGroup",
    "Remove-Mailbox",
  ]);
});

/** A script with these texts wherever somebody chooses one. */
function scriptOf(texts: readonly [string, string, string], cloud: Cloud, remove: boolean): string {
  const [name, filter, group] = texts;
  const about = {
    project: name,
    stack: group,
    component: filter,
    appId: "4c0d0ce9-1f0f-4d8a-9d9b-3a8a6b7f7c11",
    servicePrincipalObjectId: "6233fba6-0198-4277-892f-9275bf728bcc",
    cloud,
    tenantId: "a7d4f3c2-6b1e-4f58-9c0d-2e8b5a913f47",
    tenantDomain: name,
  };
  const exchange: ScriptSubject = {
    ...about,
    declared: {
      exchangeOnline: {
        groups: [group],
        roles: [
          { role: name, recipientFilter: filter },
          { role: group, administrativeUnit: filter },
          { role: name },
        ],
      },
      securityAndCompliance: { groups: [name, group], roles: [] },
    },
  };
  const entra: TimedRoleSubject = {
    ...about,
    declared: { timed: [{ roleTemplateId: name, until: filter }], lasting: [group] },
  };
  const idle: TimedRoleSubject = { ...entra, declared: { timed: [], lasting: [] } };
  return (
    grantScript([exchange], { remove, allowRoleManagement: false }) +
    timedRoleScript([entra, idle], { remove, all: false })
  );
}

const texts = fc.tuple(hostileText, hostileText, hostileText);

test.each([false, true])(
  "whatever texts a script has, it is PowerShell, and runs the commands that it runs with others (--remove: %s)",
  (remove) => {
    const plain = parsed(scriptOf(["a", "b", "c"], Cloud.Global, remove));
    expect(plain.problems).toEqual([]);
    expect(plain.commands).toContain("Connect-MgGraph");
    fc.assert(
      fc.property(texts, (all) => {
        expect(parsed(scriptOf(all, Cloud.Global, remove))).toEqual(plain);
      }),
      { numRuns: 40 },
    );
  },
);

test.each(Object.values(Cloud))("the scripts for the cloud %s are PowerShell", (cloud) => {
  for (const remove of [false, true])
    expect(parsed(scriptOf(["a", "b", "c"], cloud, remove)).problems).toEqual([]);
});

test("a command that a finding or a note gives is one command, whatever its values are", () => {
  fc.assert(
    fc.property(texts, ([one, other, third]) => {
      const command = powerShellCommand("Remove-RoleGroup", {
        Identity: one,
        Member: other,
        By: third,
        Confirm: false,
      });
      expect(parsed(command)).toEqual({ problems: [], commands: ["Remove-RoleGroup"] });
    }),
  );
});
