import { stripVTControlCharacters } from "node:util";
import * as v from "valibot";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { deployerPermissions } from "../../../microsoft/identityPermissions.ts";
import { createGraphClient } from "../../../graph/graphClient.ts";
import { createRemover } from "../../../graph/removal.ts";
import type { DeclaredAccess } from "../../../operations/audit/declaredAccess.ts";
import { optionalAuditPermissions } from "../../../operations/audit/rules.ts";
import { certificateSha256 } from "../../../common/certificate.ts";
import { roleKey } from "../../../operations/audit/rules/roleWords.ts";
import type { AuditOptions, AuditResult } from "../../../operations/audit/audit.ts";
import { audit } from "../../../operations/audit/audit.ts";
import { Failure } from "../../../common/failure.ts";
import { findingsView } from "../../../cli/views/findingsView.ts";
import { verdict } from "../../../cli/findings/verdict.ts";
import { createCredential } from "../../../graph/signIn.ts";
import type { FaultAction } from "../../../sandbox/tenant/index.ts";
import { defaultSeed } from "../../../sandbox/tenant/index.ts";
import type { TestApplication, TestTenant } from "../../graph/testTenant.ts";
import { createApplication, startTestTenant } from "../../graph/testTenant.ts";

const signal = new AbortController().signal;
let tenant: TestTenant;
let application: TestApplication;
let declared: DeclaredAccess;
let clockMs = 0;

beforeAll(async () => {
  const permissions = [
    ...deployerPermissions,
    "DelegatedPermissionGrant.ReadWrite.All",
    "Policy.ReadWrite.ApplicationConfiguration",
    ...optionalAuditPermissions,
  ];
  const seed = { ...defaultSeed, deployer: { ...defaultSeed.deployer, permissions } };
  tenant = await startTestTenant({ seeds: [seed], now: () => new Date(Date.now() + clockMs) });
  application = await createApplication(tenant);
  const principalId = application.servicePrincipalObjectId;
  const exchange = await tenant.principalOf("00000002-0000-0ff1-ce00-000000000000");
  declared = {
    keys: new Map([
      ["EXO-AUDIT-APPLICATION-CERTIFICATE", new Set([credentialKey(application)])],
      ["EXO-AUDIT-PERMISSION", new Set([`${exchange} dc50a0fb-09a3-484d-be87-e023b12c6440`])],
      ["EXO-AUDIT-ROLE", new Set([roleKey(principalId, "29232cdf-9323-42fd-ade2-1d097af3e4de", "/")])],
    ]),
    expected: new Map(),
    waiting: new Map(),
    userRoles: [],
    resourceAppIds: [],
    notes: [],
    notBefore: new Date(Date.now() - 86_400_000).toISOString(),
    notAfter: new Date(Date.now() + 86_400_000).toISOString(),
  };
});

beforeEach(() => {
  clockMs = 0;
  tenant.server.faults.clear();
  tenant.server.clearRequests();
});

afterAll(() => tenant.server.close());

test("nothing found: one round trip of three requests", async () => {
  expect(await outcome()).toEqual({ exitCode: 0, findings: [], unread: [] });
  expect(graphRequests().toSorted()).toEqual([
    "POST /beta/$batch 200",
    "POST /v1.0/$batch 200",
    "POST /v1.0/$batch 200",
  ]);
});

test.each<[string, FaultAction, number]>([
  ["throttling of the batch", { kind: "refuse", refusal: { status: 429, retryAfter: 0 } }, 2],
  ["503 of the batch", { kind: "refuse", refusal: { status: 503 } }, 2],
])("%s passes", async (_name, fault, times) => {
  tenant.server.faults.add({ path: /\$batch$/ }, fault, times);
  expect(await outcome()).toEqual({ exitCode: 0, findings: [], unread: [] });
});

test("a service that stays unavailable is a failure, not an audit", async () => {
  tenant.server.faults.add({ path: /\$batch$/ }, { kind: "refuse", refusal: { status: 503 } });
  await expect(run()).rejects.toMatchObject({ failure: { status: 503 } });
});

test("a state that says it was updated in times to come delays no finding for longer than --wait", async () => {
  const { keyId } = await addPassword();
  let waited = 0;
  const result = await run({
    waitMs: 120_000,
    updated: new Date("2999-01-01T00:00:00Z"),
    pause: async (milliseconds) => {
      waited += milliseconds;
      clockMs += milliseconds;
    },
  });
  expect(result.sections[0]?.findings.map(({ subject }) => subject)).toEqual([keyId]);
  expect(waited).toBe(120_000);
  await removePassword(keyId);
});

test("a token lifetime policy is found on the application, though it stands on more than 20 others", async () => {
  const definition = ['{"TokenLifetimePolicy":{"Version":1,"AccessTokenLifetime":"23:59:59"}}'];
  const policy = await tenant.write("POST", "/policies/tokenLifetimePolicies", {
    displayName: "A day",
    definition,
  });
  const reference = {
    "@odata.id": `https://graph.microsoft.com/v1.0/policies/tokenLifetimePolicies/${String(policy["id"])}`,
  };
  for (let others = 0; others < 25; others += 1) {
    // oxlint-disable-next-line no-await-in-loop -- in their order.
    const other = await tenant.write("POST", "/applications", { displayName: `Other ${others}` });
    // oxlint-disable-next-line no-await-in-loop
    await tenant.write("POST", `/applications/${String(other["id"])}/tokenLifetimePolicies/$ref`, reference);
  }
  const own = `/applications/${application.applicationObjectId}/tokenLifetimePolicies`;
  await tenant.write("POST", `${own}/$ref`, reference);
  const { sections } = await run();
  expect(sections[0]?.findings.map(({ id }) => id)).toEqual(["EXO-AUDIT-TOKEN-LIFETIME"]);
  await tenant.write("DELETE", `/policies/tokenLifetimePolicies/${String(policy["id"])}`);
});

test("what an update has made and not every replica knows is waited for, and then nothing is found", async () => {
  const young = await createApplication(tenant);
  tenant.server.faults.add({}, { kind: "lag", ms: 20_000 });
  const waits: number[] = [];
  const result = await run({
    waitMs: 120_000,
    pause: async (milliseconds) => {
      waits.push(milliseconds);
      clockMs += milliseconds;
    },
    application: young,
    declared: await declaredFor(young),
  });
  expect(sectionOutcome(result)).toEqual({ exitCode: 0, findings: [], unread: [] });
  expect(waits).toEqual([2000, 4000, 8000, 15_000]);
});

test("without time to wait it is told as unread: neither found nor clean", async () => {
  const young = await createApplication(tenant);
  tenant.server.faults.add({}, { kind: "lag", ms: 20_000 });
  const result = sectionOutcome(await run({ application: young, declared: await declaredFor(young) }));
  expect(result).toEqual({ exitCode: 1, findings: [], unread: ["Everything that grants access"] });
});

test("an application that the tenant does not know after the wait has one sentence, and no list of checks", async () => {
  const gone = await createApplication(tenant);
  const path = `/applications/${gone.applicationObjectId}`;
  await tenant.write("DELETE", path);
  await tenant.write("DELETE", `/directory/deletedItems/${gone.applicationObjectId}`);
  const { sections } = await run({
    waitMs: 120_000,
    pause: async (milliseconds) => {
      clockMs += milliseconds;
    },
    application: gone,
  });
  expect(sections[0]?.unread).toEqual([
    {
      check: "Everything that grants access",
      denied: false,
      reason: `application ${gone.appId} is neither among the applications of ${tenant.seed.initialDomain} nor in its recycle bin. The stack's last update ended less than 30 minutes ago, so the tenant may not know the application yet. Run the command again in some minutes. If nothing changes, the application was deleted (docs/recovery.md, "The application was deleted").`,
    },
  ]);
});

test("a deleted application has one sentence, with the way back", async () => {
  const deleted = await createApplication(tenant);
  const path = `/applications/${deleted.applicationObjectId}`;
  await tenant.write("DELETE", path);
  const which = `Application ${deleted.appId} of component "exchange" was deleted`;
  const wait = { waitMs: 120_000, application: deleted };
  await expect(run(wait)).rejects.toMatchObject({
    code: "EXO_AUTH_APPLICATION_DELETED",
    message: `${which}, and is in the recycle bin of ${tenant.seed.initialDomain} for 30 days. Restore object ${deleted.applicationObjectId} first (docs/recovery.md, "The application was deleted"). After a refresh, \`pulumi up\` would create another application with another client ID.`,
  });

  await tenant.write("DELETE", `/directory/deletedItems/${deleted.applicationObjectId}`);
  const updated = new Date(Date.now() - 31 * 60_000);
  await expect(run({ ...wait, updated })).rejects.toMatchObject({
    code: "EXO_AUTH_APPLICATION_DELETED",
    message: `${which} for good: ${tenant.seed.initialDomain} has it neither among its applications nor in the recycle bin. To create a new one with another client ID, follow docs/recovery.md, "The application was deleted".`,
  });
});

test("a deleted application of several, and an unfinished component, are named, and the others looked at", async () => {
  const deleted = await createApplication(tenant);
  await tenant.write("DELETE", `/applications/${deleted.applicationObjectId}`);
  const failure = new Failure("EXO_AUTH_INCOMPLETE", "Component is not finished.");
  const { keyId } = await addPassword();
  const { sections } = await run({
    application: deleted,
    others: [application],
    incomplete: [{ name: "reports", failure }],
  });
  await removePassword(keyId);
  expect(sections.map(({ name }) => name)).toEqual(["exchange", "exchange2", "reports"]);
  const check = "Everything that grants access";
  expect(sections.map(({ unread, checks }) => (checks.length === 1 ? unread : []))).toEqual([
    [
      {
        check,
        reason: expect.stringContaining(
          `Application ${deleted.appId} of component "exchange" was deleted, and is in`,
        ),
        denied: false,
        code: "EXO_AUTH_APPLICATION_DELETED",
      },
    ],
    [],
    [{ check, reason: failure.message, denied: false, code: "EXO_AUTH_INCOMPLETE" }],
  ]);
  expect(sections[1]?.findings.map(({ subject }) => subject)).toEqual([keyId]);
  const text = stripVTControlCharacters(
    findingsView("audit", { project: "infrastructure", stack: "production", sections }),
  );
  expect(text).toContain(`exchange\n✗ Application ${deleted.appId} of component "exchange" was deleted`);
  expect(text).toContain("reports\n✗ Component is not finished.\n");
  // What nobody could look at goes before what was found.
  expect(verdict(sections, "low")).toBe(4);
});

test("a service principal that is not there is told as unread: the application can be audited", async () => {
  const half = await createApplication(tenant);
  await tenant.write("DELETE", `/servicePrincipals/${half.servicePrincipalObjectId}`);
  const result = await run({ application: half, updated: new Date(0) });
  expect(result.sections[0]?.unread.map(({ check }) => check)).toContain(
    "Certificate on the service principal",
  );
});

test("what stays there is found when the time is over, and what goes meanwhile is not", async () => {
  const { keyId } = await addPassword();
  const pauses: number[] = [];
  const found = await run({
    waitMs: 10_000,
    pause: async (milliseconds) => {
      pauses.push(milliseconds);
      clockMs += milliseconds;
    },
  });
  expect(pauses.slice(0, 2)).toEqual([2000, 4000]);
  expect(sectionOutcome(found)).toMatchObject({
    exitCode: 7,
    findings: [`EXO-AUDIT-APPLICATION-PASSWORD ${keyId}`],
  });

  clockMs = 0;
  const gone = await run({
    waitMs: 10_000,
    pause: async () => void (await removePassword(keyId)),
  });
  expect(sectionOutcome(gone)).toEqual({ exitCode: 0, findings: [], unread: [] });
});

test("an old update is not waited for", async () => {
  const { keyId } = await addPassword();
  const result = await run({ waitMs: 120_000, updated: new Date(Date.now() - 3_600_000) });
  expect(sectionOutcome(result).exitCode).toBe(7);
  await removePassword(keyId);
});

test("an accepted finding is kept out of the verdict and out of --fix", async () => {
  const { keyId } = await addPassword();
  const baseline = [
    { id: "EXO-AUDIT-APPLICATION-PASSWORD", subject: keyId, reason: "agreed", until: "2999-12-31" },
  ];
  const result = await run({ baseline, fix: true });
  expect(sectionOutcome(result)).toEqual({ exitCode: 0, findings: [], unread: [] });
  expect(result.sections[0]?.accepted).toMatchObject([{ subject: keyId, reason: "agreed" }]);
  expect(result.removed).toEqual([]);
  await removePassword(keyId);
});

test("--fix removes a grant of two permissions once, and both are gone", async () => {
  const clientId = application.servicePrincipalObjectId;
  const resourceId = await tenant.principalOf("00000003-0000-0000-c000-000000000000");
  const grant = { clientId, consentType: "AllPrincipals", resourceId, scope: "Mail.Read User.Read" };
  await tenant.write("POST", "/oauth2PermissionGrants", grant);
  const { removed, sections } = await run({ fix: true });
  const done = { component: "exchange", id: "EXO-AUDIT-DELEGATED-GRANT" };
  expect(removed).toEqual(
    ["Mail.Read", "User.Read"].map((scope) => ({ ...done, subject: `${resourceId}  ${scope}` })),
  );
  expect(sections[0]?.findings).toEqual([]);
});

test("--fix goes on after a removal that is refused, says so, and finds what is left", async () => {
  const { keyId } = await addPassword();
  const other = await addPassword();
  tenant.server.faults.add({ path: /removePassword$/ }, { kind: "refuse", refusal: { status: 403 } }, 1);
  const result = await run({ fix: true });
  const [refused, done] = result.removed;
  expect(refused).toMatchObject({ failure: expect.stringContaining("403 Authorization_RequestDenied") });
  expect(result.sections[0]?.notes.slice(0, 2)).toEqual([
    `Not removed: EXO-AUDIT-APPLICATION-PASSWORD ${refused?.subject}: ${refused?.failure}`,
    `Removed: EXO-AUDIT-APPLICATION-PASSWORD ${done?.subject}`,
  ]);
  expect(done).toEqual({
    component: "exchange",
    id: "EXO-AUDIT-APPLICATION-PASSWORD",
    subject: done?.subject,
  });
  expect(sectionOutcome(result)).toMatchObject({
    exitCode: 7,
    findings: [`EXO-AUDIT-APPLICATION-PASSWORD ${refused?.subject}`],
  });
  expect(new Set([keyId, other.keyId])).toEqual(new Set([refused?.subject, done?.subject]));
  await removePassword(refused?.subject ?? "");
});

describe("--fix and the lock of the service principal", () => {
  const lockNote = expect.stringMatching(
    /^Anybody with the right role can put credentials on the service principal\. To lock it: /,
  );

  test("it is set where nothing else does, and then nobody can add credentials", async () => {
    const unlocked = await createApplication(tenant);
    const target = { application: unlocked, declared: await declaredFor(unlocked) };
    expect((await run(target)).sections[0]?.notes).toEqual([lockNote]);
    expect((await run({ ...target, fix: true })).sections[0]?.notes).toEqual([
      "Locked: the service principal takes no credentials of its own while the lock is on.",
    ]);
    expect((await run({ ...target, fix: true })).sections[0]?.notes).toEqual([]);
    await expect(
      tenant.write("POST", `/servicePrincipals/${unlocked.servicePrincipalObjectId}/addPassword`, {
        passwordCredential: { displayName: "intruder" },
      }),
    ).rejects.toThrow(/CannotUpdateLockedServicePrincipalProperty/);
  });

  test("a refusal is told, and the way to set it by hand stays", async () => {
    const unlocked = await createApplication(tenant);
    const path = new RegExp(`/applications/${unlocked.applicationObjectId}$`);
    tenant.server.faults.add({ method: "PATCH", path }, { kind: "refuse", refusal: { status: 403 } }, 1);
    const result = await run({ application: unlocked, declared: await declaredFor(unlocked), fix: true });
    expect(result.sections[0]?.notes).toEqual([
      expect.stringMatching(/^The service principal could not be locked: Microsoft Graph answered 403 /),
      lockNote,
    ]);
  });

  test("it stays off where the stack declares credentials on the service principal", async () => {
    const unlocked = await createApplication(tenant);
    const wanted = await declaredFor(unlocked);
    const keys = new Map([
      ...wanted.keys,
      ["EXO-AUDIT-SERVICE-PRINCIPAL-PASSWORD", new Set(["key"])] as const,
    ]);
    const result = await run({ application: unlocked, declared: { ...wanted, keys }, fix: true });
    expect(result.sections[0]?.notes).toEqual([lockNote]);
  });

  test("it stays off where an update has declared such a credential meanwhile, or is under way", async () => {
    const unlocked = await createApplication(tenant);
    const wanted = await declaredFor(unlocked);
    const keys = new Map([
      ...wanted.keys,
      ["EXO-AUDIT-SERVICE-PRINCIPAL-PASSWORD", new Set(["key"])] as const,
    ]);
    const target = { application: unlocked, declared: wanted, fix: true };
    const declaredSince = await run({ ...target, declaredNow: async () => ({ ...wanted, keys }) });
    expect(declaredSince.sections[0]?.notes).toEqual([lockNote]);
    const running = await run({ ...target, declaredNow: async () => "an update is under way." });
    expect(running.sections[0]?.notes).toEqual([
      "The service principal was not locked: an update is under way.",
      lockNote,
    ]);
  });
});

test("--fix leaves alone what another update has declared since it was read", async () => {
  const { keyId } = await addPassword();
  const keys = new Map([...declared.keys, ["EXO-AUDIT-APPLICATION-PASSWORD", new Set([keyId])] as const]);
  const result = await run({ fix: true, declaredNow: async () => ({ ...declared, keys }) });
  expect(result.removed).toEqual([
    {
      component: "exchange",
      id: "EXO-AUDIT-APPLICATION-PASSWORD",
      subject: keyId,
      failure: "since it was found, it was declared, accepted or removed. Run `exo-auth audit` again.",
    },
  ]);
  expect(tenant.server.requests.map(({ path }) => path)).not.toContain(
    `/v1.0/applications/${application.applicationObjectId}/removePassword`,
  );
  await removePassword(keyId);
});

test("--fix removes nothing while an update is under way", async () => {
  const { keyId } = await addPassword();
  const result = await run({ fix: true, declaredNow: async () => "an update is under way." });
  expect(result.removed).toMatchObject([{ subject: keyId, failure: "an update is under way." }]);
  await removePassword(keyId);
});

test("--fix waits until what it removed is no longer listed", async () => {
  await addPassword();
  const result = await run({ fix: true, waitMs: 60_000, updated: new Date(0) });
  expect(result.removed).toMatchObject([{ id: "EXO-AUDIT-APPLICATION-PASSWORD" }]);
  expect(sectionOutcome(result)).toEqual({ exitCode: 0, findings: [], unread: [] });
});

interface RunOptions extends Partial<
  Pick<AuditOptions, "baseline" | "fix" | "waitMs" | "pause" | "incomplete">
> {
  readonly application?: TestApplication;
  /** Applications of further components, `exchange2` and so on. */
  readonly others?: readonly TestApplication[];
  readonly declared?: DeclaredAccess;
  readonly declaredNow?: () => Promise<DeclaredAccess | string>;
  readonly updated?: Date;
}

function run(options: RunOptions = {}): Promise<AuditResult> {
  const {
    application: audited = application,
    declared: wanted = declared,
    others = [],
    updated,
    declaredNow,
    ...rest
  } = options;
  const credential = createCredential(tenant.deployer, tenant.endpoints);
  return audit({
    state: {
      project: "infrastructure",
      stack: "production",
      updated: (updated ?? new Date(Date.now() + clockMs)).toISOString(),
    },
    targets: [audited, ...others].map((one, index) => ({
      component: {
        name: index === 0 ? "exchange" : `exchange${index + 1}`,
        appId: one.appId,
        tenantDomain: tenant.seed.initialDomain,
        applicationObjectId: one.applicationObjectId,
        servicePrincipalObjectId: one.servicePrincipalObjectId,
        isOwn: true,
      },
      declared: wanted,
      declaredNow: declaredNow ?? (async () => wanted),
      graph: createGraphClient(credential, tenant.endpoints.graph, { signal, retryDelayMs: 1 }),
      remove: createRemover(credential, tenant.endpoints.graph, { signal, retryDelayMs: 1 }),
      graphUrl: "https://graph.microsoft.com",
    })),
    baseline: [],
    fix: false,
    waitMs: 0,
    now: () => new Date(Date.now() + clockMs),
    pause: () => Promise.reject(new Error("it waited")),
    progress: () => undefined,
    ...rest,
  });
}

async function outcome(): Promise<ReturnType<typeof sectionOutcome>> {
  return sectionOutcome(await run());
}

function sectionOutcome({ sections }: AuditResult): {
  exitCode: number;
  findings: string[];
  unread: string[];
} {
  return {
    exitCode: verdict(sections, "low"),
    findings: sections.flatMap(({ findings }) => findings.map(({ id, subject }) => `${id} ${subject}`)),
    unread: sections.flatMap(({ unread }) => unread.map(({ check }) => check)),
  };
}

function credentialKey({ certificatePem, keyId }: TestApplication): string {
  return `${certificateSha256(certificatePem)} ${keyId}`;
}

async function declaredFor(young: TestApplication): Promise<DeclaredAccess> {
  const { servicePrincipalObjectId } = young;
  const keys = new Map(declared.keys);
  keys.set("EXO-AUDIT-APPLICATION-CERTIFICATE", new Set([credentialKey(young)]));
  keys.set(
    "EXO-AUDIT-ROLE",
    new Set([roleKey(servicePrincipalObjectId, "29232cdf-9323-42fd-ade2-1d097af3e4de", "/")]),
  );
  return { ...declared, keys };
}

async function addPassword(): Promise<{ keyId: string }> {
  const path = `/applications/${application.applicationObjectId}/addPassword`;
  const answer = await tenant.write("POST", path, { passwordCredential: {} });
  return v.parse(v.object({ keyId: v.string() }), answer);
}

function removePassword(keyId: string): Promise<unknown> {
  return tenant.write("POST", `/applications/${application.applicationObjectId}/removePassword`, { keyId });
}

function graphRequests(): string[] {
  return tenant.server.requests
    .filter(({ path }) => /^\/(v1\.0|beta)\//.test(path))
    .map(({ method, path, status }) => `${method} ${path} ${status}`);
}
