import { expect, test } from "vitest";
import { textOf, type JsonObject } from "../../../sandbox/tenant/json.ts";
import { itemsOf, type Answer } from "./client.ts";
import { complianceScope, exchangeScope, messageOf, prepare, type Jobs } from "./exchangeJobs.ts";

const exchangeAdministrator = "29232cdf-9323-42fd-ade2-1d097af3e4de";
const globalAdministrator = "62e90394-69f5-4237-9190-012177145e10";

test("a job in a role group runs what its roles have, with the token that it had before, and nothing else", async () => {
  const { admin, job, token } = await prepareJob();
  expect(messageOf(await job.invoke("Get-Mailbox", {}, token))).toEqual({
    status: 403,
    message:
      `The role assigned to application ${job.appId} isn't supported in this scenario. Please check online ` +
      "documentation for assigning correct Directory Roles to Azure AD Application for EXO App-Only Authentication.",
  });
  await admin("New-RoleGroup", {
    Name: "Readers",
    Roles: ["View-Only Recipients"],
    ManagedBy: "Organization Management",
  });
  await admin("Add-RoleGroupMember", { Identity: "readers", Member: job.principalId });
  expect(itemsOf(await job.invoke("Get-Mailbox", {}, token))).toHaveLength(2);
  const change = { Identity: "reports@contoso.com", DisplayName: "Other" };
  expect(messageOf(await job.invoke("Set-Mailbox", change, token))).toEqual({
    status: 403,
    message: "User is not allowed to call Set-Mailbox",
  });
  expect(messageOf(await job.invoke("Get-OrganizationConfig", {}, token)).status).toBe(403);
  await admin("Remove-RoleGroupMember", { Identity: "Readers", Member: job.principalId });
  expect((await job.invoke("Get-Mailbox", {}, token)).status).toBe(403);
});

test.each<{ kind: string; assignment: JsonObject; shown: JsonObject }>([
  {
    kind: "a filter",
    assignment: { CustomRecipientWriteScope: "Sales" },
    shown: { RecipientWriteScope: "CustomRecipientScope", CustomRecipientWriteScope: "Sales" },
  },
  {
    kind: "an administrative unit",
    assignment: { RecipientAdministrativeUnitScope: "UNIT" },
    shown: { RecipientWriteScope: "AdministrativeUnit", CustomRecipientWriteScope: "UNIT" },
  },
])("a role over $kind changes those recipients and no others", async ({ assignment, shown }) => {
  const { admin, job, token } = await prepareJob();
  const unit = await addUnitWithSales(job);
  const withUnit = (values: JsonObject): JsonObject =>
    Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, value === "UNIT" ? unit : value]),
    );
  await admin("New-ManagementScope", {
    Name: "Sales",
    RecipientRestrictionFilter: "Department -eq 'Sales' -and DisplayName -like 'S*'",
  });
  await admin("New-RoleGroup", { Name: "Editors", ManagedBy: "Organization Management" });
  const assigned = await admin("New-ManagementRoleAssignment", {
    Name: "Editors of sales",
    Role: "Mail Recipients",
    SecurityGroup: "Editors",
    ...withUnit(assignment),
  });
  expect(itemsOf(assigned)).toMatchObject([
    { Name: "Editors of sales", RoleAssignee: "Editors", RoleAssigneeType: "RoleGroup", ...withUnit(shown) },
  ]);
  await admin("Add-RoleGroupMember", { Identity: "Editors", Member: job.principalId });
  const rename = (Identity: string) => job.invoke("Set-Mailbox", { Identity, DisplayName: "Sold" }, token);
  expect((await rename("sales")).status).toBe(200);
  expect(messageOf(await rename("reports"))).toEqual({
    status: 400,
    message:
      "The operation on mailbox \"reports\" failed because it's out of the current user's write scope. 'reports' isn't within your current write scopes. Can't perform save operation.",
  });
});

test("a role can be given to the service principal itself, and stands among its direct assignments", async () => {
  const { admin, job, token } = await prepareJob();
  await admin("New-ManagementRoleAssignment", {
    Name: "direct",
    Role: "View-Only Recipients",
    App: job.principalId,
  });
  expect((await job.invoke("Get-Mailbox", {}, token)).status).toBe(200);
  expect(
    itemsOf(await admin("Get-ManagementRoleAssignment", { RoleAssignee: job.principalId })),
  ).toMatchObject([{ Name: "direct", RoleAssignee: job.principalId, RoleAssigneeType: "ServicePrincipal" }]);
  await admin("Remove-ServicePrincipal", { Identity: job.principalId });
  expect(
    itemsOf(await admin("Get-ManagementRoleAssignment", {})).filter(({ Name }) => Name === "direct"),
  ).toEqual([]);
  expect((await job.invoke("Get-Mailbox", {}, token)).status).toBe(403);
});

test("Role Management lets a job give roles, and View-Only Configuration lets it see them", async () => {
  const { admin, job, token } = await prepareJob();
  const read = () => job.invoke("Get-RoleGroup", { Identity: "Help Desk" }, token);
  const create = () =>
    job.invoke("New-RoleGroup", { Name: "Mine", ManagedBy: "Organization Management" }, token);
  await admin("Add-RoleGroupMember", {
    Identity: "View-Only Organization Management",
    Member: job.principalId,
  });
  expect(itemsOf(await read())).toMatchObject([
    { Name: "Help Desk", Roles: ["Reset Password", "User Options", "View-Only Recipients"], Members: [] },
  ]);
  expect((await create()).status).toBe(403);
  await admin("Add-RoleGroupMember", { Identity: "Organization Management", Member: job.principalId });
  expect((await create()).status).toBe(200);
});

test("a new membership holds as late as the fault says", async () => {
  const { admin, job, token } = await prepareJob();
  const { server } = job.tenant;
  server.faults.lagRoles({ path: /InvokeCommand/ }, 600_000);
  await admin("Add-RoleGroupMember", { Identity: "Recipient Management", Member: job.principalId });
  expect((await job.invoke("Get-Mailbox", {}, token)).status).toBe(403);
  server.clock.advance(600_000);
  expect((await job.invoke("Get-Mailbox", {}, token)).status).toBe(200);
});

test("Security & Compliance has role groups of its own, and no management scopes", async () => {
  const { job } = await prepareJob();
  await job.consent("Microsoft Exchange Online Protection", "455e5cd2-84e8-4751-8344-5672145dfa17");
  const admin = await administrator(job, globalAdministrator, complianceScope);
  const token = await job.token(complianceScope);
  const read = () => job.invoke("Get-DlpCompliancePolicy", {}, token);
  // What Exchange Online knows is nothing here.
  expect(itemsOf(await admin("Get-ServicePrincipal", {}))).toEqual([]);
  expect((await read()).status).toBe(403);
  await admin("New-ServicePrincipal", { AppId: job.appId, ObjectId: job.principalId });
  await admin("Add-RoleGroupMember", { Identity: "Security Reader", Member: job.principalId });
  expect(itemsOf(await admin("Get-RoleGroup", { Identity: "SecurityReader" }))).toMatchObject([
    { Name: "SecurityReader", DisplayName: "Security Reader", Members: [job.principalId] },
  ]);
  expect((await read()).status).toBe(200);
  expect((await job.invoke("Get-Mailbox", {}, await job.token(exchangeScope))).status).toBe(403);
  const scope = await admin("New-ManagementScope", {
    Name: "x",
    RecipientRestrictionFilter: "Alias -eq 'x'",
  });
  expect(messageOf(scope)).toEqual({
    status: 400,
    message:
      "The term 'New-ManagementScope' is not recognized as the name of a cmdlet, function, script file, or operable program.",
  });
});

const someName = "x".repeat(65);

test.each<{ title: string; command: string; parameters: JsonObject; status: number; message: string }>([
  {
    title: "a role group that nobody manages",
    command: "New-RoleGroup",
    parameters: { Name: "Mine" },
    status: 400,
    message:
      'The group "Mine" can\'t be managed by recipient "SystemMailbox{bb558c35-97f1-4cb9-8ff7-d53741dc928c}". The owner of the group should have the following recipient type details: UserMailbox,LegacyMailbox,SharedMailbox,TeamMailbox,MailUser,LinkedMailbox,User,UniversalSecurityGroup,RoleGroup,MailUniversalSecurityGroup,LinkedUser',
  },
  {
    title: "a name that is too long",
    command: "New-RoleGroup",
    parameters: { Name: someName, ManagedBy: "Organization Management" },
    status: 400,
    message: `The name "${someName}" of the role group is too long. The maximum length is 64 characters.`,
  },
  {
    title: "a name that is taken",
    command: "New-RoleGroup",
    parameters: { Name: "help desk", ManagedBy: "Organization Management" },
    status: 400,
    message: 'The name "help desk" is already being used. Please choose another name.',
  },
  {
    title: "the removal of a built-in role group",
    command: "Remove-RoleGroup",
    parameters: { Identity: "Help Desk" },
    status: 400,
    message: 'The role group "Help Desk" is a built-in role group and can\'t be removed.',
  },
  {
    title: "a role group's name as a role",
    command: "New-ManagementRoleAssignment",
    parameters: { Role: "Help Desk", SecurityGroup: "Help Desk" },
    status: 404,
    message: "The operation couldn't be performed because object 'Help Desk' couldn't be found.",
  },
  {
    title: "a role's name as a role group",
    command: "Add-RoleGroupMember",
    parameters: { Identity: "View-Only Recipients", Member: "APP" },
    status: 404,
    message: "The operation couldn't be performed because object 'View-Only Recipients' couldn't be found.",
  },
  {
    title: "a scope of both kinds",
    command: "New-ManagementRoleAssignment",
    parameters: {
      Role: "Mail Recipients",
      SecurityGroup: "Help Desk",
      CustomRecipientWriteScope: "Sales",
      RecipientAdministrativeUnitScope: "x",
    },
    status: 400,
    message: "Parameter set cannot be resolved using the specified named parameters.",
  },
  {
    title: "a filter that nobody can read",
    command: "New-ManagementScope",
    parameters: { Name: "Sales", RecipientRestrictionFilter: "Color = blue" },
    status: 400,
    message:
      'The recipient filter "Color = blue" is not valid. Failed to parse "Color = blue": the sandbox knows -eq, -ne and -like with alias, city, company, department, displayname, office, primarysmtpaddress, title, userprincipalname.',
  },
])("$title is refused", async ({ command, parameters, status, message }) => {
  const { admin } = await prepareJob();
  expect(messageOf(await admin(command, parameters))).toEqual({ status, message });
});

test("a scope that an assignment uses stays", async () => {
  const { admin } = await prepareJob();
  await admin("New-ManagementScope", { Name: "Sales", RecipientRestrictionFilter: "Department -eq 'Sales'" });
  await admin("New-ManagementRoleAssignment", {
    Name: "sellers",
    Role: "Mail Recipients",
    SecurityGroup: "Help Desk",
    CustomRecipientWriteScope: "sales",
  });
  expect(messageOf(await admin("Remove-ManagementScope", { Identity: "Sales" }))).toEqual({
    status: 400,
    message: 'The scope "Sales" can\'t be removed because these management role assignments use it: sellers.',
  });
  await admin("Remove-ManagementRoleAssignment", { Identity: "sellers" });
  expect((await admin("Remove-ManagementScope", { Identity: "Sales" })).status).toBe(200);
});

type Admin = (command: string, parameters: JsonObject) => Promise<Answer>;

/** A job without any role, which Exchange knows, its token, and somebody who may change Exchange. */
async function prepareJob(): Promise<{ admin: Admin; job: Jobs; token: string }> {
  const job = await prepare({
    deployer: {
      clientId: "5f0c8e1b-94d7-4a26-b3e9-7c2d1f6a8b05",
      clientSecret: "s",
      roles: ["Global Administrator"],
    },
    users: [
      { userPrincipalName: "reports@contoso.com", displayName: "Reports" },
      { userPrincipalName: "sales@contoso.com", displayName: "Sales", department: "Sales" },
    ],
  });
  await job.consent();
  const admin = await administrator(job, exchangeAdministrator, exchangeScope);
  await admin("New-ServicePrincipal", { AppId: job.appId, ObjectId: job.principalId });
  return { admin, job, token: await job.token(exchangeScope) };
}

/** The same application's token from a moment in which it was an administrator: tokens keep their roles. */
async function administrator(job: Jobs, role: string, scope: string): Promise<Admin> {
  const path = "/v1.0/roleManagement/directory/roleAssignments";
  const { body } = await job.tenant.graph("POST", path, {
    principalId: job.principalId,
    roleDefinitionId: role,
    directoryScopeId: "/",
  });
  const token = await job.token(scope);
  await job.tenant.graph("DELETE", `${path}/${textOf(body.id)}`);
  return (command, parameters) => job.invoke(command, parameters, token);
}

/** An administrative unit with a mailbox of the department Sales in it. */
async function addUnitWithSales(job: Jobs): Promise<string> {
  const { body: user } = await job.tenant.graph("GET", "/v1.0/users/sales@contoso.com");
  const unit = await job.tenant.graph("POST", "/v1.0/directory/administrativeUnits", {
    displayName: "Sales",
  });
  await job.tenant.graph("POST", `/v1.0/directory/administrativeUnits/${textOf(unit.body.id)}/members/$ref`, {
    "@odata.id": `https://graph.microsoft.com/v1.0/users/${textOf(user.id)}`,
  });
  return textOf(unit.body.id);
}

test("a role derived from another one lets run the same, and one that only may be given lets run nothing", async () => {
  const { admin, job, token } = await prepareJob();
  await admin("New-ManagementRole", { Name: "Readers", Parent: "View-Only Recipients" });
  await admin("New-ManagementRole", { Name: "Few readers", Parent: "Readers" });
  expect(messageOf(await admin("New-ManagementRole", { Name: "readers", Parent: "Readers" }))).toMatchObject({
    status: 400,
  });
  const readers = itemsOf(await admin("Get-ManagementRole", { RoleType: "viewonlyrecipients" }));
  expect(new Set(readers.map(({ Guid }) => Guid)).size).toBe(3);
  expect(readers.map(({ Guid: _Guid, ...role }) => role)).toEqual([
    {
      Name: "View-Only Recipients",
      Identity: "View-Only Recipients",
      RoleType: "ViewOnlyRecipients",
      Parent: "",
      IsRootRole: true,
    },
    {
      Name: "Readers",
      Identity: "Readers",
      RoleType: "ViewOnlyRecipients",
      Parent: "View-Only Recipients",
      IsRootRole: false,
    },
    {
      Name: "Few readers",
      Identity: "Few readers",
      RoleType: "ViewOnlyRecipients",
      Parent: "Readers",
      IsRootRole: false,
    },
  ]);
  const give = { Role: "Few readers", App: job.principalId };
  await admin("New-ManagementRoleAssignment", { Name: "give", Delegating: true, ...give });
  expect((await job.invoke("Get-Mailbox", {}, token)).status).toBe(403);
  await admin("New-ManagementRoleAssignment", { Name: "use", ...give });
  expect((await job.invoke("Get-Mailbox", {}, token)).status).toBe(200);
  expect(
    itemsOf(await admin("Get-ManagementRoleAssignment", { RoleAssignee: job.principalId })),
  ).toMatchObject([
    { Name: "give", RoleAssignmentDelegationType: "DelegatingOrgWide" },
    { Name: "use", RoleAssignmentDelegationType: "Regular" },
  ]);
});

test("built-in role groups have an assignment of each role, and Organization Management may give them", async () => {
  const { admin } = await prepareJob();
  const namesOf = async (RoleAssignee: string) =>
    itemsOf(await admin("Get-ManagementRoleAssignment", { RoleAssignee })).map(({ Name }) => Name);
  expect(await namesOf("Help Desk")).toEqual([
    "Reset Password-Help Desk",
    "User Options-Help Desk",
    "View-Only Recipients-Help Desk",
  ]);
  expect(await namesOf("Organization Management")).toEqual(
    expect.arrayContaining([
      "Role Management-Organization Management",
      "Role Management-Organization Management-Delegating",
    ]),
  );
});
