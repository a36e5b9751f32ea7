import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { deployerPermissions } from "../../../microsoft/identityPermissions.ts";
import { createSandbox, type Sandbox } from "../../../sandbox/createSandbox.ts";
import { defaultSeed } from "../../../sandbox/tenant/index.ts";
import type { StackWorkspace } from "../../../sandbox/workspace/workspace.ts";
import { type KeyPair, makeKeyPair } from "../../components/mocks.ts";
import {
  callGraph,
  destroy,
  directoryOf,
  expectNoChanges,
  outputs,
  up,
  writeConfiguration,
} from "../support.ts";

/** The consent to the permission of Security & Compliance, which Global Reader opens. */
const complianceAssignment = "exchange-office365-exchange-online-protection-exchange-manage-as-app";

// One stack with every argument set, which then changes one by one: each test begins where the one before ended.
let sandbox: Sandbox;
let stack: StackWorkspace;
let empty: readonly string[];
let vault: KeyPair;
let settings: Record<string, unknown>;

beforeAll(async () => {
  const { deployer, ...contoso } = defaultSeed;
  const permissions = [...deployerPermissions, "User.Read.All"];
  const tenant = { seeds: [{ ...contoso, deployer: { ...deployer, permissions } }] };
  sandbox = await createSandbox({ tenant });
  stack = await sandbox.stack("contoso");
  empty = await directoryOf(sandbox.tenant);
  vault = makeKeyPair("/CN=vault");
  settings = {
    displayName: "Mailbox jobs",
    notes: "Runs every night.",
    tags: ["automation"],
    owners: [await objectIdOfUser("admin@contoso.onmicrosoft.com")],
    roles: ["Exchange Recipient Administrator", "Global Reader"],
    apiPermissions: [{ resource: "MicrosoftGraph", permission: "User.Read.All" }],
    userRoleAssignments: [{ userPrincipalName: "reports@contoso.com", role: "Global Reader" }],
    certificate: {
      generations: [{ name: "1" }, { name: "vault", publicCertificate: vault.certificatePem }],
      validityDays: 30,
      rsaBits: 3072,
      commonName: "Mailbox jobs",
      pfxEncoding: "modern",
    },
    cloud: "global",
    expectedTenantId: defaultSeed.tenantId,
  };
});

beforeEach(() => sandbox.tenant.clearRequests());

afterAll(() => sandbox.close());

test("all arguments together create exactly what they ask for", async () => {
  expect(await apply({})).toEqual([
    "create azuread:AppRoleAssignment exchange-microsoft-graph-user-read-all",
    "create azuread:AppRoleAssignment exchange-office365-exchange-online-exchange-manage-as-app",
    `create azuread:AppRoleAssignment ${complianceAssignment}`,
    "create azuread:Application exchange",
    "create azuread:ApplicationCertificate exchange-cert-1",
    "create azuread:ApplicationCertificate exchange-cert-vault",
    "create azuread:DirectoryRoleAssignment exchange-exchange-recipient-administrator",
    "create azuread:DirectoryRoleAssignment exchange-global-reader",
    "create azuread:DirectoryRoleAssignment exchange-reports-contoso-com-global-reader",
    "create azuread:ServicePrincipal exchange",
    "create exchange-auth:AppCertificate exchange-cert-1",
    "create exchange-auth:AppCertificate exchange-cert-vault",
    "create exchange-auth:ExchangeAppOnlyAuth exchange",
    "create pulumi:Stack exchange-auth-contoso",
    "create random:RandomPassword exchange-cert-1-pfx-password",
    "create random:RandomUuid exchange-cert-1-key-id",
    "create random:RandomUuid exchange-cert-vault-key-id",
    "create random:RandomUuid exchange-marker",
    "create random:RandomUuid exchange-marker-used",
    "create tls:PrivateKey exchange-cert-1-key",
    "create tls:SelfSignedCert exchange-cert-1",
  ]);
  expect(await expectNoChanges(stack)).toBe(0);
});

describe("each change does exactly this", () => {
  const application = ["update azuread:Application exchange"];
  // What is declared stands in the component's own record, too.
  const record = "update exchange-auth:ExchangeAppOnlyAuth exchange";

  test.each<[string, () => Record<string, unknown>, string[]]>([
    ["displayName", () => ({ displayName: "Nightly jobs" }), application],
    ["notes", () => ({ notes: "Runs at 3." }), application],
    ["tags", () => ({ tags: ["automation", "night"] }), application],
    ["owners", () => ({ owners: [] }), [...application, record]],
    [
      "roles",
      () => ({ roles: ["Global Reader", "Security Reader"] }),
      [
        "create azuread:DirectoryRoleAssignment exchange-security-reader",
        "delete azuread:DirectoryRoleAssignment exchange-exchange-recipient-administrator",
        record,
      ],
    ],
    [
      "apiPermissions",
      () => ({ apiPermissions: [{ resource: "MicrosoftGraph", permission: "Group.Read.All" }] }),
      [
        "create azuread:AppRoleAssignment exchange-microsoft-graph-group-read-all",
        "delete azuread:AppRoleAssignment exchange-microsoft-graph-user-read-all",
        ...application,
        record,
      ],
    ],
    [
      "securityAndCompliance",
      () => ({ securityAndCompliance: false }),
      [`delete azuread:AppRoleAssignment ${complianceAssignment}`, ...application, record],
    ],
    [
      "securityAndCompliance again",
      () => ({ securityAndCompliance: true }),
      [`create azuread:AppRoleAssignment ${complianceAssignment}`, ...application, record],
    ],
    [
      "userRoleAssignments",
      () => ({ userRoleAssignments: [] }),
      ["delete azuread:DirectoryRoleAssignment exchange-reports-contoso-com-global-reader", record],
    ],
    ["validityDays", () => certificate({ validityDays: 60 }), []],
    ["rsaBits", () => certificate({ rsaBits: 4096 }), []],
    ["commonName", () => certificate({ commonName: "Nightly jobs" }), []],
    [
      "publicCertificate",
      () =>
        certificate({
          generations: [
            { name: "1" },
            { name: "vault", publicCertificate: makeKeyPair("/CN=new").certificatePem },
          ],
        }),
      [
        "create-replacement azuread:ApplicationCertificate exchange-cert-vault",
        "create-replacement random:RandomUuid exchange-cert-vault-key-id",
        "delete-replaced azuread:ApplicationCertificate exchange-cert-vault",
        "delete-replaced random:RandomUuid exchange-cert-vault-key-id",
        "replace azuread:ApplicationCertificate exchange-cert-vault",
        "replace random:RandomUuid exchange-cert-vault-key-id",
      ],
    ],
    [
      "a generation less",
      () => certificate({ generations: [{ name: "1" }] }),
      [
        "delete azuread:ApplicationCertificate exchange-cert-vault",
        "delete exchange-auth:AppCertificate exchange-cert-vault",
        "delete random:RandomUuid exchange-cert-vault-key-id",
      ],
    ],
  ])("%s", async (_, change, changes) => {
    expect(await apply(change())).toEqual(changes);
  });

  test("pfxEncoding changes one output alone", async () => {
    const before = await secretOutputs();
    expect(await apply(certificate({ pfxEncoding: "compatible" }))).toEqual([]);
    const { pfxBase64, ...rest } = await secretOutputs();
    expect({ ...rest, pfxBase64: before["pfxBase64"] }).toEqual(before);
    expect(pfxBase64).not.toEqual(before["pfxBase64"]);
  });

  test("a PFX keeps its bytes through an update and a refresh", async () => {
    const before = await secretOutputs();
    expect(await apply({ displayName: "Mailbox jobs again" })).toEqual(application);
    expect((await up(stack, "--refresh")).exitCode).toBe(0);
    expect(await secretOutputs()).toEqual(before);
  });
});

test("drift of each kind is repaired by `up --refresh`", async () => {
  const { applicationObjectId, servicePrincipalObjectId } = await outputs(stack);
  const assignments = await graph(
    "GET",
    `/servicePrincipals/${String(servicePrincipalObjectId)}/appRoleAssignments`,
  );
  const consent = (assignments["value"] as { id: string; resourceDisplayName: string }[]).find(
    ({ resourceDisplayName }) => resourceDisplayName === "Microsoft Graph",
  );
  const filter = `$filter=principalId%20eq%20'${String(servicePrincipalObjectId)}'`;
  const roles = await graph("GET", `/roleManagement/directory/roleAssignments?${filter}`);
  const [role] = roles["value"] as { id: string }[];
  await graph("PATCH", `/applications/${String(applicationObjectId)}`, {
    displayName: "Renamed",
    signInAudience: "AzureADMultipleOrgs",
    keyCredentials: [],
  });
  await graph("PATCH", `/servicePrincipals/${String(servicePrincipalObjectId)}`, { accountEnabled: false });
  await graph(
    "DELETE",
    `/servicePrincipals/${String(servicePrincipalObjectId)}/appRoleAssignments/${consent!.id}`,
  );
  await graph("DELETE", `/roleManagement/directory/roleAssignments/${role!.id}`);

  const { exitCode, changes } = await up(stack, "--refresh");

  expect(exitCode).toBe(0);
  expect(changes.filter((change) => !change.startsWith("refresh "))).toEqual([
    "create azuread:AppRoleAssignment exchange-microsoft-graph-group-read-all",
    "create azuread:ApplicationCertificate exchange-cert-1",
    "create azuread:DirectoryRoleAssignment exchange-global-reader",
    "update azuread:Application exchange",
    "update azuread:ServicePrincipal exchange",
  ]);
  expect(await expectNoChanges(stack)).toBe(0);
});

test("`destroy` leaves nothing behind", async () => {
  expect(await destroy(stack)).toMatchObject({ exitCode: 0 });
  expect(await directoryOf(sandbox.tenant)).toEqual(empty);
});

function graph(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
  return callGraph(sandbox.tenant, method, path, body);
}

/** Writes the settings with a change to the stack's configuration and brings it up; gives what changed. */
async function apply(change: Record<string, unknown>): Promise<readonly string[]> {
  settings = { ...settings, ...change };
  writeConfiguration(stack, settings);
  const { exitCode, changes, messages } = await up(stack);
  if (exitCode !== 0) throw new Error(messages);
  return changes;
}

function certificate(change: Record<string, unknown>): Record<string, unknown> {
  return { certificate: { ...(settings["certificate"] as object), ...change } };
}

async function secretOutputs(): Promise<Record<string, unknown>> {
  const { stdout } = await stack.run("pulumi", ["stack", "output", "--json", "--show-secrets"]);
  return JSON.parse(stdout) as Record<string, unknown>;
}

async function objectIdOfUser(userPrincipalName: string): Promise<string> {
  const { id } = await graph("GET", `/users/${userPrincipalName}`);
  return String(id);
}
