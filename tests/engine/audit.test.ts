import { X509Certificate } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import * as v from "valibot";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

import type { AuditTarget } from "../../operations/audit/audit.ts";
import { audit } from "../../operations/audit/audit.ts";
import { auditPermissions, optionalAuditPermissions, findingRules } from "../../operations/audit/rules.ts";
import { auditTargets } from "../../operations/audit/targets.ts";
import type { Finding } from "../../operations/findings/finding.ts";
import type { StackComponent } from "../../stack/components.ts";
import { selectComponent, stackStateOf } from "../../stack/components.ts";
import { parseExport } from "../../stack/exportedState.ts";
import { createSandbox, type Sandbox } from "../../sandbox/createSandbox.ts";
import type { RunResult } from "../../sandbox/workspace/runCommand.ts";
import type { StackWorkspace } from "../../sandbox/workspace/workspace.ts";
import { blocksOf, commandsOf } from "../docs/pages.ts";
import { makeCertificate } from "../graph/testCertificate.ts";
import { up } from "./support.ts";
import type { Reader, TenantGraph } from "./tenantGraph.ts";
import { intruderId, openSeed, projectFolder, tenantGraph } from "./tenantGraph.ts";

// One `up`; each test puts its change right again.
let sandbox: Sandbox;
let stack: StackWorkspace;
let graph: TenantGraph;
let reader: Reader;
let component: StackComponent;
let targets: readonly AuditTarget[];
let exchange: string;

beforeAll(async () => {
  sandbox = await createSandbox({ tenant: { seeds: [openSeed] } });
  stack = await sandbox.stack("contoso");
  await up(stack);
  graph = tenantGraph(sandbox.tenant);
  // Domain.Read.All is for previews alone.
  reader = await graph.reader([...auditPermissions, ...optionalAuditPermissions, "Domain.Read.All"]);
  const { stdout } = await stack.run("pulumi", ["stack", "export", "--show-secrets"]);
  const exported = parseExport(JSON.parse(stdout));
  component = selectComponent(stackStateOf(exported), undefined);
  targets = await auditTargets(exported, [component], {
    env: asReader(),
    signal: new AbortController().signal,
    exportAnew: () => Promise.resolve(exported),
  });
  exchange = await graph.principalOf("00000002-0000-0ff1-ce00-000000000000");
});

beforeEach(() => sandbox.tenant.clearRequests());

afterAll(() => sandbox.close());

/** A change made in the tenant, and how to take it back. */
interface Change {
  readonly finding: string;
  /** What tells it from others of the same finding. */
  readonly how?: string;
  readonly severity: Finding["severity"];
  readonly make: () => Promise<() => Promise<unknown>>;
}

const application = (): string => `/applications/${component.applicationObjectId}`;
const principal = (): string => `/servicePrincipals/${component.servicePrincipalObjectId}`;

const changes: readonly Change[] = [
  {
    finding: "EXO-AUDIT-APPLICATION-CERTIFICATE",
    severity: "critical",
    make: () => addCertificate(application()),
  },
  {
    finding: "EXO-AUDIT-SERVICE-PRINCIPAL-CERTIFICATE",
    severity: "critical",
    make: () => addCertificate(principal()),
  },
  {
    finding: "EXO-AUDIT-APPLICATION-CERTIFICATE",
    how: "the declared bytes under another key id",
    severity: "critical",
    make: () => addSameBytes(application()),
  },
  { finding: "EXO-AUDIT-APPLICATION-PASSWORD", severity: "critical", make: () => addPassword(application()) },
  {
    finding: "EXO-AUDIT-SERVICE-PRINCIPAL-PASSWORD",
    severity: "critical",
    make: () => addPassword(principal()),
  },
  {
    finding: "EXO-AUDIT-FEDERATED-CREDENTIAL",
    severity: "critical",
    make: () =>
      create(`${application()}/federatedIdentityCredentials`, {
        name: "elsewhere",
        issuer: "https://token.actions.githubusercontent.com",
        subject: "repo:evil/repository:ref:refs/heads/main",
        audiences: ["api://AzureADTokenExchange"],
      }),
  },
  { finding: "EXO-AUDIT-APPLICATION-OWNER", severity: "high", make: () => addOwner(application()) },
  { finding: "EXO-AUDIT-SERVICE-PRINCIPAL-OWNER", severity: "high", make: () => addOwner(principal()) },
  {
    finding: "EXO-AUDIT-PERMISSION",
    severity: "critical",
    make: () =>
      create(`${principal()}/appRoleAssignments`, {
        principalId: component.servicePrincipalObjectId,
        resourceId: exchange,
        appRoleId: "dc890d15-9560-4a4c-9b7f-a736ec74ec40",
      }),
  },
  {
    finding: "EXO-AUDIT-PERMISSION",
    how: "one that takes over no tenant",
    severity: "high",
    make: async () =>
      create(`${principal()}/appRoleAssignments`, {
        principalId: component.servicePrincipalObjectId,
        resourceId: await graph.principalOf(microsoftGraph),
        appRoleId: "dbb9058a-0e50-45d7-ae91-66909b5d4664",
      }),
  },
  {
    finding: "EXO-AUDIT-DELEGATED-GRANT",
    how: "for one person",
    severity: "medium",
    make: () =>
      create("/oauth2PermissionGrants", {
        clientId: component.servicePrincipalObjectId,
        consentType: "Principal",
        principalId: intruderId,
        resourceId: exchange,
        scope: "EWS.AccessAsUser.All",
      }),
  },
  {
    finding: "EXO-AUDIT-DELEGATED-GRANT",
    severity: "medium",
    make: () =>
      create("/oauth2PermissionGrants", {
        clientId: component.servicePrincipalObjectId,
        consentType: "AllPrincipals",
        resourceId: exchange,
        scope: "EWS.AccessAsUser.All",
      }),
  },
  {
    finding: "EXO-AUDIT-ROLE",
    severity: "critical",
    make: () => assign(component.servicePrincipalObjectId, "62e90394-69f5-4237-9190-012177145e10", "/"),
  },
  {
    finding: "EXO-AUDIT-ROLE",
    how: "over an administrative unit",
    severity: "critical",
    make: async () => {
      const unit = await graph.send("POST", units, { displayName: "Region A" });
      const scope = `/administrativeUnits/${String(unit["id"])}`;
      await assign(component.servicePrincipalObjectId, "fe930be7-5e62-47db-91af-98c3a49a38b1", scope);
      return () => graph.send("DELETE", `${units}/${String(unit["id"])}`);
    },
  },
  {
    finding: "EXO-AUDIT-ROLE-GROUP",
    how: "that holds a role",
    severity: "critical",
    make: async () => {
      const group = await createGroup({ ...withMember(), isAssignableToRole: true });
      await assign(group.id, "62e90394-69f5-4237-9190-012177145e10", "/");
      return group.remove;
    },
  },
  {
    finding: "EXO-AUDIT-ROLE-GROUP",
    how: "that is eligible for a role, as no service principal itself can be",
    severity: "critical",
    make: async () => {
      const group = await createGroup({ ...withMember(), isAssignableToRole: true });
      await makeEligible(group.id);
      await expect(makeEligible(component.servicePrincipalObjectId)).rejects.toThrow(
        /400 .*must be a user or a role-assignable group/,
      );
      return group.remove;
    },
  },
  {
    finding: "EXO-AUDIT-SCOPED-ROLE",
    how: "over the service principal",
    severity: "high",
    make: () =>
      assign(intruderId, "158c047a-c907-4556-b7ef-446551a6b5f7", `/${component.servicePrincipalObjectId}`),
  },
  {
    finding: "EXO-AUDIT-SCOPED-ROLE",
    severity: "high",
    make: () =>
      assign(intruderId, "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3", `/${component.applicationObjectId}`),
  },
  {
    finding: "EXO-AUDIT-SIGN-IN-AUDIENCE",
    severity: "high",
    make: async () => {
      await graph.send("PATCH", application(), { signInAudience: "AzureADMultipleOrgs" });
      return () => graph.send("PATCH", application(), { signInAudience: "AzureADMyOrg" });
    },
  },
  {
    finding: "EXO-AUDIT-MANAGEMENT-POLICY",
    severity: "medium",
    make: () => addPolicy(application()),
  },
  {
    finding: "EXO-AUDIT-MANAGEMENT-POLICY",
    how: "on the service principal",
    severity: "medium",
    make: () => addPolicy(principal()),
  },
  {
    finding: "EXO-AUDIT-SCOPED-ROLE-ELIGIBILITY",
    severity: "high",
    make: () =>
      eligibleOver(intruderId, "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3", `/${component.applicationObjectId}`),
  },
  {
    finding: "EXO-AUDIT-REDIRECT-URI",
    severity: "medium",
    make: () =>
      patched({ web: { redirectUris: ["https://evil.example/cb"] } }, { web: { redirectUris: [] } }),
  },
  {
    finding: "EXO-AUDIT-IMPLICIT-GRANT",
    severity: "medium",
    make: () =>
      patched(
        { web: { implicitGrantSettings: { enableIdTokenIssuance: true } } },
        { web: { implicitGrantSettings: { enableIdTokenIssuance: false } } },
      ),
  },
  {
    finding: "EXO-AUDIT-PUBLIC-CLIENT",
    severity: "medium",
    make: () => patched({ isFallbackPublicClient: true }, { isFallbackPublicClient: false }),
  },
];

const microsoftGraph = "00000003-0000-0000-c000-000000000000";
const units = "/directory/administrativeUnits";

test("an untouched stack: nothing, in one round trip, with an identity that can only read", async () => {
  const result = await look();
  expect(result.sections).toEqual([
    expect.objectContaining({ name: "exchange", findings: [], accepted: [], unread: [] }),
  ]);
  const asked = sandbox.tenant.requests.filter(({ path }) => /^\/(v1\.0|beta)\//.test(path));
  expect(asked.map(({ method, path, clientId }) => `${method} ${path} ${clientId}`).toSorted()).toEqual([
    `POST /beta/$batch ${reader.clientId}`,
    `POST /v1.0/$batch ${reader.clientId}`,
    `POST /v1.0/$batch ${reader.clientId}`,
  ]);
  expect(sandbox.tenant.requests.map(({ method, status }) => `${method} ${status}`)).not.toContain(
    "POST 403",
  );
});

describe.each(changes.map((change) => ({ how: "", ...change })))(
  "$finding $how",
  ({ finding, severity, make }) => {
    test("is found alone, and after repair nothing is", async () => {
      const repair = await make();
      const [section] = (await look()).sections;
      expect(section?.unread).toEqual([]);
      expect(section?.findings.map((one) => [one.id, one.severity])).toEqual([[finding, severity]]);
      await repair();
      expect((await look()).sections[0]?.findings).toEqual([]);
    });
  },
);

test("every kind of finding is made in the tenant here, but for what no tenant takes", () => {
  const made = new Set(changes.map(({ finding }) => finding));
  const others = findingRules.map(({ id }) => id).filter((id) => !made.has(id));
  // Entra makes no service principal eligible; the last is made by time, in the test below.
  expect(others).toEqual(["EXO-AUDIT-ROLE-ELIGIBILITY", "EXO-AUDIT-CERTIFICATE-ENDS"]);
});

test("EXO-AUDIT-CERTIFICATE-ENDS is found alone once rotation is late, and not a second before", async () => {
  const { certificateNotBefore, certificateNotAfter } = component.generations[0];
  const [start, end] = [Date.parse(certificateNotBefore), Date.parse(certificateNotAfter)];
  const late = new Date(end - (end - start) / 6);
  expect((await look(new Date(late.getTime() - 1000))).sections[0]?.findings).toEqual([]);
  const [section] = (await look(late)).sections;
  expect(section?.findings.map(({ id, severity }) => [id, severity])).toEqual([
    ["EXO-AUDIT-CERTIFICATE-ENDS", "medium"],
  ]);
});

test("a group that carries no role, and one that nobody may read", async () => {
  const plain = await createGroup(withMember());
  expect((await look()).sections[0]).toMatchObject({ findings: [], unread: [] });

  const env = {
    ...stack.env,
    ...signInAs(await graph.reader(auditPermissions.filter((one) => one !== "GroupMember.Read.All"))),
  };
  const { exitCode, stdout } = await stack.run("exo-auth", ["audit", "--wait", "0s"], { env });
  expect({ exitCode, named: /lacks the application permission (\S+)/.exec(stdout)?.[1] }).toEqual({
    exitCode: 3,
    named: "GroupMember.Read.All",
  });
  await plain.remove();
});

test("more groups than a page has: the one that carries a role is found, alone, with one request more", async () => {
  const others = await Promise.all(Array.from({ length: 100 }, () => createGroup(withMember())));
  const carrying = await createGroup({ ...withMember(), isAssignableToRole: true });
  sandbox.tenant.clearRequests();
  const [section] = (await look()).sections;
  expect(section?.findings.map(({ id, subject }) => [id, subject])).toEqual([
    ["EXO-AUDIT-ROLE-GROUP", carrying.id],
  ]);
  const asked = sandbox.tenant.requests.filter(({ path }) => path.startsWith("/v1.0/"));
  expect(asked.map(({ method, path }) => `${method} ${path.split("?")[0]}`)).toEqual([
    "POST /v1.0/$batch",
    "POST /v1.0/$batch",
    `GET /v1.0${principal()}/transitiveMemberOf`,
  ]);
  await Promise.all([...others, carrying].map((group) => group.remove()));
});

test("the identity of these tests may write nothing", async () => {
  const change = await graph.send("PATCH", application(), { notes: "" }).then(() => true);
  expect(change).toBe(true);
  const [target] = targets;
  const removals = [
    target!.remove({ kind: "delete", path: `${principal()}/owners/${intruderId}/$ref` }),
    target!.remove({
      kind: "password",
      holder: { collection: "applications", id: component.applicationObjectId },
      keyId: "00000000-0000-4000-8000-000000000000",
    }),
    target!.remove({
      kind: "certificate",
      holder: { collection: "applications", id: component.applicationObjectId },
      keyId: component.generations[0].keyId,
    }),
  ];
  const outcomes = await Promise.allSettled(removals);
  expect(outcomes.map((one) => one.status === "rejected" && String(one.reason))).toEqual(
    removals.map(() => expect.stringContaining("answered 403 Authorization_RequestDenied")),
  );
});

test("the commands of docs/audit.md work", async () => {
  for (const { text } of commandsOf("docs/audit.md")) {
    const { exitCode, stderr } = await stack.run("sh", ["-c", `${text} --wait 0s`], {
      cwd: projectFolder(sandbox),
      env: asReader(),
    });
    // The identity of these tests signs in with a secret, which is what --identity finds.
    const wanted = text.includes("--identity") ? 7 : 0;
    expect({ text, exitCode, stderr }).toEqual({ text, exitCode: wanted, stderr: "" });
  }
});

test("a finding fails the command, until the page's own baseline accepts it", async () => {
  const repair = await addOwner(application());
  const cwd = projectFolder(sandbox);
  const found = await exoAuth(["audit", "--wait", "0s"], cwd);
  expect(found).toMatchObject({ exitCode: 7, stderr: "" });
  expect(found.stdout).toContain(`accept    EXO-AUDIT-APPLICATION-OWNER ${intruderId}\n`);
  expect(await exoAuth(["audit", "--wait", "0s", "--fail-on", "critical"], cwd)).toMatchObject({
    exitCode: 0,
  });

  const baseline = blocksOf("docs/audit.md").find(({ text }) => text.startsWith("accept:"));
  writeFileSync(join(cwd, ".exo-auth"), baseline?.text ?? "");
  const accepted = await exoAuth(["audit", "--wait", "0s"], cwd);
  expect(accepted).toMatchObject({ exitCode: 0 });
  expect(accepted.stdout).toContain("accepted until 2027-03-31: Owner of the application");
  rmSync(join(cwd, ".exo-auth"));
  await repair();
});

test("an identity that lacks rights is told which, and the exit code says so", async () => {
  const env = { ...stack.env, ...signInAs(await graph.reader(["Application.Read.All"])) };
  const { exitCode, stdout } = await stack.run("exo-auth", ["audit", "--wait", "0s"], { env });
  const named = [...stdout.matchAll(/lacks the application permission (\S+)/g)].map(([, name]) => name);
  expect(exitCode).toBe(3);
  expect(new Set(named)).toEqual(
    new Set([
      "DelegatedPermissionGrant.Read.All",
      "RoleManagement.Read.Directory",
      ...optionalAuditPermissions,
    ]),
  );
});

/** What `--fix` leaves: properties, and what Privileged Identity Management has. */
const byHand = new Set([
  "EXO-AUDIT-SIGN-IN-AUDIENCE",
  "EXO-AUDIT-SCOPED-ROLE-ELIGIBILITY",
  "EXO-AUDIT-REDIRECT-URI",
  "EXO-AUDIT-IMPLICIT-GRANT",
  "EXO-AUDIT-PUBLIC-CLIENT",
]);

test("a reader with the four rights of 0.1.0 gets its answer, and what was not read is named and counted", async () => {
  const env = { ...stack.env, ...signInAs(await graph.reader(auditPermissions)) };
  const { exitCode, stdout } = await stack.run("exo-auth", ["audit", "--wait", "0s"], { env });
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/✓ nothing found in 26 checks, 4 not read\n$/);
  const named = [...stdout.matchAll(/lacks the application permission (\S+)/g)].map(([, name]) => name);
  expect(new Set(named)).toEqual(new Set(optionalAuditPermissions));
});

test("`--fix --yes` removes everything that was added, one by one, and nothing else", async () => {
  const removable = changes.filter(({ finding }) => !byHand.has(finding));
  for (const { make } of removable) await make();
  const refused = await exoAuth(["audit", "--fix"]);
  expect(refused).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("add --yes") });

  const fixed = await stack.run("exo-auth", ["audit", "--json", "--wait", "0s", "--fix", "--yes"]);
  const document = v.parse(FixDocument, JSON.parse(fixed.stdout));
  const ids = removable.map(({ finding }) => finding);
  expect(document.removed.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
  expect(document.removed.flatMap(({ failure }) => failure ?? [])).toEqual([]);
  expect(document.sections[0]).toMatchObject({ findings: [], unread: [] });
  expect(fixed.exitCode).toBe(0);
  expect(await exoAuth(["drift"])).toMatchObject({ exitCode: 0 });
});

test("what a refresh took into the state is found all the same, against the program too", async () => {
  await addOwner(application());
  await graph.send("PATCH", application(), { signInAudience: "AzureADMultipleOrgs" });
  const refreshed = await stack.run("pulumi", ["refresh", "--yes", "--skip-preview", "--non-interactive"]);
  expect(refreshed.exitCode).toBe(0);
  for (const args of [[], ["--against-program"]]) {
    const found = await stack.run("exo-auth", ["audit", "--json", "--wait", "0s", ...args]);
    const { sections } = v.parse(SectionsDocument, JSON.parse(found.stdout));
    expect({ args, found: sections[0].findings.map(({ id }) => id), exitCode: found.exitCode }).toEqual({
      args,
      found: ["EXO-AUDIT-APPLICATION-OWNER", "EXO-AUDIT-SIGN-IN-AUDIENCE"],
      exitCode: 7,
    });
  }
  await up(stack);
  expect(await exoAuth(["audit", "--wait", "0s"])).toMatchObject({ exitCode: 0 });
});

const SectionsDocument = v.object({
  sections: v.tuple([v.object({ findings: v.array(v.object({ id: v.string() })) })]),
});

const FixDocument = v.object({
  removed: v.array(v.object({ id: v.string(), failure: v.optional(v.string()) })),
  sections: v.array(v.record(v.string(), v.unknown())),
});

function look(now = new Date()): ReturnType<typeof audit> {
  return audit({
    state: { project: "exchange-auth", stack: "contoso", updated: new Date().toISOString() },
    targets,
    baseline: [],
    fix: false,
    waitMs: 0,
    now: () => now,
    pause: () => Promise.reject(new Error("it waited")),
    progress: () => undefined,
  });
}

function exoAuth(args: readonly string[], cwd?: string): Promise<RunResult> {
  return stack.run("exo-auth", args, { env: asReader(), ...(cwd && { cwd }) });
}

function asReader(): NodeJS.ProcessEnv {
  return { ...stack.env, ...signInAs(reader) };
}

function signInAs({ clientId, clientSecret }: Reader): Record<string, string> {
  return { ARM_CLIENT_ID: clientId, ARM_CLIENT_SECRET: clientSecret };
}

async function create(path: string, body: unknown): Promise<() => Promise<unknown>> {
  const { id } = await graph.send("POST", path, body);
  return () => graph.send("DELETE", `${path}/${String(id)}`);
}

function assign(
  principalId: string,
  roleDefinitionId: string,
  directoryScopeId: string,
): ReturnType<typeof create> {
  return create("/roleManagement/directory/roleAssignments", {
    principalId,
    roleDefinitionId,
    directoryScopeId,
  });
}

/** As `sameBytes.sh`. */
async function addSameBytes(object: string): Promise<() => Promise<unknown>> {
  const { keyCredentials } = await graph.send("GET", object);
  const key = component.generations[0].certificateDerBase64;
  const again = { type: "AsymmetricX509Cert", usage: "Verify", displayName: "again", key };
  await graph.send("PATCH", object, { keyCredentials: [...(keyCredentials as unknown[]), again] });
  return () => graph.send("PATCH", object, { keyCredentials });
}

async function patched(change: object, back: object): Promise<() => Promise<unknown>> {
  await graph.send("PATCH", application(), change);
  return () => graph.send("PATCH", application(), back);
}

/** Makes somebody eligible for a role over an object, as `eligible.sh` does. */
async function eligibleOver(
  principalId: string,
  roleDefinitionId: string,
  directoryScopeId: string,
): Promise<() => Promise<unknown>> {
  const path = "/roleManagement/directory/roleEligibilityScheduleRequests";
  const request = { principalId, roleDefinitionId, directoryScopeId, justification: "x" };
  const scheduleInfo = { expiration: { type: "noExpiration" } };
  await graph.send("POST", path, { ...request, action: "adminAssign", scheduleInfo });
  return () => graph.send("POST", path, { ...request, action: "adminRemove" });
}

async function addPolicy(object: string): Promise<() => Promise<unknown>> {
  const { id } = await graph.send("POST", "/policies/appManagementPolicies", {
    displayName: "Anything goes",
    isEnabled: true,
    restrictions: {},
  });
  await graph.send("POST", `${object}/appManagementPolicies/$ref`, {
    "@odata.id": `https://graph.microsoft.com/v1.0/policies/appManagementPolicies/${String(id)}`,
  });
  return () => graph.send("DELETE", `${object}/appManagementPolicies/${String(id)}/$ref`);
}

interface Group {
  readonly id: string;
  readonly remove: () => Promise<unknown>;
}

async function createGroup(properties: object): Promise<Group> {
  const created = await graph.send("POST", "/groups", {
    displayName: "A group",
    mailEnabled: false,
    mailNickname: "group",
    securityEnabled: true,
    ...properties,
  });
  const id = String(created["id"]);
  return { id, remove: () => graph.send("DELETE", `/groups/${id}`) };
}

function withMember(): object {
  const { servicePrincipalObjectId } = component;
  return {
    "members@odata.bind": [`https://graph.microsoft.com/v1.0/servicePrincipals/${servicePrincipalObjectId}`],
  };
}

function makeEligible(principalId: string): Promise<unknown> {
  return graph.send("POST", "/roleManagement/directory/roleEligibilityScheduleRequests", {
    action: "adminAssign",
    principalId,
    roleDefinitionId: "62e90394-69f5-4237-9190-012177145e10",
    directoryScopeId: "/",
    justification: "persistence",
    scheduleInfo: { expiration: { type: "noExpiration" } },
  });
}

async function addOwner(object: string): Promise<() => Promise<unknown>> {
  await graph.send("POST", `${object}/owners/$ref`, {
    "@odata.id": `https://graph.microsoft.com/v1.0/directoryObjects/${intruderId}`,
  });
  return () => graph.send("DELETE", `${object}/owners/${intruderId}/$ref`);
}

async function addPassword(object: string): Promise<() => Promise<unknown>> {
  const { keyId } = await graph.send("POST", `${object}/addPassword`, { passwordCredential: {} });
  return () => graph.send("POST", `${object}/removePassword`, { keyId });
}

/** Adds a certificate under the declared one's own thumbprint and name, as whoever wants to hide would. */
async function addCertificate(object: string): Promise<() => Promise<unknown>> {
  const { keyCredentials } = await graph.send("GET", object);
  const { certificatePem } = await makeCertificate();
  const added = {
    type: "AsymmetricX509Cert",
    usage: "Verify",
    displayName: "CN=Exchange Online automation",
    customKeyIdentifier: component.thumbprint,
    key: new X509Certificate(certificatePem).raw.toString("base64"),
  };
  await graph.send("PATCH", object, { keyCredentials: [...(keyCredentials as unknown[]), added] });
  return () => graph.send("PATCH", object, { keyCredentials });
}
