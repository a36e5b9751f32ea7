import { X509Certificate } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { appCertificateType, childTypes, componentType } from "../../../common/typeTokens.ts";
import { createGraphClient } from "../../../graph/graphClient.ts";
import { createCredential } from "../../../graph/signIn.ts";
import { deployerPermissions } from "../../../microsoft/identityPermissions.ts";
import {
  adoptionImports,
  nextUpdate,
  readAdoption,
  requireUnadopted,
} from "../../../operations/adoption/adopt.ts";
import { programCode } from "../../../operations/adoption/programCode.ts";
import { defaultSeed } from "../../../sandbox/tenant/index.ts";
import type { TestApplication, TestTenant } from "../../graph/testTenant.ts";
import { createApplication, startTestTenant } from "../../graph/testTenant.ts";
import { known, planned, urnOf } from "../repair/stack.ts";

const blind = {
  name: "blind",
  clientId: "00000000-0000-4000-8000-000000000001",
  clientSecret: "of the blind",
  permissions: ["Application.Read.All"],
};
const own = "exchange-auth p/s/";
let tenant: TestTenant;
let application: TestApplication;

beforeAll(async () => {
  const deployer = { ...defaultSeed.deployer, permissions: [...deployerPermissions] };
  tenant = await startTestTenant({ seeds: [{ ...defaultSeed, deployer, identities: [blind] }] });
  application = await createApplication(tenant);
  await change({ signInAudience: "AzureADMyOrg" });
});

afterAll(() => tenant.server.close());

function change(body: Readonly<Record<string, unknown>>) {
  return tenant.write("PATCH", `/applications/${application.applicationObjectId}`, body);
}

function graphAs({ clientId, clientSecret }: Pick<typeof blind, "clientId" | "clientSecret">) {
  const { tenantId } = tenant.seed;
  const credential = createCredential({ kind: "secret", tenantId, clientId, clientSecret }, tenant.endpoints);
  return createGraphClient(credential, tenant.endpoints.graph);
}

function read({ appId = application.appId, isExisting = false, as = tenant.seed.deployer } = {}) {
  return readAdoption({
    graph: graphAs(as),
    openRoles: async () => "not asked here",
    signal: new AbortController().signal,
    tenantId: tenant.seed.tenantId,
    cloud: "global",
    appId,
    isExisting,
    own,
    now: new Date(),
  });
}

test("an application that the tenant does not have", async () => {
  const appId = "00000000-0000-4000-8000-00000000000f";
  await expect(read({ appId })).rejects.toMatchObject({
    code: "EXO_AUTH_USAGE",
    message: `--app-id must name an application with a service principal in tenant ${tenant.seed.tenantId}, got "${appId}". \`exo-auth discover\` lists them.`,
  });
});

test("one of Microsoft's, whose application is elsewhere", async () => {
  const appId = "00000002-0000-0ff1-ce00-000000000000";
  await expect(read({ appId })).rejects.toMatchObject({
    message: `--app-id must name an application of tenant ${tenant.seed.tenantId}, got "${appId}", which is another tenant's. Adopt it there.`,
  });
});

test("whose parts may not all be read, since nobody knows then what an update takes", async () => {
  await expect(read({ as: blind })).rejects.toMatchObject({
    reason: "authentication",
    message: expect.stringMatching(
      /^Not all of the application could be read, so nobody knows what an update would remove: directory roles: the identity lacks the application permission RoleManagement\.Read\.Directory/,
    ),
  });
});

test("another stack's is refused, and this stack's own description is no loss", async () => {
  await change({ description: "exchange-auth p/other/exchange 1" });
  await expect(read()).rejects.toMatchObject({
    message:
      'The application\'s description says that another stack owns it: "exchange-auth p/other/exchange 1". If that stack exists, keep the application there. If it is gone, remove the description from the application in the Microsoft Entra admin center, and run this again.',
  });
  await change({ description: `${own}exchange 1` });
  expect((await read()).declaration.losses).toEqual([]);
  await change({ description: "Ours" });
  expect((await read()).declaration.losses).toEqual([
    { object: "application", property: "description", title: 'description: "Ours"' },
  ]);
  expect((await read({ isExisting: true })).declaration).toMatchObject({
    losses: [],
    settings: { existingClientId: application.appId },
  });
  await change({ description: null });
});

const component = urnOf(componentType, "exchange");
const certificate = urnOf(appCertificateType, "exchange-cert-a");
function plan(sha256: string) {
  return [
    planned(componentType, "exchange"),
    planned(childTypes.application, "exchange", { displayName: "d" }, component),
    planned(childTypes.servicePrincipal, "exchange", {}, component),
    planned(appCertificateType, "exchange-cert-a", {}, component),
    planned(
      childTypes.randomUuid,
      "exchange-cert-a-key-id",
      { keepers: { certificateSha256: sha256 } },
      certificate,
    ),
    planned(childTypes.applicationCertificate, "exchange-cert-a", {}, certificate),
  ];
}

test("the certificate is found by its bytes, and comes with what the plugin does not read", async () => {
  const adoption = await read();
  const sha256 = sha256Of(adoption.declaration.settings.certificate?.generations[0]?.publicCertificate ?? "");
  const stack = { known: [], planned: plan(sha256), component: undefined };
  const { imports } = await adoptionImports(graphAs(tenant.seed.deployer), adoption, stack);
  expect(imports.map(({ id }) => id)).toEqual([
    `/applications/${application.applicationObjectId}`,
    `/servicePrincipals/${application.servicePrincipalObjectId}`,
    application.keyId,
    `${application.applicationObjectId}/certificate/${application.keyId}`,
  ]);
  expect(imports[2]).toMatchObject({
    inputs: { keepers: { certificateSha256: sha256 } },
    outputs: { id: application.keyId, result: application.keyId },
  });
  expect(imports[3]).toMatchObject({ outputs: { value: expect.stringContaining("BEGIN CERTIFICATE") } });
  const other = { ...stack, planned: plan("0".repeat(64)) };
  expect((await adoptionImports(graphAs(tenant.seed.deployer), adoption, other)).imports).toHaveLength(2);
});

test("a program that declares nothing, or several components, or the other way", async () => {
  const adoption = await read();
  const graph = graphAs(tenant.seed.deployer);
  const attempt = (resources: ReturnType<typeof plan>, name?: string) =>
    adoptionImports(graph, adoption, { known: [], planned: resources, component: name });
  await expect(attempt([])).rejects.toMatchObject({
    code: "EXO_AUTH_NO_COMPONENT",
    message:
      "The program declares no ExchangeAppOnlyAuth. `exo-auth adopt --code` prints one. Add it to the program, and run this again.",
  });
  const two = [...plan(""), planned(componentType, "reports")];
  await expect(attempt(two)).rejects.toMatchObject({
    message: "The stack has several components. Choose one with --component: exchange, reports.",
  });
  await expect(attempt(two, "nobody")).rejects.toMatchObject({
    message: 'The program declares no ExchangeAppOnlyAuth "nobody". It declares "exchange", "reports".',
  });
  await expect(attempt(two, "reports")).rejects.toMatchObject({
    message: 'Component "reports" is declared with `existingClientId`. Add --existing.',
  });
});

test("a stack that has another application", async () => {
  const adoption = await read();
  const state = [
    known(componentType, "exchange", {}, urnOf("pulumi:pulumi:Stack", "p-s")),
    known(childTypes.application, "exchange", { clientId: "c", objectId: "o" }, component),
  ];
  const stack = { known: state, planned: [], component: undefined };
  await expect(adoptionImports(graphAs(tenant.seed.deployer), adoption, stack)).rejects.toMatchObject({
    message:
      'Component "exchange" of the stack has another application: c. Use a new stack (`pulumi stack init`).',
  });
});

test("an application that an update has made the stack's already", () => {
  const { appId } = application;
  const deployed = [known(componentType, "exchange", { appId }, urnOf("pulumi:pulumi:Stack", "p-s"))];
  expect(() => requireUnadopted(appId, deployed)).toThrow(
    `Component "exchange" of the stack has application ${appId} already. There is nothing to adopt. Run \`pulumi up\`.`,
  );
  expect(() => requireUnadopted("another", deployed)).not.toThrow();
});

function step(op: string, detailedDiff?: Record<string, unknown>) {
  return { op, urn: urnOf(childTypes.application, op), ...(detailedDiff && { detailedDiff }) };
}

test("a plan in words: what it removes or replaces stands apart", () => {
  expect(
    nextUpdate({
      steps: [step("create"), step("update", { notes: {}, tags: {} }), step("delete"), step("same")],
    }),
  ).toEqual({
    creates: ["azuread:Application create"],
    updates: ["azuread:Application update: notes, tags"],
    removesOrReplaces: ["delete azuread:Application delete"],
  });
});

test("the code of a component, where a text of the tenant stays a text", () => {
  const settings = { displayName: 'a"\u202e\n"b": c', roles: [], expectedTenantId: "t" };
  expect(programCode("mail-archive", settings)).toBe(`import { ExchangeAppOnlyAuth } from "exchange-auth";

export const exchange = new ExchangeAppOnlyAuth("mail-archive", {
  displayName: "a\\"\\u202e\\n\\"b\\": c",
  roles: [],
  expectedTenantId: "t"
});
`);
});

function sha256Of(base64: string): string {
  return new X509Certificate(Buffer.from(base64, "base64")).fingerprint256.replaceAll(":", "");
}
