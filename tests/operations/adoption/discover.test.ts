import { X509Certificate } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { timeText } from "../../../common/time.ts";
import { deployerPermissions } from "../../../microsoft/identityPermissions.ts";
import { createGraphClient } from "../../../graph/graphClient.ts";
import { createCredential } from "../../../graph/signIn.ts";
import type { DiscoveredApplication, DiscoverResult } from "../../../operations/adoption/discover.ts";
import { discover } from "../../../operations/adoption/discover.ts";
import { auditPermissions, optionalAuditPermissions } from "../../../operations/audit/rules.ts";
import { defaultSeed } from "../../../sandbox/tenant/index.ts";
import { makeCertificate } from "../../graph/testCertificate.ts";
import type { TestApplication, TestTenant } from "../../graph/testTenant.ts";
import { assignRole, createApplication, startTestTenant } from "../../graph/testTenant.ts";
import type { ForeignApplication } from "./foreignTools.ts";
import { createAsTool, foreignTools, grantPermission } from "./foreignTools.ts";

const reads = [...auditPermissions, ...optionalAuditPermissions, "AuditLog.Read.All"];
const readers = {
  reader: reads,
  "no roles": reads.filter((one) => !one.startsWith("RoleManagement")),
  "no sign-ins": reads.filter((one) => one !== "AuditLog.Read.All"),
};
const identities = Object.entries(readers).map(([name, permissions], index) => ({
  name,
  clientId: `00000000-0000-4000-8000-00000000000${index}`,
  clientSecret: "of the sandbox",
  permissions,
}));
const seed = {
  ...defaultSeed,
  deployer: {
    ...defaultSeed.deployer,
    permissions: [...deployerPermissions, "Group.ReadWrite.All"],
  },
  identities,
};

let tenant: TestTenant;
const made: Record<string, ForeignApplication> = {};
let byHand: TestApplication;

beforeAll(async () => {
  tenant = await startTestTenant({ seeds: [seed] });
  const call = graphOf(tenant);
  for (const tool of foreignTools) made[tool] = await createAsTool(tool, call);
  const weak = { modulusLength: 1024 };
  byHand = await createApplication(tenant, {
    certificate: await makeCertificate(undefined, undefined, weak),
    consent: false,
  });
  const mail = await createApplication(tenant, { consent: false, roles: [] });
  await grantPermission(call, mail.servicePrincipalObjectId, "Mail.Send");
  const harmless = await createApplication(tenant, { consent: false, roles: [] });
  await grantPermission(call, harmless.servicePrincipalObjectId, "User.Read.All");
  const inGroup = await createApplication(tenant, { consent: false, roles: [] });
  const { id: group } = await call("POST", "/groups", {
    displayName: "Mail people",
    mailEnabled: false,
    mailNickname: "mail",
    securityEnabled: true,
    isAssignableToRole: true,
  });
  await call("POST", `/groups/${String(group)}/members/$ref`, {
    "@odata.id": `${tenant.server.url}/v1.0/directoryObjects/${inGroup.servicePrincipalObjectId}`,
  });
  await assignRole(tenant, String(group), "Exchange Administrator");
});

afterAll(() => tenant.server.close());

/** Microsoft Graph as the tenant's deployer. */
function graphOf({ server, endpoints, deployer, ...others }: TestTenant) {
  return async (method: "GET" | "POST" | "PATCH", path: string, body?: unknown) => {
    if (method !== "GET") return others.write(method, path, body);
    const { token } = await createCredential(deployer, endpoints).getToken(endpoints.graph.scope);
    const answer = await fetch(`${server.url}/v1.0${path}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    return (await answer.json()) as Record<string, unknown>;
  };
}

function look(
  reader: keyof typeof readers = "reader",
  mail = false,
  now = new Date(),
): Promise<DiscoverResult> {
  const { clientId, clientSecret } = identities.find(({ name }) => name === reader)!;
  const { tenantId } = tenant.seed;
  const credential = createCredential({ kind: "secret", tenantId, clientId, clientSecret }, tenant.endpoints);
  return discover({
    graph: createGraphClient(credential, tenant.endpoints.graph),
    openRoles: async () => "nobody reads Exchange here",
    signal: new AbortController().signal,
    tenantId,
    cloud: "global",
    mail,
    now,
    progress: () => undefined,
  });
}

function of(result: DiscoverResult, appId: string | undefined): DiscoveredApplication {
  const found = result.applications.find((one) => one.appId === appId);
  if (found === undefined) throw new Error(`${appId} is not among what was discovered`);
  return found;
}

const titles = ({ declaration }: DiscoveredApplication) =>
  declaration?.losses.map(({ object, property, title }) => `${object} ${property}: ${title}`);

test("each tool's application is found, and no other", async () => {
  const { applications } = await look();
  expect(applications.map(({ displayName, access }) => [displayName, access])).toEqual([
    [
      "CIPP-SAM",
      [
        "Exchange.ManageAsApp of Office 365 Exchange Online",
        "role Compliance Administrator over the whole tenant",
      ],
    ],
    [
      "CLI mail jobs",
      [
        "Exchange.ManageAsApp of Office 365 Exchange Online",
        "role Exchange Administrator over the whole tenant",
      ],
    ],
    ["Exchange Online automation", expect.anything()],
    ["Exchange Online automation", expect.anything()],
    [
      "PnP mail jobs",
      [
        "Exchange.ManageAsApp of Office 365 Exchange Online",
        "role Exchange Administrator over the whole tenant",
      ],
    ],
    [
      "ScubaGear Application",
      ["Exchange.ManageAsApp of Office 365 Exchange Online", "role Global Reader over the whole tenant"],
    ],
  ]);
  expect(
    applications
      .filter(({ displayName }) => displayName === "Exchange Online automation")
      .flatMap(({ access }) => access)
      .toSorted((a, b) => a.length - b.length),
  ).toEqual([
    "role Exchange Administrator over the whole tenant",
    'role Exchange Administrator over the whole tenant, by group "Mail people"',
  ]);
});

test("--mail finds what Microsoft Graph lets read or send mail, too", async () => {
  const { applications } = await look("reader", true);
  expect(applications).toHaveLength(7);
  expect(applications.flatMap(({ access }) => access)).toContain("Mail.Send of Microsoft Graph");
});

test("what an update would take from each tool's application", async () => {
  const result = await look();
  expect(titles(of(result, made["cliForMicrosoft365"]?.appId))).toEqual([]);
  expect(titles(of(result, made["scubaGear"]?.appId))).toEqual([
    'application signInAudience: sign-in audience: "AzureADandPersonalMicrosoftAccount"',
  ]);
  expect(titles(of(result, made["pnp"]?.appId))).toEqual([
    'application publicClient.redirectUris: redirect URIs (public client): ["https://login.microsoftonline.com/common/oauth2/nativeclient","http://localhost"]',
    "application isFallbackPublicClient: public client: true",
  ]);
  expect(titles(of(result, made["cipp"]?.appId))).toEqual([
    'application web.redirectUris: redirect URIs (web): ["https://login.microsoftonline.com/common/oauth2/nativeclient","https://localhost","http://localhost","http://localhost:8400"]',
    "application isFallbackPublicClient: public client: true",
    'application signInAudience: sign-in audience: "AzureADMultipleOrgs"',
    "application requiredResourceAccess: requested delegated permission bdfbf15f-ee85-4955-8675-146e8e5296b5 of Microsoft Graph",
  ]);
});

test("how the component would declare them", async () => {
  const result = await look();
  const { tenantId: expectedTenantId } = tenant.seed;
  const [keyId] = of(result, made["cipp"]?.appId).credentials.map(({ id }) => id);
  expect(of(result, made["cipp"]?.appId).declaration).toMatchObject({
    settings: {
      displayName: "CIPP-SAM",
      roles: ["Compliance Administrator"],
      apiPermissions: [{ resource: "MicrosoftGraph", permission: "Application.ReadWrite.All" }],
      securityAndCompliance: false,
      certificate: { generations: [{ name: `adopted-${keyId?.slice(0, 8)}` }] },
      expectedTenantId,
    },
    additions: [],
    undeclared: [
      {
        title: expect.stringMatching(/^secret "of the tool" \(.*\) on the application, until /),
        choice: "accept it in .exo-auth, or remove it when nothing uses it",
      },
    ],
  });
});

test("an old certificate is declared with its digest, behind a new one", async () => {
  const inTwoMonths = new Date(Date.now() + 60 * 86_400_000);
  const { declaration, credentials } = of(await look("reader", false, inTwoMonths), byHand.appId);
  const sha256 = credentials[0]?.sha256;
  expect(credentials).toEqual([
    {
      kind: "certificate",
      on: "application",
      id: byHand.keyId,
      sha256,
      ends: timeText(new X509Certificate(byHand.certificatePem).validToDate),
      isExpired: true,
    },
  ]);
  expect(declaration?.settings.certificate?.generations).toEqual([
    { name: "1" },
    {
      name: `adopted-${byHand.keyId.slice(0, 8)}`,
      publicCertificate: byHand.certificatePem.replaceAll(/-----.*-----|\s/g, ""),
      acceptedSha256: sha256,
    },
  ]);
  expect(declaration?.additions).toEqual([
    "the permission Exchange.ManageAsApp of Office 365 Exchange Online",
    "a new certificate, because no other one is valid now",
  ]);
});

test("findings are those of the audit beside what every component declares", async () => {
  const result = await look();
  const ids = (tool: string) => of(result, made[tool]?.appId).findings.map(({ id }) => id);
  expect(ids("cliForMicrosoft365")).toEqual([]);
  expect(ids("pnp")).toEqual([
    "EXO-AUDIT-CERTIFICATE-LONG",
    "EXO-AUDIT-PUBLIC-CLIENT",
    "EXO-AUDIT-REDIRECT-URI",
    "EXO-AUDIT-REDIRECT-URI",
  ]);
  expect(ids("cipp")).toEqual([
    "EXO-AUDIT-APPLICATION-PASSWORD",
    "EXO-AUDIT-PERMISSION",
    "EXO-AUDIT-PUBLIC-CLIENT",
    ...Array.from({ length: 4 }, () => "EXO-AUDIT-REDIRECT-URI"),
    "EXO-AUDIT-SIGN-IN-AUDIENCE",
  ]);
});

test("a sign-in is seen, and one that may not be read is said to be", async () => {
  const { appId, certificatePem, privateKeyPem } = made["cliForMicrosoft365"]!;
  const { tenantId } = tenant.seed;
  const job = { kind: "certificate", tenantId, clientId: appId, certificatePem, privateKeyPem } as const;
  await createCredential(job, tenant.endpoints).getToken(tenant.endpoints.exchangeOnline.scope);
  expect(of(await look(), appId).lastSignIn).toMatch(/^20\d\d-/);
  const blind = await look("no sign-ins");
  expect(of(blind, appId)).not.toHaveProperty("lastSignIn");
  expect(blind.notRead).toContainEqual({
    what: "last sign-ins",
    reason: expect.stringContaining("lacks the application permission AuditLog.Read.All"),
    denied: true,
    optional: true,
  });
});

test("a right that is missing is named, and what else can be found is", async () => {
  const { applications, notRead } = await look("no roles");
  expect(applications.map(({ displayName }) => displayName)).toEqual([
    "CIPP-SAM",
    "CLI mail jobs",
    "PnP mail jobs",
    "ScubaGear Application",
  ]);
  expect(notRead).toContainEqual({
    what: "who holds directory roles that Exchange accepts",
    reason: expect.stringContaining("lacks the application permission RoleManagement.Read.Directory"),
    denied: true,
  });
});

test("it only reads", async () => {
  tenant.server.clearRequests();
  await look("reader", true);
  const writes = tenant.server.requests.filter(
    ({ method, path }) => method !== "GET" && !path.includes("/oauth2/") && !path.endsWith("/$batch"),
  );
  expect(writes).toEqual([]);
});

test("applications are read together, not one after the other", async () => {
  tenant.server.clearRequests();
  const { applications } = await look();
  const asked = tenant.server.requests.filter(({ path }) => /^\/(?:v1\.0|beta)\/\$batch/.test(path));
  // One by one, each takes more than seven batches.
  expect([applications.length, asked.length < 5 * applications.length]).toEqual([6, true]);
});
