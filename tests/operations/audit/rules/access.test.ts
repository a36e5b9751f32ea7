import { expect, test } from "vitest";
import {
  applicationWith,
  auditSample,
  declared,
  furtherBody,
  objects,
  observedFrom,
  refusal,
  refused,
  untouchedBodies,
} from "../sampleAccess.ts";

const principal = objects.servicePrincipalObjectId;

/** Of each finding: what was found. */
async function found(...args: Parameters<typeof auditSample>): Promise<readonly string[]> {
  return (await auditSample(...args)).section.findings.map((one) => one.found);
}

/** The sample's list of a part, with more in it. */
function withMore(
  part: "federatedCredentials" | "permissions" | "delegatedGrants",
  ...more: readonly object[]
) {
  const { value } = untouchedBodies()[part] as { value: unknown[] };
  return { [part]: { value: [...value, ...more] } };
}

test("a federated credential is told by its subject, or its expression, and its audiences", async () => {
  const one = { name: "n", issuer: "https://i", audiences: [] as string[] };
  const credentials = [
    { ...one, id: "1", subject: "s", audiences: ["a", "b"] },
    { ...one, id: "2", claimsMatchingExpression: { value: "claims" } },
    { ...one, id: "3", subject: null, claimsMatchingExpression: null },
  ];
  expect(await found(withMore("federatedCredentials", ...credentials))).toEqual([
    '"n" for s of https://i, audience a, b, id 1',
    '"n" for claims of https://i, audience none, id 2',
    '"n" for everything that its expression matches of https://i, audience none, id 3',
  ]);
});

test("the rules of a federated credential's environment are for people to look at", async () => {
  const one = { name: "n", issuer: "https://i", audiences: ["a"] };
  const credentials = [
    { ...one, id: "1", subject: "repo:contoso/mail:environment:EU production" },
    { ...one, id: "2", subject: "repo:contoso/mail:ref:refs/heads/environment" },
    { ...one, id: "3", subject: null, claimsMatchingExpression: { value: ":environment:x" } },
  ];
  const { section } = await auditSample(withMore("federatedCredentials", ...credentials));
  expect(section.notes.filter((note) => note.includes("environment"))).toEqual([
    'Federated credential "n" trusts the environment "EU production" of https://i. If no rule of the environment names its branches, a job of any branch can sign in.',
  ]);
});

test("a federated credential on the service principal is removed there", async () => {
  const value = [{ id: "1", name: "n", issuer: "https://i", subject: "s", audiences: ["a"] }];
  const { section, removals } = await auditSample({ servicePrincipalFederatedCredentials: { value } });
  expect(section.findings.map(({ id, found: words }) => `${id}: ${words}`)).toEqual([
    'EXO-AUDIT-SERVICE-PRINCIPAL-FEDERATED-CREDENTIAL: "n" for s of https://i, audience a, id 1',
  ]);
  const path = `/servicePrincipals/${principal}/federatedIdentityCredentials/1`;
  expect([...removals.values()]).toEqual([{ kind: "delete", path }]);
});

test.each([
  [400, "Request_UnsupportedQuery", []],
  [404, "Request_ResourceNotFound", []],
  [403, "Authorization_RequestDenied", ["lacks the application permission Application.Read.All"]],
  [503, "serviceUnavailable", ["503"]],
])(
  "federated credentials of service principals, which Graph may not serve: %i",
  async (status, code, told) => {
    const observed = refused(
      await observedFrom(untouchedBodies()),
      "servicePrincipalFederatedCredentials",
      refusal(status, code),
    );
    const { section } = await auditSample({}, { observed });
    expect(section.findings).toEqual([]);
    expect(section.unread.map(({ check }) => check)).toEqual(
      told.map(() => "Federated identity credential on the service principal"),
    );
    for (const [index, words] of told.entries()) expect(section.unread[index]?.reason).toContain(words);
  },
);

test("who manages an application that the stack found is found, who made it among them", async () => {
  const keys = new Map([...declared().keys].filter(([id]) => id !== "EXO-AUDIT-MANAGER-APPLICATION"));
  const changes = applicationWith({ createdByAppId: "Deployer", managerApplications: ["deployer", "other"] });
  const { section } = await auditSample(changes, { declared: { ...declared(), keys } });
  expect(section.findings.map(({ found: words, declared: by, remedy }) => [words, by, remedy])).toEqual(
    [
      ["client ID deployer, which made it", []],
      ["client ID other", ["deployer"]],
    ].map(([words, managerApplications]) => [
      words,
      "none",
      `az rest --method patch --url 'https://graph.microsoft.com/v1.0/applications/${objects.applicationObjectId}' --body '${JSON.stringify({ managerApplications })}'`,
    ]),
  );
});

test("who manages the application is found, but for the application that made it", async () => {
  const changes = applicationWith({ createdByAppId: "Deployer", managerApplications: ["deployer", "other"] });
  const { section } = await auditSample(changes);
  expect(
    section.findings.map(({ id, found: words, declared: by, remedy }) => [id, words, by, remedy]),
  ).toEqual([
    [
      "EXO-AUDIT-MANAGER-APPLICATION",
      "client ID other",
      "none",
      `az rest --method patch --url 'https://graph.microsoft.com/v1.0/applications/${objects.applicationObjectId}' --body '{"managerApplications":["deployer"]}'`,
    ],
  ]);
  expect(await found(applicationWith({ createdByAppId: null, managerApplications: ["other"] }))).toEqual([
    "client ID other",
  ]);
});

test.each([
  ["applicationOwners", "/applications/application-of-exchange"],
  ["servicePrincipalOwners", "/servicePrincipals/principal-of-exchange"],
] as const)("an owner is told by the name, where Graph gives one (%s)", async (part, path) => {
  const { value } = untouchedBodies()[part] as { value: unknown[] };
  const more = [
    { id: "p1", displayName: "Ida" },
    { id: "p2", displayName: null },
  ];
  const { section, removals } = await auditSample({ [part]: { value: [...value, ...more] } });
  expect(section.findings.map((one) => one.found)).toEqual(["Ida, object ID p1", "somebody, object ID p2"]);
  expect([...removals.values()]).toEqual(
    ["p1", "p2"].map((id) => ({ kind: "delete", path: `${path}/owners/${id}/$ref` })),
  );
});

const graph = {
  id: "resource-graph",
  appId: "client-graph",
  displayName: "Microsoft Graph",
  appRoles: [{ id: "role-read", value: "Mail.Read" }],
};

test("a permission is told by the names that its service gives, or the tenant, or by its ids", async () => {
  const changes = withMore(
    "permissions",
    assigned("1", "role-read", "resource-graph", "Another name"),
    assigned("2", "role-other", "resource-graph"),
    assigned("3", "role-other", "resource-x", "Service X"),
    assigned("4", "role-other", "resource-y"),
  );
  expect(await found(changes, { resources: new Map([[graph.id, graph]]) })).toEqual([
    "app role role-other of Microsoft Graph",
    "Mail.Read of Microsoft Graph",
    "app role role-other of Service X",
    "app role role-other of resource-y",
  ]);
});

test("a permission of a service that could not be looked up is neither found nor passed over", async () => {
  const { section } = await auditSample(
    { permissions: { value: [{ id: "1", appRoleId: "role-read", resourceId: "resource-graph" }] } },
    { unreadResource: "It was refused." },
  );
  expect(section.findings.map(({ id }) => id)).toEqual([]);
  expect(section.unread).toEqual(
    ["App role assignment", "Declared permission that the application lacks"].map((check) => ({
      check,
      reason: "It was refused.",
      denied: false,
    })),
  );
  const known = await auditSample(
    { permissions: { value: [{ id: "1", appRoleId: "role-read", resourceId: "resource-graph" }] } },
    { unreadResource: "It was refused.", resources: new Map([[graph.id, graph]]) },
  );
  expect(known.section.findings.map((one) => one.found)).toContain("Mail.Read of Microsoft Graph");
  expect(known.section.unread).toEqual([]);
});

test("each scope of a grant is found, for whom it is, and only a grant that declares others stays", async () => {
  const grants = [
    { id: "1", resourceId: "resource", principalId: "user", scope: " Mail.Read  Mail.Send " },
    { id: "2", resourceId: "resource", principalId: null, scope: "openid" },
    { id: "3", resourceId: "resource-exchange", principalId: null, scope: "User.Read" },
    { id: "4", resourceId: "resource", principalId: null, scope: null },
  ];
  const { section, removals } = await auditSample(withMore("delegatedGrants", ...grants));
  expect(section.findings.map((one) => one.found)).toEqual([
    "openid of the resource resource for everybody",
    "Mail.Read of the resource resource for user",
    "Mail.Send of the resource resource for user",
    "User.Read of the resource resource-exchange for everybody",
  ]);
  expect([...removals.values()].map((removal) => ("path" in removal ? removal.path : ""))).toEqual([
    "/oauth2PermissionGrants/1",
    "/oauth2PermissionGrants/1",
    "/oauth2PermissionGrants/2",
    "/oauth2PermissionGrants/3",
  ]);
});

test("a role is told with its scope, that of another application too", async () => {
  const { value } = untouchedBodies().roles as { value: unknown[] };
  const held = { principalId: principal, roleDefinitionId: "custom" };
  const more = [
    { ...held, id: "1", directoryScopeId: null, appScopeId: "/Catalog/1" },
    { ...held, id: "2", directoryScopeId: null, appScopeId: null },
  ];
  expect(await found({ roles: { value: [...value, ...more] } })).toEqual([
    "role custom over application scope /Catalog/1",
    "role custom over ?",
  ]);
});

test("groups whose properties are hidden are told among others, and what is no group has none to hide", async () => {
  const { value } = untouchedBodies().memberships as { value: unknown[] };
  const role = { "@odata.type": "#microsoft.graph.directoryRole", id: "r" };
  const group = { "@odata.type": "#microsoft.graph.group", id: "g" };
  const unread = async (...more: object[]) =>
    (await auditSample({ memberships: { value: [...value, ...more] } })).section.unread.length;
  expect(await unread(role)).toBe(0);
  expect(await unread(role, group)).toBe(1);
});

test("a group that can carry roles is told by its name, where it has one", async () => {
  const group = {
    "@odata.type": "#microsoft.graph.group",
    id: "group-2",
    displayName: null,
    isAssignableToRole: true,
  };
  expect(await found({ memberships: { value: [group] } })).toEqual(['group "unnamed", object ID group-2']);
});

const later = "2027-01-01T00:00:00Z";

test.each([
  [
    "eligibilitiesOverApplication",
    later,
    "role custom of principal somebody over /x from 2027-01-01 00:00 UTC",
  ],
  ["eligibilitiesOverApplication", null, "role custom of principal somebody over /x"],
  ["schedulesOverApplication", later, "role custom of principal somebody over /x from 2027-01-01 00:00 UTC"],
] as const)("%s from %j are told with their beginning", async (part, startDateTime, words) => {
  const held = { id: "1", principalId: "somebody", roleDefinitionId: "custom", directoryScopeId: "/x" };
  expect(await found({ [part]: { value: [{ ...held, scheduleInfo: { startDateTime } }] } })).toEqual([words]);
});

/** These groups hold no roles. */
async function follow(url: string): Promise<unknown> {
  return /'g[123]?'/.test(url) ? { value: [] } : furtherBody(url);
}

test("a place in a group is told by its kind, and from when on", async () => {
  const place = (groupId: string, accessId: string | null, startDateTime: string) => ({
    groupId,
    principalId: principal,
    accessId,
    scheduleInfo: { startDateTime },
  });
  const value = [
    place("g1", "owner", later),
    place("g2", null, later),
    place("g3", "owner", "2026-01-01T00:00:00Z"),
  ];
  expect(await found({ groupEligibilities: { value } }, {}, follow)).toEqual([
    "owner of the group g1",
    "place of the group g2",
    "owner of the group g3",
  ]);
  expect(await found({ groupSchedules: { value } }, {}, follow)).toEqual([
    "owner of the group g1 from 2027-01-01 00:00 UTC",
    "place of the group g2 from 2027-01-01 00:00 UTC",
  ]);
  const undated = { value: [{ groupId: "g", principalId: principal }] };
  expect(await found({ groupSchedules: undated }, {}, follow)).toEqual([]);
});

test("a secret is removed by its ID, and one without stays", async () => {
  const { application } = untouchedBodies();
  const passwordCredentials = [
    ...application.passwordCredentials,
    { keyId: "s", displayName: "Job", endDateTime: later },
    { keyId: null, displayName: null, endDateTime: null },
  ];
  const { section, removals } = await auditSample({ application: { ...application, passwordCredentials } });
  expect(section.findings.map((one) => one.found)).toEqual([
    '"unnamed", keyId none, without an end',
    '"Job", keyId s, until 2027-01-01 00:00 UTC',
  ]);
  expect([...removals.values()]).toEqual([
    { kind: "password", holder: { collection: "applications", id: "application-of-exchange" }, keyId: "s" },
  ]);
});

test("a finding says what else is declared, or that nothing is", async () => {
  const { section } = await auditSample({ ownedObjects: { value: [{ id: "g" }] } });
  expect(section.findings[0]?.declared).toBe("none");
});

test("a role over both objects is one finding, removed by the first of the two", async () => {
  const value = [{ id: "1", principalId: "p", roleDefinitionId: "custom", directoryScopeId: "/x" }];
  const changes = {
    rolesOverApplication: { value },
    rolesOverServicePrincipal: { value: [{ ...value[0], id: "2" }] },
  };
  const { section, removals } = await auditSample(changes);
  const [finding, ...others] = section.findings.filter(({ id }) => id === "EXO-AUDIT-SCOPED-ROLE");
  expect(others).toEqual([]);
  expect(removals.get(finding!)).toEqual({
    kind: "delete",
    path: "/roleManagement/directory/roleAssignments/1",
  });
});

test("a sign-in that Graph does not accept is a missing right", async () => {
  const observed = await observedFrom(untouchedBodies());
  const nothing = Object.fromEntries(
    Object.keys(observed).map((name) => [name, refusal(401, "InvalidAuthenticationToken")]),
  );
  const { section } = await auditSample({}, { observed: nothing });
  expect(section.unread.every(({ denied }) => denied)).toBe(true);
});

test("what waits is known by any of its names, and is told alone", async () => {
  const assignment = { id: "1", appRoleId: "role-read", resourceId: "resource-graph" };
  const other = { id: "2", appRoleId: "role-other", resourceId: "resource-graph" };
  const waiting = new Map([["EXO-AUDIT-PERMISSION", new Set(["client client-graph Mail.Read"])]]);
  const { section } = await auditSample(withMore("permissions", assignment, other), {
    declared: { ...declared(), waiting },
    resources: new Map([[graph.id, graph]]),
  });
  expect(section.findings.map((one) => one.found)).toEqual(["app role role-other of Microsoft Graph"]);
  expect(section.notes.filter((note) => note.includes("did not finish it"))).toHaveLength(1);
});

/** A permission that the application holds. */
function assigned(id: string, appRoleId: string, resourceId: string, resourceDisplayName?: string): object {
  return { id, appRoleId, resourceId, resourceDisplayName };
}
