import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { readCertificate } from "../../../common/certificate.ts";
import { createApplicationClient } from "../../../graph/applicationClient.ts";
import { createGraphClient } from "../../../graph/graphClient.ts";
import { createCredential } from "../../../graph/signIn.ts";
import { SignInError } from "../../../graph/signInError.ts";
import { removeCopies } from "../../../operations/rotation/certificateCopies.ts";
import { proveRevocation, type RemovedCertificate } from "../../../operations/rotation/proveRevocation.ts";
import { requireSignIn, requireUsable } from "../../../operations/rotation/requireSignIn.ts";
import { type CertifiedComponent, requireCertificate } from "../../../stack/certifiedComponent.ts";
import { stackStateOf } from "../../../stack/components.ts";
import { parseExport } from "../../../stack/exportedState.ts";
import type { TestApplication, TestTenant } from "../../graph/testTenant.ts";
import { createApplication, startTestTenant } from "../../graph/testTenant.ts";
import { exportedComponent, exportOf } from "../../stack/exportedState.ts";

let tenant: TestTenant;
let application: TestApplication;
let component: CertifiedComponent;
let run: RemovedCertificate;

beforeAll(async () => {
  tenant = await startTestTenant();
});
afterAll(() => tenant.server.close());

beforeEach(async () => {
  application = await createApplication(tenant);
  component = requireCertificate(deployed(application));
  const credential = createCredential(tenant.deployer, tenant.endpoints);
  run = {
    stolen: component.generations[0],
    subject: { component },
    tenant: { application: createApplicationClient(credential, tenant.endpoints.graph) },
    waitMs: 0,
    pause: async () => undefined,
    progress: () => undefined,
    env: tenant.env,
    signal: new AbortController().signal,
    now: () => new Date(),
  };
});

test("a certificate that is still there is listed and accepted", async () => {
  const proof = await proveRevocation(run, false);
  expect(proof).toMatchObject({ by: "signIn", answer: "accepted", attempts: 1, hidden: [] });
  expect(proof.copies).toEqual([{ holder: "application", keyId: expect.stringMatching(/^[0-9a-f-]{36}$/) }]);
});

test("one that was removed is listed no more, and refused three times for its key", async () => {
  const { removed } = await remove();
  expect(removed).toHaveLength(1);
  expect(await proveRevocation(run, false)).toEqual({
    by: "signIn",
    copies: [],
    hidden: [],
    answer: "refused",
    attempts: 3,
  });
});

test("what the thief puts back within --wait goes again", async () => {
  const pauses: number[] = [];
  const proof = await proveRevocation(
    { ...run, waitMs: 12_000, pause: async (milliseconds) => void pauses.push(milliseconds) },
    false,
  );
  expect(proof).toMatchObject({ copies: [], answer: "refused" });
  expect(pauses[0]).toBe(2000);
});

test("a disabled service principal says nothing about the key", async () => {
  await remove();
  await tenant.write("PATCH", `/servicePrincipals/${application.servicePrincipalObjectId}`, {
    accountEnabled: false,
  });
  expect(await proveRevocation(run, false)).toMatchObject({
    by: "signIn",
    copies: [],
    answer: "unclear",
    reason: expect.stringMatching(/^AADSTS7000112: /),
  });
});

test.each([
  ["the application is blocked", true, {}],
  ["its private key is elsewhere", false, { privateKeyPem: undefined }],
  ["it is outside its validity", false, { certificateNotAfter: "2026-01-01T00:00:00Z" }],
  ["it is outside its validity", false, { certificateNotBefore: "2099-01-01T00:00:00Z" }],
] as const)("where %s, the read is the proof", async (reason, isBlocked, changes) => {
  await remove();
  const { privateKeyPem, ...stolen } = { ...run.stolen, ...changes };
  const known = privateKeyPem === undefined ? stolen : { ...stolen, privateKeyPem };
  expect(await proveRevocation({ ...run, stolen: known }, isBlocked)).toEqual({
    by: "read",
    copies: [],
    hidden: [],
    reason,
  });
});

test("whoever has no identity in the tenant still learns that the application cannot be signed in to", async () => {
  const context = { env: tenant.env, signal: run.signal };
  await remove();
  // The certificate alone is refused: that is for the step's own proof.
  await expect(requireSignIn(component, context)).resolves.toBeUndefined();
  const path = `/servicePrincipals/${application.servicePrincipalObjectId}`;
  await tenant.write("PATCH", path, { accountEnabled: false });
  await expect(requireSignIn(component, context)).rejects.toMatchObject({
    code: "EXO_AUTH_APPLICATION_BLOCKED",
    message: `Application ${application.appId} is blocked (\`exo-auth revoke --block\`, the application's \`isDisabled\`), or its service principal is disabled (AADSTS7000112). Nothing was changed. \`exo-auth status\` says whether it is blocked or deleted. docs/recovery.md describes what to do.`,
  });
  await tenant.write("DELETE", `/applications/${application.applicationObjectId}`);
  await expect(requireSignIn(component, context)).rejects.toMatchObject({
    code: "EXO_AUTH_APPLICATION_DELETED",
    message: expect.stringMatching(
      /^Tenant \S+ has no application \S+ \(AADSTS700016\)\. Nothing was changed\./,
    ),
  });
});

test("an identity that may not read the tenant is no obstacle, a deleted application is", async () => {
  const context = { env: tenant.env, signal: run.signal };
  await expect(requireUsable(component, refused, context)).resolves.toBeUndefined();
  await tenant.write("DELETE", `/applications/${application.applicationObjectId}`);
  await expect(requireUsable(component, refused, context)).rejects.toMatchObject({
    code: "EXO_AUTH_APPLICATION_DELETED",
  });
  const allowed = async () => ({
    ...run.tenant,
    graph: createGraphClient(createCredential(tenant.deployer, tenant.endpoints), tenant.endpoints.graph),
  });
  await expect(requireUsable(component, allowed, context)).rejects.toThrow("is in the recycle bin");
});

function refused() {
  return Promise.reject(new SignInError(new Error("Please run 'az login'")));
}

function remove() {
  return removeCopies(run.tenant.application, component, run.stolen);
}

/** A component as a state has it after it made this application. */
function deployed({
  appId,
  applicationObjectId,
  servicePrincipalObjectId,
  certificatePem,
  privateKeyPem,
}: TestApplication) {
  const facts = readCertificate(certificatePem);
  const resources = exportedComponent("s", "p", "exchange").map((resource) => {
    const isComponent = resource.type === "exchange-auth:index:ExchangeAppOnlyAuth";
    const changes = isComponent
      ? {
          appId,
          applicationObjectId,
          servicePrincipalObjectId,
          tenantId: tenant.seed.tenantId,
          thumbprint: facts.thumbprint,
        }
      : resource.type === "exchange-auth:index:AppCertificate"
        ? {
            certificatePem,
            privateKeyPem,
            thumbprint: facts.thumbprint,
            certificateThumbprintSha256: facts.thumbprintSha256,
            certificateNotBefore: facts.notBefore,
            certificateNotAfter: facts.notAfter,
          }
        : {};
    return { ...resource, outputs: { ...resource.outputs, ...changes } };
  });
  return stackStateOf(parseExport(exportOf(resources))).components[0]!;
}
