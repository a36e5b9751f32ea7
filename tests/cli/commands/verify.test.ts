import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { timeInWords } from "../../../common/time.ts";
import { deployerPermissions } from "../../../microsoft/identityPermissions.ts";
import { readCertificate } from "../../../common/certificate.ts";
import type { VerifyOptions, VerifyResult } from "../../../operations/verification/verify.ts";
import { verifyExitCode } from "../../../cli/commands/verify.ts";
import { verify } from "../../../operations/verification/verify.ts";
import { causeExitCodes } from "../../../cli/exitCodes.ts";
import type { VerificationTarget } from "../../../operations/verification/verificationTarget.ts";
import { defaultSeed } from "../../../sandbox/tenant/index.ts";
import type { ScriptedServer } from "../../graph/scriptedServer.ts";
import { startScriptedServer } from "../../graph/scriptedServer.ts";
import { makeCertificate } from "../../graph/testCertificate.ts";
import type { TestApplication, TestTenant } from "../../graph/testTenant.ts";
import { assignRole, createApplication, grant, startTestTenant } from "../../graph/testTenant.ts";

let tenant: TestTenant;
let metadata: ScriptedServer;

beforeAll(async () => {
  const permissions = [...deployerPermissions, "Policy.Read.All", "Policy.ReadWrite.ConditionalAccess"];
  tenant = await startTestTenant({
    seeds: [{ ...defaultSeed, deployer: { ...defaultSeed.deployer, permissions } }],
  });
  metadata = await startScriptedServer();
});
beforeEach(() => tenant.server.clock.reset());
afterAll(() => Promise.all([tenant.server.close(), metadata.close()]));

test("a sign-in that works: permission, role and organisation", async () => {
  const application = await createApplication(tenant);
  const result = await run(targetOf(application));
  expect(result).toEqual({
    ok: true,
    verifications: [
      {
        component: "exchange",
        clientId: application.appId,
        tenantId: tenant.seed.tenantId,
        tenantDomain: "contoso.onmicrosoft.com",
        cloud: "global",
        thumbprint: readCertificate(application.certificatePem).thumbprint,
        notAfter: readCertificate(application.certificatePem).notAfter,
        attempts: 1,
        organization: "contoso.onmicrosoft.com",
        permissions: ["Exchange.ManageAsApp"],
        roles: ["Exchange Administrator"],
      },
    ],
    keyElsewhere: [],
  });
  expect(verifyExitCode(result)).toBe(0);
});

test("asks for one token a service, and uses the one whose claims it read", async () => {
  const target = targetOf(await createApplication(tenant, { roles: ["Global Reader"] }));
  tenant.server.clearRequests();
  await run(target);
  expect(tenant.server.requests.map(({ method, path }) => `${method} ${path.split("?")[0]}`)).toEqual([
    `GET /${tenant.seed.tenantId}/v2.0/.well-known/openid-configuration`,
    `POST /${tenant.seed.tenantId}/oauth2/v2.0/token`,
    `POST /adminapi/beta/${tenant.seed.tenantId}/InvokeCommand`,
    `GET /${tenant.seed.tenantId}/v2.0/.well-known/openid-configuration`,
    `POST /${tenant.seed.tenantId}/oauth2/v2.0/token`,
    `GET /adminapi/beta/${tenant.seed.tenantId}/EXOBanner('AutogenSession')`,
    `POST /adminapi/beta/${tenant.seed.tenantId}/InvokeCommand`,
  ]);
});

test("several sign-ins: each is tried, and the first failure gives the exit code", async () => {
  const works = await createApplication(tenant);
  const withoutRole = await createApplication(tenant, { roles: [] });
  const result = await verify(options([targetOf(works), targetOf(withoutRole), targetOf(works)]));
  expect(result.ok).toBe(false);
  expect(result.verifications.map(({ problem }) => problem?.cause)).toEqual([
    undefined,
    "roleMissing",
    undefined,
  ]);
  expect(verifyExitCode(result)).toBe(4);
});

test("consent missing", async () => {
  const application = await createApplication(tenant, { consent: false });
  expect(await outcome(targetOf(application))).toEqual(["consentMissing", 4]);
});

test("role missing", async () => {
  expect(await outcome(targetOf(await createApplication(tenant, { roles: [] })))).toEqual(["roleMissing", 4]);
});

test("role unsupported", async () => {
  const reportsReader = "4a5d8f65-41da-4de4-8968-e035b65339cf";
  const application = await createApplication(tenant, { roles: [reportsReader] });
  expect(await outcome(targetOf(application))).toEqual(["roleUnsupported", 4]);
});

test("a certificate that is not on the application", async () => {
  const target = targetOf({ ...(await createApplication(tenant)), ...(await makeCertificate()) });
  expect(await outcome(target)).toEqual(["certificateNotAccepted", 3]);
});

test("service principal disabled", async () => {
  const application = await createApplication(tenant);
  await tenant.write("PATCH", `/servicePrincipals/${application.servicePrincipalObjectId}`, {
    accountEnabled: false,
  });
  expect(await outcome(targetOf(application))).toEqual(["servicePrincipalDisabled", 3]);
});

test("service principal deleted", async () => {
  const application = await createApplication(tenant);
  await tenant.write("DELETE", `/servicePrincipals/${application.servicePrincipalObjectId}`);
  expect(await outcome(targetOf(application))).toEqual(["servicePrincipalMissing", 3]);
});

test("application deleted", async () => {
  const application = await createApplication(tenant);
  await tenant.write("DELETE", `/applications/${application.applicationObjectId}`);
  expect(await outcome(targetOf(application))).toEqual(["applicationMissing", 3]);
});

test("a tenant that does not exist, and one of another cloud", async () => {
  const target = targetOf(await createApplication(tenant));
  const unknown = "99999999-9999-4999-8999-999999999999";
  expect(await outcome(moved(target, unknown, "fabrikam.onmicrosoft.com"))).toEqual(["tenantUnknown", 2]);
  expect(await outcome(moved(target, unknown, "fabrikam.partner.onmschina.cn"))).toEqual(["wrongCloud", 2]);
});

test("a clock that is off", async () => {
  const certificate = await makeCertificate(new Date(Date.now() - 86_400_000));
  const target = targetOf(await createApplication(tenant, { certificate }));
  tenant.server.clock.advance(-3_600_000);
  expect(await outcome(target)).toEqual(["clockSkew", 3]);
});

test("an expired certificate, and one that is not valid yet, are told without asking anyone", async () => {
  const application = await createApplication(tenant);
  const { notBefore, notAfter, thumbprint } = readCertificate(application.certificatePem);
  tenant.server.clearRequests();
  const expired = await run(targetOf(application), { now: () => new Date(Date.parse(notAfter) + 1000) });
  expect(expired.verifications[0]).toMatchObject({
    attempts: 0,
    problem: {
      cause: "certificateExpired",
      message: `The certificate ${thumbprint} expired at ${timeInWords(notAfter)}.`,
      remedy:
        "Add a generation, as docs/rotation.md shows, run `pulumi up`, and bring the new certificate to the host.",
    },
  });
  expect(verifyExitCode(expired)).toBe(3);
  const early = await run(targetOf(application), { now: () => new Date(Date.parse(notBefore) - 1000) });
  expect(early.verifications[0]?.problem?.cause).toBe("certificateNotYetValid");
  expect(verifyExitCode(early)).toBe(3);
  expect(tenant.server.requests).toEqual([]);
});

test("a certificate that begins within the wait is tried: Entra's clock decides", async () => {
  const application = await createApplication(tenant);
  const { notBefore } = readCertificate(application.certificatePem);
  const now = (): Date => new Date(Date.parse(notBefore) - 15_000);
  const result = await run(targetOf(application), { now, waitMs: 20_000 });
  expect(result.verifications[0]).toMatchObject({ attempts: 1, organization: "contoso.onmicrosoft.com" });
  const late = await run(targetOf(application), { now, waitMs: 10_000 });
  expect(late.verifications[0]).toMatchObject({ attempts: 0, problem: { cause: "certificateNotYetValid" } });
});

test("Security & Compliance answers where a role opens it, and what it refuses is told apart", async () => {
  const works = await createApplication(tenant, { roles: ["Global Reader"], securityAndCompliance: true });
  expect((await run(targetOf(works))).verifications[0]).toMatchObject({
    organization: "contoso.onmicrosoft.com",
    roles: ["Global Reader"],
    securityAndCompliance: true,
  });
  const fault = tenant.server.faults.refuse({ path: /EXOBanner/ }, { status: 403, rawBody: "\0\0" });
  onTestFinished(() => fault.remove());
  const refused = await run(targetOf(works));
  expect(refused.verifications[0]).toMatchObject({
    organization: "contoso.onmicrosoft.com",
    securityAndCompliance: false,
    problem: {
      cause: "roleNotEffective",
      message:
        "Security & Compliance does not know about Global Reader yet. It answers 403, it gave no reason.",
    },
  });
});

test.each([
  [500011, "consentMissing", /has no service principal of Microsoft Exchange Online Protection/],
  [
    500014,
    "exchangeMissing",
    /^Microsoft Exchange Online Protection, .*, is disabled in tenant contoso\.onmicrosoft\.com\.$/,
  ],
])(
  "Security & Compliance whose resource gives AADSTS%i is not Exchange Online",
  async (number, cause, message) => {
    const works = await createApplication(tenant, { roles: ["Global Reader"], securityAndCompliance: true });
    const rawBody = JSON.stringify({ error: "invalid_client", error_description: `AADSTS${number}: No.` });
    // The second token is the one for Security & Compliance.
    const fault = tenant.server.faults.add(
      { path: /\/token/ },
      { kind: "refuse", refusal: { status: 400, rawBody } },
      1,
      1,
    );
    onTestFinished(() => fault.remove());
    expect((await run(targetOf(works))).verifications[0]?.problem).toMatchObject({
      cause,
      message: expect.stringMatching(message),
    });
  },
);

test("a tenant without Exchange Online", async () => {
  const unlicensed = await startTestTenant({ seeds: [{ ...defaultSeed, exchangeLicensed: false }] });
  onTestFinished(() => unlicensed.server.close());
  const result = await run(targetOf(await createApplication(unlicensed)), { env: unlicensed.env });
  expect(result.verifications[0]?.problem?.cause).toBe("exchangeMissing");
  expect(verifyExitCode(result)).toBe(4);
});

test("a Conditional Access policy that blocks the service principal", async () => {
  const application = await createApplication(tenant);
  await tenant.write("POST", "/identity/conditionalAccess/policies", {
    displayName: "Only from the data centre",
    state: "enabled",
    conditions: {
      applications: { includeApplications: ["All"] },
      clientApplications: { includeServicePrincipals: [application.servicePrincipalObjectId] },
    },
    grantControls: { operator: "OR", builtInControls: ["block"] },
  });
  expect(await outcome(targetOf(application))).toEqual(["conditionalAccess", 3]);
});

test("a service that is down", async () => {
  const target = targetOf(await createApplication(tenant));
  const fault = tenant.server.faults.refuse({ path: /InvokeCommand/ }, { status: 503, retryAfter: 0 });
  onTestFinished(() => fault.remove());
  expect(await outcome(target)).toEqual(["serviceUnavailable", 1]);
  expect(fault.hits).toBe(4);
});

test("Exchange Online does not know about the role yet", async () => {
  const target = targetOf(await createApplication(tenant));
  const fault = tenant.server.faults.refuse({ path: /InvokeCommand/ }, { status: 403, rawBody: "" });
  onTestFinished(() => fault.remove());
  expect(await outcome(target)).toEqual(["roleNotEffective", 4]);
});

test("a request that Exchange Online refuses for another reason", async () => {
  const target = targetOf(await createApplication(tenant));
  const fault = tenant.server.faults.refuse({ path: /InvokeCommand/ }, { status: 400 });
  onTestFinished(() => fault.remove());
  expect(await outcome(target)).toEqual(["requestRefused", 4]);
});

test("a sign-in that Entra refuses for a reason that has no explanation", async () => {
  const target = targetOf(await createApplication(tenant));
  const rawBody = JSON.stringify({
    error: "invalid_client",
    error_description: "AADSTS50999: No. Trace ID: 0",
  });
  const fault = tenant.server.faults.refuse({ path: /\/token/ }, { status: 400, rawBody });
  onTestFinished(() => fault.remove());
  const result = await run(target);
  expect(result.verifications[0]?.problem).toMatchObject({
    cause: "signInRefused",
    message: "Entra refused the sign-in: AADSTS50999: No.",
    remedy: "Look it up: https://login.microsoftonline.com/error?code=50999.",
  });
  expect(verifyExitCode(result)).toBe(3);
});

test.each([
  ["throttles", { path: /\/token/ }, 429, "AADSTS90055: Too many requests."],
  ["is down", { path: /openid-configuration/ }, 500, "500, An internal server error occurred."],
])("an Entra that %s is no refusal", async (_, matcher, status, answer) => {
  const target = targetOf(await createApplication(tenant));
  const fault = tenant.server.faults.refuse(matcher, { status, retryAfter: 0 });
  onTestFinished(() => fault.remove());
  const result = await run(target);
  expect(result.verifications[0]?.problem).toMatchObject({
    cause: "serviceUnavailable",
    message: expect.stringContaining(`Entra does not work now. It answers ${answer}`),
  });
  expect(verifyExitCode(result)).toBe(1);
});

test("roles and permissions that reach tokens late are waited for", async () => {
  // However long the requests take, only the pauses move the tenant's clock.
  vi.useFakeTimers({ toFake: ["Date"] });
  onTestFinished(() => void vi.useRealTimers());
  const fault = tenant.server.faults.lagClaims({}, 60_000);
  onTestFinished(() => fault.remove());
  const application = await createApplication(tenant);
  const result = await run(targetOf(application), {
    waitMs: 120_000,
    pause: async (milliseconds) => tenant.server.clock.advance(milliseconds),
  });
  expect(result.verifications[0]).toMatchObject({ attempts: 8, organization: "contoso.onmicrosoft.com" });
});

test("no network", async () => {
  const application = await createApplication(tenant);
  metadata.answer({
    status: 200,
    body: {
      authentication: { loginEndpoint: "https://localhost:1" },
      microsoftGraphResourceId: "https://localhost:1",
    },
  });
  const env = { ARM_METADATA_HOSTNAME: new URL(metadata.url).host };
  const result = await run(targetOf(application), { env });
  expect(result.verifications[0]?.problem).toMatchObject({
    cause: "network",
    message: expect.stringMatching(/^Entra could not be reached: .*ECONNREFUSED/),
  });
  expect(verifyExitCode(result)).toBe(1);
});

test("tries again with fresh tokens until role and consent are effective, and says what it waits for", async () => {
  const application = await createApplication(tenant, { consent: false, roles: [] });
  const waits: number[] = [];
  const said: string[] = [];
  const result = await run(targetOf(application), {
    waitMs: 300_000,
    progress: (text) => said.push(text),
    pause: async (milliseconds) => {
      waits.push(milliseconds);
      if (waits.length === 2) await grant(tenant, application.servicePrincipalObjectId);
      if (waits.length === 4)
        await assignRole(tenant, application.servicePrincipalObjectId, "Exchange Administrator");
    },
  });
  expect(result.verifications[0]).toMatchObject({ attempts: 5, organization: "contoso.onmicrosoft.com" });
  expect(waits).toEqual([2000, 4000, 8000, 15_000]);
  expect(said).toEqual([
    "Signing in to contoso.onmicrosoft.com …",
    expect.stringMatching(
      /^The token does not have Exchange\.ManageAsApp: .* Trying again for 300 s more …$/,
    ),
    "Signing in to contoso.onmicrosoft.com …",
    expect.stringMatching(
      /^The token does not have Exchange\.ManageAsApp: .* Trying again for 298 s more …$/,
    ),
    "Signing in to contoso.onmicrosoft.com …",
    expect.stringMatching(/holds no Entra role.* Trying again for 294 s more …$/),
    "Signing in to contoso.onmicrosoft.com …",
    expect.stringMatching(/holds no Entra role.* Trying again for 286 s more …$/),
    "Signing in to contoso.onmicrosoft.com …",
  ]);
});

test("gives up when the time is over, having waited exactly that long", async () => {
  const application = await createApplication(tenant, { roles: [] });
  const waits: number[] = [];
  const pause = async (milliseconds: number): Promise<void> => void waits.push(milliseconds);
  const result = await run(targetOf(application), { waitMs: 20_000, pause });
  expect(waits).toEqual([2000, 4000, 8000, 6000]);
  expect(result.verifications[0]).toMatchObject({ attempts: 5, problem: { cause: "roleMissing" } });
});

test("does not wait for what time does not heal", async () => {
  const target = targetOf(await createApplication(tenant));
  const result = await run(moved(target, "99999999-9999-4999-8999-999999999999", "x.onmicrosoft.com"), {
    waitMs: 300_000,
    pause: () => Promise.reject(new Error("it waited")),
  });
  expect(result.verifications[0]).toMatchObject({ attempts: 1, problem: { cause: "tenantUnknown" } });
});

test("Ctrl-C ends a wait", async () => {
  const application = await createApplication(tenant, { roles: [] });
  const controller = new AbortController();
  const verifying = run(targetOf(application), {
    waitMs: 300_000,
    signal: controller.signal,
    progress: (text) => text.includes("Trying again") && controller.abort(),
  });
  await expect(verifying).rejects.toMatchObject({ name: "AbortError" });
});

test("neither keys nor assertions are in what it says", async () => {
  const application = await createApplication(tenant, { roles: [] });
  const said: string[] = [];
  const result = await run(targetOf(application), { progress: (text) => said.push(text) });
  expect(JSON.stringify([result, said])).not.toMatch(/PRIVATE KEY|eyJ/);
});

test("every cause that there is was made above", () => {
  // tests/cli/commands/verifyOwnRoles.test.ts makes those of Exchange's own roles.
  const all = [...seen, "cmdletAllowed", "roleGroupMissing"];
  expect(all.toSorted()).toEqual(Object.keys(causeExitCodes).toSorted());
});

function targetOf(application: TestApplication): VerificationTarget {
  const { certificatePem, privateKeyPem, appId } = application;
  const certificate = readCertificate(certificatePem);
  const { tenantId, initialDomain } = tenant.seed;
  return {
    component: "exchange",
    signIn: {
      clientId: appId,
      tenantId,
      tenantDomain: initialDomain,
      cloud: "global",
      thumbprint: certificate.thumbprint,
    },
    identity: { kind: "certificate", tenantId, clientId: appId, certificatePem, privateKeyPem },
    certificate,
  };
}

function moved(target: VerificationTarget, tenantId: string, tenantDomain: string): VerificationTarget {
  return {
    ...target,
    signIn: { ...target.signIn, tenantId, tenantDomain },
    identity: { ...target.identity, tenantId },
  };
}

function options(
  targets: readonly VerificationTarget[],
  changes: Partial<VerifyOptions> = {},
): VerifyOptions {
  const signal = new AbortController().signal;
  return {
    targets,
    keyElsewhere: [],
    waitMs: 0,
    env: tenant.env,
    signal,
    progress: () => undefined,
    ...changes,
  };
}

/** The causes that the tests of this file have made. */
const seen = new Set<string>();

async function run(target: VerificationTarget, changes: Partial<VerifyOptions> = {}): Promise<VerifyResult> {
  const result = await verify(options([target], changes));
  for (const { problem } of result.verifications) if (problem) seen.add(problem.cause);
  return result;
}

async function outcome(target: VerificationTarget): Promise<(string | number | undefined)[]> {
  const result = await run(target);
  return [...result.verifications.map(({ problem }) => problem?.cause), verifyExitCode(result)];
}
