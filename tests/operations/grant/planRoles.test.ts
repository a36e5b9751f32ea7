import { expect, test } from "vitest";
import { nothingDeclared } from "../../../operations/grant/declaredRoles.ts";
import { observeRoles } from "../../../operations/grant/observedRoles.ts";
import { assignmentName, ownName } from "../../../operations/grant/ownNames.ts";
import { isAs, planRoles } from "../../../operations/grant/planRoles.ts";
import { assignmentOf, groupNamed, nothingThere, owner as grantee } from "./ownRoles.ts";

const owner = {
  project: "exchange-auth",
  stack: "contoso",
  component: "exchange",
  servicePrincipalObjectId: "6233fba6-0198-4277-892f-9275bf728bcc",
};
const unit = "0b6c1f0e-6f27-4f7b-8f3a-3a0a9a4d7d11";

test("an assignment of another role, over another unit, or switched off, is not as declared", () => {
  const found = { role: "Mail Recipients", scopeKind: "", scope: "", isDisabled: false };
  const overUnit = { role: "Mail Recipients", administrativeUnit: unit };
  const inUnit = { ...found, scopeKind: "AdministrativeUnit" };
  expect(isAs(owner, { role: "mailrecipients" }, found)).toBe(true);
  // Anybody who may make roles can make one of this name.
  expect(isAs(owner, { role: "Mail Recipients" }, { ...found, role: "MailRecipients" })).toBe(false);
  expect(isAs(owner, { role: "Mail Recipients" }, { ...found, isDisabled: true })).toBe(false);
  expect(isAs(owner, overUnit, { ...inUnit, scope: unit.toUpperCase() })).toBe(true);
  expect(isAs(owner, overUnit, { ...inUnit, scope: "Sales" })).toBe(true);
  expect(isAs(owner, overUnit, { ...inUnit, scope: owner.servicePrincipalObjectId })).toBe(false);
});

test("a person whose name is the object ID of the application is somebody else", async () => {
  const { servicePrincipalObjectId: objectId } = owner;
  const person = { displayName: "Eve", ids: ["f3a1c4de-0000-4000-8000-000000000001", "", "eve", objectId] };
  const application = { displayName: "exchange", ids: [objectId, "", "", objectId] };
  const unnamed = { displayName: "exchange", ids: ["", "", "", objectId] };
  const others = async (members: (typeof person)[]): Promise<readonly string[] | undefined> => {
    const reader = {
      principal: async () => "exchange",
      groups: async () => [{ name: ownName(owner), displayName: "", description: "", hasMembers: true }],
      members: async () => members,
      assignments: async () => [],
      allAssignments: async () => [],
      roleManagementRoles: async () => [],
      scopes: async () => [],
    };
    const { own } = await observeRoles(reader, "exchangeOnline", owner);
    return own?.others.map(({ displayName }) => displayName);
  };
  expect(await others([person, application])).toEqual(["Eve"]);
  expect(await others([unnamed, person])).toEqual(["Eve"]);
  expect(await others([application])).toEqual([]);
});

test("an assignment that another role group holds is removed where its own name is wanted, and no other's", () => {
  const [held, free] = [{ role: "Mail Recipients" }, { role: "Journaling" }];
  const name = assignmentName(grantee, held);
  const { steps } = planRoles(
    grantee,
    { ...nothingDeclared, roles: [free, held] },
    { ...nothingThere, memberships: [groupNamed(ownName(grantee))], strays: [assignmentOf(name, held.role)] },
  );
  const changes = steps.filter(({ cmdlet }) => cmdlet.endsWith("-ManagementRoleAssignment"));
  expect(changes.map(({ title }) => title)).toEqual([
    'give the application the role "Journaling"',
    `remove the role assignment "${name}", which another role group holds`,
    'give the application the role "Mail Recipients"',
  ]);
});
