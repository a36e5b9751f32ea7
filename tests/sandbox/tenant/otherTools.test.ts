import { expect, test } from "vitest";
import { deployerPermissions } from "../../../microsoft/identityPermissions.ts";
import { defaultSeed } from "../../../sandbox/tenant/index.ts";
import type { JsonObject } from "../../../sandbox/tenant/json.ts";
import { createApplication, errorOf, itemsOf, startTestTenant } from "./client.ts";

// What the tools of the field send for objects that the tenant has, as their sources have it in 2026.
const globalAdministrator = "62e90394-69f5-4237-9190-012177145e10";
const permissions = [
  ...deployerPermissions,
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
];

test("each is answered", async () => {
  const { tenant, names } = await withApplication();
  const token = await tenant.deployerToken();
  const refused: string[] = [];
  for (const [tool, template, eventual] of sent) {
    const path = template.replaceAll(/APP-ID|APPLICATION|PRINCIPAL|TENANT/g, (name) => names[name] ?? name);
    // oxlint-disable-next-line no-await-in-loop -- one after the other, as a tool sends them.
    const answer = await tenant.send("GET", path.replaceAll(" ", "%20").replaceAll('"', "%22"), {
      token,
      headers: eventual ? { ConsistencyLevel: "eventual" } : {},
    });
    if (answer.status !== 200) refused.push(`${tool}: ${template}: ${JSON.stringify(errorOf(answer))}`);
  }
  expect(refused).toEqual([]);
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
  };
  return { tenant, names };
}
