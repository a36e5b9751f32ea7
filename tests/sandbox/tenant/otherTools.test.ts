import { expect, test } from "vitest";
import { deployerPermissions } from "../../../microsoft/identityPermissions.ts";
import { defaultSeed } from "../../../sandbox/tenant/index.ts";
import { textOf, type JsonObject } from "../../../sandbox/tenant/json.ts";
import { createApplication, errorOf, itemsOf, startTestTenant, type TestTenant } from "./client.ts";

// What the tools of the field send for objects that the tenant has, as their sources have it in 2026.
const globalAdministrator = "62e90394-69f5-4237-9190-012177145e10";
const permissions = [
  ...deployerPermissions,
  "AdministrativeUnit.ReadWrite.All",
  "DelegatedPermissionGrant.ReadWrite.All",
  "Directory.Read.All",
  "Group.ReadWrite.All",
  "Policy.Read.All",
  "Policy.Read.PermissionGrant",
  "User.Read.All",
];

const sent: readonly (readonly [tool: string, path: string, eventual?: true])[] = [
  [
    "CLI for Microsoft 365",
    "/v1.0/myorganization/servicePrincipals?$select=appId,appRoles,id,oauth2PermissionScopes,servicePrincipalNames",
  ],
  ["CLI for Microsoft 365", "/v1.0/myorganization/applications?$filter=appId eq 'APP-ID'&$select=id"],
  ["CLI for Microsoft 365", "/v1.0/myorganization/applications/APPLICATION?$select=keyCredentials"],
  ["CLI for Microsoft 365", "/v1.0/servicePrincipals?$expand=appRoleAssignments&$filter=appId eq 'APP-ID'"],
  ["CLI for Microsoft 365", "/v1.0/servicePrincipals/?$filter=displayName eq 'Jobs'"],
  [
    "CLI for Microsoft 365",
    "/v1.0/servicePrincipals?$filter=tags/any(t:t eq 'x') and (displayName eq 'Jobs')",
  ],
  [
    "CLI for Microsoft 365",
    "/v1.0/servicePrincipals/PRINCIPAL/oAuth2PermissionGrants?$select=id,resourceId,scope",
  ],
  [
    "CLI for Microsoft 365",
    "/v1.0/roleManagement/directory/roleEligibilityScheduleInstances?$expand=roleDefinition($select=displayName),principal",
  ],
  ["CIPP", "/beta/servicePrincipals?$select=AppId,id,displayName&$top=999"],
  ["CIPP", "/beta/servicePrincipals?$select=id,appId,displayName&$top=999&expand=appRoleAssignments"],
  ["CIPP", "/beta/servicePrincipals?$top=999&$orderby=displayName&$count=true", true],
  [
    "CIPP",
    "/v1.0/servicePrincipals?$count=true&$select=displayName,appId&$filter=appOwnerOrganizationId eq TENANT",
    true,
  ],
  ["CIPP", "/beta/applications?$top=999&expand=owners"],
  ["CIPP", "/v1.0/applications(appid='APP-ID')"],
  [
    "CIPP",
    "/v1.0/applications?$filter=signInAudience eq 'AzureAdMyOrg' and web/redirectUris/any(x:x eq 'https://a.example')&$top=999",
  ],
  ["CIPP", "/beta/directoryRoles?$expand=members"],
  [
    "CIPP",
    `/v1.0/directoryRoles/roleTemplateId=${globalAdministrator}/members?$select=id,displayName,userPrincipalName`,
  ],
  ["CIPP", `/beta/directoryRoles(roleTemplateId='${globalAdministrator}')/members`],
  [
    "CIPP",
    "/v1.0/roleManagement/directory/roleAssignments?$select=id,principalId&$expand=principal($select=id,userPrincipalName)",
  ],
  [
    "CIPP",
    "/beta/organization?$select=onPremisesLastPasswordSyncDateTime,onPremisesLastSyncDateTime,onPremisesSyncEnabled",
  ],
  ["PnP PowerShell", "/v1.0/servicePrincipals?$filter=appid eq 'APP-ID'"],
  [
    "PnP PowerShell",
    "/v1.0/roleManagement/directory/roleEligibilitySchedules?$filter=principalId eq 'PRINCIPAL'&$expand=RoleDefinition",
  ],
  ["Maester", "/v1.0/applications?$expand=owners"],
  [
    "Maester",
    "/beta/servicePrincipals?$filter=preferredSingleSignOnMode ne 'saml' and appRoleAssignmentRequired ne true and accountEnabled eq true&$select=id,appId,displayName,tags&$count=true",
    true,
  ],
  ["Maester", "/beta/roleManagement/directory/roleAssignments?$expand=principal"],
  ["ScubaGear", "/v1.0/servicePrincipals/PRINCIPAL/appRoleAssignments?$select=appRoleId,resourceDisplayName"],
  [
    "ScubaGear",
    "/v1.0/servicePrincipals/PRINCIPAL/delegatedPermissionClassifications?$select=id,permissionId,permissionName,classification",
  ],
  ["Monkey365", "/v1.0/servicePrincipals/PRINCIPAL/transitiveMemberOf"],
  ["anybody", '/v1.0/users?$search="displayName:adele"&$count=true', true],
  [
    "CLI for Microsoft 365",
    "/v1.0/directory/administrativeUnits/UNIT/members/microsoft.graph.user?$select=id&$filter=displayName eq 'x'&$count=true",
    true,
  ],
  ["CLI for Microsoft 365", "/v1.0/directory/administrativeUnits/UNIT/members/MEMBER?$select=id"],
  ["CLI for Microsoft 365", "/v1.0/groups/GROUP/owners/microsoft.graph.user?$select=id"],
  [
    "CLI for Microsoft 365",
    "/v1.0/users/MEMBER?$select=id&$expand=manager($select=displayName,userPrincipalName,id,mail)",
  ],
  ["CLI for Microsoft 365", "/v1.0/roleManagement/directory/roleDefinitions?$filter=displayName eq 'x'"],
  ["CLI for Microsoft 365", "/v1.0/directory/deletedItems/Microsoft.Graph.Group?$filter=displayName eq 'x'"],
  ["CLI for Microsoft 365", "/v1.0/organization?$select=id,displayName"],
  ["CIPP", "/beta/groups?$filter=startsWith(displayName,'M365 GDAP')&$select=id,displayName&$top=999"],
  ["CIPP", "/beta/groups?$top=999&$select=id&$expand=owners($select=id,displayName,userPrincipalName)"],
  ["CIPP", "/beta/groups/GROUP/members?$select=id,displayName,@odata.type"],
  ["CIPP", "/beta/groups/GROUP/transitiveMembers/microsoft.graph.group?$select=id"],
  ["CIPP", "/v1.0/groups/GROUP/transitiveMembers?$select=id,userPrincipalName,mail,accountEnabled&$top=999"],
  ["CIPP", "/beta/groups/GROUP/memberOf?$select=id,displayName"],
  [
    "CIPP",
    "/beta/users/MEMBER/memberOf/microsoft.graph.group?$select=id,displayName,assignedLicenses,mailEnabled,groupTypes",
  ],
  ["CIPP", "/v1.0/users/MEMBER/memberOf/microsoft.graph.directoryRole/?$select=id,displayName"],
  ["CIPP", "/v1.0/users/MEMBER/transitiveMemberOf?$select=id,displayName&$top=999"],
  ["CIPP", "/beta/servicePrincipals(appId='APP-ID')/memberOf/"],
  ["CIPP", `/v1.0/directoryRoles/roleTemplateId=${globalAdministrator}/members/$count`, true],
  ["CIPP", "/beta/users?$filter=createdDateTime le 2026-11-01T00:00:00Z and userType eq 'Guest'"],
  ["CIPP", "/beta/groups?$filter=mail eq 'x@contoso.example' or mailNickname eq 'x'"],
  ["CIPP", "/beta/users?$count=true&$top=1"],
  ["CIPP", "/beta/users?$top=999&select=id,userPrincipalName"],
  ["CIPP", "/beta/users?$select=id,userPrincipalName,displayName,licenseAssignmentStates&$top=999"],
  ["CIPP", "/v1.0/domains?$select=id,isVerified"],
  ["CIPP", "/beta/domains?$top=999"],
  ["CIPP", "/v1.0/roleManagement/directory/roleAssignmentScheduleInstances?$expand=principal"],
  ["CIPP", "/beta/roleManagement/directory/roleEligibilitySchedules?$expand=principal"],
  [
    "CIPP",
    "/beta/roleManagement/directory/roleAssignments?$select=id,principalId,roleDefinitionId,directoryScopeId,appScopeId&$top=999",
  ],
  ["CIPP", "/beta/roleManagement/directory/roleDefinitions?$select=id,displayName&$top=999"],
  ["CIPP", "/beta/applications?$select=id,addIns"],
  ["CIPP", "/beta/applications?$select=id,appId,displayName,passwordCredentials,keyCredentials&$top=999"],
  ["CIPP", "/v1.0/policies/defaultAppManagementPolicy"],
  ["CIPP", "/beta/applications/APPLICATION/appManagementPolicies/"],
  ["PnP PowerShell", "/v1.0/users('MEMBER')"],
  ["PnP PowerShell", "/v1.0/groups/GROUP/members?$select=*"],
  ["PnP PowerShell", "/v1.0/servicePrincipals?$filter=id eq 'PRINCIPAL'"],
  ["AzureHound", "/v1.0/groups?$filter=securityEnabled eq true&$top=99"],
  ["AzureHound", "/beta/groups/GROUP/members?$select=id,displayName,createdDateTime&$top=999"],
  [
    "AzureHound",
    `/v1.0/roleManagement/directory/roleAssignments?$expand=directoryScope&$filter=roleDefinitionId eq '${globalAdministrator}'&$top=999`,
  ],
  [
    "AzureHound",
    "/v1.0/users?$select=accountEnabled,createdDateTime,displayName,jobTitle,lastPasswordChangeDateTime,mail,onPremisesSecurityIdentifier,onPremisesSyncEnabled,userPrincipalName,userType,id&$top=999",
  ],
  ["AzureHound", "/v1.0/roleManagement/directory/roleEligibilityScheduleInstances?$top=999"],
  ["AzureHound", "/v1.0/roleManagement/directory/roleDefinitions?$top=999"],
  ["AzureHound", "/beta/applications/APPLICATION/owners?$top=999"],
  ["AzureHound", "/beta/applications/APPLICATION/federatedIdentityCredentials?$top=999"],
  ["AzureHound", "/v1.0/servicePrincipals/PRINCIPAL/appRoleAssignedTo?$top=999"],
  ["Azure CLI", "/v1.0/applications?$filter=startswith(displayName,'Jobs')"],
  ["Azure CLI", "/v1.0/applications?$filter=identifierUris/any(s:s eq 'api://x')"],
  ["Azure CLI", "/v1.0/servicePrincipals?$filter=servicePrincipalNames/any(c:c eq 'APP-ID')"],
  ["Azure CLI", "/v1.0/oauth2PermissionGrants?$filter=clientId eq 'PRINCIPAL'"],
  [
    "terraform-provider-azuread",
    "/v1.0/groups?$filter=securityEnabled eq true and startsWith(displayName, 'Jobs')",
  ],
  ["Microsoft365DSC", "/v1.0/users?$filter=startswith(UserPrincipalName, 'adele')"],
  ["Microsoft365DSC", "/beta/roleManagement/directory/roleDefinitions?$filter=DisplayName eq 'x'"],
  ["Microsoft365DSC", "/beta/directory/deletedItems/graph.application?$filter=DisplayName eq 'x'"],
  ["Microsoft365DSC", "/beta/applications/APPLICATION?$select=id,displayName,appId,authenticationBehaviors"],
  ["hamilton", "/v1.0/users/MEMBER/appRoleAssignments"],
  ["monkey365", "/v1.0/users/MEMBER/transitiveMemberOf"],
  ["monkey365", "/v1.0/groups/GROUP/transitiveMembers"],
  ["Microsoft's libraries", "/v1.0/applications/APPLICATION/owners/graph.user"],
  [
    "Microsoft's documentation",
    "/v1.0/users?$filter=NOT(displayName eq 'x') OR userType eq 'Guest'&$count=true",
    true,
  ],
];

const posted: readonly (readonly [tool: string, path: string, body: JsonObject])[] = [
  ["CIPP", "/v1.0/directoryObjects/getByIds?$select=id,displayName,userPrincipalName", { ids: [] }],
  ["Maester", "/beta/directoryObjects/getByIds?$select=id,displayName", { ids: [] }],
  ["Azure CLI", "/v1.0/directoryObjects/getByIds", { ids: [], types: ["user", "group"] }],
  ["Azure CLI", "/v1.0/directoryObjects/MEMBER/checkMemberGroups", { groupIds: ["GROUP"] }],
  ["Azure CLI", "/v1.0/groups/GROUP/getMemberGroups", { securityEnabledOnly: false }],
  ["CLI for Microsoft 365", "/v1.0/users/MEMBER/getMemberGroups", { securityEnabledOnly: true }],
  ["many", "/v1.0/users/MEMBER/getMemberObjects", { securityEnabledOnly: false }],
];

test("each is answered", async () => {
  const { tenant, names } = await withApplication();
  const token = await tenant.deployerToken();
  const refused: string[] = [];
  for (const [tool, template, eventual] of sent) {
    const path = named(names, template);
    // oxlint-disable-next-line no-await-in-loop -- one after the other, as a tool sends them.
    const answer = await tenant.send("GET", path.replaceAll(" ", "%20").replaceAll('"', "%22"), {
      token,
      headers: eventual ? { ConsistencyLevel: "eventual" } : {},
    });
    if (answer.status !== 200) refused.push(`${tool}: ${template}: ${JSON.stringify(errorOf(answer))}`);
  }
  for (const [tool, template, body] of posted) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other, as a tool sends them.
    const answer = await tenant.graph(
      "POST",
      named(names, template),
      JSON.parse(named(names, JSON.stringify(body))),
    );
    if (answer.status !== 200) refused.push(`${tool}: ${template}: ${JSON.stringify(errorOf(answer))}`);
  }
  expect(refused).toEqual([]);
});

test("a logo is taken as PnP PowerShell and terraform-provider-azuread send it", async () => {
  const { tenant, names } = await withApplication();
  const path = named(names, "/v1.0/applications/APPLICATION/logo");
  const token = await tenant.deployerToken();
  const put = async (type: string, text: string): Promise<ReturnType<typeof errorOf>> =>
    errorOf(await tenant.send("PUT", path, { token, raw: { type, text } }));
  expect((await put("image/png", "\u0089PNG")).status).toBe(204);
  expect((await put("image/jpeg", "x".repeat(102_400))).status).toBe(204);
  const refusal = { status: 400, code: "Request_BadRequest" };
  expect(await put("image/gif", "x".repeat(102_401))).toEqual({
    ...refusal,
    message: "The logo must have at most 102400 octets, got 102401.",
  });
  expect(await put("image/svg+xml", "<svg/>")).toEqual({
    ...refusal,
    message: "The logo must be a GIF, JPEG or PNG, got content type 'image/svg+xml'.",
  });
});

test("a logo is read as it was sent, and is nowhere before", async () => {
  const { tenant, names } = await withApplication();
  const path = named(names, "/v1.0/applications/APPLICATION/logo");
  expect(errorOf(await tenant.graph("GET", path))).toMatchObject({
    status: 404,
    code: "Request_ResourceNotFound",
  });
  const token = await tenant.deployerToken();
  const raw = { type: "image/gif", text: "GIF89a\u0000\u0001" };
  expect((await tenant.send("PUT", path, { token, raw })).status).toBe(204);
  const { status, headers, text } = await tenant.graph("GET", path);
  expect([status, headers["content-type"], text]).toEqual([200, raw.type, raw.text]);
});

test("when users signed in last takes a right of its own, and a premium tenant", async () => {
  const path = "/v1.0/users?$select=id,signInActivity";
  const reader = await withRights(["AuditLog.Read.All"]);
  expect(itemsOf(await reader.graph("GET", path)).map((user) => user["signInActivity"])).toContain(null);
  expect(errorOf(await (await withRights([])).graph("GET", path))).toEqual({
    status: 403,
    code: "Authentication_MSGraphPermissionMissing",
    message: "Calling principal does not have required MSGraph permissions AuditLog.Read.All",
  });
  expect(errorOf(await (await withRights(["AuditLog.Read.All"], false)).graph("GET", path))).toMatchObject({
    status: 403,
    code: "Authentication_RequestFromNonPremiumTenantOrB2CTenant",
  });
});

test("a directory extension is defined, found by name and deleted, as CLI for Microsoft 365 does", async () => {
  const { tenant, names } = await withApplication();
  const path = named(names, "/v1.0/applications/APPLICATION/extensionProperties");
  const wanted = { name: "jobGroup", dataType: "String", targetObjects: ["User"] };
  const { status, body } = await tenant.graph("POST", path, wanted);
  const name = `extension_${names["APP-ID"]?.replaceAll("-", "")}_jobGroup`;
  const property = {
    id: expect.any(String),
    deletedDateTime: null,
    appDisplayName: "Jobs",
    dataType: "String",
    isMultiValued: false,
    isSyncedFromOnPremises: false,
    name,
    targetObjects: ["User"],
  };
  expect([status, body]).toEqual([
    201,
    { "@odata.context": `${tenant.server.url}/v1.0/$metadata#extensionProperty`, ...property },
  ]);
  const found = await tenant.graph("GET", `${path}?$filter=name%20eq%20'${name}'`);
  expect(itemsOf(found)).toEqual([property]);
  expect(errorOf(await tenant.graph("POST", path, wanted))).toMatchObject({
    status: 400,
    message:
      "A conflicting object with one or more of the specified property values is present in the directory.",
  });
  expect(errorOf(await tenant.graph("POST", path, { ...wanted, dataType: "Color" }))).toMatchObject({
    status: 400,
    message: "Invalid value specified for property 'dataType' of resource 'ExtensionProperty'.",
  });
  const one = `${path}/${textOf(body.id)}`;
  expect((await tenant.graph("DELETE", one)).status).toBe(204);
  expect((await tenant.graph("GET", one)).status).toBe(404);
});

test("and with what is asked for", async () => {
  const { tenant, names } = await withApplication();
  const list = async (path: string): Promise<readonly JsonObject[]> =>
    itemsOf(await tenant.graph("GET", path));
  const [found] = await list(
    `/v1.0/servicePrincipals/?$filter=appid%20eq%20'${names["APP-ID"]}'&$select=AppId`,
  );
  expect(found).toEqual({ appId: names["APP-ID"] });
  const [application] = await list("/beta/applications?$filter=displayName%20eq%20'Jobs'&expand=owners");
  expect(application?.owners).toEqual([]);
  const [role] = await list("/v1.0/directoryRoles?$expand=members($select=id,displayName)");
  expect(role?.members).toEqual([expect.objectContaining({ displayName: "Adele Admin" })]);
  const byTemplate = `/v1.0/directoryRoles/roleTemplateId=${globalAdministrator}`;
  expect((await tenant.graph("GET", byTemplate)).body.id).toBe(role?.id);
  expect((await tenant.graph("GET", `${byTemplate.slice(0, -1)}1`)).status).toBe(404);
});

test("a batch's addresses may lack their slash", async () => {
  const { tenant, names } = await withApplication();
  const { body } = await tenant.graph("POST", "/v1.0/$batch", {
    requests: [
      { id: "1", method: "GET", url: `applications(appId='${names["APP-ID"]}')?$select=id` },
      { id: "2", method: "GET", url: "servicePrincipals?$top=1&$select=id" },
    ],
  });
  expect(body.responses).toEqual([
    expect.objectContaining({ id: "1", status: 200 }),
    expect.objectContaining({ id: "2", status: 200 }),
  ]);
});

function named(names: Readonly<Record<string, string>>, template: string): string {
  return template.replaceAll(
    /APP-ID|APPLICATION|GROUP|MEMBER|PRINCIPAL|TENANT|UNIT/g,
    (name) => names[name] ?? name,
  );
}

function withRights(more: readonly string[], entraIdP2 = true): Promise<TestTenant> {
  const deployer = { ...defaultSeed.deployer, permissions: [...permissions, ...more] };
  return startTestTenant({ seeds: [{ ...defaultSeed, entraIdP2, deployer }] });
}

async function withApplication() {
  const { deployer } = defaultSeed;
  const tenant = await startTestTenant({
    seeds: [{ ...defaultSeed, deployer: { ...deployer, permissions } }],
  });
  const { id, appId, principalId } = await createApplication(tenant);
  const names: Readonly<Record<string, string>> = {
    "APP-ID": appId,
    APPLICATION: id,
    PRINCIPAL: principalId,
    TENANT: tenant.seed.tenantId,
    ...(await withGroup(tenant)),
  };
  return { tenant, names };
}

/** A group and an administrative unit with the tenant's user. */
async function withGroup(tenant: TestTenant): Promise<Record<"GROUP" | "MEMBER" | "UNIT", string>> {
  const [user] = itemsOf(await tenant.graph("GET", "/v1.0/users?$select=id"));
  const group = { displayName: "Group", mailEnabled: false, mailNickname: "g", securityEnabled: true };
  const GROUP = textOf((await tenant.graph("POST", "/v1.0/groups", group)).body.id);
  const units = "/v1.0/directory/administrativeUnits";
  const UNIT = textOf((await tenant.graph("POST", units, { displayName: "Unit" })).body.id);
  const reference = { "@odata.id": `${tenant.server.url}/v1.0/users/${textOf(user?.id)}` };
  for (const path of [`/v1.0/groups/${GROUP}`, `${units}/${UNIT}`]) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other.
    const { status } = await tenant.graph("POST", `${path}/members/$ref`, reference);
    if (status !== 204) throw new Error(`${path} answers ${status}`);
  }
  return { GROUP, MEMBER: textOf(user?.id), UNIT };
}
