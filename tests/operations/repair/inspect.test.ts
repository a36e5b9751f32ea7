import { createHash } from "node:crypto";

import { describe, expect, test } from "vitest";

import { ApiError } from "../../../graph/apiError.ts";
import type { GraphOutcome } from "../../../graph/graphClient.ts";
import {
  type Expected,
  inspectApplication,
  inspectServicePrincipal,
  keyOf,
} from "../../../operations/repair/inspect.ts";
import { trustKey } from "../../../operations/repair/federatedTrust.ts";
import type { ApplicationParts, ServicePrincipalParts } from "../../../operations/repair/readApplication.ts";

const deployer = { clientId: "Deployer-Client", objectId: "Deployer-Object" };
const bytes = Buffer.from("not a certificate");
const sha256 = createHash("sha256").update(bytes).digest("hex");
const keyCredential = { keyId: "Key", key: bytes.toString("base64"), endDateTime: "2027-01-01T00:00:00Z" };

const declaredJob = {
  name: "job",
  issuer: "https://issuer.example",
  subject: "job",
  audiences: ["api://AzureADTokenExchange"],
};

const expected: Expected = {
  deployerClientId: deployer.clientId,
  deployerObjectId: deployer.objectId,
  owners: ["Owner"],
  keys: new Set([keyOf("KEY", sha256)]),
  permissions: new Set(["resource role"]),
  federated: new Set([trustKey(declaredJob)]),
  roles: new Set(["62e90394-69f5-4237-9190-012177145e10"]),
};

function found<T>(value: T): GraphOutcome<T> {
  return { ok: true, value };
}

const denied = {
  ok: false,
  error: new ApiError({ service: "Microsoft Graph", request: "GET /", status: 403, reason: "no" }),
} as const;

type Value<T> = T extends { readonly ok: true; readonly value: infer V } ? V : never;

const untouched: Value<ApplicationParts["application"]> = {
  createdByAppId: "deployer-client",
  keyCredentials: [keyCredential],
  passwordCredentials: [],
  signInAudience: "AzureADMyOrg",
  managerApplications: ["DEPLOYER-client"],
  publicClient: null,
  spa: { redirectUris: [] },
  web: { redirectUris: null, implicitGrantSettings: { enableAccessTokenIssuance: false } },
};

const noRolesOver = { rolesOver: found([]), schedulesOver: found([]), eligibilitiesOver: found([]) };
const deniedRolesOver = { rolesOver: denied, schedulesOver: denied, eligibilitiesOver: denied };

function application(
  changes: Partial<Value<ApplicationParts["application"]>>,
  parts: Partial<ApplicationParts> = {},
) {
  return inspectApplication(
    {
      application: found({ ...untouched, ...changes }),
      owners: found([]),
      federatedCredentials: found([]),
      ...noRolesOver,
      ...parts,
    },
    expected,
  );
}

const untouchedHangs = [
  "the application was created by application deployer-client",
  `certificate Key, SHA-256 ${sha256.toUpperCase()}, until 2027-01-01 00:00 UTC`,
  "application DEPLOYER-client manages it",
];

test("an application that the stack made, with its own key alone", () => {
  expect(application({})).toEqual({ hangs: untouchedHangs, reasons: [] });
});

test("an application without any platform", () => {
  expect(application({ web: null, spa: null }).reasons).toEqual([]);
});

describe("an application of which somebody else has hold", () => {
  test.each<[Partial<Value<ApplicationParts["application"]>>, string]>([
    [{ managerApplications: ["deployer-client", "other"] }, "application other manages it"],
    [{ identifierUris: ["api://x"] }, "identifier URI api://x"],
    [{ isFallbackPublicClient: true }, "it is a public client"],
    [{ signInAudience: "AzureADMultipleOrgs" }, "accounts of AzureADMultipleOrgs may sign in"],
    [{ signInAudience: null }, "accounts of an unknown audience may sign in"],
    [{ publicClient: { redirectUris: ["http://a"] } }, "redirect URI http://a"],
    [{ spa: { redirectUris: ["http://b"] } }, "redirect URI http://b"],
    [{ web: { redirectUris: ["http://c"] } }, "redirect URI http://c"],
    [{ web: { implicitGrantSettings: { enableAccessTokenIssuance: true } } }, "implicit grant is on"],
    [{ web: { implicitGrantSettings: { enableIdTokenIssuance: true } } }, "implicit grant is on"],
    [
      { keyCredentials: [keyCredential, { ...keyCredential, keyId: "another" }] },
      `certificate another, SHA-256 ${sha256.toUpperCase()}, until 2027-01-01 00:00 UTC`,
    ],
    [
      { keyCredentials: [keyCredential, { keyId: "Key", key: null }] },
      "certificate Key, SHA-256 unknown, without an end",
    ],
    [
      { passwordCredentials: [{ keyId: "p", displayName: "by hand", endDateTime: "2027-01-01T00:00:00Z" }] },
      'password "by hand" (p), until 2027-01-01 00:00 UTC',
    ],
    [{ passwordCredentials: [{ keyId: "p" }] }, 'password "unnamed" (p), without an end'],
  ])("%j", (changes, reason) => {
    const { hangs, reasons } = application(changes);
    expect(reasons).toEqual([reason]);
    expect(hangs).toContain(reason);
  });

  test.each<[string | null | undefined, string]>([
    ["other", "application other"],
    ["", "an unknown identity"],
    [null, "an unknown identity"],
    [undefined, "an unknown identity"],
  ])("created by %j", (createdByAppId, who) => {
    const { hangs, reasons } = application({ createdByAppId });
    expect(hangs[0]).toBe(`the application was created by ${who}`);
    expect(reasons).toEqual([`the application was created by ${who}, and Deployer-Client deploys`]);
  });

  test("owners but the declared ones and who deploys", () => {
    const owners = found([
      { id: "owner", displayName: "Declared" },
      { id: "DEPLOYER-OBJECT" },
      { id: "other", displayName: "Eve" },
      { id: "nameless", displayName: null },
    ]);
    expect(application({}, { owners })).toEqual({
      hangs: [
        ...untouchedHangs,
        "Declared (owner) owns the application",
        "somebody (DEPLOYER-OBJECT) owns the application",
        "Eve (other) owns the application",
        "somebody (nameless) owns the application",
      ],
      reasons: ["Eve (other) owns the application", "somebody (nameless) owns the application"],
    });
  });

  test("federated credentials, whatever they are for", () => {
    const credential = { id: "f", name: "ci", issuer: "https://issuer", audiences: [] };
    const federatedCredentials = found([
      { ...credential, subject: "repo:a/b" },
      { ...credential, claimsMatchingExpression: { value: "claims['sub']" } },
      credential,
    ]);
    expect(application({}, { federatedCredentials }).reasons).toEqual([
      'federated credential "ci" for repo:a/b of https://issuer',
      "federated credential \"ci\" for claims['sub'] of https://issuer",
      'federated credential "ci" for an unknown subject of https://issuer',
    ]);
  });

  test("a federated credential that is not letter by letter the declared one", () => {
    const job = { ...declaredJob, id: "f" };
    const other = [
      { ...job, name: "Job" },
      { ...job, issuer: "https://issuer.example/" },
      { ...job, subject: "Job" },
      { ...job, audiences: ["api://AzureADTokenExchange", "other"] },
      { ...job, claimsMatchingExpression: { value: "claims['sub']" } },
    ];
    const read = application({}, { federatedCredentials: found([job, ...other]) });
    expect(read.hangs).toContain('federated credential "job" for job of https://issuer.example');
    expect(read.reasons).toEqual([
      'federated credential "Job" for job of https://issuer.example',
      'federated credential "job" for job of https://issuer.example/',
      'federated credential "job" for Job of https://issuer.example',
      'federated credential "job" for job of https://issuer.example',
      'federated credential "job" for job of https://issuer.example',
    ]);
  });

  test("or of which a part cannot be read", () => {
    const reasons = [
      "not read: the application, since Microsoft Graph answered 403",
      "not read: the application's owners, since Microsoft Graph answered 403",
      "not read: the application's federated credentials, since Microsoft Graph answered 403",
      ...unreadRolesOver("the application"),
    ];
    const parts = { application: denied, owners: denied, federatedCredentials: denied, ...deniedRolesOver };
    expect(inspectApplication(parts, expected)).toEqual({ hangs: reasons, reasons });
  });
});

function unreadRolesOver(over: string): readonly string[] {
  return ["roles", "scheduled roles", "eligibilities for roles"].map(
    (what) => `not read: ${what} over ${over}, since Microsoft Graph answered 403`,
  );
}

function held(roleDefinitionId: string, displayName?: string) {
  return {
    id: "assignment",
    principalId: "eve",
    roleDefinitionId,
    ...(displayName !== undefined && { roleDefinition: { displayName } }),
  };
}

function rolesOver(over: string): readonly string[] {
  return [
    `principal eve has role Application Administrator over ${over}`,
    `principal eve has a schedule of role Support over ${over}`,
    `principal eve is eligible for role unnamed over ${over}`,
  ];
}

describe("roles over a candidate", () => {
  const roles = {
    rolesOver: found([held("9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3")]),
    schedulesOver: found([held("custom", "Support")]),
    eligibilitiesOver: found([held("unnamed")]),
  };
  test("active, scheduled and eligible ones speak against it", () => {
    expect(application({}, roles).reasons).toEqual(rolesOver("the application"));
    expect(principal(roles).reasons).toEqual(rolesOver("the service principal"));
  });

  test("a tenant without schedules has none", () => {
    const code = "AadPremiumLicenseRequired";
    const error = new ApiError({
      service: "Microsoft Graph",
      request: "GET /",
      status: 400,
      code,
      reason: "no",
    });
    const unlicensed = { ok: false, error } as const;
    const parts = { schedulesOver: unlicensed, eligibilitiesOver: unlicensed };
    expect([application({}, parts).reasons, principal(parts).reasons]).toEqual([[], []]);
  });
});

test("a redirect URI of the service principal's own", () => {
  const servicePrincipal = found({
    createdByAppId: "deployer-client",
    keyCredentials: [],
    passwordCredentials: [],
    replyUrls: ["https://evil.example"],
  });
  expect(principal({ servicePrincipal }).reasons).toEqual([
    "redirect URI https://evil.example of the service principal",
  ]);
});

test.each([
  [404, []],
  [400, []],
  [403, []],
  [429, ["429"]],
  [503, ["503"]],
])("federated credentials of a service principal, which Graph may not serve: %i", (status, answers) => {
  const failure = { service: "Microsoft Graph", request: "GET /", status, reason: "no" };
  const { hangs, reasons } = principal({
    federatedCredentials: { ok: false, error: new ApiError(failure) },
  });
  expect(hangs).toEqual([unreadTrust(status)]);
  expect(reasons).toEqual(answers.map(unreadTrust));
});

function unreadTrust(answer: unknown): string {
  return `not read: the service principal's federated credentials, since Microsoft Graph answered ${String(answer)}`;
}

test("nobody is taken for who deploys where that is not known", () => {
  const parts = {
    application: found(untouched),
    owners: found([]),
    federatedCredentials: found([]),
    ...noRolesOver,
  };
  expect(inspectApplication(parts, { ...expected, deployerClientId: undefined }).reasons).toEqual([
    "the application was created by application deployer-client, and another deploys",
    "application DEPLOYER-client manages it",
  ]);
});

const nothing: ServicePrincipalParts = {
  servicePrincipal: found({ createdByAppId: "deployer-client", keyCredentials: [], passwordCredentials: [] }),
  owners: found([]),
  permissions: found([]),
  delegatedGrants: found([]),
  memberships: found([]),
  roles: found([]),
  federatedCredentials: found([]),
  ...noRolesOver,
};
const created = "the service principal was created by application deployer-client";

function principal(parts: Partial<ServicePrincipalParts>) {
  const { hangs, reasons } = inspectServicePrincipal({ ...nothing, ...parts }, expected);
  return { hangs: hangs.slice(1), reasons };
}

describe("a service principal", () => {
  test("that the stack made", () => {
    expect(inspectServicePrincipal(nothing, expected)).toEqual({ hangs: [created], reasons: [] });
  });

  test("has no credential of its own, and so not the application's either", () => {
    const certificate = `certificate Key on the service principal, SHA-256 ${sha256.toUpperCase()}, until 2027-01-01 00:00 UTC`;
    const password = 'password "unnamed" (p) on the service principal, without an end';
    const servicePrincipal = found({
      createdByAppId: "deployer-client",
      keyCredentials: [keyCredential],
      passwordCredentials: [{ keyId: "p" }],
    });
    expect(principal({ servicePrincipal })).toEqual({
      hangs: [certificate, password],
      reasons: [certificate, password],
    });
  });

  test("created by another", () => {
    const servicePrincipal = found({
      createdByAppId: "other",
      keyCredentials: [],
      passwordCredentials: [],
    });
    expect(principal({ servicePrincipal }).reasons).toEqual([
      "the service principal was created by application other, and Deployer-Client deploys",
    ]);
  });

  test("is owned by who deploys alone, not by the application's owners", () => {
    const owners = found([{ id: "deployer-object" }, { id: "Owner", displayName: "Declared" }]);
    expect(principal({ owners })).toEqual({
      hangs: [
        "somebody (deployer-object) owns the service principal",
        "Declared (Owner) owns the service principal",
      ],
      reasons: ["Declared (Owner) owns the service principal"],
    });
  });

  test("has the permissions that are declared", () => {
    const permissions = found([
      { id: "1", appRoleId: "ROLE", resourceId: "Resource", resourceDisplayName: "Exchange" },
      { id: "2", appRoleId: "other", resourceId: "Resource", resourceDisplayName: null },
    ]);
    expect(principal({ permissions })).toEqual({
      hangs: ["app role ROLE of Exchange", "app role other of Resource"],
      reasons: ["app role other of Resource"],
    });
  });

  test("has no delegated permissions and no group", () => {
    const delegatedGrants = found([
      { id: "1", resourceId: "graph", principalId: "user", scope: " Mail.Read " },
      { id: "2", resourceId: "graph" },
    ]);
    const memberships = found([
      { "@odata.type": "#microsoft.graph.group", id: "g", displayName: "Admins" },
      { "@odata.type": "#microsoft.graph.group", id: "h" },
      { "@odata.type": "#microsoft.graph.directoryRole", id: "r", displayName: "Reader" },
    ]);
    const reasons = [
      "delegated permissions Mail.Read of the resource graph for user",
      "delegated permissions  of the resource graph for everybody",
      'member of group "Admins" (g)',
      'member of group "unnamed" (h)',
    ];
    expect(principal({ delegatedGrants, memberships })).toEqual({ hangs: reasons, reasons });
  });

  test("has the roles that are declared, over the whole tenant", () => {
    const roleDefinitionId = "62e90394-69f5-4237-9190-012177145e10";
    const roles = found([
      { id: "1", principalId: "p", roleDefinitionId, directoryScopeId: "/" },
      { id: "2", principalId: "p", roleDefinitionId, directoryScopeId: "/administrativeUnits/a" },
      { id: "3", principalId: "p", roleDefinitionId },
      { id: "4", principalId: "p", roleDefinitionId: "custom", directoryScopeId: "/" },
    ]);
    expect(principal({ roles })).toEqual({
      hangs: [
        "role Global Administrator over the whole tenant",
        "role Global Administrator over /administrativeUnits/a",
        "role Global Administrator over an unknown scope",
        "role custom over the whole tenant",
      ],
      reasons: [
        "role Global Administrator over /administrativeUnits/a",
        "role Global Administrator over an unknown scope",
        "role custom over the whole tenant",
      ],
    });
  });

  test("has no federated credential", () => {
    const federatedCredentials = found([
      { id: "f", name: "ci", issuer: "https://issuer", audiences: [], subject: "a" },
    ]);
    expect(principal({ federatedCredentials }).reasons).toEqual([
      'federated credential "ci" on the service principal for a of https://issuer',
    ]);
  });

  test("need not show its delegated permissions and federated credentials, but all else", () => {
    const lost = {
      ok: false,
      error: new ApiError({ service: "Microsoft Graph", request: "GET /", reason: "no answer" }),
    } as const;
    const parts = {
      servicePrincipal: lost,
      owners: denied,
      permissions: denied,
      delegatedGrants: denied,
      memberships: denied,
      roles: denied,
      federatedCredentials: denied,
      ...deniedRolesOver,
    };
    const optional = [
      "not read: the service principal's federated credentials, since Microsoft Graph answered 403",
      "not read: delegated permissions, since Microsoft Graph answered 403",
    ];
    const { hangs, reasons } = inspectServicePrincipal(parts, expected);
    expect(reasons).toEqual([
      "not read: the service principal, since Microsoft Graph answered nothing",
      "not read: the service principal's owners, since Microsoft Graph answered 403",
      "not read: the application permissions, since Microsoft Graph answered 403",
      "not read: group memberships, since Microsoft Graph answered 403",
      "not read: the directory roles, since Microsoft Graph answered 403",
      ...unreadRolesOver("the service principal"),
    ]);
    expect(hangs.filter((text) => !reasons.includes(text))).toEqual(optional);
  });
});
