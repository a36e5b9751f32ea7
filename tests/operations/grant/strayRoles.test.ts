import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { assignmentName, ownName, scopeName } from "../../../operations/grant/ownNames.ts";
import type { TestTenant } from "../../graph/testTenant.ts";
import { startTestTenant } from "../../graph/testTenant.ts";
import { prepareGrantTenant } from "./exchangeTenant.ts";

// A name of ours, held by somebody else's role group.
let tenant: TestTenant;
const filter = "Department -eq 'Sales'";
const role = { role: "Mail Recipients", recipientFilter: filter };
const declared = { groups: ["Help Desk"], roles: [role] };

beforeAll(async () => {
  tenant = await startTestTenant();
});
beforeEach(() => tenant.server.reset());
afterAll(() => tenant.server.close());

test("a role group that somebody renamed is made anew, with its roles, and the renamed one is named", async () => {
  const { run, subject, admin, state } = await prepareGrantTenant(tenant);
  const component = subject(declared);
  const [own, name] = [ownName(component), assignmentName(component, role)];
  await run(component);
  await admin("Set-RoleGroup", { Identity: own, Name: "Innocent" });
  const made = await run(component);
  expect(made.grants[0]?.steps.map(({ title }) => title)).toEqual([
    `create the role group "${own}"`,
    `remove the role assignment "${name}", which another role group holds`,
    `give the application the role "Mail Recipients" over the recipients with ${filter}`,
    `add the application to the role group "${own}"`,
  ]);
  expect(made.grants[0]?.notes).toEqual([
    `Left alone: the role group "Innocent" was created for this component with another application, or somebody renamed it. If nothing uses it, remove it: Remove-RoleGroup -Identity 'Innocent' -Confirm:$false`,
  ]);
  expect((await run(component)).grants[0]?.steps).toEqual([]);
  expect(await admin("Get-ManagementRoleAssignment", { RoleAssignee: "Innocent" })).toEqual([]);

  await run(component, { remove: true });
  expect(await state()).toMatchObject({
    memberships: ["Innocent"],
    assignments: [],
    scopes: [],
  });
  await admin("Remove-RoleGroup", { Identity: "Innocent" });
  expect((await run(component, { remove: true })).grants[0]?.steps.map(({ cmdlet }) => cmdlet)).toEqual([
    "Remove-ServicePrincipal",
  ]);
});

test("--remove takes an assignment of the component's out of another role group, and then its scope", async () => {
  const { run, subject, admin, state } = await prepareGrantTenant(tenant);
  const component = subject(declared);
  const name = assignmentName(component, role);
  await run(component);
  await admin("Remove-ManagementRoleAssignment", { Identity: name });
  const elsewhere = { SecurityGroup: "Help Desk", CustomRecipientWriteScope: scopeName(component, filter) };
  await admin("New-ManagementRoleAssignment", { Name: name, Role: role.role, ...elsewhere });
  await run(component, { remove: true });
  expect(await state()).toEqual({
    principals: [],
    memberships: [],
    ownGroups: [],
    assignments: [],
    scopes: [],
  });
});

test("one that the application holds itself, as declared, stays", async () => {
  const { run, subject, admin, job } = await prepareGrantTenant(tenant);
  const journaling = { role: "Journaling" };
  const component = subject({ groups: ["Help Desk"] });
  await run(component);
  const name = assignmentName(component, journaling);
  await admin("New-ManagementRoleAssignment", { Name: name, Role: "Journaling", App: job.appId });
  const { grants } = await run(subject({ groups: ["Help Desk"], roles: [journaling] }));
  expect(grants[0]?.steps).toEqual([]);
  expect(grants[0]?.notes).toEqual([
    `Given already: the application holds the role "Journaling" directly (${name}). exo-auth did not give it, so it does not take it away.`,
  ]);
});
