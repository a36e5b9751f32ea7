import { expect, test } from "vitest";
import { childTypes } from "../../../common/typeTokens.ts";
import { builtInRoles } from "../../../microsoft/builtInRoles.ts";
import { checkRights } from "../../../operations/preflight/rights.ts";
import type { PlannedChanges } from "../../../operations/preflight/plannedChanges.ts";

const everything = [
  "Domain.Read.All",
  "Application.ReadWrite.All",
  "AppRoleAssignment.ReadWrite.All",
  "RoleManagement.ReadWrite.Directory",
];
const unknownPlan: PlannedChanges = {
  resourceTypes: undefined,
  newApplications: [],
  knownApplications: [],
  newCertificates: [],
  newFederatedCredentials: [],
  removedCurrent: [],
  replacedCertificates: [],
  keysInState: [],
  exchangeRoles: [],
  timedRoles: { findings: [], running: [] },
  problems: ["?"],
};

test("an application with every permission", () => {
  expect(check({ roles: everything })).toEqual([
    { kind: "passed", message: "Domain.Read.All to read the tenant's initial domain" },
    {
      kind: "passed",
      message:
        "Application.ReadWrite.All to create and change the application, its service principal and its certificates",
    },
    {
      kind: "passed",
      message: "AppRoleAssignment.ReadWrite.All to grant application permissions (admin consent)",
    },
    { kind: "passed", message: "RoleManagement.ReadWrite.Directory to assign directory roles" },
  ]);
});

test.each([
  ["Domain.Read.All", "to read the tenant's initial domain", "every component"],
  [
    "Application.ReadWrite.All",
    "to create and change the application, its service principal and its certificates",
    "every component",
  ],
  [
    "AppRoleAssignment.ReadWrite.All",
    "to grant application permissions (admin consent)",
    "every component, and `apiPermissions`",
  ],
  ["RoleManagement.ReadWrite.Directory", "to assign directory roles", "`roles` and `userRoleAssignments`"],
])("an application without %s", (permission, purpose, argument) => {
  const found = check({ roles: everything.filter((held) => held !== permission) });
  expect(found.filter(({ kind }) => kind === "obstacle")).toEqual([
    {
      kind: "obstacle",
      cause: "permissionMissing",
      message: `Application CLIENT lacks the permission ${permission} ${purpose}, which ${argument} needs.`,
      remedy: `Grant it the application permission ${permission} of Microsoft Graph, with admin consent.`,
    },
  ]);
});

test("a plan without directory roles needs no right to assign them", () => {
  const plan = { ...unknownPlan, resourceTypes: new Set([childTypes.application]) };
  const found = check({ roles: ["Directory.Read.All", "Application.ReadWrite.All"] }, plan);
  expect(found.map(({ kind }) => kind)).toEqual(["passed", "passed"]);
});

test("userRoleAssignments need a right of their own, which shows where users cannot be looked up", () => {
  const problems = [
    'The user "a@contoso.com" of `userRoleAssignments` could not be looked up: 403 Authorization_RequestDenied',
  ];
  const found = check({ roles: everything }, { ...unknownPlan, problems });
  expect(found.filter(({ kind }) => kind === "obstacle")).toEqual([
    {
      kind: "obstacle",
      cause: "permissionMissing",
      message:
        "Application CLIENT lacks the permission User.Read.All to find users by name, which `userRoleAssignments` needs.",
      remedy: "Grant it the application permission User.Read.All of Microsoft Graph, with admin consent.",
    },
  ]);
});

test("one problem of several is enough to need a right", () => {
  const problems = ["`roles` must be a list.", "`userRoleAssignments` could not be looked up: 403"];
  const found = check({ roles: everything }, { ...unknownPlan, problems });
  expect(found.filter(({ kind }) => kind === "obstacle")).toHaveLength(1);
});

test("a directory role does for an application, too", () => {
  const wids = [builtInRoles["Privileged Role Administrator"]!, builtInRoles["Application Administrator"]!];
  expect(check({ wids }).map(({ kind }) => kind)).toEqual(["passed", "passed", "passed", "passed"]);
});

test("a person is told roles, not permissions", () => {
  const wids = [builtInRoles["Application Administrator"]!];
  const found = check({
    wids,
    scp: "Directory.AccessAsUser.All",
    upn: "admin@contoso.com",
    appid: "AZURE-CLI",
  });
  expect(found.filter(({ kind }) => kind !== "passed")).toEqual([
    {
      kind: "obstacle",
      cause: "permissionMissing",
      message:
        "admin@contoso.com holds no role to assign directory roles, which `roles` and `userRoleAssignments` needs.",
      remedy: "Activate or assign one of Privileged Role Administrator.",
    },
  ]);
});

function check(claims: object, plan = unknownPlan): ReturnType<typeof checkRights> {
  return checkRights(
    { tid: "TENANT", aud: "GRAPH", exp: 0, appid: "CLIENT", roles: [], wids: [], ...claims },
    plan,
  );
}
