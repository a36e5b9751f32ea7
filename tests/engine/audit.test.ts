import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import * as v from "valibot";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { audit, type AuditTarget } from "../../operations/audit/audit.ts";
import { auditPermissions, optionalAuditPermissions, findingRules } from "../../operations/audit/rules.ts";
import { auditSubjects, auditTargets } from "../../operations/audit/targets.ts";
import { type CertifiedComponent, requireCertificate } from "../../stack/certifiedComponent.ts";
import { stackStateOf } from "../../stack/components.ts";
import { selectComponent } from "../../stack/selectComponents.ts";
import { parseExport } from "../../stack/exportedState.ts";
import type { Sandbox } from "../../sandbox/createSandbox.ts";
import type { RunResult } from "../../sandbox/workspace/runCommand.ts";
import type { StackWorkspace } from "../../sandbox/workspace/workspace.ts";
import { blocksOf, commandsOf } from "../docs/pages.ts";
import { auditChanges } from "./auditChanges.ts";
import { deployedSandbox } from "./savedStacks.ts";
import { up } from "./support.ts";
import { intruderId, projectFolder, type Reader, type TenantGraph, tenantGraph } from "./tenantGraph.ts";

// One saved stack; each test puts its change right again.
let sandbox: Sandbox;
let stack: StackWorkspace;
let graph: TenantGraph;
let reader: Reader;
let component: CertifiedComponent;
let targets: readonly AuditTarget[];
let exchange: string;

beforeAll(async () => {
  ({ sandbox, stack } = await deployedSandbox("open"));
  graph = tenantGraph(sandbox.tenant);
  // Domain.Read.All is for previews alone.
  reader = await graph.reader([...auditPermissions, ...optionalAuditPermissions, "Domain.Read.All"]);
  const { stdout } = await stack.run("pulumi", ["stack", "export", "--show-secrets"]);
  const exported = parseExport(JSON.parse(stdout));
  component = requireCertificate(selectComponent(stackStateOf(exported), undefined));
  const opened = await auditTargets(auditSubjects(exported, [component]), {
    env: asReader(),
    signal: new AbortController().signal,
    readAnew: async (read) => read(exported),
  });
  // Roles of Exchange itself have tests of their own; this reader may not read them.
  for (const target of opened) Reflect.deleteProperty(target, "exchangeRoles");
  targets = opened;
  exchange = await graph.principalOf("00000002-0000-0ff1-ce00-000000000000");
});

beforeEach(() => sandbox.tenant.clearRequests());

afterAll(() => sandbox.close());

const { changes, application, principal, addOwner, createGroup, withMember } = auditChanges({
  get graph() {
    return graph;
  },
  get component() {
    return component;
  },
  get exchange() {
    return exchange;
  },
});

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

describe.each(changes.map((change) => ({ how: "", also: undefined, ...change })))(
  "$finding $how",
  ({ finding, also, severity, make }) => {
    test("is found alone, and after repair nothing is", async () => {
      const repair = await make();
      const [section] = (await look()).sections;
      expect(section?.unread).toEqual([]);
      const ids = also === undefined ? [finding] : [also, finding];
      expect(section?.findings.map((one) => [one.id, one.severity])).toEqual(ids.map((id) => [id, severity]));
      await repair();
      expect((await look()).sections[0]?.findings).toEqual([]);
    });
  },
);

test("every kind of finding is made in the tenant here, but for what no tenant takes", () => {
  const made = new Set(changes.map(({ finding }) => finding));
  const others = findingRules.map(({ id }) => id).filter((id) => !made.has(id));
  // What is undeclared is found as that, too; the program declares no owner, federated credential or user's role; Entra
  // makes no service principal eligible; schedules are in the unit tests, and custom roles, which the sandbox's tenant does
  // not have; the end is made by time, below.
  expect(others).toEqual([
    "EXO-AUDIT-CERTIFICATE-WEAK",
    "EXO-AUDIT-CERTIFICATE-LONG",
    "EXO-AUDIT-CERTIFICATE-EXPIRED",
    "EXO-AUDIT-FEDERATED-CREDENTIAL-MISSING",
    "EXO-AUDIT-APPLICATION-OWNER-MISSING",
    "EXO-AUDIT-SERVICE-PRINCIPAL-OWNER-MISSING",
    "EXO-AUDIT-ROLE-ELIGIBILITY",
    "EXO-AUDIT-CUSTOM-ROLE",
    "EXO-AUDIT-ROLE-SCHEDULE",
    "EXO-AUDIT-GROUP-ELIGIBILITY",
    "EXO-AUDIT-GROUP-SCHEDULE",
    "EXO-AUDIT-CERTIFICATE-ENDS",
    "EXO-AUDIT-USER-ROLE-MISSING",
  ]);
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

test("more groups than a page has: the one that can carry a role is found, alone, with one request more for it", async () => {
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
    "GET /v1.0/roleManagement/directory/roleAssignments",
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

test("the commands of docs/audit.md and the pages beside it work", async () => {
  const pages = ["docs/audit.md", "docs/auditIdentities.md", "docs/auditTenantWide.md"];
  for (const { text } of pages.flatMap((page) => commandsOf(page))) {
    const { exitCode, stderr } = await stack.run("sh", ["-c", `${text} --wait 0s`], {
      // The program is where its packages are.
      ...(text.includes("--against-program") ? {} : { cwd: projectFolder(sandbox) }),
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
  "EXO-AUDIT-CREDENTIAL-OUTLASTS-POLICY",
  "EXO-AUDIT-REDIRECT-URI",
  "EXO-AUDIT-IMPLICIT-GRANT",
  "EXO-AUDIT-PUBLIC-CLIENT",
  "EXO-AUDIT-AUTHENTICATION-BEHAVIOR",
  "EXO-AUDIT-MANAGER-APPLICATION",
  "EXO-AUDIT-CERTIFICATE-MISSING",
  "EXO-AUDIT-PERMISSION-MISSING",
  "EXO-AUDIT-ROLE-MISSING",
  "EXO-AUDIT-PRE-AUTHORIZED",
  "EXO-AUDIT-SCOPED-ROLE-MEMBER",
  "EXO-AUDIT-SECURITY-ATTRIBUTE",
  "EXO-AUDIT-TOKEN-LIFETIME",
  "EXO-AUDIT-SIGN-IN-POLICY",
  "EXO-AUDIT-OWNED-OBJECT",
]);

test("a reader with the four rights of 0.1.0 gets its answer, and what was not read is named and counted", async () => {
  const env = { ...stack.env, ...signInAs(await graph.reader(auditPermissions)) };
  const { exitCode, stdout } = await stack.run("exo-auth", ["audit", "--wait", "0s"], { env });
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/✓ nothing found in 38 checks, 8 not read\n$/);
  const named = [...stdout.matchAll(/lacks the application permission (\S+)/g)].map(([, name]) => name);
  expect(new Set(named)).toEqual(new Set(optionalAuditPermissions));
});

test("`--fix --yes` removes everything that was added, one by one, and nothing else", async () => {
  // What came back by hand above has other ids than the state: gone again, an update makes it anew.
  const grants = new Set(["EXO-AUDIT-PERMISSION-MISSING", "EXO-AUDIT-ROLE-MISSING"]);
  for (const { finding, make } of changes) if (grants.has(finding)) await make();
  expect(await up(stack, "--refresh")).toMatchObject({ exitCode: 0 });
  const removable = changes.filter(({ finding }) => !byHand.has(finding));
  for (const { make } of removable) await make();
  const refused = await exoAuth(["audit", "--fix"]);
  expect(refused).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("add --yes") });

  const fixed = await stack.run("exo-auth", ["audit", "--json", "--wait", "0s", "--fix", "--yes"]);
  const document = v.parse(FixDocument, JSON.parse(fixed.stdout));
  const ids = removable.map(({ finding }) => finding);
  expect(document.removed.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
  expect(document.removed.flatMap(({ failure }) => failure ?? [])).toEqual([]);
  const [section] = document.sections;
  expect(section?.findings).toEqual([]);
  // The deploying identity has no right in Exchange, and none of Privileged Identity Management for groups, and needs none.
  expect(section?.unread).toEqual([
    { check: "Eligibility for a group", optional: true },
    { check: "Place in a group that starts later", optional: true },
    { check: "Roles of Exchange Online itself", optional: true },
    { check: "Roles of Security & Compliance itself", optional: true },
  ]);
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
  sections: v.array(
    v.object({
      findings: v.array(v.unknown()),
      unread: v.array(v.object({ check: v.string(), optional: v.optional(v.boolean()) })),
    }),
  ),
});

function look(now = new Date()): ReturnType<typeof audit> {
  return audit({
    state: { project: "exchange-auth", stack: "contoso", updated: now.toISOString() },
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
