import { deployerPermissions } from "../../../microsoft/identityPermissions.ts";
import { makeCliFolder } from "../cliProcess.ts";
import { X509Certificate } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import * as v from "valibot";

import { createRemover } from "../../../graph/removal.ts";
import type { Removal } from "../../../graph/removal.ts";
import type { RepairOptions, RepairResult } from "../../../operations/repair/repair.ts";
import { repair } from "../../../operations/repair/repair.ts";
import { visibleValues } from "../../../common/foreignText.ts";
import { childTypes } from "../../../common/typeTokens.ts";
import type { ImportFile } from "../../../stack/importFile.ts";
import type { StackResource } from "../../../stack/resource.ts";
import { repairView } from "../../../cli/views/repairView.ts";
import { readClaims } from "../../../graph/accessToken.ts";
import { run as runCommandLine } from "../../../cli/run.ts";
import { defaultSeed, type TenantSeed } from "../../../sandbox/tenant/index.ts";
import { createGraphClient } from "../../../graph/graphClient.ts";
import { createCredential } from "../../../graph/signIn.ts";
import { assignRole, grant, startTestTenant, type TestTenant } from "../../graph/testTenant.ts";
import { makeCertificate } from "../../graph/testCertificate.ts";
import { known, planned } from "../../operations/repair/stack.ts";
import { sealed } from "../../stack/exportedState.ts";

const own = "exchange-auth p/s/exchange";
const marker = "00000000-0000-4000-8000-00000000000a";
const description = `${own} ${marker}`;
const displayName = "Exchange jobs";
const component = planned("exchange-auth:index:ExchangeAppOnlyAuth", "exchange");
const below = (type: string, name: string, inputs: Readonly<Record<string, unknown>> = {}) =>
  planned(type, name, inputs, component.urn);
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const application = below(childTypes.application, "exchange", { displayName, description: unknown });
/** The state after an update that was killed right after its first request. */
const marked = [
  component,
  known(childTypes.randomUuid, "exchange-marker", { result: marker }, component.urn),
];
const plan = [component, application];

let tenant: TestTenant;

beforeEach(async () => {
  tenant = await startTestTenant();
});

afterEach(() => tenant.server.close());

/** Runs `repair`, and notes in which order it changes what. */
async function run(
  state: readonly StackResource[],
  planning: readonly StackResource[],
  apply = false,
  choice?: RepairOptions["choice"],
): Promise<RepairResult & { readonly done: readonly unknown[] }> {
  const credential = createCredential(tenant.deployer, tenant.endpoints);
  const { token } = await credential.getToken(tenant.endpoints.graph.scope);
  const { appid: clientId, oid: objectId } = readClaims(token);
  const remove = createRemover(credential, tenant.endpoints.graph, {});
  const done: unknown[] = [];
  const result = await repair({
    known: state,
    planned: planning,
    component: undefined,
    graph: createGraphClient(credential, tenant.endpoints.graph),
    deployer: { clientId, objectId },
    ...(choice && { choice }),
    ...(apply && {
      apply: {
        importInto: async (file: ImportFile) => void done.push(file.resources),
        knownNow: async () => state,
        remove: async (removal: Removal) => {
          done.push(removal);
          await remove(removal);
        },
      },
    }),
  });
  return { ...result, done };
}

/** An application as azuread's create begins it. */
async function create(
  body: Readonly<Record<string, unknown>> = {},
): Promise<{ id: string; appId: string; path: string }> {
  const all = { displayName, description, signInAudience: "AzureADMyOrg", ...body };
  const made = await tenant.write("POST", "/applications", all);
  const { id, appId } = v.parse(v.object({ id: v.string(), appId: v.string() }), made);
  return { id, appId, path: `/applications/${id}` };
}

/** What became of each leftover, and why it is not proven. */
function verdicts({ leftovers }: RepairResult): readonly unknown[] {
  return leftovers.map(({ id, action, reasons }) => [id, action, ...(reasons ?? [])]);
}

test.each<readonly [string, unknown]>([
  ["a plan hides it", "[secret]"],
  ["the state has it sealed", sealed],
])("a name that is a secret is not one that nothing has: %s", async (_, hidden) => {
  const secretly = below(childTypes.application, "exchange", { displayName: hidden, description: unknown });
  await expect(run(marked, [component, secretly])).rejects.toMatchObject({
    code: "EXO_AUTH_USAGE",
    message:
      '`displayName` of component "exchange" is a secret, and Microsoft Graph finds an application by its name alone. Make it public, and run `exo-auth repair` again.',
  });
});

test("says first that there is nothing to repair", async () => {
  await create({ description: "exchange-auth p/another/exchange" });
  const result = await run([], plan);
  expect(result).toEqual({ repaired: false, leftovers: [], usedMarkers: [], done: [] });
  expect(repairView(result)).toBe("There is nothing to repair.\n");
});

test("asks which of several components is meant before it changes anything", async () => {
  await create();
  const other = planned("exchange-auth:index:ExchangeAppOnlyAuth", "other");
  expect((await run(marked, [...plan, other])).leftovers).toHaveLength(1);
  await expect(run(marked, [...plan, other], true)).rejects.toMatchObject({
    code: "EXO_AUTH_NO_COMPONENT",
    message: 'The stack has several components: "exchange", "other". Choose one with --component.',
  });
});

test("imports an application with all that is on its service principal", async () => {
  const { id, appId } = await create({ displayName: "TERRAFORM_UPDATE_1" });
  const principal = await tenant.write("POST", "/servicePrincipals", { appId });
  const principalId = v.parse(v.string(), principal["id"]);
  const consentPath = await grant(tenant, principalId);
  const rolePath = await assignRole(tenant, principalId, "Exchange Administrator");
  const [, , resourceObjectId] = consentPath.split("/");
  const wanted = [
    component,
    application,
    below(childTypes.servicePrincipal, "exchange", { clientId: unknown }),
    below(childTypes.appRoleAssignment, "exchange-manage-as-app", {
      appRoleId: "dc50a0fb-09a3-484d-be87-e023b12c6440",
      resourceObjectId,
      principalObjectId: unknown,
    }),
    below(childTypes.directoryRoleAssignment, "exchange-administrator", {
      roleId: "29232cdf-9323-42fd-ade2-1d097af3e4de",
      principalObjectId: unknown,
    }),
  ];

  const shown = await run(marked, wanted);
  const result = await run(marked, wanted, true);

  const ids = [`/applications/${id}`, `/servicePrincipals/${principalId}`, consentPath, rolePath];
  expect(shown).toMatchObject({ repaired: false, done: [] });
  expect(shown.leftovers.map(({ kind, action, urn }) => [kind, action, urn])).toEqual([
    ["application", "import", wanted[1]?.urn],
    ["servicePrincipal", "import", wanted[2]?.urn],
    ["consent", "import", wanted[3]?.urn],
    ["roleAssignment", "import", wanted[4]?.urn],
  ]);
  expect(result).toEqual({
    repaired: true,
    leftovers: shown.leftovers,
    usedMarkers: [],
    done: [ids.map((one) => expect.objectContaining({ id: one }))],
  });
  expect(repairView(shown).split("\n").at(0)).toBe(
    "The tenant has objects that this stack created and its state does not know:",
  );
  expect(repairView(shown)).toContain("to be imported: exchange: consent exchange-manage-as-app\n");
  expect(repairView(shown)).toContain(
    "Nothing was changed. To do this, run the same command with --yes, and then `pulumi up`.",
  );
  expect(repairView(result)).toMatch(/^Repaired\.\n[^]*imported: exchange: role assignment/);
});

const unmarked =
  "its description has no marker: release 0.1.0 created it, or somebody who may register applications wrote that";
const otherwise =
  "its description has another marker than the state: another stack of this name created it, or somebody who may register applications wrote that";
const open = "accounts of AzureADMultipleOrgs may sign in";

describe("does not import", () => {
  test("what has our name and description alone, as anybody can write them", async () => {
    const [none, other] = [await create({ description: own }), await create({ description: `${own} x` })];
    expect(verdicts(await run(marked, plan, true))).toEqual([
      [none.path, "keep", unmarked],
      [other.path, "keep", otherwise],
    ]);
  });

  test("what carries a marker, where the state has none: another stack of the name may have made it", async () => {
    const { path } = await create();
    expect(verdicts(await run([], plan, true))).toEqual([[path, "keep", otherwise]]);
  });

  test("one of two that carry the marker", async () => {
    const [one, two] = [await create(), await create()];
    const result = await run(marked, plan, true);
    expect(verdicts(result)).toEqual([
      [one.path, "keep", `application ${two.id} carries the same marker`],
      [two.path, "keep", `application ${one.id} carries the same marker`],
    ]);
    expect(result.done).toEqual([]);
  });

  test("what carries a marker that an application was known with", async () => {
    const { path } = await create();
    const inputs = { keepers: { marker, clientId: "c" } };
    const used = { ...known(childTypes.randomUuid, "exchange-marker-used", {}, component.urn), inputs };
    const command = `pulumi up --replace '${marked[1]?.urn ?? ""}'`;

    const result = await run([...marked, used], plan, true);

    expect(verdicts(result)).toEqual([
      [
        path,
        "keep",
        `its marker is public, because an application was known with it before. \`${command}\` creates another marker and another application`,
      ],
    ]);
    expect(result.usedMarkers).toEqual([{ component: "exchange", command }]);
    expect(repairView(result)).toContain(`Run \`${command}\` instead of \`pulumi up\``);
  });

  test("what has a password", async () => {
    const { path } = await create();
    await tenant.write("POST", `${path}/addPassword`, {});
    expect(verdicts(await run(marked, plan, true))).toEqual([
      [path, "keep", expect.stringMatching(/^password "unnamed" \(\S+\), until /)],
    ]);
  });

  test.each([
    ["another audience", { signInAudience: "AzureADMultipleOrgs" }, open],
    ["a redirect URI", { web: { redirectUris: ["https://a.example"] } }, "redirect URI https://a.example"],
    [
      "a redirect URI of a public client",
      { publicClient: { redirectUris: ["https://b.example"] } },
      "redirect URI https://b.example",
    ],
    [
      "a redirect URI of a page",
      { spa: { redirectUris: ["https://c.example"] } },
      "redirect URI https://c.example",
    ],
    [
      "implicit grant",
      { web: { implicitGrantSettings: { enableIdTokenIssuance: true } } },
      "implicit grant is on",
    ],
    ["a public client", { isFallbackPublicClient: true }, "it is a public client"],
    ["an identifier URI", { identifierUris: ["api://x"] }, "identifier URI api://x"],
  ])("what has %s", async (_, body, reason) => {
    const { path } = await create(body);
    expect(verdicts(await run(marked, plan, true))).toEqual([[path, "keep", reason]]);
  });

  test("what has a federated credential", async () => {
    const { path } = await create();
    const credential = { name: "thief", issuer: "https://i.example", subject: "s", audiences: ["a"] };
    await tenant.write("POST", `${path}/federatedIdentityCredentials`, credential);
    expect(verdicts(await run(marked, plan, true))).toEqual([
      [path, "keep", 'federated credential "thief" for s of https://i.example'],
    ]);
  });

  test("what has a federated credential with an expression, or one on its service principal", async () => {
    const { path, appId } = await create();
    const { id } = await tenant.write("POST", "/servicePrincipals", { appId });
    const issuer = "https://token.actions.githubusercontent.com";
    const value = "claims['sub'] matches 'repo:thief/*'";
    await beta(`${path}/federatedIdentityCredentials`, {
      name: "any",
      issuer,
      audiences: ["a"],
      claimsMatchingExpression: { value, languageVersion: 1 },
    });
    const plain = { name: "own", issuer, subject: "s", audiences: ["a"] };
    await beta(`/servicePrincipals/${String(id)}/federatedIdentityCredentials`, plain);
    expect(verdicts(await run(marked, plan, true))).toEqual([
      [
        path,
        "keep",
        `federated credential "any" for ${value} of ${issuer}`,
        `federated credential "own" on the service principal for s of ${issuer}`,
      ],
    ]);
  });

  test("what another application manages", async () => {
    const managers = [tenant.seed.deployer.clientId, "99999999-9999-4999-8999-999999999999"];
    const { path } = await create();
    await tenant.write("PATCH", path, { managerApplications: managers });
    expect(verdicts(await run(marked, plan, true))).toEqual([
      [path, "keep", `application ${managers[1] ?? ""} manages it`],
    ]);
  });

  test("what is in a group", async () => {
    const seeds = [withPermissions("Group.ReadWrite.All")];
    await tenant.server.close();
    tenant = await startTestTenant({ seeds });
    const { path, appId } = await create();
    const { id } = await tenant.write("POST", "/servicePrincipals", { appId });
    const group = await tenant.write("POST", "/groups", {
      displayName: "Admins",
      mailEnabled: false,
      mailNickname: "admins",
      securityEnabled: true,
    });
    await tenant.write("POST", `/groups/${String(group["id"])}/members/$ref`, {
      "@odata.id": `${tenant.server.url}/v1.0/directoryObjects/${String(id)}`,
    });
    expect(verdicts(await run(marked, plan, true))).toEqual([
      [path, "keep", `member of group "Admins" (${String(group["id"])})`],
    ]);
  });

  test("what has an owner whom nobody declared, and imports what has a declared one and the deploying identity", async () => {
    const { path } = await create();
    const owner = await tenant.principalOf("00000003-0000-0000-c000-000000000000");
    const deployer = await tenant.principalOf(tenant.seed.deployer.clientId);
    for (const id of [owner, deployer])
      await tenant.write("POST", `${path}/owners/$ref`, {
        "@odata.id": `${tenant.server.url}/v1.0/directoryObjects/${id}`,
      });
    expect(verdicts(await run(marked, plan, true))).toEqual([
      [path, "keep", `Microsoft Graph (${owner}) owns the application`],
    ]);
    const declared = below(childTypes.application, "exchange", { displayName, owners: [owner] });
    expect(verdicts(await run(marked, [component, declared], true))).toEqual([[path, "import"]]);
  });

  test("what another application created", async () => {
    const { path } = await create();
    const state = [...marked];
    const credential = createCredential(tenant.deployer, tenant.endpoints);
    const result = await repair({
      known: state,
      planned: plan,
      component: undefined,
      graph: createGraphClient(credential, tenant.endpoints.graph),
      deployer: { clientId: "another", objectId: undefined },
    });
    expect(verdicts(result)).toEqual([
      [
        path,
        "keep",
        `the application was created by application ${tenant.seed.deployer.clientId}, and another deploys`,
      ],
    ]);
  });

  test("what may do or has on its service principal what nobody declared", async () => {
    const { appId } = await create();
    const principal = await tenant.write("POST", "/servicePrincipals", { appId });
    const id = v.parse(v.string(), principal["id"]);
    await tenant.write("POST", `/servicePrincipals/${id}/addPassword`, {});
    await grant(tenant, id);
    await assignRole(tenant, id, "Global Reader");

    const [[, , ...reasons]] = verdicts(await run(marked, plan, true)) as [string[]];

    expect(reasons).toEqual([
      expect.stringMatching(/^password "unnamed" \(\S+\) on the service principal, until /),
      "app role dc50a0fb-09a3-484d-be87-e023b12c6440 of Office 365 Exchange Online",
      "role Global Reader over the whole tenant",
    ]);
  });
});

test("shows all that hangs on what it leaves alone, in every line of it a stranger's text as text", async () => {
  await create({ description: own, displayName: "TERRAFORM_UPDATE_\u001b[2J ##vso[task.complete]" });
  const text = repairView(visibleValues(await run(marked, plan)));
  expect(text).toContain('application "TERRAFORM_UPDATE_\\u{1b}[2J \\u{23}#vso[task.complete]"');
  expect(text).toContain("    on it: it has no service principal, so nobody can sign in with it\n");
  expect(text).toContain("    on it: last sign-in: ");
  expect(text).toMatch(/^There is nothing to repair that is proven to belong to this stack\.\n/);
});

describe("last sign-ins", () => {
  test("are said not to be read where who deploys may not", async () => {
    await create({ description: own });
    expect(await lastSignIn()).toBe(
      "last sign-in: not read. The permission AuditLog.Read.All of Microsoft Graph allows it, if the tenant keeps it",
    );
  });

  test("are shown where they can be read", async () => {
    await tenant.server.close();
    tenant = await startTestTenant({ seeds: [withPermissions("AuditLog.Read.All")] });
    const { path, appId } = await create({ description: own });
    await tenant.write("POST", "/servicePrincipals", { appId });
    expect(await lastSignIn()).toBe("last sign-in: none recorded");
    const { secretText } = await tenant.write("POST", `${path}/addPassword`, {});
    const { tenantId } = tenant.seed;
    const clientSecret = v.parse(v.string(), secretText);
    const thief = createCredential(
      { kind: "secret", tenantId, clientId: appId, clientSecret },
      tenant.endpoints,
    );
    await thief.getToken(tenant.endpoints.graph.scope);
    expect(await lastSignIn()).toMatch(/^last sign-in: \d{4}-\d\d-\d\d \d\d:\d\d UTC$/);
  });
});

test("a refused sign-in is said once, before Pulumi is asked for the plan", async () => {
  let [said, wrong] = ["", ""];
  const { PATH } = makeCliFolder({ stderr: "error: asked too early", exitCode: 1, config: {} }).env;
  const env = {
    ...tenant.env,
    PATH,
    ARM_TENANT_ID: tenant.seed.tenantId,
    ARM_CLIENT_ID: tenant.seed.deployer.clientId,
    ARM_CLIENT_SECRET: "wrong",
  };
  const streams = {
    stdout: { write: (text: string) => (said += text) },
    stderr: { write: (text: string) => (wrong += text) },
  };
  const exitCode = await runCommandLine(["repair"], {
    ...streams,
    env,
    signal: new AbortController().signal,
  });
  expect({ exitCode, said }).toEqual({ exitCode: 3, said: "" });
  expect(wrong.match(/AADSTS7000215/g)).toHaveLength(1);
  expect(wrong).toMatch(/^exo-auth repair: /);
});

describe("a person decides", () => {
  test("to adopt one of two, which leaves the other alone", async () => {
    const [one, two] = [await create(), await create()];
    const shown = await run(marked, plan, false, { kind: "adopt", objectId: two.id });
    const result = await run(marked, plan, true, { kind: "adopt", objectId: two.id });
    expect(result.leftovers).toEqual(shown.leftovers);
    expect(result.leftovers.map(({ id, action }) => [id, action])).toEqual([
      [one.path, "keep"],
      [two.path, "import"],
    ]);
    expect(result.done).toEqual([[expect.objectContaining({ id: two.path })]]);
  });

  test("to delete one, after it was shown, and after the lock of the stack was tried", async () => {
    const { id, path } = await create({ description: own });
    await tenant.write("POST", `${path}/addPassword`, {});
    const choice = { kind: "delete", objectId: id } as const;

    const shown = await run(marked, plan, false, choice);
    expect(shown.done).toEqual([]);
    expect(repairView(shown)).toMatch(
      /^This would be deleted:\n.*to be deleted: exchange: application [^]*password "unnamed"[^]*same command with --yes\.\n$/,
    );

    const { done } = await run(marked, plan, true, choice);
    expect(done).toEqual([[], { kind: "delete", path }]);
    expect(await run(marked, plan)).toMatchObject({ leftovers: [] });
  });

  test.each(["adopt", "delete"] as const)("but not to %s what was not left over", async (kind) => {
    const { id } = await create({ description: own });
    await expect(run(marked, plan, true, { kind, objectId: "x" })).rejects.toMatchObject({
      code: "EXO_AUTH_USAGE",
      message: `--${kind} must name something that was left over, got "x". You can decide about: ${id}.`,
    });
  });

  test("but not to adopt where the state has an application, nor to delete the stack's own", async () => {
    const [inState, other] = [await create({ description: own }), await create({ description: own })];
    const state = [component, mine(inState.id, inState.appId)];
    await expect(run(state, [], true, { kind: "adopt", objectId: other.id })).rejects.toMatchObject({
      code: "EXO_AUTH_USAGE",
      message: expect.stringMatching(/^--adopt names something that does not fit into the state, got /),
    });
    await tenant.write("DELETE", other.path);
    const orphan = await create();
    await expect(run(marked, plan, true, { kind: "delete", objectId: orphan.id })).rejects.toMatchObject({
      code: "EXO_AUTH_USAGE",
      message: expect.stringMatching(/^--delete names something that belongs to the stack, got /),
    });
  });
});

test("an application that the state knows and somebody deleted has one sentence, before anything is done", async () => {
  const deleted = await create();
  await tenant.write("DELETE", deleted.path);
  await expect(run([component, mine(deleted.id, deleted.appId)], [], true)).rejects.toMatchObject({
    code: "EXO_AUTH_APPLICATION_DELETED",
    message: `Application ${deleted.appId} of component "exchange" was deleted, and is in the recycle bin of the tenant for 30 days. Restore object ${deleted.id} first (docs/recovery.md, "The application was deleted"). After a refresh, \`pulumi up\` would create another application with another client ID. Nothing was changed.`,
  });
});

test("imports a credential of our key ID and bytes, and leaves alone what has one of both", async () => {
  const [ours, theirs] = [await makeCertificate(), await makeCertificate()];
  const keyIds = [1, 2, 3, 4, 5].map((last) => `00000000-0000-4000-8000-00000000000${last}`);
  const [inState, lost, byKeyId, bySha256, foreign] = keyIds;
  const holder = await create({
    keyCredentials: [
      keyCredential(theirs.certificatePem, inState!),
      keyCredential(ours.certificatePem, lost!),
      keyCredential(theirs.certificatePem, byKeyId!),
      keyCredential(ours.certificatePem, bySha256!),
      keyCredential(theirs.certificatePem, foreign!),
    ],
  });
  const parent = component.urn;
  const certificate = known("exchange-auth:index:AppCertificate", "exchange-cert-2", {}, parent);
  const state = [
    component,
    mine(holder.id, holder.appId),
    known(childTypes.applicationCertificate, "exchange-cert-1", { keyId: inState }, parent),
    certificate,
    known(childTypes.randomUuid, "exchange-cert-2-key-id", { result: lost }, certificate.urn),
    known(childTypes.selfSignedCert, "exchange-cert-2", { certPem: ours.certificatePem }, certificate.urn),
    known(childTypes.randomUuid, "exchange-cert-3-key-id", { result: byKeyId }, parent),
    known(childTypes.selfSignedCert, "exchange-cert-3", { certPem: ours.certificatePem }, parent),
  ];
  const declared = planned(childTypes.applicationCertificate, "exchange-cert-2", {}, certificate.urn);
  const { validFromDate, validToDate } = new X509Certificate(ours.certificatePem);
  const inputs = {
    applicationId: holder.path,
    encoding: "pem",
    endDate: `${validToDate.toISOString().slice(0, 19)}Z`,
    keyId: lost,
    type: "AsymmetricX509Cert",
    value: ours.certificatePem,
  };

  const result = await run(state, [declared], true);

  const path = (keyId: string | undefined): string => `${holder.id}/${keyId ?? ""}`;
  expect(verdicts(result)).toEqual([
    [path(lost), "import"],
    [path(byKeyId), "keep", "it has the key ID of exchange-cert-3 and the bytes of another certificate"],
    [path(bySha256), "keep", "it has the bytes of exchange-cert-2 and another key ID"],
  ]);
  expect(result.done).toEqual([
    [
      {
        name: "r1",
        logicalName: "exchange-cert-2",
        type: childTypes.applicationCertificate,
        id: `${holder.id}/certificate/${lost ?? ""}`,
        parent: "r0",
        inputs,
        outputs: { ...inputs, startDate: `${validFromDate.toISOString().slice(0, 19)}Z` },
      },
    ],
  ]);

  const undeclared = await run(state, [], true);
  expect(undeclared.leftovers[0]).toMatchObject({
    action: "import",
    note: "the settings do not declare it, so the next `pulumi up` removes it. To keep it, declare its generation first",
  });
  expect(undeclared.done).toMatchObject([[{ logicalName: "exchange-cert-2", parent: "r0" }]]);
});

/** What is said of the last sign-in of what is left alone. */
async function lastSignIn(): Promise<string | undefined> {
  const { leftovers } = await run(marked, plan);
  return leftovers[0]?.hangs?.find((one) => one.startsWith("last sign-in: "));
}

/** Writes in Graph's beta version. */
async function beta(path: string, body: unknown): Promise<void> {
  const credential = createCredential(tenant.deployer, tenant.endpoints);
  const { token } = await credential.getToken(tenant.endpoints.graph.scope);
  const response = await fetch(`${tenant.server.url}/beta${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
}

/** The built-in tenant, whose deployer has another permission. */
function withPermissions(permission: string): TenantSeed {
  const permissions = [...deployerPermissions, permission];
  return { ...defaultSeed, deployer: { ...defaultSeed.deployer, permissions } };
}

/** The application that the state knows. */
function mine(objectId: string, clientId = "c"): StackResource {
  const outputs = { displayName, description: own, objectId, clientId };
  return known(childTypes.application, "exchange", outputs, component.urn);
}

function keyCredential(certificatePem: string, keyId: string): Readonly<Record<string, unknown>> {
  const { raw, validFromDate, validToDate } = new X509Certificate(certificatePem);
  return {
    type: "AsymmetricX509Cert",
    usage: "Verify",
    keyId,
    key: raw.toString("base64"),
    startDateTime: validFromDate.toISOString(),
    endDateTime: validToDate.toISOString(),
  };
}
