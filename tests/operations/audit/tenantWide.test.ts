import * as v from "valibot";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { deployerPermissions } from "../../../microsoft/identityPermissions.ts";
import type { GraphClient } from "../../../graph/graphClient.ts";
import { createGraphClient } from "../../../graph/graphClient.ts";
import { createCredential } from "../../../graph/signIn.ts";
import { builtInRoles } from "../../../microsoft/builtInRoles.ts";
import { readTenantWide } from "../../../operations/audit/tenantWide.ts";
import { defaultSeed } from "../../../sandbox/tenant/index.ts";
import type { TestTenant } from "../../graph/testTenant.ts";
import { createApplication, startTestTenant } from "../../graph/testTenant.ts";

const secret = "a secret of the sandbox";
const readers = {
  reader: ["Application.Read.All", "RoleManagement.Read.Directory"],
  "reads names": ["Application.Read.All", "RoleManagement.Read.Directory", "GroupMember.Read.All"],
  "no roles": ["Application.Read.All"],
  "no applications": ["RoleManagement.Read.Directory"],
  schedules: ["RoleAssignmentSchedule.ReadWrite.Directory", "Application.ReadWrite.OwnedBy"],
} as const;
type Reader = keyof typeof readers;
const clientIds = Object.keys(readers).map((name, index) => [
  name,
  `00000000-0000-4000-8000-00000000000${index}`,
]);
const seed = {
  ...defaultSeed,
  deployer: {
    ...defaultSeed.deployer,
    permissions: [...deployerPermissions, "Group.ReadWrite.All"],
  },
  identities: Object.entries(readers).map(([name, permissions], index) => ({
    name,
    clientId: clientIds[index]?.[1] ?? "",
    clientSecret: secret,
    permissions,
  })),
  users: [
    user("admin", "Adele Admin", ["Global Administrator"]),
    user("cloud", "Cloud Admin", ["Cloud Application Administrator"]),
    user("privileged", "Privileged", ["Privileged Role Administrator", "Security Reader"]),
    user("partner", "Partner", ["Partner Tier1 Support"]),
    user("scoped", "Scoped", []),
    user("sync", "Sync", ["Directory Synchronization Accounts"]),
  ],
};
const unlicensed = {
  ...seed,
  tenantId: "b1111111-6b1e-4f58-9c0d-2e8b5a913f47",
  initialDomain: "fabrikam.onmicrosoft.com",
  domains: [],
  entraIdP2: false,
};
let tenant: TestTenant;
let group: string;

beforeAll(async () => {
  tenant = await startTestTenant({ seeds: [seed, unlicensed] });
  const { applicationObjectId } = await createApplication(tenant);
  await assign("Application Administrator", id("scoped"), `/${applicationObjectId}`);
  const created = await tenant.write("POST", "/groups", {
    displayName: "Sync\nteam",
    mailEnabled: false,
    mailNickname: "sync",
    securityEnabled: true,
    isAssignableToRole: true,
  });
  group = v.parse(v.string(), created["id"]);
  await assign("Hybrid Identity Administrator", group, "/");
  for (const [principalId, directoryScopeId] of [
    [id("scoped"), "/"],
    [id("partner"), `/${applicationObjectId}`],
  ])
    await tenant.write("POST", "/roleManagement/directory/roleEligibilityScheduleRequests", {
      action: "adminAssign",
      justification: "test",
      principalId,
      roleDefinitionId: builtInRoles["Application Administrator"],
      directoryScopeId,
      scheduleInfo: { startDateTime: new Date().toISOString(), expiration: { type: "noExpiration" } },
    });
});

beforeEach(() => {
  tenant.server.faults.clear();
  tenant.server.clearRequests();
});

afterAll(() => tenant.server.close());

const updates = "updates every application's credentials";
const assigns = "can assign itself a role that does";
const byRole = () => [
  {
    principalId: id("cloud"),
    kind: "user",
    name: "Cloud Admin",
    right: "Cloud Application Administrator",
    way: updates,
    state: "active",
  },
  {
    principalId: id("admin"),
    kind: "user",
    name: "Adele Admin",
    right: "Global Administrator",
    way: updates,
    state: "active",
  },
  {
    principalId: id("partner"),
    kind: "user",
    name: "Partner",
    right: "Partner Tier1 Support",
    way: updates,
    state: "active",
  },
  {
    principalId: group,
    kind: "group",
    right: "Hybrid Identity Administrator",
    way: "can make itself an owner of every application",
    state: "active",
  },
  {
    principalId: id("privileged"),
    kind: "user",
    name: "Privileged",
    right: "Privileged Role Administrator",
    way: assigns,
    state: "active",
  },
];
const eligible = () => ({
  principalId: id("scoped"),
  kind: "user",
  name: "Scoped",
  right: "Application Administrator",
  way: updates,
  state: "eligible",
});
const byPermission = async () => {
  const deployer = await tenant.principalOf(seed.deployer.clientId);
  const schedules = await tenant.principalOf(clientIdOf("schedules"));
  const held = { principalId: deployer, kind: "servicePrincipal", name: "Deployment", state: "active" };
  return [
    { ...held, right: "Application.ReadWrite.All", way: updates },
    { ...held, right: "AppRoleAssignment.ReadWrite.All", way: "can grant itself a permission that does" },
    { ...held, right: "RoleManagement.ReadWrite.Directory", way: assigns },
    {
      ...held,
      principalId: schedules,
      name: "schedules",
      right: "RoleAssignmentSchedule.ReadWrite.Directory",
      way: assigns,
    },
  ];
};

test("everybody over the whole tenant, and nobody over one application, in one request a tenant", async () => {
  const permitted = await byPermission();
  tenant.server.clearRequests();
  const target = targetAs("reader");
  expect(await readTenantWide([target, target])).toEqual([
    {
      tenantDomain: "contoso.onmicrosoft.com",
      holders: [...byRole(), eligible(), ...permitted],
      notRead: [],
    },
  ]);
  expect(
    tenant.server.requests.filter(({ path }) => path.startsWith("/v1.0")).map(({ path }) => path),
  ).toEqual(["/v1.0/$batch"]);
});

test("a group has its name for whoever may read groups", async () => {
  const [found] = await readTenantWide([targetAs("reads names")]);
  expect(found?.holders.find(({ kind }) => kind === "group")).toMatchObject({ name: "Sync\nteam" });
});

test("without RoleManagement.Read.Directory each role is named as not read, and the permissions are there", async () => {
  const [found] = await readTenantWide([targetAs("no roles")]);
  expect(found?.holders).toEqual(await byPermission());
  const roles = [
    "Application Administrator",
    "Cloud Application Administrator",
    "Global Administrator",
    "Partner Tier1 Support",
    "Partner Tier2 Support",
    "Hybrid Identity Administrator",
    "Privileged Role Administrator",
  ];
  const reason =
    "the identity lacks the application permission RoleManagement.Read.Directory of Microsoft Graph (Insufficient privileges to complete the operation.)";
  expect(found?.notRead).toEqual(
    [...roles, "custom roles"]
      .flatMap((role) => [`holders of ${role}`, `who is eligible for ${role}`])
      .map((what) => ({ what, reason })),
  );
});

test("without Application.Read.All the permissions are named as not read once, and the roles are there", async () => {
  const [found] = await readTenantWide([targetAs("no applications")]);
  expect(found?.holders).toEqual([...byRole(), eligible()]);
  expect(found?.notRead).toEqual([
    {
      what: "service principals with such permissions of Microsoft Graph",
      reason:
        "the identity lacks the application permission Application.Read.All of Microsoft Graph (Insufficient privileges to complete the operation.)",
    },
  ]);
});

test("a tenant without Privileged Identity Management has nobody eligible: nothing is missing", async () => {
  const [found] = await readTenantWide([targetAs("reader", unlicensed)]);
  expect(found).toMatchObject({ tenantDomain: "fabrikam.onmicrosoft.com", notRead: [] });
  expect(found?.holders.map(({ right, state }) => `${state} ${right}`)).toEqual([
    "active Cloud Application Administrator",
    "active Global Administrator",
    "active Partner Tier1 Support",
    "active Privileged Role Administrator",
    "active Application.ReadWrite.All",
    "active AppRoleAssignment.ReadWrite.All",
    "active RoleManagement.ReadWrite.Directory",
    "active RoleAssignmentSchedule.ReadWrite.Directory",
  ]);
});

test("whoever holds, or may take, a custom role that leads to credentials, by what it allows", async () => {
  const definitions = "/roleManagement/directory/roleDefinitions?$filter=isBuiltIn%20eq%20false";
  const bodies: Readonly<Record<string, readonly unknown[]>> = {
    [definitions]: [
      custom("support", "App\nsupport", [
        "microsoft.directory/applications.myOrganization/OWNERS/update",
        "microsoft.directory/servicePrincipals/credentials/update",
      ]),
      custom("branding", "Branding", ["microsoft.directory/applications/basic/update"]),
      custom("blocks", "Blocks", ["microsoft.directory/applications/disablement/update"]),
      custom("nameless", null, ["microsoft.directory/applications/credentials/update"]),
      { id: "empty", displayName: "Empty", rolePermissions: null },
    ],
    [holdersPath("roleAssignments", "support")]: [
      { principalId: "everywhere", directoryScopeId: "/" },
      { principalId: "here", directoryScopeId: "/an-application" },
    ],
    [holdersPath("roleAssignments", "nameless")]: [],
    [holdersPath("roleEligibilitySchedules", "support")]: [],
    [holdersPath("roleEligibilitySchedules", "nameless")]: [{ principalId: "later", directoryScopeId: "/" }],
  };
  const found = await readTenantWide([
    { component: { tenantDomain: "contoso.onmicrosoft.com" }, graph: scripted(bodies) },
  ]);
  expect(found[0]?.holders).toEqual([
    {
      principalId: "everywhere",
      kind: "unknown",
      right: 'custom role "App\nsupport"',
      way: "can make itself an owner of every application, and updates every service principal's credentials",
      state: "active",
    },
    {
      principalId: "later",
      kind: "unknown",
      right: 'custom role "nameless"',
      way: updates,
      state: "eligible",
    },
  ]);
});

test("a service that stays unavailable is named and fails nothing", async () => {
  tenant.server.faults.add({ path: /\$batch$/ }, { kind: "refuse", refusal: { status: 503 } });
  const [found] = await readTenantWide([targetAs("reader")]);
  expect(found?.holders).toEqual([]);
  expect(found?.notRead).toHaveLength(17);
  expect(found?.notRead[0]).toEqual({
    what: "holders of Application Administrator",
    reason: expect.stringContaining("503"),
  });
});

function holdersPath(list: string, role: string): string {
  return `/roleManagement/directory/${list}?$filter=roleDefinitionId%20eq%20${encodeURIComponent(`'${role}'`)}&$expand=principal`;
}

function custom(roleId: string, displayName: string | null, allowedResourceActions: readonly string[]) {
  return { id: roleId, displayName, isBuiltIn: false, rolePermissions: [{ allowedResourceActions }] };
}

/** Answers each read with the items at its path, and with nothing where there are none; of the rest none has a right. */
function scripted(bodies: Readonly<Record<string, readonly unknown[]>>): GraphClient {
  const bodyAt = (path: string) => ({ value: bodies[path] ?? [], appRoles: [] });
  const follow = async (address: string) => {
    const path = Object.keys(bodies).find((one) => address.endsWith(one));
    if (path === undefined) throw new Error(`unexpected: ${address}`);
    return bodyAt(path);
  };
  return {
    read: (wanted) => wanted.finish(bodyAt(wanted.path), follow),
    async batch(reads) {
      const outcomes = Object.entries(reads).map(
        async ([name, wanted]) =>
          [name, { ok: true, value: await wanted.finish(bodyAt(wanted.path), follow) }] as const,
      );
      return Object.fromEntries(await Promise.all(outcomes)) as never;
    },
  };
}

function user(name: string, displayName: string, roles: readonly string[]) {
  return { id: id(name), userPrincipalName: `${name}@contoso.onmicrosoft.com`, displayName, roles };
}

/** The object ID of one of the seeds' users. */
function id(name: string): string {
  return `00000000-0000-4000-9000-${Buffer.from(name.slice(0, 6).padEnd(6)).toString("hex")}`;
}

function clientIdOf(name: Reader): string {
  return clientIds.find(([each]) => each === name)?.[1] ?? "";
}

function targetAs(
  name: Reader,
  { tenantId, initialDomain } = seed,
): { readonly component: { readonly tenantDomain: string }; readonly graph: GraphClient } {
  const identity = { kind: "secret", tenantId, clientId: clientIdOf(name), clientSecret: secret } as const;
  const credential = createCredential(identity, tenant.endpoints);
  return {
    component: { tenantDomain: initialDomain },
    graph: createGraphClient(credential, tenant.endpoints.graph, { retryDelayMs: 1 }),
  };
}

function assign(role: string, principalId: string, directoryScopeId: string): Promise<unknown> {
  return tenant.write("POST", "/roleManagement/directory/roleAssignments", {
    principalId,
    roleDefinitionId: builtInRoles[role],
    directoryScopeId,
  });
}
