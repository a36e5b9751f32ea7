import { readFileSync } from "node:fs";
import { join } from "node:path";

import { onTestFinished, expect, test } from "vitest";
import * as v from "valibot";

import { childTypes, componentType } from "../../../common/typeTokens.ts";
import type { Sandbox } from "../../../sandbox/createSandbox.ts";
import { killAfter } from "../../../sandbox/faultTable/killAfter.ts";
import type { StackWorkspace } from "../../../sandbox/workspace/workspace.ts";
import { deployedSandbox } from "../savedStacks.ts";
import { callGraph, configure, sandboxForTest, stateOf, up } from "../support.ts";
import { intruderId, openSeed } from "../tenantGraph.ts";

// What `audit` says of a state that no finished update has written: what it knows, what it does not, and never that
// nothing is declared. Each test begins with a saved stack, and ends with an update after which nothing is found.

const second = { "certificate.generations[0].name": "1", "certificate.generations[1].name": "two" };
const permission = {
  "apiPermissions[0].resource": "MicrosoftGraph",
  "apiPermissions[0].permission": "User.Read.All",
};
const globalReader = { "roles[0]": "Global Reader" };
const anOwner = { "owners[0]": intruderId };
const update = ["up", "--skip-preview", "--yes"];
const credentialWrite = { method: "PATCH", path: /\/applications\/[^/]+$/ };

const unfinished =
  'exo-auth audit: Component "exchange" is not finished: the state lacks appId, tenantDomain, tenantId, applicationObjectId, servicePrincipalObjectId, connectExchangeOnline. Run `pulumi up`.\n';
/** Undeclared, and in the tenant because no update has taken it away yet. */
const oldRole = "Directory role: Exchange Administrator over the whole tenant";
const missingPermissions = [
  "EXO-AUDIT-PERMISSION-MISSING client 00000003-0000-0000-c000-000000000000 User.Read.All",
  // Global Reader opens Security & Compliance.
  "EXO-AUDIT-PERMISSION-MISSING client 00000007-0000-0ff1-ce00-000000000000 Exchange.ManageAsApp",
];

/** Whether the state has the component's outputs. The engine writes them down when the program gives them. */
function hasRecord({ name, env }: StackWorkspace): boolean {
  const backend = env["PULUMI_BACKEND_URL"]?.replace("file://", "") ?? "";
  const file = join(backend, ".pulumi", "stacks", "exchange-auth", `${name}.json`);
  try {
    const { resources } = v.parse(Checkpoint, JSON.parse(readFileSync(file, "utf8"))).checkpoint.latest;
    return resources.some(({ type, outputs = {} }) => type === componentType && "appId" in outputs);
  } catch {
    // The engine is writing the file.
    return false;
  }
}

const Checkpoint = v.object({
  checkpoint: v.object({
    latest: v.object({
      resources: v.array(
        v.object({ type: v.string(), outputs: v.optional(v.record(v.string(), v.unknown())) }),
      ),
    }),
  }),
});

test("a failed update: what it did not make is missing, and what it did not take away waits", async () => {
  const { sandbox, stack } = await deployed();
  await configure(stack, { ...permission, ...globalReader });
  refuse(sandbox, { method: "POST", path: /\/appRoleAssignedTo$/ });
  expect((await up(stack)).exitCode).not.toBe(0);
  sandbox.tenant.faults.clear();

  expect(await audit(stack)).toEqual({ exitCode: 7, findings: missingPermissions, waiting: [oldRole] });
  await expectNothingAfterUpdate(stack);
});

test("a failed update of the application: nothing is known, which is said", async () => {
  const { sandbox, stack } = await deployed();
  await configure(stack, anOwner);
  refuse(sandbox, credentialWrite);
  expect((await up(stack)).exitCode).not.toBe(0);
  sandbox.tenant.faults.clear();

  expect(await stack.run("exo-auth", ["audit"])).toMatchObject({ exitCode: 4, stderr: unfinished });
  // The failed update has written the owner into the state, so no update adds it before a refresh.
  expect(await up(stack)).toMatchObject({ exitCode: 0 });
  expect(await audit(stack)).toEqual({
    exitCode: 7,
    findings: [`EXO-AUDIT-APPLICATION-OWNER-MISSING ${intruderId}`],
    waiting: [],
  });
  await expectNothingAfterUpdate(stack, "--refresh");
});

test("an update killed at the credential: it is the stack's own, and --fix leaves it alone", async () => {
  const { sandbox, stack } = await deployed();
  await configure(stack, second);
  const moment = { isReady: () => hasRecord(stack) };
  expect(await killAfter(stack, update, sandbox.tenant, credentialWrite, moment)).toBe(true);
  await stack.run("pulumi", ["cancel", "--yes"]);

  const waiting = [expect.stringMatching(/^Certificate on the application: SHA-256 [0-9A-F]{64}, .*keyId/)];
  expect(await audit(stack)).toEqual({ exitCode: 0, findings: [], waiting });
  const before = await keyIds(sandbox, stack);
  expect(before).toHaveLength(2);
  expect(await audit(stack, "--fix", "--yes")).toEqual({ exitCode: 0, findings: [], waiting });
  expect(await keyIds(sandbox, stack)).toEqual(before);

  expect((await stack.run("exo-auth", ["repair", "--yes"])).exitCode).toBe(0);
  await expectNothingAfterUpdate(stack);
  expect(await keyIds(sandbox, stack)).toEqual(before);
});

test("an update killed at the role: the new one is declared, and the old one waits", async () => {
  const { sandbox, stack } = await deployed();
  await configure(stack, globalReader);
  const roleWrite = { method: "POST", path: /\/roleAssignments$/ };
  const moment = { isReady: () => hasRecord(stack) };
  expect(await killAfter(stack, update, sandbox.tenant, roleWrite, moment)).toBe(true);
  await stack.run("pulumi", ["cancel", "--yes"]);

  const { findings, waiting } = await audit(stack);
  // Whether the consent was made before the kill, the engine decides.
  expect(findings.filter((one) => one !== missingPermissions[1])).toEqual([]);
  expect(waiting).toEqual([oldRole]);
  expect((await stack.run("exo-auth", ["repair", "--yes"])).exitCode).toBe(0);
  await expectNothingAfterUpdate(stack);
});

test("up --target: the record stays as it was, and the program knows more", async () => {
  const { stack } = await deployed();
  await configure(stack, { ...anOwner, ...second });
  expect(await up(stack, "--target", await urnOf(stack, childTypes.application))).toMatchObject({
    exitCode: 0,
    changes: ["update azuread:Application exchange"],
  });

  expect(await audit(stack)).toEqual({
    exitCode: 7,
    findings: [`EXO-AUDIT-APPLICATION-OWNER ${intruderId}`],
    waiting: [],
  });
  expect(await audit(stack, "--against-program")).toEqual({ exitCode: 0, findings: [], waiting: [] });
  await expectNothingAfterUpdate(stack);
});

test("up --target that leaves out the new current certificate: its values are not known, which is said", async () => {
  const { stack } = await deployed();
  await configure(stack, {
    "certificate.generations[0].name": "two",
    "certificate.generations[1].name": "1",
  });
  await up(stack, "--target", await urnOf(stack, childTypes.application));

  const { exitCode, stderr } = await stack.run("exo-auth", ["audit"]);
  expect({ exitCode, stderr }).toEqual({
    exitCode: 4,
    stderr: expect.stringMatching(/^exo-auth audit: Component "exchange" is not finished: the state lacks /),
  });
  await expectNothingAfterUpdate(stack);
});

test("an import into a state whose first update was killed brings no record", async () => {
  const sandbox = await sandboxForTest({ tenant: { seeds: [openSeed] } });
  const stack = await sandbox.stack("contoso");
  // azuread names the application with its second request; nothing after it has begun.
  expect(await killAfter(stack, update, sandbox.tenant, credentialWrite)).toBe(true);
  await stack.run("pulumi", ["cancel", "--yes"]);

  const stderr = expect.stringMatching(
    /^exo-auth audit: Component "exchange" is not finished: the state lacks .+\. Run `pulumi up`\.\n$/,
  );
  expect(await stack.run("exo-auth", ["audit"])).toMatchObject({ exitCode: 4, stdout: "", stderr });
  const repaired = await stack.run("exo-auth", ["repair", "--yes"]);
  expect(repaired).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining("✓ imported: exchange: application"),
  });
  expect(await stack.run("exo-auth", ["audit"])).toMatchObject({ exitCode: 4, stdout: "", stderr });
  await expectNothingAfterUpdate(stack);
});

test("up --refresh: what it took into the state is found where it failed, and gone where it did not", async () => {
  const { sandbox, stack } = await deployed();
  await openTo(sandbox, stack, intruderId);
  refuse(sandbox, credentialWrite);
  expect((await up(stack, "--refresh")).exitCode).not.toBe(0);
  sandbox.tenant.faults.clear();

  expect(await audit(stack)).toEqual({
    exitCode: 7,
    findings: [`EXO-AUDIT-APPLICATION-OWNER ${intruderId}`, "EXO-AUDIT-SIGN-IN-AUDIENCE AzureADMultipleOrgs"],
    waiting: [],
  });
  await expectNothingAfterUpdate(stack, "--refresh");
});

test("refresh --run-program: what the settings ask for is missing, and no owner is declared", async () => {
  const { sandbox, stack } = await deployed();
  await openTo(sandbox, stack, intruderId);
  await configure(stack, { ...globalReader, ...second, ...permission });
  const refresh = ["refresh", "--run-program", "--yes", "--skip-preview", "--non-interactive"];
  expect((await stack.run("pulumi", refresh)).exitCode).toBe(0);

  const { findings, ...rest } = await audit(stack);
  // The second generation has no values yet, so nobody misses its certificate.
  expect(findings).toEqual([
    `EXO-AUDIT-APPLICATION-OWNER ${intruderId}`,
    ...missingPermissions,
    expect.stringMatching(/^EXO-AUDIT-ROLE-MISSING \S+ f2ef992c-3afb-46b9-b7cf-a126ee74c451 \/$/),
    "EXO-AUDIT-SIGN-IN-AUDIENCE AzureADMultipleOrgs",
  ]);
  expect(rest).toEqual({ exitCode: 7, waiting: [oldRole] });
  const exported = await stack.run("exo-auth", ["export", "--generation", "two", "--stdout", "certificate"]);
  expect(exported).toMatchObject({ exitCode: 2, stdout: "" });
  await expectNothingAfterUpdate(stack);
});

test("what a refresh took out of the state is missed: an owner, and a user's role", async () => {
  const { sandbox, stack } = await deployed();
  const user = { userPrincipalName: "intruder@contoso.com", role: "Global Reader" };
  await configure(stack, {
    ...anOwner,
    "userRoleAssignments[0].userPrincipalName": user.userPrincipalName,
    "userRoleAssignments[0].role": user.role,
  });
  await expectNothingAfterUpdate(stack);
  const { id = "" } = (await stateOf(stack)).find(({ urn }) => urn.includes("::exchange-intruder"))!;
  await callGraph(sandbox.tenant, "DELETE", id);
  const { applicationObjectId } = await component(stack);
  await callGraph(sandbox.tenant, "DELETE", `/applications/${applicationObjectId}/owners/${intruderId}/$ref`);

  for (const refresh of [false, true]) {
    if (refresh) await stack.run("pulumi", ["refresh", "--yes", "--skip-preview", "--non-interactive"]);
    // oxlint-disable-next-line no-await-in-loop -- before, and after.
    expect(await audit(stack)).toEqual({
      exitCode: 7,
      findings: [
        `EXO-AUDIT-APPLICATION-OWNER-MISSING ${intruderId}`,
        `EXO-AUDIT-USER-ROLE-MISSING ${user.userPrincipalName} f2ef992c-3afb-46b9-b7cf-a126ee74c451`,
      ],
      waiting: [],
    });
  }
  await expectNothingAfterUpdate(stack, "--refresh");
});

async function deployed(): Promise<{ readonly sandbox: Sandbox; readonly stack: StackWorkspace }> {
  const made = await deployedSandbox("open");
  onTestFinished(() => made.sandbox.close());
  return made;
}

function refuse({ tenant }: Sandbox, matcher: Parameters<typeof tenant.faults.add>[0]): void {
  const refusal = { status: 403, code: "Authorization_RequestDenied" };
  tenant.faults.add(matcher, { kind: "refuse", refusal });
}

/** Lets a user own the application, and accounts of other tenants sign in to it. */
async function openTo({ tenant }: Sandbox, stack: StackWorkspace, userId: string): Promise<void> {
  const { applicationObjectId } = await component(stack);
  const path = `/applications/${applicationObjectId}`;
  const owner = { "@odata.id": `https://graph.microsoft.com/v1.0/directoryObjects/${userId}` };
  await callGraph(tenant, "POST", `${path}/owners/$ref`, owner);
  await callGraph(tenant, "PATCH", path, { signInAudience: "AzureADMultipleOrgs" });
}

async function component(stack: StackWorkspace): Promise<{ readonly applicationObjectId: string }> {
  const application = (await stateOf(stack)).find(({ type }) => type === childTypes.application);
  return { applicationObjectId: String(application?.outputs["objectId"]) };
}

async function keyIds({ tenant }: Sandbox, stack: StackWorkspace): Promise<readonly string[]> {
  const { applicationObjectId } = await component(stack);
  const found = await callGraph(tenant, "GET", `/applications/${applicationObjectId}?$select=keyCredentials`);
  return v.parse(v.array(v.object({ keyId: v.string() })), found["keyCredentials"]).map(({ keyId }) => keyId);
}

async function urnOf(stack: StackWorkspace, type: string): Promise<string> {
  return (await stateOf(stack)).find((resource) => resource.type === type)!.urn;
}

const Section = v.object({
  findings: v.array(v.object({ id: v.string(), subject: v.string() })),
  notes: v.array(v.string()),
});
const ownText = ". It belongs to the stack, but the last update did not finish it. ";

/** What is found, and what is the stack's own although its program does not declare it. */
async function audit(stack: StackWorkspace, ...args: readonly string[]) {
  const { exitCode, stdout } = await stack.run("exo-auth", ["audit", "--json", "--wait", "0s", ...args]);
  if (![0, 7].includes(exitCode)) throw new Error(stdout);
  const { sections } = v.parse(v.object({ sections: v.tuple([Section]) }), JSON.parse(stdout));
  const [{ findings, notes }] = sections;
  return {
    exitCode,
    findings: findings.map(({ id, subject }) => `${id} ${subject}`).toSorted(),
    waiting: notes.filter((note) => note.includes(ownText)).map((note) => note.split(ownText)[0]),
  };
}

async function expectNothingAfterUpdate(stack: StackWorkspace, ...args: readonly string[]): Promise<void> {
  expect(await up(stack, ...args)).toMatchObject({ exitCode: 0 });
  expect(await audit(stack)).toEqual({ exitCode: 0, findings: [], waiting: [] });
}
