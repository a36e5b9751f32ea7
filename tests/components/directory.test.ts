import { setTimeout } from "node:timers/promises";

import * as azuread from "@pulumi/azuread";
import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { ExchangeAppOnlyAuth, type ExchangeAppOnlyAuthArgs } from "../../components/index.ts";
import { type Answers, mockPulumi } from "./mocks.ts";
import { rejectionsOf } from "./rejections.ts";

vi.mock(import("node:timers/promises"), async (original) => ({
  ...(await original()),
  setTimeout: vi.fn<() => Promise<never>>(),
}));

beforeEach(() => {
  vi.clearAllMocks();
  vi.spyOn(Math, "random").mockReturnValue(0.5);
});
afterEach(() => {
  vi.unstubAllEnvs();
});

const existingClientId = "7c1a3f0e-7a5a-4a4c-9f0c-0d9f5a1f2b3c";
const otherResource = "11111111-2222-4333-8444-555555555555";
const protection = "00000007-0000-0ff1-ce00-000000000000";

const missing = "returned an error: 1 error occurred:\n\t* No application found\n\n";
const denied = "returned an error: 1 error occurred:\n\t* 403 Authorization_RequestDenied\n\n";
const broken = 'Get "https://graph.microsoft.com/v1.0/domains": EOF';

const notHere =
  "is not in this tenant. Check the value, and check that the azuread provider is signed in to the right tenant.";
const lookUpDenied = "could not be looked up: 403 Authorization_RequestDenied";

/** The problems that a component with these arguments ends with, and what was registered for it. */
async function problemsOf(args: ExchangeAppOnlyAuthArgs, failures: Answers["failures"] = {}) {
  const registered = await mockPulumi({ failures });
  const [text = "", ...others] = await rejectionsOf(() => new ExchangeAppOnlyAuth("exchange", args));
  expect(others).toEqual([]);
  expect(registered.filter(({ type }) => /^(azuread|tls|random):/.test(type))).toEqual([]);
  return text.split("\n  - ").slice(1);
}

test("a permission that its resource does not offer", async () => {
  const apiPermissions = [{ resource: otherResource, permission: "User.Read.Al" }];
  expect(await problemsOf({ apiPermissions })).toEqual([
    `The permission "User.Read.Al" of the resource ${otherResource} is not an application permission of that resource in this tenant. Did you mean "User.Read.All"?`,
  ]);
});

test("a resource that the tenant lacks, once for all its permissions", async () => {
  const apiPermissions = ["User.Read.All", "Mail.Read"].map((permission) => ({
    resource: otherResource,
    permission,
  }));
  expect(await problemsOf({ apiPermissions }, { [`getServicePrincipal ${otherResource}`]: missing })).toEqual(
    [`The service principal of the client ID "${otherResource}" ${notHere}`],
  );
});

test("an existing application without a service principal, and the other way around", async () => {
  expect(
    await problemsOf({ existingClientId }, { [`getServicePrincipal ${existingClientId}`]: missing }),
  ).toEqual([`The service principal of the client ID "${existingClientId}" ${notHere}`]);
  expect(await problemsOf({ existingClientId }, { getApplication: missing })).toEqual([
    `The application of \`existingClientId\` "${existingClientId}" ${notHere}`,
  ]);
});

test("a user who cannot be looked up, with the reason that Entra gives", async () => {
  const userRoleAssignments = [{ userPrincipalName: "admin@contoso.com", role: "Global Reader" }];
  expect(await problemsOf({ userRoleAssignments }, { getUser: denied })).toEqual([
    `The user "admin@contoso.com" of \`userRoleAssignments\` ${lookUpDenied}`,
  ]);
});

test("the resource that Microsoft does not add to each tenant, and how to add it", async () => {
  const roles = ["Global Reader"];
  const lookUp = `getServicePrincipal ${protection}`;
  expect(await problemsOf({ roles }, { [lookUp]: missing })).toEqual([
    `Security & Compliance PowerShell needs Microsoft Exchange Online Protection, whose service principal is not in this tenant. Create it with \`az ad sp create --id ${protection}\`. To leave it out instead, set \`securityAndCompliance\` to false, and name no permission of it in \`apiPermissions\`.`,
  ]);
  expect(await problemsOf({ roles }, { [lookUp]: denied })).toEqual([
    `The service principal of the client ID "${protection}" ${lookUpDenied}`,
  ]);
});

test("a tenant that cannot be looked up", async () => {
  expect(await problemsOf({}, { getClientConfig: denied, getDomains: denied })).toEqual([
    `The tenant ${lookUpDenied}`,
    `The tenant's initial domain ${lookUpDenied}`,
  ]);
});

test("a tenant whose initial domain is not known yet is no refusal, whatever other domains it has", async () => {
  await mockPulumi({ lookups: { getDomains: { domains: [{ domainName: "contoso.com", initial: false }] } } });
  expect(await rejectionsOf(() => new ExchangeAppOnlyAuth("exchange"))).toEqual([]);
});

test("two permissions of one resource are two, and one that cannot be found is none that is repeated", async () => {
  const graph = ["User.Read.All", "Mail.Read"].map((permission) => ({
    resource: "MicrosoftGraph",
    permission,
  }));
  await mockPulumi();
  expect(await rejectionsOf(() => new ExchangeAppOnlyAuth("x", { apiPermissions: graph }))).toEqual([]);
  const apiPermissions = [{ resource: otherResource, permission: "User.Read.All" }, ...graph];
  expect(
    await problemsOf({ apiPermissions }, { [`getServicePrincipal ${otherResource}`]: missing }),
  ).toHaveLength(1);
});

test("an environment is not compared where the provider takes another host's word for it", async () => {
  vi.stubEnv("ARM_ENVIRONMENT", "usgovernment");
  expect(await problemsOf({})).toHaveLength(1);
  vi.stubEnv("ARM_METADATA_HOSTNAME", "metadata.example");
  await mockPulumi();
  expect(await rejectionsOf(() => new ExchangeAppOnlyAuth("exchange"))).toEqual([]);
});

test("no generation that can be used is a problem like any other", async () => {
  const args = JSON.parse('{"certificate":{"generations":[7]}}') as ExchangeAppOnlyAuthArgs;
  expect(await problemsOf(args)).toEqual([
    '`certificate.generations[0]` must be an object, got 7. Give { name: "1" }.',
  ]);
});

test("nothing is made before a certificate that becomes known is found to be one", async () => {
  const publicCertificate = pulumi.output("no certificate");
  expect(await problemsOf({ certificate: { generations: [{ name: "1", publicCertificate }] } })).toHaveLength(
    1,
  );
});

test("everything is asked once, of the component's own provider, and of the domains for the initial one", async () => {
  await mockPulumi();
  const invoke = vi.spyOn(pulumi.runtime.getMonitor()!, "invoke");
  const provider = new azuread.Provider("other");
  void new ExchangeAppOnlyAuth("exchange", {}, { provider });
  await pulumi.runtime.disconnect();
  const asked = invoke.mock.calls.map(([request]) => ({
    what: request.getTok().split(":").at(-1),
    args: request.getArgs()?.toJavaScript(),
    provider: request.getProvider().split("::").at(-2),
  }));
  expect(asked).toEqual([
    { what: "getClientConfig", args: {}, provider: "other" },
    {
      what: "getServicePrincipal",
      args: { clientId: "00000002-0000-0ff1-ce00-000000000000" },
      provider: "other",
    },
    { what: "getDomains", args: { onlyInitial: true }, provider: "other" },
  ]);
});

test("a connection that breaks is tried five times more, each time after a longer pause", async () => {
  expect(await problemsOf({}, { getDomains: broken })).toEqual([
    `The tenant's initial domain could not be looked up: ${broken}`,
  ]);
  expect(vi.mocked(setTimeout).mock.calls).toEqual([[500], [1000], [2000], [4000], [8000]]);
});

test("what Entra refuses is not asked for again", async () => {
  await problemsOf({}, { getDomains: denied });
  expect(setTimeout).not.toHaveBeenCalled();
});
