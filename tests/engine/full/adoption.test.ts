import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { expect, test } from "vitest";

import { cloudEndpoints, resolveEndpoints } from "../../../graph/endpoints.ts";
import { createCredential } from "../../../graph/signIn.ts";
import type { AdoptResult } from "../../../operations/adoption/adopt.ts";
import type { Section } from "../../../operations/findings/finding.ts";
import { killBetweenWrites } from "../../../sandbox/faultTable/killAfter.ts";
import type { Sandbox } from "../../../sandbox/createSandbox.ts";
import { repository } from "../../../sandbox/workspace/sandboxFolder.ts";
import type { StackWorkspace } from "../../../sandbox/workspace/workspace.ts";
import { schemaErrors } from "../../cli/schemaErrors.ts";
import {
  createAsTool,
  type ForeignApplication,
  type ForeignCertificate,
  type ForeignTool,
  foreignTools,
} from "../../operations/adoption/foreignTools.ts";
import { callGraph, expectNoChanges, outputs, sandboxForTest, stateOf, up, whileHeld } from "../support.ts";

const hasStandIns = process.env["SANDBOX_PLUGINS"] !== "official";

interface Place {
  readonly sandbox: Sandbox;
  readonly stack: StackWorkspace;
  readonly made: ForeignApplication;
}

async function placeOf(tool: ForeignTool, certificate?: ForeignCertificate): Promise<Place> {
  const sandbox = await sandboxForTest();
  const graph = (method: string, path: string, body?: unknown) =>
    callGraph(sandbox.tenant, method, path, body);
  const made = await createAsTool(tool, graph, certificate);
  return { sandbox, made, stack: await sandbox.stack("contoso") };
}

/** What the tenant has of an application, property by property. */
async function tenantOf({ sandbox: { tenant }, made }: Place): Promise<Record<string, unknown>> {
  const [application, principal] = [
    `/applications/${made.applicationObjectId}`,
    `/servicePrincipals/${made.servicePrincipalObjectId}`,
  ];
  const roles = `/roleManagement/directory/roleAssignments?$filter=principalId%20eq%20'${made.servicePrincipalObjectId}'`;
  const paths = {
    application,
    principal,
    keys: `${application}?$select=keyCredentials`,
    owners: `${application}/owners`,
    principalOwners: `${principal}/owners`,
    permissions: `${principal}/appRoleAssignments`,
    roles,
  };
  const read = Object.entries(paths).map(async ([name, path]) => {
    const { "@odata.context": _, ...answer } = await callGraph(tenant, "GET", path);
    return [name, answer] as const;
  });
  return Object.fromEntries(await Promise.all(read));
}

/** What a service principal shows of its application. */
const mirrored = [
  "appDescription",
  "appDisplayName",
  "appRoles",
  "displayName",
  "homepage",
  "info",
  "logoutUrl",
  "oauth2PermissionScopes",
  "replyUrls",
  "servicePrincipalNames",
  "signInAudience",
];

/** Every property whose value is another one now, as `application web.redirectUris`. */
function differences(before: Record<string, unknown>, now: Record<string, unknown>): readonly string[] {
  const [was, is] = [before, now].map((tenant) =>
    Object.fromEntries(Object.entries(tenant).flatMap(([name, value]) => leaves(value, `${name} `))),
  );
  return [...new Set([...Object.keys(was!), ...Object.keys(is!)])].filter(
    (name) => was![name] !== is![name] && !mirrored.some((one) => name.startsWith(`principal ${one}`)),
  );
}

/** Each value by its path. One that is empty or off is none, and the version of tokens is 1 where none is set. */
function leaves(value: unknown, path: string): readonly (readonly [string, string])[] {
  if (value === null || value === "" || value === false) return [];
  if (path.endsWith(" api.requestedAccessTokenVersion") && value === 1) return [];
  if (Array.isArray(value)) return value.length === 0 ? [] : [[path, JSON.stringify(value)]];
  if (typeof value !== "object") return [[path, JSON.stringify(value)]];
  return Object.entries(value).flatMap(([name, inner]: [string, unknown]) =>
    leaves(inner, path.endsWith(" ") ? `${path}${name}` : `${path}.${name}`),
  );
}

/** Whether a job that holds the certificate gets a token for Exchange. */
async function signIn({ sandbox: { tenant }, made }: Place): Promise<boolean> {
  const endpoints = await resolveEndpoints("global", { ARM_METADATA_HOSTNAME: new URL(tenant.url).host });
  const { tenantId } = tenant.seeds[0]!;
  const { appId: clientId, certificatePem, privateKeyPem } = made;
  const identity = { kind: "certificate", tenantId, clientId, certificatePem, privateKeyPem } as const;
  const token = await createCredential(identity, endpoints).getToken(
    cloudEndpoints("global").exchangeOnline.scope,
  );
  return token.token !== "";
}

async function adopt({ stack, made }: Place, ...args: readonly string[]) {
  const { exitCode, stdout } = await stack.run("exo-auth", [
    "adopt",
    "--app-id",
    made.appId,
    "--json",
    ...args,
  ]);
  return { exitCode, document: JSON.parse(stdout) as AdoptResult };
}

test.each(foreignTools)(
  "%s's application is adopted, and its certificate signs in at every step",
  async (tool) => {
    const place = await placeOf(tool);
    const { stack, made } = place;
    const before = await tenantOf(place);
    const isExisting = tool !== "cliForMicrosoft365";
    const args = isExisting ? ["--existing"] : [];

    const shown = await adopt(place, ...args);
    expect([shown.exitCode, shown.document.adopted]).toEqual([0, false]);
    expect(await stateOf(stack)).toEqual([]);

    const adopted = await adopt(place, ...args, "--yes");
    expect(adopted.exitCode).toBe(0);
    expect(adopted.document.imports).toEqual(shown.document.imports);
    expect(adopted.document.update?.removesOrReplaces).toEqual([]);
    expect(differences(before, await tenantOf(place))).toEqual([]);
    expect(await signIn(place)).toBe(true);

    const { exitCode, changes } = await up(stack);
    expect(exitCode).toBe(0);
    expect(changes.filter((change) => /^(delete|replace|create-replacement)/.test(change))).toEqual([]);
    expect(differences(before, await tenantOf(place))).toEqual(
      isExisting ? [] : ["application description", "principal description"],
    );
    expect(await signIn(place)).toBe(true);
    expect(await expectNoChanges(stack)).toBe(0);
    expect(await outputs(stack)).toMatchObject({ appId: made.appId });
    const [generation] = adopted.document.settings.certificate?.generations ?? [];
    const rotated = await stack.run("exo-auth", ["rotate", "--json"]);
    expect(JSON.parse(rotated.stdout)).toMatchObject({ reason: expect.stringContaining(generation!.name) });
  },
);

test("with something to lose, nothing is written by --yes alone", async () => {
  const place = await placeOf("pnp");
  const { exitCode, document } = await adopt(place, "--yes");
  expect([exitCode, document.adopted]).toEqual([7, false]);
  expect(document.losses.map(({ property }) => property)).toEqual([
    "publicClient.redirectUris",
    "isFallbackPublicClient",
  ]);
  expect(await stateOf(place.stack)).toEqual([]);
});

test("backing out leaves the tenant as it was found, with `pulumi state delete`", async () => {
  const place = await placeOf("cliForMicrosoft365");
  const before = await tenantOf(place);
  expect((await adopt(place, "--yes")).exitCode).toBe(0);
  const { exitCode } = await place.stack.run("pulumi", ["state", "delete", "--all", "--yes"]);
  expect(exitCode).toBe(0);
  expect(await stateOf(place.stack)).toEqual([]);
  expect(differences(before, await tenantOf(place))).toEqual([]);
  // And in again.
  expect((await adopt(place, "--yes")).document.imports).toHaveLength(6);
});

test("an update takes what the list says, and nothing else", async () => {
  const place = await placeOf("cliForMicrosoft365");
  const { stack, made } = place;
  expect((await adopt(place, "--yes")).exitCode).toBe(0);
  expect((await up(stack)).exitCode).toBe(0);
  await load(place);
  const before = await tenantOf(place);
  const found = await stack.run("exo-auth", ["discover", "--format", "json"]);
  const { applications } = JSON.parse(found.stdout) as {
    applications: { appId: string; declaration: AdoptResult }[];
  };
  const { declaration } = applications.find(({ appId }) => appId === made.appId)!;
  const listed = declaration.losses.map(
    ({ object, property }) => `${object === "application" ? "application" : "principal"} ${property}`,
  );

  expect(await up(stack, "--refresh")).toMatchObject({ exitCode: 0 });

  const taken = differences(before, await tenantOf(place));
  // What the settings declare otherwise is theirs; owners are a read of their own.
  const expected = new Set(listed.map((one) => (one === "principal owners" ? "principalOwners value" : one)));
  expect(taken.filter((one) => !expected.has(one))).toEqual([
    "application notes",
    "application tags",
    "owners value",
  ]);
  expect([...expected].filter((one) => !taken.includes(one))).toEqual([
    // The component wrote both in the first update.
    "application description",
    "principal description",
  ]);
});

/** Gives an application everything that an update could take. */
async function load({ sandbox: { tenant }, made }: Place): Promise<void> {
  const id = "11111111-1111-4111-8111-111111111111";
  await callGraph(tenant, "PATCH", `/applications/${made.applicationObjectId}`, {
    notes: "of others",
    tags: ["of others"],
    identifierUris: [`api://${made.appId}`],
    web: {
      redirectUris: ["https://contoso.com/"],
      homePageUrl: "https://contoso.com",
      logoutUrl: "https://contoso.com/out",
      implicitGrantSettings: { enableAccessTokenIssuance: true, enableIdTokenIssuance: true },
    },
    spa: { redirectUris: ["https://contoso.com/spa"] },
    publicClient: { redirectUris: ["http://localhost"] },
    isFallbackPublicClient: true,
    isDeviceOnlyAuthSupported: true,
    groupMembershipClaims: "SecurityGroup",
    api: {
      requestedAccessTokenVersion: 2,
      acceptMappedClaims: true,
      knownClientApplications: [id],
    },
    optionalClaims: { accessToken: [{ name: "email" }], idToken: [{ name: "upn" }], saml2Token: [] },
    info: {
      marketingUrl: "https://contoso.com/m",
      privacyStatementUrl: "https://contoso.com/p",
      supportUrl: "https://contoso.com/s",
      termsOfServiceUrl: "https://contoso.com/t",
    },
    serviceManagementReference: "7",
    signInAudience: "AzureADMultipleOrgs",
    requiredResourceAccess: [
      {
        resourceAppId: "00000003-0000-0000-c000-000000000000",
        resourceAccess: [{ id: "e1fe6dd8-ba31-4d61-89e7-88639da4683d", type: "Scope" }],
      },
    ],
  });
  const { value } = await callGraph(
    tenant,
    "GET",
    "/servicePrincipals?$filter=appId%20eq%20'00000003-0000-0000-c000-000000000000'",
  );
  const [owner] = value as { readonly id: string }[];
  for (const object of [
    `/applications/${made.applicationObjectId}`,
    `/servicePrincipals/${made.servicePrincipalObjectId}`,
  ])
    // oxlint-disable-next-line no-await-in-loop
    await callGraph(tenant, "POST", `${object}/owners/$ref`, {
      "@odata.id": `${tenant.url}/v1.0/directoryObjects/${owner!.id}`,
    });
  if (!hasStandIns) await offer(tenant, made, id);
  await callGraph(tenant, "PATCH", `/servicePrincipals/${made.servicePrincipalObjectId}`, {
    accountEnabled: false,
    notes: "of others",
    alternativeNames: ["other"],
    appRoleAssignmentRequired: true,
    loginUrl: "https://contoso.com/login",
    notificationEmailAddresses: ["a@contoso.com"],
    preferredSingleSignOnMode: "saml",
    samlSingleSignOnSettings: { relayState: "x" },
  });
}

/** What an application offers to others, which the sandbox's plugin does not change on one that exists. */
async function offer(tenant: Sandbox["tenant"], made: ForeignApplication, id: string): Promise<void> {
  const scope = {
    id,
    adminConsentDescription: "d",
    adminConsentDisplayName: "d",
    isEnabled: true,
    type: "User",
    value: "read",
  };
  const role = {
    id: "22222222-2222-4222-8222-222222222222",
    allowedMemberTypes: ["Application"],
    description: "d",
    displayName: "d",
    isEnabled: true,
    value: "Read",
  };
  const { api } = await callGraph(tenant, "GET", `/applications/${made.applicationObjectId}`);
  await callGraph(tenant, "PATCH", `/applications/${made.applicationObjectId}`, {
    api: { ...(api as object), oauth2PermissionScopes: [scope] },
    appRoles: [role],
  });
}

const kills = [
  ["the plan is made, after the settings were written", { method: "GET", path: /\/domains/ }],
  ["the application is imported", { method: "GET", path: /\/v1\.0\/applications\/[^/]+$/ }],
  ["its owners are read", { method: "GET", path: /\/applications\/[^/]+\/owners$/ }],
  ["the consent is imported", { method: "GET", path: /\/appRoleAssignedTo\// }],
  ["the role is imported", { method: "GET", path: /\/roleAssignments\/[^/]+$/ }],
] as const;

test.each(kills)("killed while %s: it goes on where it stopped", async (_moment, request) => {
  const place = await placeOf("cliForMicrosoft365");
  const { stack } = place;
  const before = await tenantOf(place);
  const main = join(repository, "cli", "main.ts");
  const killed = await whileKilled(place, main, request);
  expect(killed).toBe(true);
  await stack.run("pulumi", ["cancel", "--yes"]);
  const again = await adopt(place, "--yes");
  expect([again.exitCode, again.document.update?.removesOrReplaces]).toEqual([0, []]);
  expect(differences(before, await tenantOf(place))).toEqual([]);
  expect(await signIn(place)).toBe(true);
  expect((await up(stack)).exitCode).toBe(0);
  expect(await expectNoChanges(stack)).toBe(0);
});

async function whileKilled(
  { stack, sandbox, made }: Place,
  main: string,
  request: { readonly method: string; readonly path: RegExp },
): Promise<boolean> {
  const child = spawn(process.execPath, [main, "adopt", "--app-id", made.appId, "--yes"], {
    cwd: repository,
    env: stack.env,
    stdio: "ignore",
  });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  return whileHeld(sandbox.tenant, request, async () => {
    await killBetweenWrites(stack, child.pid!);
    await ended;
    return true;
  });
}

test.each([{ modulusLength: 1024 }, { hash: "SHA-1" }])(
  "a certificate that is too weak (%o) comes along, and audit finds it until it is gone",
  async (weakness) => {
    const place = await placeOf("cliForMicrosoft365", weakness);
    const { stack } = place;
    const adopted = await adopt(place, "--yes");
    expect(adopted.document.settings.certificate?.generations[0]).toMatchObject({
      acceptedSha256: expect.stringMatching(/^[0-9A-F]{64}$/),
    });
    expect(await up(stack)).toMatchObject({
      exitCode: 0,
      messages: expect.stringContaining("`acceptedSha256` accepts it"),
    });
    const weak = "EXO-AUDIT-CERTIFICATE-WEAK";
    expect(await auditedIds(stack)).toContain(weak);

    // As docs/movingIn.md does: a new one next to it, which becomes the current one, and then the old one goes.
    await stack.run("pulumi", ["config", "set", "--path", "certificate.generations[1].name", "1"]);
    expect((await up(stack)).exitCode).toBe(0);
    const rotated = await stack.run("exo-auth", ["rotate", "--json"]);
    expect([rotated.exitCode, rotated.stderr]).toEqual([0, ""]);
    expect(await auditedIds(stack)).toContain(weak);

    await stack.run("pulumi", ["config", "rm", "--path", "certificate.generations[1]"]);
    const removed = await up(stack);
    expect(removed.exitCode).toBe(0);
    expect(removed.messages).not.toContain("acceptedSha256");
    expect(await keyCount(place)).toBe(1);
    expect(await auditedIds(stack)).not.toContain(weak);
  },
);

test("an expired certificate comes along behind a new one, and can be removed", async () => {
  const seconds = 8;
  const place = await placeOf("cliForMicrosoft365", { days: seconds / 86_400 });
  const { stack } = place;
  await sleep(seconds * 1000);
  const adopted = await adopt(place, "--yes");
  const generations = adopted.document.settings.certificate?.generations ?? [];
  expect(generations.map(({ name }) => name)).toEqual(["1", expect.stringMatching(/^adopted-/)]);
  expect(adopted.document.update?.removesOrReplaces).toEqual([]);
  expect(await up(stack)).toMatchObject({
    exitCode: 0,
    messages: expect.stringMatching(/expired at .* Nothing can sign in with it/),
  });
  expect(await expectNoChanges(stack)).toBe(0);
  const expired = "EXO-AUDIT-CERTIFICATE-EXPIRED";
  expect(await auditedIds(stack)).toContain(expired);
  expect(await keyCount(place)).toBe(2);
  const { stdout } = await stack.run("exo-auth", ["verify", "--json", "--wait", "1m"]);
  expect(JSON.parse(stdout)).toMatchObject({ verifications: [{ permissions: ["Exchange.ManageAsApp"] }] });

  await stack.run("pulumi", ["config", "rm", "--path", "certificate.generations[1]"]);
  expect((await up(stack)).exitCode).toBe(0);
  expect(await keyCount(place)).toBe(1);
  expect(await auditedIds(stack)).not.toContain(expired);
});

/** What an audit finds, by its IDs. It must have read the tenant to say so. */
async function auditedIds(stack: StackWorkspace): Promise<readonly string[]> {
  const { stdout } = await stack.run("exo-auth", ["audit", "--json", "--wait", "0s"]);
  const { sections } = JSON.parse(stdout) as { sections: readonly Section[] };
  return sections.flatMap(({ findings }) => findings.map(({ id }) => id));
}

/** How many certificates the application has. */
async function keyCount({ sandbox: { tenant }, made }: Place): Promise<number> {
  const path = `/applications/${made.applicationObjectId}?$select=keyCredentials`;
  const { keyCredentials } = await callGraph(tenant, "GET", path);
  return (keyCredentials as readonly unknown[]).length;
}

test("federated credentials come along, and an application without a role gets none", async () => {
  const place = await placeOf("cliForMicrosoft365");
  const { sandbox, stack, made } = place;
  const federated = `/applications/${made.applicationObjectId}/federatedIdentityCredentials`;
  await callGraph(sandbox.tenant, "POST", federated, {
    name: "github-production",
    issuer: "https://token.actions.githubusercontent.com",
    subject: "repo:contoso@1/jobs@2:environment:production",
    audiences: ["api://AzureADTokenExchange"],
  });
  const { value: roles } = await callGraph(
    sandbox.tenant,
    "GET",
    `/roleManagement/directory/roleAssignments?$filter=principalId%20eq%20'${made.servicePrincipalObjectId}'`,
  );
  for (const { id } of roles as { readonly id: string }[])
    // oxlint-disable-next-line no-await-in-loop
    await callGraph(sandbox.tenant, "DELETE", `/roleManagement/directory/roleAssignments/${id}`);
  const before = await tenantOf(place);
  const trusted = await callGraph(sandbox.tenant, "GET", federated);

  const adopted = await adopt(place, "--yes");

  expect(adopted.document.settings).toMatchObject({
    roles: [],
    federatedCredentials: [
      {
        name: "github-production",
        issuer: "https://token.actions.githubusercontent.com",
        subject: "repo:contoso@1/jobs@2:environment:production",
      },
    ],
  });
  expect(adopted.document.imports.map(({ title }) => title)).toContainEqual(
    expect.stringMatching(/^federated credential /),
  );
  expect(adopted.document.update?.removesOrReplaces).toEqual([]);
  expect((await up(stack)).exitCode).toBe(0);
  expect(await expectNoChanges(stack)).toBe(0);
  expect(differences(before, await tenantOf(place))).toEqual([
    "application description",
    "principal description",
  ]);
  expect(await callGraph(sandbox.tenant, "GET", federated)).toEqual(trusted);
});

test("a program of one's own takes the application over, and a Terraform state says what to remove from it", async () => {
  const place = await placeOf("cliForMicrosoft365");
  const { sandbox, made } = place;
  const project = join(sandbox.folder.path, "mail");
  mkdirSync(project);
  writeFileSync(
    join(project, "Pulumi.yaml"),
    "name: mail\nruntime: { name: nodejs, options: { typescript: false } }\n",
  );
  writeFileSync(join(project, "package.json"), '{ "type": "module", "main": "index.ts" }');
  writeFileSync(join(project, "index.ts"), "export {};\n");
  symlinkSync(join(repository, "node_modules"), join(project, "node_modules"));
  const stack = await sandbox.stack("contoso", { project });
  const own = { ...place, stack };
  const none = await adopt(own, "--yes");
  expect(none.exitCode).toBe(2);

  const { stdout: code } = await stack.run("exo-auth", ["adopt", "--app-id", made.appId, "--code"]);
  writeFileSync(
    join(project, "index.ts"),
    code.replace('"exchange-auth"', JSON.stringify(join(repository, "components", "index.ts"))),
  );
  const state = join(project, "state.json");
  const fixture = join(repository, "tests/fixtures/foreignTools/terraform.json");
  writeFileSync(
    state,
    readFileSync(fixture, "utf8")
      .replaceAll("APPLICATION", made.applicationObjectId)
      .replaceAll("PRINCIPAL", made.servicePrincipalObjectId)
      .replaceAll("CLIENT", made.appId),
  );
  const file = join(project, "import.json");
  const args = `adopt --yes --json --component exchange --terraform-state ${state} --import-file ${file}`;
  const adopted = await stack.run("exo-auth", args.split(" "));

  expect(adopted.exitCode).toBe(0);
  const document = JSON.parse(adopted.stdout) as AdoptResult;
  expect(schemaErrors("adopt", adopted.stdout)).toBeUndefined();
  expect(document).not.toHaveProperty("settingsFile");
  expect(document.update?.removesOrReplaces).toEqual([]);
  expect(document.terraform?.map(({ address, urn }) => [address, urn !== undefined])).toEqual([
    ["module.mail.azuread_application.exchange", true],
    ["module.mail.azuread_service_principal.exchange", true],
    ['module.mail.azuread_application_certificate.exchange["2026"]', false],
    ["module.mail.azuread_application_owner.admin[0]", false],
  ]);
  expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(document.importFile);
  expect((await up(stack)).exitCode).toBe(0);
  expect(await expectNoChanges(stack)).toBe(0);
  expect(await signIn(place)).toBe(true);
});
