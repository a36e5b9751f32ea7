import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { deployerPermissions } from "../../../microsoft/identityPermissions.ts";
import { childTypes } from "../../../common/typeTokens.ts";
import type { PreflightResult } from "../../../operations/preflight/preflight.ts";
import { preflightExitCode } from "../../../cli/commands/preflight.ts";
import { preflight } from "../../../operations/preflight/preflight.ts";
import type { PlannedApplication, PlannedChanges } from "../../../operations/preflight/plannedChanges.ts";
import { preflightView } from "../../../cli/views/preflightView.ts";
import type { Identity } from "../../../graph/signIn.ts";
import { SignInError } from "../../../graph/signInError.ts";
import { defaultSeed } from "../../../sandbox/tenant/index.ts";
import type { DeployerSeed } from "../../../sandbox/tenant/index.ts";
import type { TestTenant } from "../../graph/testTenant.ts";
import { startTestTenant } from "../../graph/testTenant.ts";

let tenant: TestTenant;

/** Another tenant on the same server, whose deployer has these permissions and whose Exchange is or is not. */
const tenants = {
  reader: seed("1", {
    permissions: [...deployerPermissions, "Policy.Read.All", "Policy.ReadWrite.ApplicationConfiguration"],
  }),
  poor: seed("2", { permissions: ["Application.ReadWrite.All"] }),
  unlicensed: { ...seed("3", {}), exchangeLicensed: false },
};

beforeAll(async () => {
  tenant = await startTestTenant({ seeds: [defaultSeed, ...Object.values(tenants)] });
});
beforeEach(() => tenant.server.reset());
afterAll(() => tenant.server.close());

const marker = { value: "00000000-0000-4000-8000-000000000001", urn: "urn:a$b::marker", isUsed: false };
const plan: PlannedChanges = {
  resourceTypes: new Set([
    childTypes.application,
    childTypes.appRoleAssignment,
    childTypes.directoryRoleAssignment,
  ]),
  newApplications: [
    { displayName: "Exchange jobs", component: "exchange", own: "exchange-auth p/s/exchange", marker },
  ],
  knownApplications: [],
  newCertificates: [{ name: "exchange-cert-1", validityDays: 364, selfSigned: true }],
  newFederatedCredentials: [],
  removedCurrent: [],
  replacedCertificates: [],
  keysInState: [],
  exchangeRoles: [],
  timedRoles: { findings: [], running: [] },
  problems: [],
};

const rightsPassed = [
  "Domain.Read.All to read the tenant's initial domain",
  "Application.ReadWrite.All to create and change the application, its service principal and its certificates",
  "AppRoleAssignment.ReadWrite.All to grant application permissions (admin consent)",
  "RoleManagement.ReadWrite.Directory to assign directory roles",
].map((message) => ({ kind: "passed", message }));

test("nothing stands in the way", async () => {
  const result = await run(identityOf(tenants.reader));
  expect(result).toEqual({
    ok: true,
    tenantId: tenants.reader.tenantId,
    tenantDomain: "tenant1.onmicrosoft.com",
    deployer: tenants.reader.deployer.clientId,
    findings: [
      ...rightsPassed,
      { kind: "passed", message: "tenant1.onmicrosoft.com has Exchange Online" },
      { kind: "passed", message: "the tenant's app management policy allows the certificate" },
      { kind: "passed", message: 'no other application is called "Exchange jobs"' },
    ],
  });
  expect(preflightExitCode(result)).toBe(0);
  expect(preflightView(result)).toContain("Nothing stops `pulumi up`.");
});

test("what may not be read is said, and no obstacle", async () => {
  const result = await run(tenant.deployer);
  expect(result.ok).toBe(true);
  expect(result.findings.filter(({ kind }) => kind === "warning")).toEqual([
    {
      kind: "warning",
      cause: "notChecked",
      message: "Not checked: whether the tenant's app management policy allows the certificate.",
      remedy: "The permission Policy.Read.All allows this check.",
    },
  ]);
});

test("each missing permission is named with what needs it", async () => {
  const result = await run(identityOf(tenants.poor));
  expect(obstaclesOf(result)).toEqual(["permissionMissing", "permissionMissing", "permissionMissing"]);
  expect(result.findings.flatMap((finding) => ("remedy" in finding ? [finding.remedy] : []))).toEqual([
    "Grant it the application permission Domain.Read.All of Microsoft Graph, with admin consent.",
    "Grant it the application permission AppRoleAssignment.ReadWrite.All of Microsoft Graph, with admin consent.",
    "Grant it the application permission RoleManagement.ReadWrite.Directory of Microsoft Graph, with admin consent.",
    "The permission Domain.Read.All allows this check.",
    "The permission Policy.Read.All allows this check.",
  ]);
  expect(result.tenantDomain).toBeUndefined();
  expect(preflightExitCode(result)).toBe(3);
});

test("a tenant without Exchange Online", async () => {
  const result = await run(identityOf(tenants.unlicensed));
  expect(obstaclesOf(result)).toEqual(["exchangeMissing"]);
  expect(preflightExitCode(result)).toBe(4);
});

test("a configuration from before the last rotation", async () => {
  const removed = {
    component: "exchange",
    generation: "2",
    thumbprint: "B2",
    notAfter: "2999-01-01T00:00:00Z",
  };
  const result = await run(identityOf(tenants.reader), { ...plan, removedCurrent: [removed] });
  expect(result.findings).toContainEqual({
    kind: "obstacle",
    cause: "outdatedConfiguration",
    message:
      'The update would remove generation "2" of component "exchange", certificate B2, which the last update made the current one.',
    remedy:
      "Get the configuration with the last rotation (`git pull`). If its key was stolen, run `exo-auth revoke`.",
  });
  expect(preflightExitCode(result)).toBe(2);
  expect(preflightView(result)).toContain(
    "`pulumi up` would remove the certificate in use. Nothing was changed.",
  );
  const expired = { ...removed, notAfter: "2020-01-01T00:00:00Z" };
  const allowed = await run(identityOf(tenants.reader), { ...plan, removedCurrent: [expired] });
  expect(obstaclesOf(allowed)).toEqual([]);
});

test("a certificate that is replaced although its generation stays", async () => {
  const replaced = { component: "exchange", generation: "2", thumbprint: "B2", isDue: false };
  const result = await run(identityOf(tenants.reader), { ...plan, replacedCertificates: [replaced] });
  expect(result.findings).toContainEqual({
    kind: "obstacle",
    cause: "certificateReplaced",
    message:
      'The update would replace the certificate of generation "2" of component "exchange", thumbprint B2. A generation keeps its certificate, so somebody changed the state, and may have put their own key into it.',
    remedy:
      "Compare the state with an older version, and restore that one. If you want another certificate, add a generation (docs/rotation.md).",
  });
  expect(preflightExitCode(result)).toBe(2);
  expect(preflightView(result)).toContain("`pulumi up` would replace a certificate. Nothing was changed.");
  const due = { ...replaced, isDue: true };
  const renewed = await run(identityOf(tenants.reader), { ...plan, replacedCertificates: [due] });
  expect(renewed.findings).toContainEqual({
    kind: "warning",
    cause: "certificateRenewed",
    message:
      'The update would renew the certificate of generation "2" of component "exchange", thumbprint B2, because the state says that it ended or is due.',
    remedy: "Use `exo-auth rotate` instead. If the certificate is not due, somebody changed the state.",
  });
  expect(preflightExitCode(renewed)).toBe(0);
});

test("a new generation whose key the state has already is a warning, because a killed update leaves one, too", async () => {
  const result = await run(identityOf(tenants.reader), { ...plan, keysInState: ["exchange-cert-2"] });
  expect(result.findings).toContainEqual({
    kind: "warning",
    cause: "keyInState",
    message:
      "The update would put exchange-cert-2 on the application with a key that the state has already. An update that did not finish left it, or somebody who can write the state put it there.",
    remedy: "If every update finished, give the generation another name.",
  });
  expect(preflightExitCode(result)).toBe(0);
});

test("a policy that the certificate outlives", async () => {
  const identity = identityOf(tenants.reader);
  const keyCredentials = [{ restrictionType: "asymmetricKeyLifetime", maxLifetime: "P180D" }];
  const body = { isEnabled: true, applicationRestrictions: { keyCredentials } };
  await tenant.write("PATCH", "/policies/defaultAppManagementPolicy", body, identity);
  const result = await run(identity);
  expect(obstaclesOf(result)).toEqual(["certificateTooLong"]);
  expect(preflightExitCode(result)).toBe(5);
});

test("the stack's own application that its state does not know", async () => {
  await claim(marker.value);
  const result = await run(tenant.deployer);
  expect(obstaclesOf(result)).toEqual(["applicationOrphaned"]);
  expect(preflightExitCode(result)).toBe(4);
  expect(preflightView(result)).toContain(
    "`pulumi up` would create a second application. Nothing was changed.",
  );
});

test.each([
  ["without a marker", undefined, marker],
  ["with another marker", "00000000-0000-4000-8000-000000000002", marker],
  ["with any, where the state has none", marker.value, undefined],
])("an application that says it is the stack's, %s, stops nobody", async (_, written, known) => {
  await claim(written);
  const [{ displayName, component, own }] = plan.newApplications as [PlannedApplication];
  const planned = { displayName, component, own, ...(known && { marker: known }) };
  const result = await run(tenant.deployer, { ...plan, newApplications: [planned] });
  expect(obstaclesOf(result)).toEqual([]);
  expect(warningsOf(result)).toEqual(["notChecked", "unproven"]);
});

test("a marker that an application was known with is to be replaced", async () => {
  await claim(marker.value);
  const [planned] = plan.newApplications;
  const newApplications = [{ ...planned!, marker: { ...marker, isUsed: true } }];
  const result = await run(tenant.deployer, { ...plan, newApplications });
  expect(obstaclesOf(result)).toEqual([]);
  expect(result.findings).toContainEqual({
    kind: "warning",
    cause: "markerUsed",
    message:
      'The marker of component "exchange" is public, because an application was known with it. If the update is killed, nobody can tell its application from one that somebody else created.',
    remedy: "Run `pulumi up --replace 'urn:a$b::marker'` instead of `pulumi up`.",
  });
  expect(warningsOf(result)).toEqual(["notChecked", "markerUsed", "unproven"]);
});

test("an application that the state knows and somebody deleted", async () => {
  const { id, appId } = await tenant.write("POST", "/applications", { displayName: "Exchange jobs" });
  const known = {
    name: "exchange",
    appId: String(appId),
    applicationObjectId: String(id),
    tenantDomain: "contoso.onmicrosoft.com",
    isOwn: true,
  };
  const changes = { ...plan, newApplications: [], knownApplications: [known] };
  expect(obstaclesOf(await run(tenant.deployer, changes))).toEqual([]);

  await tenant.write("DELETE", `/applications/${known.applicationObjectId}`);
  const result = await run(tenant.deployer, changes);

  expect(result.findings.filter(({ kind }) => kind === "obstacle")).toEqual([
    {
      kind: "obstacle",
      cause: "applicationDeleted",
      message: `Application ${known.appId} of component "exchange" was deleted, and is in the recycle bin of contoso.onmicrosoft.com for 30 days.`,
      remedy: `Restore object ${known.applicationObjectId} first (docs/recovery.md, "The application was deleted"). After a refresh, \`pulumi up\` would create another application with another client ID.`,
    },
  ]);
  expect(preflightExitCode(result)).toBe(4);
  expect(preflightView(result)).toContain("`pulumi up` would not bring the application back.");

  await tenant.write("DELETE", `/directory/deletedItems/${known.applicationObjectId}`);
  const [gone] = (await run(tenant.deployer, changes)).findings;
  expect(gone?.message).toBe(
    `Application ${known.appId} of component "exchange" was deleted for good: contoso.onmicrosoft.com has it neither among its applications nor in the recycle bin.`,
  );
});

test("an application that somebody blocked is named, and stops no update", async () => {
  const { id, appId } = await tenant.write("POST", "/applications", { displayName: "Exchange jobs" });
  const known = {
    name: "exchange",
    appId: String(appId),
    applicationObjectId: String(id),
    tenantDomain: "contoso.onmicrosoft.com",
    isOwn: true,
  };
  await tenant.write("PATCH", `/applications/${known.applicationObjectId}`, { isDisabled: true });
  const result = await run(tenant.deployer, { ...plan, newApplications: [], knownApplications: [known] });
  expect(result.findings[0]).toEqual({
    kind: "warning",
    cause: "applicationBlocked",
    message: `Application ${known.appId} of component "exchange" is blocked: its \`isDisabled\` is true, so Entra gives nobody a token for it.`,
    remedy:
      'Find out who blocked it, and why. They decide when the block ends (docs/recovery.md, "A key was stolen"). `pulumi up` works and does not lift it. Until then, jobs cannot sign in, and `exo-auth rotate` refuses each step.',
  });
  expect(preflightExitCode(result)).toBe(0);
  expect(preflightView(result)).toContain("Nothing stops `pulumi up`.");
});

test("an application of the same name, and one in the recycle bin, are warnings", async () => {
  await tenant.write("POST", "/applications", { displayName: "Exchange jobs" });
  const { id } = await tenant.write("POST", "/applications", { displayName: "Exchange jobs" });
  await tenant.write("DELETE", `/applications/${String(id)}`);
  const result = await run(tenant.deployer);
  expect(warningsOf(result)).toEqual(["notChecked", "sameName", "recycled"]);
  expect(result.ok).toBe(true);
});

test("a plan that is refused: the tenant, the cloud, and anything else", async () => {
  for (const [problem, cause] of [
    ['`expectedTenantId` is "x", but …', "wrongTenant"],
    ['`cloud` is "china" (…), but …', "wrongCloud"],
    ["`roles[0]` must be a role …", "planRefused"],
  ] as const) {
    const result = await run(tenant.deployer, { ...plan, resourceTypes: undefined, problems: [problem] });
    expect(obstaclesOf(result)).toEqual([cause]);
    expect(preflightExitCode(result)).toBe(2);
    expect(preflightView(result)).toContain("`pulumi up` would fail. Nothing was changed.");
  }
});

test("a refusal in the plan is told by the permission that is missing", async () => {
  const problem = "The tenant's initial domain could not be looked up: 403 Authorization_RequestDenied";
  const result = await run(identityOf(tenants.poor), {
    ...plan,
    resourceTypes: undefined,
    problems: [problem],
  });
  expect(obstaclesOf(result)).toEqual(["permissionMissing", "permissionMissing", "permissionMissing"]);
});

test("a refusal in the plan that no missing permission explains is an obstacle by itself", async () => {
  const problem = "The application could not be looked up: 403 Authorization_RequestDenied";
  const result = await run(tenant.deployer, { ...plan, resourceTypes: undefined, problems: [problem] });
  expect(obstaclesOf(result)).toEqual(["planRefused"]);
});

test("a deploying identity that cannot sign in", async () => {
  await expect(run({ ...identityOf(tenants.reader), kind: "secret", clientSecret: "wrong" })).rejects.toThrow(
    SignInError,
  );
});

test("it changes nothing", async () => {
  tenant.server.clearRequests();
  await run(tenant.deployer);
  const writes = tenant.server.requests.filter(
    ({ method, path }) => method !== "GET" && !/\/token|\/\$batch$/.test(path),
  );
  expect(writes).toEqual([]);
});

function run(identity: Identity, planned: PlannedChanges = plan): Promise<PreflightResult> {
  return preflight({
    identity,
    cloud: "global",
    readPlan: async () => planned,
    env: tenant.env,
    signal: new AbortController().signal,
  });
}

/** Registers what anybody may, who may register applications. */
function claim(written: string | undefined): Promise<unknown> {
  const description = ["exchange-auth p/s/exchange", written].filter(Boolean).join(" ");
  return tenant.write("POST", "/applications", { displayName: "Exchange jobs", description });
}

function warningsOf({ findings }: PreflightResult): string[] {
  return findings.flatMap((finding) => (finding.kind === "warning" ? [finding.cause] : []));
}

function obstaclesOf({ findings }: PreflightResult): string[] {
  return findings.flatMap((finding) => (finding.kind === "obstacle" ? [finding.cause] : []));
}

function seed(number: string, deployer: Partial<DeployerSeed>): typeof defaultSeed {
  const id = `${number.repeat(8)}-1111-4111-8111-111111111111`;
  return {
    tenantId: id,
    initialDomain: `tenant${number}.onmicrosoft.com`,
    deployer: { clientId: id.replaceAll("1111", "2222"), clientSecret: `secret ${number}`, ...deployer },
  };
}

function identityOf({ tenantId, deployer }: typeof defaultSeed): Extract<Identity, { kind: "secret" }> {
  return { kind: "secret", tenantId, clientId: deployer.clientId, clientSecret: deployer.clientSecret };
}
