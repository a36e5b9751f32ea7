import { X509Certificate } from "node:crypto";
import * as v from "valibot";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { deployerPermissions } from "../../../microsoft/identityPermissions.ts";
import type { PreflightResult } from "../../../operations/preflight/preflight.ts";
import { preflightExitCode } from "../../../cli/commands/preflight.ts";
import { preflight } from "../../../operations/preflight/preflight.ts";
import type { PlannedCertificate } from "../../../operations/preflight/plannedCertificates.ts";
import type { Identity } from "../../../graph/signIn.ts";
import type { TenantSeed } from "../../../sandbox/tenant/index.ts";
import { defaultSeed } from "../../../sandbox/tenant/index.ts";
import { makeCertificate } from "../../graph/testCertificate.ts";
import type { TestTenant } from "../../graph/testTenant.ts";
import { startTestTenant } from "../../graph/testTenant.ts";

// What preflight says of a certificate, held against what the tenant does with it.
let tenant: TestTenant;
/** May read whom a policy excludes, and the deployer of the second tenant may not. */
let seeing: Identity;
let unseeing: Identity;
let certificate: X509Certificate;

const permissions = [...deployerPermissions, "Policy.Read.All", "Policy.ReadWrite.ApplicationConfiguration"];
const seeds = [
  { ...defaultSeed, attributes: ["CustomSecAttributeAssignment.ReadWrite.All"] },
  {
    ...defaultSeed,
    tenantId: "11111111-1111-4111-8111-111111111111",
    initialDomain: "fabrikam.onmicrosoft.com",
    attributes: [],
  },
].map(({ attributes, ...seed }) => ({
  ...seed,
  deployer: { ...seed.deployer, permissions: [...permissions, ...attributes] },
}));

beforeAll(async () => {
  tenant = await startTestTenant({ seeds });
  [seeing, unseeing] = [identityOf(seeds[0]!), identityOf(seeds[1]!)];
  const start = wholeSecond(Date.now());
  const made = await makeCertificate(start, wholeSecond(start.getTime() + 364 * 86_400_000));
  certificate = new X509Certificate(made.certificatePem);
});
beforeEach(() => tenant.server.reset());
afterAll(() => tenant.server.close());

/** What a tenant and an application are like, and what comes of a certificate for 364 days. */
interface Situation {
  readonly name: string;
  /** The tenant's restrictions of applications. */
  readonly restrictions: readonly object[];
  /** The tenant's restrictions of service principals, which are not for applications. */
  readonly ofServicePrincipals?: readonly object[];
  /** The application's own policy. */
  readonly own?: { readonly restrictions: readonly object[]; readonly isEnabled?: boolean };
  /** The deploying identity's custom security attributes. */
  readonly attributes?: object;
  readonly obstacle?: PreflightObstacle;
}
type PreflightObstacle = "certificateTooLong" | "certificateNotTrusted";

const lifetime = (maxLifetime: string, more: object = {}): object => ({
  restrictionType: "asymmetricKeyLifetime",
  maxLifetime,
  ...more,
});
const tooLong = { obstacle: "certificateTooLong" } as const;
const authority = { restrictionType: "trustedCertificateAuthority" };
const hour = 3_600_000;
const anHourAgo = new Date(Date.now() - hour).toISOString();
const inAnHour = new Date(Date.now() + hour).toISOString();
const exceptTrusted = {
  excludeActors: {
    customSecurityAttributes: [
      {
        "@odata.type": "#microsoft.graph.customSecurityAttributeStringValueExemption",
        id: "Deployment_Trusted",
        operator: "equals",
        value: "yes",
      },
    ],
  },
};

const situations: readonly Situation[] = [
  { name: "no restriction", restrictions: [] },
  { name: "a longer lifetime than the certificate's", restrictions: [lifetime("P365D")] },
  { name: "just the certificate's lifetime", restrictions: [lifetime("P364D")], ...tooLong },
  { name: "a shorter one", restrictions: [lifetime("P180D")], ...tooLong },
  { name: "a shorter one that is disabled", restrictions: [lifetime("P180D", { state: "disabled" })] },
  {
    name: "a shorter one for applications that are made later",
    restrictions: [lifetime("P180D", { restrictForAppsCreatedAfterDateTime: inAnHour })],
  },
  {
    name: "a shorter one for applications as young as this",
    restrictions: [lifetime("P180D", { restrictForAppsCreatedAfterDateTime: anHourAgo })],
    ...tooLong,
  },
  {
    name: "a shorter one for service principals",
    restrictions: [],
    ofServicePrincipals: [lifetime("P1D")],
  },
  {
    name: "a trusted certificate authority",
    restrictions: [authority],
    obstacle: "certificateNotTrusted",
  },
  {
    name: "an own policy that allows what the tenant's forbids",
    restrictions: [lifetime("P180D"), authority],
    own: { restrictions: [lifetime("P730D")] },
  },
  {
    name: "an own policy without restrictions",
    restrictions: [lifetime("P180D")],
    own: { restrictions: [] },
  },
  {
    name: "an own policy that is not enabled",
    restrictions: [lifetime("P180D")],
    own: { restrictions: [lifetime("P1D")], isEnabled: false },
  },
  {
    name: "an own policy that forbids what the tenant's allows",
    restrictions: [],
    own: { restrictions: [lifetime("P90D")] },
    ...tooLong,
  },
  {
    name: "an own policy with a trusted certificate authority",
    restrictions: [],
    own: { restrictions: [authority] },
    obstacle: "certificateNotTrusted",
  },
  {
    name: "a restriction from which the deploying identity is exempt",
    restrictions: [lifetime("P180D", exceptTrusted)],
    attributes: { Deployment: { Trusted: "yes" } },
  },
  {
    name: "the same in the application's own policy",
    restrictions: [],
    own: { restrictions: [{ ...authority, ...exceptTrusted }] },
    attributes: { Deployment: { Trusted: "yes" } },
  },
  {
    name: "a restriction from which others are exempt",
    restrictions: [lifetime("P180D", exceptTrusted)],
    attributes: { Deployment: { Trusted: "Yes", Other: "yes" }, Other: { Trusted: "yes" } },
    ...tooLong,
  },
  {
    name: "the same, where the deploying identity has no attributes at all",
    restrictions: [lifetime("P180D", exceptTrusted)],
    ...tooLong,
  },
];

test.each(situations)("on an application that is there: $name", async (situation) => {
  const id = await prepare(situation, seeing);
  expect(await compare(seeing, id)).toEqual(bothSay(situation));
});

test.each(situations.filter(({ own }) => own === undefined))("on a new one: $name", async (situation) => {
  await prepare(situation, seeing);
  expect(await compare(seeing, undefined)).toEqual(bothSay(situation));
});

test("an application that was made before the restriction's date is not restricted, a new one is", async () => {
  tenant.server.clock.advance(-2 * hour);
  const restrictForAppsCreatedAfterDateTime = anHourAgo;
  const situation = {
    name: "",
    restrictions: [lifetime("P180D", { restrictForAppsCreatedAfterDateTime })],
  };
  const id = await prepare(situation, seeing);
  tenant.server.clock.reset();
  expect(await compare(seeing, id)).toEqual(bothSay({}));
  expect(await compare(seeing, undefined)).toEqual(bothSay(tooLong));
});

test("who may not read attributes is told that it was not checked who is exempt, and asks for none", async () => {
  const id = await prepare({ name: "", restrictions: [lifetime("P180D", exceptTrusted)] }, unseeing);
  tenant.server.clearRequests();
  const result = await run(unseeing, [planned(id)]);
  expect({ ok: result.ok, said: policyFindings(result) }).toEqual({
    ok: true,
    said: [
      {
        kind: "warning",
        cause: "notChecked",
        message:
          'Not checked: whether the deploying identity is exempt from the tenant\'s app management policy, which refuses certificate "exchange-cert-1" of others.',
        remedy: "The permission CustomSecAttributeAssignment.Read.All allows this check.",
      },
    ],
  });
  expect(batches()).toBe(2);
});

test("where nothing would be refused nobody asks who is exempt", async () => {
  const id = await prepare({ name: "", restrictions: [lifetime("P365D", exceptTrusted)] }, seeing);
  tenant.server.clearRequests();
  expect(policyFindings(await run(seeing, [planned(id)]))).toEqual([allowedBy("the tenant's")]);
  expect(batches()).toBe(2);
});

test("an application's own policy is read without the right to read the tenant's", async () => {
  const { tenantId } = seeds[0]!;
  const id = await prepare({ name: "", restrictions: [], own: { restrictions: [lifetime("P90D")] } }, seeing);
  const lesser = await withPermissions(tenantId, deployerPermissions);
  const result = await run(lesser, [planned(id)]);
  expect(policyFindings(result)).toMatchObject([
    {
      cause: "certificateTooLong",
      message:
        'Certificate "exchange-cert-1" would last 364 days, but the application\'s own app management policy "Own" requires less than 90.',
    },
  ]);
  expect(preflightExitCode(result)).toBe(5);
  const other = await createApplication(seeing);
  expect(policyFindings(await run(lesser, [planned(other)]))).toEqual([
    {
      kind: "warning",
      cause: "notChecked",
      message: "Not checked: whether the tenant's app management policy allows the certificate.",
      remedy: "The permission Policy.Read.All allows this check.",
    },
  ]);
});

test("an application that may not be read", async () => {
  const { tenantId } = seeds[0]!;
  const id = await createApplication(seeing);
  const blind = await withPermissions(tenantId, ["Domain.Read.All", "Policy.Read.All"]);
  expect(policyFindings(await run(blind, [planned(id)]))).toEqual([
    {
      kind: "warning",
      cause: "notChecked",
      message:
        'Not checked: whether an app management policy of the application\'s own allows certificate "exchange-cert-1".',
      remedy: "The permission Application.Read.All allows this check.",
    },
  ]);
});

test("two certificates, each under the policy of its own application", async () => {
  const id = await prepare(
    { name: "", restrictions: [lifetime("P180D")], own: { restrictions: [] } },
    seeing,
  );
  const result = await run(seeing, [planned(id), { ...planned(undefined), name: "other-cert-1" }]);
  expect(policyFindings(result)).toMatchObject([
    allowedBy("the application's own"),
    { cause: "certificateTooLong", message: expect.stringContaining('"other-cert-1"') },
  ]);
});

/** What preflight finds as an obstacle, and whether the tenant refuses the certificate, in the same situation. */
async function compare(
  identity: Identity,
  applicationObjectId: string | undefined,
): Promise<{ said: unknown; exitCode: number; refused: boolean }> {
  const result = await run(identity, [planned(applicationObjectId)]);
  const id = applicationObjectId ?? (await createApplication(identity));
  const keyCredentials = [
    { type: "AsymmetricX509Cert", usage: "Verify", key: certificate.raw.toString("base64") },
  ];
  const refused = await tenant
    .write("PATCH", `/applications/${id}`, { keyCredentials }, identity)
    .then(() => false)
    .catch((error: Error) => {
      if (!/ 400 .*AsPerAppPolicy/.test(error.message)) throw error;
      return true;
    });
  const said = policyFindings(result).flatMap((finding) =>
    finding.kind === "passed" ? [] : [finding.cause],
  );
  return { said, exitCode: preflightExitCode(result), refused };
}

function bothSay({ obstacle }: Pick<Situation, "obstacle">): Awaited<ReturnType<typeof compare>> {
  return obstacle === undefined
    ? { said: [], exitCode: 0, refused: false }
    : { said: [obstacle], exitCode: 5, refused: true };
}

/** Makes the policies and an application of them. @returns its object ID */
async function prepare(
  { restrictions, ofServicePrincipals = [], own, attributes }: Situation,
  identity: Identity,
): Promise<string> {
  const policy = {
    isEnabled: true,
    applicationRestrictions: { keyCredentials: restrictions },
    servicePrincipalRestrictions: { keyCredentials: ofServicePrincipals },
  };
  await tenant.write("PATCH", "/policies/defaultAppManagementPolicy", policy, identity);
  if (attributes !== undefined) {
    const path = `/servicePrincipals/${await tenant.principalOf(defaultSeed.deployer.clientId)}`;
    await tenant.write("PATCH", path, { customSecurityAttributes: attributes }, identity);
  }
  const id = await createApplication(identity);
  if (own !== undefined) {
    const { id: policyId } = await tenant.write(
      "POST",
      "/policies/appManagementPolicies",
      {
        displayName: "Own",
        isEnabled: own.isEnabled ?? true,
        restrictions: { keyCredentials: own.restrictions },
      },
      identity,
    );
    const reference = {
      "@odata.id": `https://graph.microsoft.com/v1.0/policies/appManagementPolicies/${String(policyId)}`,
    };
    await tenant.write("POST", `/applications/${id}/appManagementPolicies/$ref`, reference, identity);
  }
  return id;
}

async function createApplication(identity: Identity): Promise<string> {
  const created = await tenant.write("POST", "/applications", { displayName: "Jobs" }, identity);
  return v.parse(v.string(), created["id"]);
}

/** Another application of the first tenant with these permissions of Microsoft Graph. */
async function withPermissions(tenantId: string, values: readonly string[]): Promise<Identity> {
  const { id, appId } = v.parse(
    v.object({ id: v.string(), appId: v.string() }),
    await tenant.write("POST", "/applications", { displayName: "Lesser" }),
  );
  const principal = await tenant.write("POST", "/servicePrincipals", { appId });
  const graph = "00000003-0000-0000-c000-000000000000";
  const resourceId = await tenant.principalOf(graph);
  for (const value of values) {
    const assignment = { principalId: principal["id"], resourceId, appRoleId: appRoleIds[value] };
    await tenant.write("POST", `/servicePrincipals/${resourceId}/appRoleAssignedTo`, assignment);
  }
  const { secretText } = await tenant.write("POST", `/applications/${id}/addPassword`, {});
  return { kind: "secret", tenantId, clientId: appId, clientSecret: v.parse(v.string(), secretText) };
}

/** Ids of Microsoft Graph's application permissions. */
const appRoleIds: Readonly<Record<string, string>> = {
  "Application.ReadWrite.All": "1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9",
  "AppRoleAssignment.ReadWrite.All": "06b708a9-e830-4db3-a914-8e69da51d44f",
  "Domain.Read.All": "dbb9058a-0e50-45d7-ae91-66909b5d4664",
  "Policy.Read.All": "246dd0d5-5bd0-4def-940b-0421030a5b68",
  "RoleManagement.ReadWrite.Directory": "9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8",
};

function identityOf({ tenantId, deployer: { clientId, clientSecret } }: TenantSeed): Identity {
  return { kind: "secret", tenantId, clientId, clientSecret };
}

function planned(applicationObjectId: string | undefined): PlannedCertificate {
  return {
    name: "exchange-cert-1",
    validityDays: (certificate.validToDate.getTime() - certificate.validFromDate.getTime()) / 86_400_000,
    selfSigned: true,
    ...(applicationObjectId === undefined ? {} : { applicationObjectId }),
  };
}

function run(identity: Identity, newCertificates: readonly PlannedCertificate[]): Promise<PreflightResult> {
  return preflight({
    identity,
    cloud: "global",
    readPlan: async () => ({
      resourceTypes: new Set(),
      newApplications: [],
      knownApplications: [],
      newCertificates,
      newFederatedCredentials: [],
      removedCurrent: [],
      replacedCertificates: [],
      keysInState: [],
      exchangeRoles: [],
      timedRoles: { findings: [], running: [] },
      problems: [],
    }),
    env: tenant.env,
    signal: new AbortController().signal,
  });
}

/** The findings without those about rights and licences. */
function policyFindings({ findings }: PreflightResult): PreflightResult["findings"] {
  return findings.filter(({ message }) => /app management policy/.test(message));
}

function allowedBy(whose: string): object {
  return { kind: "passed", message: expect.stringContaining(`${whose} app management policy`) };
}

function batches(): number {
  return tenant.server.requests.filter(({ path }) => path === "/v1.0/$batch").length;
}

function wholeSecond(milliseconds: number): Date {
  return new Date(Math.floor(milliseconds / 1000) * 1000);
}
