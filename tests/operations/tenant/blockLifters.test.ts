import { afterAll, beforeAll, expect, test } from "vitest";

import { createGraphClient, type GraphClient } from "../../../graph/graphClient.ts";
import { createCredential } from "../../../graph/signIn.ts";
import { builtInRoles } from "../../../microsoft/builtInRoles.ts";
import { deployerPermissions } from "../../../microsoft/identityPermissions.ts";
import { readBlockLifters } from "../../../operations/tenant/blockLifters.ts";
import { defaultSeed } from "../../../sandbox/tenant/index.ts";
import { createApplication, startTestTenant, type TestTenant } from "../../graph/testTenant.ts";

const people = {
  Admin: ["Global Administrator"],
  Privileged: ["Privileged Role Administrator"],
  Partner: ["Partner Tier1 Support"],
  Scoped: [],
  Eligible: [],
  Reader: ["Global Reader"],
  Owner: [],
};
const users = Object.entries(people).map(([displayName, roles], index) => ({
  id: `00000000-0000-4000-8000-00000000000${index}`,
  displayName,
  userPrincipalName: `${displayName.toLowerCase()}@${defaultSeed.initialDomain}`,
  roles,
}));
let tenant: TestTenant;
let graph: GraphClient;
let application: { applicationObjectId: string };

beforeAll(async () => {
  tenant = await startTestTenant({
    seeds: [
      { ...defaultSeed, users, deployer: { ...defaultSeed.deployer, permissions: deployerPermissions } },
    ],
  });
  graph = createGraphClient(createCredential(tenant.deployer, tenant.endpoints), tenant.endpoints.graph);
  application = await createApplication(tenant);
  await tenant.write("POST", `/applications/${application.applicationObjectId}/owners/$ref`, {
    "@odata.id": `${tenant.endpoints.graph.url}/v1.0/directoryObjects/${idOf("Owner")}`,
  });
  const over = `/${application.applicationObjectId}`;
  const assignment = (principalId: string, role: keyof typeof builtInRoles) => ({
    principalId,
    roleDefinitionId: builtInRoles[role],
    directoryScopeId: over,
  });
  await tenant.write("POST", "/roleManagement/directory/roleAssignments", {
    "@odata.type": "#microsoft.graph.unifiedRoleAssignment",
    ...assignment(idOf("Scoped"), "Cloud Application Administrator"),
  });
  await tenant.write("POST", "/roleManagement/directory/roleEligibilityScheduleRequests", {
    action: "adminAssign",
    justification: "test",
    scheduleInfo: { startDateTime: new Date().toISOString(), expiration: { type: "noExpiration" } },
    ...assignment(idOf("Eligible"), "Application Administrator"),
  });
});

afterAll(() => tenant.server.close());

test("owners, holders of roles over it and of everything, and who may take them: each is named, and no other", async () => {
  const { couldLift, notRead } = await readBlockLifters(graph, application);
  const deployer = await tenant.principalOf(tenant.deployer.clientId);
  expect(notRead).toEqual([]);
  const updates = "updates every application's credentials";
  const assigns = "can assign itself a role that does";
  const deploys = `service principal "Deployment", object ID ${deployer}`;
  expect(couldLift).toEqual([
    `owner "Owner", object ID ${idOf("Owner")}`,
    `Cloud Application Administrator over it: principal, object ID ${idOf("Scoped")}`,
    `eligible for Application Administrator over it: principal, object ID ${idOf("Eligible")}`,
    `Global Administrator, which ${updates}: user "Admin", object ID ${idOf("Admin")}`,
    `Privileged Role Administrator, which ${assigns}: user "Privileged", object ID ${idOf("Privileged")}`,
    `Application.ReadWrite.All, which ${updates}: ${deploys}`,
    `AppRoleAssignment.ReadWrite.All, which can grant itself a permission that does: ${deploys}`,
    `RoleManagement.ReadWrite.Directory, which ${assigns}: ${deploys}`,
  ]);
});

test("where nobody can be eligible, as there is no license for it, nothing is left unread", async () => {
  const unlicensed = await startTestTenant({
    seeds: [
      {
        ...defaultSeed,
        entraIdP2: false,
        deployer: { ...defaultSeed.deployer, permissions: deployerPermissions },
      },
    ],
  });
  const { deployer, endpoints } = unlicensed;
  const { notRead } = await readBlockLifters(
    createGraphClient(createCredential(deployer, endpoints), endpoints.graph),
    await createApplication(unlicensed),
  );
  await unlicensed.server.close();
  expect(notRead).toEqual([]);
});

test("of custom roles, those that reach a block count, over it and over everything", async () => {
  const disable = custom("switch", "Off\nand on", "microsoft.directory/applications/disablement/update");
  const secrets = custom("secrets", "Secrets", "microsoft.directory/applications/credentials/update");
  const held = (definition: ReturnType<typeof custom>, principalId: string, directoryScopeId: string) => ({
    id: principalId,
    principalId,
    directoryScopeId,
    roleDefinitionId: definition.id,
    roleDefinition: definition,
  });
  const ofAll = { switch: [held(disable, "everywhere", "/")], secrets: [held(secrets, "another", "/")] };
  const bodyOf = (path: string): unknown => {
    const role = Object.entries(ofAll).find(([id]) => path.includes(encodeURIComponent(`'${id}'`)));
    if (path.includes("/roleDefinitions?")) return { value: [disable, secrets] };
    if (path.includes("/roleAssignments?") && role !== undefined) return { value: role[1] };
    if (path.includes("/roleAssignments?$filter=directoryScopeId"))
      return { value: [held(disable, "here", "/a"), held(secrets, "not he", "/a")] };
    return path.includes("appRoles") ? { appRoles: [] } : { value: [] };
  };
  const read: GraphClient["read"] = async (wanted) =>
    wanted.finish(bodyOf(wanted.path), async (address) => bodyOf(address));
  const scripted: GraphClient = {
    read,
    // Each outcome is that of its own read.
    batch: async (reads) =>
      Object.fromEntries(
        await Promise.all(
          Object.entries(reads).map(
            async ([key, one]) => [key, { ok: true, value: await read(one) }] as const,
          ),
        ),
      ) as never,
  };
  expect(await readBlockLifters(scripted, { applicationObjectId: "a" })).toEqual({
    couldLift: [
      'custom role "Off\nand on" over it: principal, object ID here',
      'custom role "Off\nand on", which blocks and unblocks every application: principal, object ID everywhere',
    ],
    notRead: [],
  });
});

function custom(id: string, displayName: string, action: string) {
  return { id, displayName, rolePermissions: [{ allowedResourceActions: [action] }] };
}

function idOf(name: keyof typeof people): string {
  return users.find(({ displayName }) => displayName === name)?.id ?? "";
}
