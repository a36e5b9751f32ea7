import { X509Certificate } from "node:crypto";
import * as v from "valibot";
import { afterAll, beforeAll, expect, test } from "vitest";

import { ApiError } from "../../../graph/apiError.ts";
import { createGraphClient, type GraphClient } from "../../../graph/graphClient.ts";
import { createCredential } from "../../../graph/signIn.ts";
import { deployerPermissions, readerPermissions } from "../../../microsoft/identityPermissions.ts";
import { auditIdentities } from "../../../operations/audit/identities.ts";
import type { Baseline } from "../../../operations/findings/baseline.ts";
import type { Section } from "../../../operations/findings/finding.ts";
import { defaultSeed } from "../../../sandbox/tenant/index.ts";
import type { TestApplication, TestTenant } from "../../graph/testTenant.ts";
import { makeCertificate } from "../../graph/testCertificate.ts";
import { createApplication, startTestTenant } from "../../graph/testTenant.ts";

const graphAppId = "00000003-0000-0000-c000-000000000000";
const github = "https://token.actions.githubusercontent.com";
const audiences = ["api://AzureADTokenExchange"];
const globalAdministrator = "62e90394-69f5-4237-9190-012177145e10";
const cloudApplicationAdministrator = "158c047a-c907-4556-b7ef-446551a6b5f7";
const applicationAdministrator = "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3";

let tenant: TestTenant;
let userId: string;

beforeAll(async () => {
  const permissions = [
    ...deployerPermissions,
    ...readerPermissions,
    "DelegatedPermissionGrant.ReadWrite.All",
    "Group.ReadWrite.All",
    "PrivilegedEligibilitySchedule.ReadWrite.AzureADGroup",
    "RoleEligibilitySchedule.ReadWrite.Directory",
    "User.ReadWrite.All",
  ];
  const seed = { ...defaultSeed, deployer: { ...defaultSeed.deployer, permissions } };
  tenant = await startTestTenant({ seeds: [seed] });
  const user = await tenant.write("POST", "/users", {
    displayName: "Mallory",
    mailNickname: "mallory",
    userPrincipalName: `mallory@${tenant.seed.initialDomain}`,
    accountEnabled: true,
    passwordProfile: { password: "made for this test, 1" },
  });
  userId = String(user["id"]);
});

afterAll(() => tenant.server.close());

test("an identity: its certificate, rights and wide subject are found", async () => {
  const identity = await createApplication(tenant);
  const federated = `/applications/${identity.applicationObjectId}/federatedIdentityCredentials`;
  const subject = "repo:contoso/exchange:pull_request";
  await tenant.write("POST", federated, { name: "wide", issuer: github, subject, audiences });
  const { findings, notes } = await audit(identity.appId);
  expect(findings.map(({ id, found }) => `${id}: ${found}`)).toEqual([
    `EXO-IDENTITY-CERTIFICATE: a certificate, keyId ${identity.keyId}`,
    "EXO-IDENTITY-RIGHT: Exchange.ManageAsApp of Office 365 Exchange Online",
    "EXO-IDENTITY-RIGHT: Directory role: Exchange Administrator over the whole tenant",
    `EXO-IDENTITY-SUBJECT: "${subject}" of ${github}`,
  ]);
  expect(notes).toEqual([
    asDeployer,
    `It trusts "${subject}" of ${github} (federated credential "wide"). Check that this is your pipeline.`,
  ]);
});

test("the acceptance of a wide subject ends when its issuer changes", async () => {
  const { appId, applicationObjectId } = await createApplication(tenant);
  const path = `/applications/${applicationObjectId}/federatedIdentityCredentials`;
  const credential = { name: "wide", subject: "repo:contoso/exchange:pull_request", audiences };
  const { id } = await tenant.write("POST", path, { ...credential, issuer: github });
  const subjects = async (baseline: Baseline): Promise<readonly string[]> =>
    (await audit(appId, baseline)).findings
      .filter((finding) => finding.id === "EXO-IDENTITY-SUBJECT")
      .map(({ subject }) => subject);
  const [subject = ""] = await subjects([]);
  const accepted = [{ id: "EXO-IDENTITY-SUBJECT", subject, reason: "Agreed", until: "2999-12-31" }];
  expect(await subjects(accepted)).toEqual([]);
  await tenant.write("PATCH", `${path}/${String(id)}`, { issuer: "https://evil.example" });
  expect(await subjects(accepted)).toHaveLength(1);
});

test("the acceptance of a certificate ends when other bytes are under its key ID", async () => {
  const { appId, applicationObjectId, keyId } = await createApplication(tenant);
  const certificates = async (baseline: Baseline): Promise<readonly string[]> =>
    (await audit(appId, baseline)).findings
      .filter((finding) => finding.id === "EXO-IDENTITY-CERTIFICATE")
      .map(({ subject }) => subject);
  const [subject = ""] = await certificates([]);
  expect(subject).toMatch(new RegExp(`^${keyId} [0-9a-f]{64}$`));
  const accepted = [{ id: "EXO-IDENTITY-CERTIFICATE", subject, reason: "Agreed", until: "2999-12-31" }];
  expect(await certificates(accepted)).toEqual([]);
  const { certificatePem } = await makeCertificate();
  const key = new X509Certificate(certificatePem).raw.toString("base64");
  const planted = { type: "AsymmetricX509Cert", usage: "Verify", keyId, key };
  const path = `/applications/${applicationObjectId}`;
  await tenant.write("PATCH", path, { keyCredentials: [] });
  await tenant.write("PATCH", path, { keyCredentials: [planted] });
  expect(await certificates(accepted)).toHaveLength(1);
});

test("who manages an identity is found, its maker too, and whom its service principal trusts is said", async () => {
  const { appId, applicationObjectId, servicePrincipalObjectId } = await createApplication(tenant);
  const path = `/applications/${applicationObjectId}`;
  const maker = tenant.seed.deployer.clientId;
  await tenant.write("PATCH", path, { managerApplications: [graphAppId, maker] });
  const federated = `/servicePrincipals/${servicePrincipalObjectId}/federatedIdentityCredentials`;
  const subject = "repo:mallory/evil:pull_request";
  await tenant.write("POST", federated, { name: "door", issuer: github, subject, audiences });
  const { findings, notes } = await audit(appId);
  const ids = new Set(["EXO-IDENTITY-OWNER", "EXO-IDENTITY-SUBJECT"]);
  expect(findings.filter(({ id }) => ids.has(id)).map(({ id, found }) => `${id}: ${found}`)).toEqual([
    `EXO-IDENTITY-OWNER: client ID ${graphAppId}, which manages it`,
    `EXO-IDENTITY-OWNER: client ID ${maker}, which made it and manages it`,
    `EXO-IDENTITY-SUBJECT: "${subject}" of ${github}`,
  ]);
  expect(notes).toContain(
    `It trusts "${subject}" of ${github} (federated credential "door" of its service principal). Check that this is your pipeline.`,
  );
});

test.each([
  [404, []],
  [
    403,
    [
      "the identity lacks the application permission Application.Read.All of Microsoft Graph (Microsoft Graph answered 403 to GET /: No.)",
    ],
  ],
  [503, ["Microsoft Graph answered 503 to GET /: No."]],
])(
  "federated credentials of its service principal, which Graph may not serve: %i",
  async (status, reasons) => {
    const { appId } = await createApplication(tenant);
    const error = new ApiError({ service: "Microsoft Graph", request: "GET /", status, reason: "No." });
    const graph = client();
    const refusing: GraphClient = {
      ...graph,
      async batch(reads) {
        const outcomes = await graph.batch(reads);
        const isRefused = Object.values(reads).some(({ path }) =>
          /^\/servicePrincipals\/[^/]+\/federatedIdentityCredentials/.test(path),
        );
        return isRefused ? { ...outcomes, federated: { ok: false, error } } : outcomes;
      },
    };
    const { unread } = await audit(appId, [], refusing);
    expect(unread.map(({ check, reason }) => [check, reason])).toEqual(
      reasons.map((reason) => ["the identity", reason]),
    );
  },
);

test.each([
  [
    "the deployer's rights and what preflight and repair read",
    [...deployerPermissions, "Policy.Read.All"],
    [],
  ],
  ["the reader's rights", readerPermissions, []],
  ["a preview's rights", ["Application.Read.All", "Domain.Read.All"], []],
  ["a deployer with one right more", [...deployerPermissions, "Mail.Read"], ["critical Mail.Read"]],
  [
    "a reader with the deployer's rights",
    [...readerPermissions, ...deployerPermissions.filter((one) => !readerPermissions.includes(one))],
    [
      "critical AppRoleAssignment.ReadWrite.All",
      "critical Application.ReadWrite.All",
      "critical RoleManagement.ReadWrite.Directory",
    ],
  ],
])("%s", async (_whose, permissions, expected) => {
  const identity = await identityWith(permissions);
  const { findings, unread } = await audit(identity.appId);
  const rights = findings.filter(({ id }) => id === "EXO-IDENTITY-RIGHT");
  expect(
    rights.map(({ severity, found }) => `${severity} ${found.replace(" of Microsoft Graph", "")}`).toSorted(),
  ).toEqual(expected);
  expect(unread).toEqual([]);
});

test("which list an identity is compared with is said, and stands in what is declared", async () => {
  const [deployer, reader] = await Promise.all([
    identityWith([...deployerPermissions, "Mail.Read"]),
    identityWith([...readerPermissions, "Mail.Read"]),
  ]);
  const told = await Promise.all(
    [deployer, reader].map(async ({ appId }) => {
      const { findings, notes } = await audit(appId);
      return [findings.find(({ id }) => id === "EXO-IDENTITY-RIGHT")?.declared, notes[0]];
    }),
  );
  expect(told).toEqual([
    ["nothing that docs/deployer.md lists", asDeployer],
    [
      "nothing that docs/audit.md lists",
      "It can read what only an audit reads. So it is compared with what a reading identity needs (docs/audit.md).",
    ],
  ]);
});

test("a permission of another service is not Microsoft Graph's of the same name", async () => {
  const identity = await identityWith([]);
  const service = await tenant.write("POST", "/applications", {
    displayName: "Lookalike",
    appRoles: [
      {
        id: "11111111-2222-4333-8444-555555555555",
        value: "Domain.Read.All",
        displayName: "Lookalike",
        description: "Lookalike",
        isEnabled: true,
        allowedMemberTypes: ["Application"],
      },
    ],
  });
  const resource = await tenant.write("POST", "/servicePrincipals", { appId: service["appId"] });
  await tenant.write("POST", `/servicePrincipals/${identity.servicePrincipalObjectId}/appRoleAssignments`, {
    principalId: identity.servicePrincipalObjectId,
    resourceId: resource["id"],
    appRoleId: "11111111-2222-4333-8444-555555555555",
  });
  const { findings } = await audit(identity.appId);
  expect(findings.map(({ found }) => found)).toContain("Domain.Read.All of Lookalike");
});

test("what it may do by a group, an eligibility, a delegated grant or as an owner, and who holds a role over it", async () => {
  const identity = await identityWith(deployerPermissions);
  const principalId = identity.servicePrincipalObjectId;
  const member = { "@odata.id": `https://graph.microsoft.com/v1.0/directoryObjects/${principalId}` };
  const carrying = await createGroup("Carrying", { isAssignableToRole: true });
  await tenant.write("POST", `/groups/${carrying}/members/$ref`, member);
  await tenant.write("POST", "/roleManagement/directory/roleAssignments", {
    principalId: carrying,
    roleDefinitionId: globalAdministrator,
    directoryScopeId: "/",
  });
  const owned = await createGroup("Owned", {});
  await tenant.write("POST", `/groups/${owned}/owners/$ref`, member);
  const eligible = await createGroup("Eligible", { isAssignableToRole: true });
  await tenant.write("POST", "/identityGovernance/privilegedAccess/group/eligibilityScheduleRequests", {
    action: "adminAssign",
    accessId: "member",
    principalId,
    groupId: eligible,
    scheduleInfo: { startDateTime: new Date().toISOString(), expiration: { type: "noExpiration" } },
  });
  const graphId = await tenant.principalOf(graphAppId);
  await tenant.write("POST", "/oauth2PermissionGrants", {
    clientId: principalId,
    consentType: "AllPrincipals",
    resourceId: graphId,
    scope: "Mail.Read",
  });
  for (const scope of [identity.applicationObjectId, principalId]) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other, as a person does.
    await tenant.write("POST", "/roleManagement/directory/roleAssignments", {
      principalId: userId,
      roleDefinitionId: applicationAdministrator,
      directoryScopeId: `/${scope}`,
    });
  }
  await tenant.write("POST", "/roleManagement/directory/roleEligibilityScheduleRequests", {
    action: "adminAssign",
    justification: "x",
    principalId: userId,
    roleDefinitionId: cloudApplicationAdministrator,
    directoryScopeId: `/${identity.applicationObjectId}`,
    scheduleInfo: { startDateTime: new Date().toISOString(), expiration: { type: "noExpiration" } },
  });

  const { findings, unread } = await audit(identity.appId);
  expect(unread).toEqual([]);
  expect(
    findings
      .filter(({ id }) => id !== "EXO-IDENTITY-CERTIFICATE")
      // Times and what the group carries are part of what is accepted.
      .map(({ id, severity, subject }) => `${severity} ${id} ${subject.replace(/ [0-9a-f]{32}$/, " HASH")}`)
      .toSorted(),
  ).toEqual(
    [
      `medium EXO-IDENTITY-RIGHT delegated-grant ${graphId}  Mail.Read`,
      `high EXO-IDENTITY-RIGHT group-eligibility ${eligible} member HASH`,
      `medium EXO-IDENTITY-RIGHT owned-object ${owned}`,
      `critical EXO-IDENTITY-RIGHT role ${carrying} ${globalAdministrator} /`,
      `critical EXO-IDENTITY-RIGHT role-group ${carrying}`,
      `high EXO-IDENTITY-SCOPED-ROLE scoped-role ${userId} ${applicationAdministrator} /${identity.applicationObjectId}`,
      `high EXO-IDENTITY-SCOPED-ROLE scoped-role ${userId} ${applicationAdministrator} /${principalId}`,
      `high EXO-IDENTITY-SCOPED-ROLE scoped-role-eligibility ${userId} ${cloudApplicationAdministrator} /${identity.applicationObjectId} HASH`,
    ].toSorted(),
  );
});

test("an identity that the tenant does not have is not read", async () => {
  const { unread } = await audit("00000000-0000-4000-8000-000000000000");
  expect(unread).toMatchObject([{ denied: false, reason: expect.stringContaining("no service principal") }]);
});

test("whom an identity trusts is said, however narrow: nothing declares whom it should trust", async () => {
  const planted = await createApplication(tenant);
  const path = `/applications/${planted.applicationObjectId}/federatedIdentityCredentials`;
  const subject = "repo:mallory/evil:environment:production";
  await tenant.write("POST", path, { name: "pipeline", issuer: github, subject, audiences });
  const { findings, notes } = await audit(planted.appId);
  expect(findings.filter(({ id }) => id === "EXO-IDENTITY-SUBJECT")).toEqual([]);
  expect(notes).toContain(
    `It trusts "${subject}" of ${github} (federated credential "pipeline"). Check that this is your pipeline.`,
  );
});

test("an identity whose application is not in the tenant: what is on it is not read", async () => {
  const { notes } = await audit("00000002-0000-0ff1-ce00-000000000000");
  expect(notes).toContainEqual(expect.stringMatching(/^The tenant has no application of this client ID: /));
});

const asDeployer =
  "It is compared with what a deploying identity needs (docs/deployer.md). If it only reads, or runs previews, it needs no right to write.";

async function createGroup(displayName: string, settings: object): Promise<string> {
  const group = { displayName, mailNickname: displayName, mailEnabled: false, securityEnabled: true };
  return String((await tenant.write("POST", "/groups", { ...group, ...settings }))["id"]);
}

/** An application with these permissions of Microsoft Graph. */
async function identityWith(permissions: readonly string[]): Promise<TestApplication> {
  const identity = await createApplication(tenant, { consent: false, roles: [] });
  const [principalId, resourceId] = [identity.servicePrincipalObjectId, await tenant.principalOf(graphAppId)];
  const ids = await graphAppRoles();
  for (const permission of permissions) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other, as an administrator consents.
    await tenant.write("POST", `/servicePrincipals/${principalId}/appRoleAssignments`, {
      principalId,
      resourceId,
      appRoleId: ids.get(permission),
    });
  }
  return identity;
}

async function graphAppRoles(): Promise<ReadonlyMap<string, string>> {
  const credential = createCredential(tenant.deployer, tenant.endpoints);
  const { token } = await credential.getToken(tenant.endpoints.graph.scope);
  const url = `${tenant.endpoints.graph.url}/v1.0/servicePrincipals/${await tenant.principalOf(graphAppId)}`;
  const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
  const schema = v.object({ appRoles: v.array(v.object({ id: v.string(), value: v.string() })) });
  return new Map(v.parse(schema, await response.json()).appRoles.map(({ id, value }) => [value, id]));
}

function client(): GraphClient {
  const credential = createCredential(tenant.deployer, tenant.endpoints);
  return createGraphClient(credential, tenant.endpoints.graph, {
    signal: new AbortController().signal,
    retryDelayMs: 1,
  });
}

async function audit(clientId: string, baseline: Baseline = [], graph = client()): Promise<Section> {
  const component = { tenantDomain: tenant.seed.initialDomain };
  const [section] = await auditIdentities([{ component, graph }], [clientId], baseline);
  if (section === undefined) throw new Error("no section");
  return section;
}
