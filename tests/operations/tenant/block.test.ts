import { X509Certificate } from "node:crypto";
import { expect, test } from "vitest";
import { certificateSha256 } from "../../../common/certificate.ts";
import { ApiError } from "../../../graph/apiError.ts";
import { type BlockOptions, blockApplication } from "../../../operations/tenant/block.ts";
import type { TenantAccess } from "../../../operations/tenant/tenantAccess.ts";
import { makeCliFolder } from "../../cli/cliProcess.ts";
import { makeCertificate } from "../../graph/testCertificate.ts";
import { exportedComponent, exportOf } from "../../stack/exportedState.ts";

const { certificatePem } = await makeCertificate();
const key = new X509Certificate(certificatePem).raw.toString("base64");
/** Its current certificate is the one with the key ID `key-2`. */
const component = exportedComponent("s", "p", "exchange").map((resource) =>
  resource.outputs["keyId"] === "key-2"
    ? {
        ...resource,
        outputs: {
          ...resource.outputs,
          certificateThumbprintSha256: certificateSha256(certificatePem).toUpperCase(),
        },
      }
    : resource,
);
const ours = {
  urn: "urn:pulumi:s::p::exchange-auth:index:ExchangeAppOnlyAuth$azuread:index/application:Application::exchange",
  type: "azuread:index/application:Application",
  parent: component[0]!.urn,
  outputs: {},
};
const path = "/applications/application-of-exchange";
const bodies: Readonly<Record<string, unknown>> = {
  [`${path}/owners?$select=id,displayName`]: { value: [{ id: "o", displayName: "Mal\nlory" }] },
  [`${path}?$select=managerApplications`]: { managerApplications: ["m"] },
  [`${path}?$select=keyCredentials,passwordCredentials`]: {
    keyCredentials: [
      { keyId: "key-2", key },
      { keyId: "foreign", displayName: "CN=payroll" },
    ],
    passwordCredentials: [{ keyId: "secret", displayName: null }],
  },
  [`${path}/federatedIdentityCredentials`]: {
    value: [{ id: "f", name: "github", issuer: "i", subject: "repo:a/b", audiences: ["a"] }],
  },
};

/** A tenant whose application is blocked or not; what it has no body for, it refuses to give. */
function tenant(isDisabled: boolean, obeys = true) {
  let state = isDisabled;
  const writes: unknown[] = [];
  const access: TenantAccess = {
    graph: {
      async read(wanted) {
        const body = wanted.path.endsWith("?$select=id,isDisabled")
          ? { isDisabled: state }
          : bodies[wanted.path];
        if (body === undefined)
          throw new ApiError({ service: "Graph", request: wanted.path, status: 403, reason: "not allowed" });
        return wanted.finish(body, async (address) => bodies[address.replace("/v1.0", "")]);
      },
      batch: () =>
        Promise.reject(
          new ApiError({ service: "Graph", request: "POST /$batch", status: 503, reason: "Later." }),
        ),
    },
    application: {
      keyCredentials: async () => [],
      replaceKeyCredentials: async () => undefined,
      async setDisabled(...request) {
        writes.push(request);
        if (obeys) [, state] = request;
      },
    },
  };
  return { access, writes };
}

function run(
  access: TenantAccess,
  changes: Partial<BlockOptions> = {},
  resources: readonly object[] = [ours],
) {
  const { env } = makeCliFolder({ stdout: exportOf([...component, ...resources]) });
  return blockApplication({
    block: true,
    confirmed: true,
    tenant: access,
    env,
    signal: new AbortController().signal,
    progress: () => undefined,
    ...changes,
  });
}

const couldLift = ['owner "Mal\nlory", object ID o', "application m, which manages it"];
const unread = [
  "Application Administrator",
  "Cloud Application Administrator",
  "Global Administrator",
  "Hybrid Identity Administrator",
  "Privileged Role Administrator",
  "custom roles",
].flatMap((right) => [`holders of ${right}`, `who is eligible for ${right}`]);
const notRead = [
  "holders of roles over it, who is eligible for roles over it: not allowed",
  `${unread.join(", ")}, service principals with such permissions of Microsoft Graph: Graph answered 503 to POST /$batch: Later.`,
];

test("a block is set, seen in the tenant, and whoever could lift it is named", async () => {
  const { access, writes } = tenant(false);
  expect(await run(access)).toEqual({
    project: "p",
    stack: "s",
    component: "exchange",
    appId: "app-of-exchange",
    blocked: true,
    before: false,
    couldLift,
    notRead,
    alsoBlocked: [],
  });
  expect(writes).toEqual([["application-of-exchange", true]]);
});

test("without --yes nothing is written, and who could lift it is shown first", async () => {
  const { access, writes } = tenant(false);
  await expect(run(access, { confirmed: false })).rejects.toMatchObject({
    code: "EXO_AUTH_USAGE",
    message: [
      'Application app-of-exchange, component "exchange", would be blocked, and nobody would get a token for it until `exo-auth revoke --unblock --yes`.',
      "These could lift the block:",
      ...couldLift.map((who) => `  - ${who.replaceAll("\n", "\\u{a}")}`),
      "Not read:",
      ...notRead.map((what) => `  - ${what}`),
      "To do this, add --yes.",
    ].join("\n"),
  });
  expect(writes).toEqual([]);
});

test("an application that the stack found and did not make: whom else it blocks", async () => {
  const { access } = tenant(false);
  expect((await run(access, {}, [])).alsoBlocked).toEqual([
    'certificate "CN=payroll", keyId foreign',
    'client secret "unnamed", keyId secret',
    'federated credential "github" for repo:a/b',
  ]);
});

test("whom else it blocks is shown first, too", async () => {
  const { access } = tenant(false);
  await expect(run(access, { confirmed: false }, [])).rejects.toThrow(
    [
      "The stack did not create this application. The block would also affect these:",
      '  - certificate "CN=payroll", keyId foreign',
      '  - client secret "unnamed", keyId secret',
      '  - federated credential "github" for repo:a/b',
      "To do this, add --yes.",
    ].join("\n"),
  );
});

test("a certificate of others under a key ID of the stack's: it would be blocked, too", async () => {
  const own = exportedComponent("s", "p", "exchange");
  const { env } = makeCliFolder({ stdout: exportOf(own) });
  expect((await run(tenant(false).access, { env })).alsoBlocked).toContain(
    'certificate "unnamed", keyId key-2',
  );
});

test.each([
  ["block", "block", true, "Authorization_RequestDenied"],
  ["unblock", "unblock", false, undefined],
] as const)("an identity that may not %s it: what to do", async (_name, verb, block, code) => {
  const { access } = tenant(!block);
  const failure = { service: "Microsoft Graph", request: "PATCH /a", status: 403, reason: "No." };
  const application = {
    ...access.application,
    setDisabled: () => Promise.reject(new ApiError({ ...failure, ...(code && { code }) })),
  };
  await expect(run({ ...access, application }, { block })).rejects.toMatchObject({
    code: "EXO_AUTH_SERVICE",
    reason: "authentication",
    message: `The identity may not ${verb} the application in contoso.onmicrosoft.com: Microsoft Graph answered 403${code ? ` ${code}` : ""} to PATCH /a: No. It needs the application permission Application.ReadWrite.All of Microsoft Graph, which an identity that only reads must not have. Run the command as the identity that deploys, or let an owner or an Application Administrator run this: az rest --method patch --url 'https://graph.microsoft.com/v1.0/applications/application-of-exchange' --body '{"isDisabled":${block}}'`,
  });
});

test("a write that fails for another reason is told as Graph tells it", async () => {
  const { access } = tenant(false);
  const failed = new ApiError({ service: "Graph", request: "PATCH /a", status: 503, reason: "Later." });
  const application = { ...access.application, setDisabled: () => Promise.reject(failed) };
  await expect(run({ ...access, application })).rejects.toBe(failed);
});

test.each([
  ["repo:a/b", "a", false],
  ["repo:a/c", "a", true],
  ["repo:a/b", "another", true],
])(
  "a federated credential for repo:a/b is the stack's own, where it declares %s of audience %s: not so: %j",
  async (subject, audience, isOther) => {
    const inputs = {
      permissions: [],
      roleTemplateIds: [],
      userRoles: [],
      federatedCredentials: [{ name: "github", issuer: "i", subject, audience }],
    };
    const { env } = makeCliFolder({ stdout: exportOf([{ ...component[0], inputs }, ...component.slice(1)]) });
    const { alsoBlocked } = await run(tenant(false).access, { env });
    expect(alsoBlocked.includes('federated credential "github" for repo:a/b')).toBe(isOther);
  },
);

test("--unblock lifts it, and only with --yes", async () => {
  const { access, writes } = tenant(true);
  await expect(run(access, { block: false, confirmed: false })).rejects.toThrow(
    'The block of application app-of-exchange, component "exchange", would be lifted, and everyone who has one of its keys or secrets could sign in again. Run `exo-auth audit` first. To do this, add --yes.',
  );
  expect(writes).toEqual([]);
  expect(await run(access, { block: false })).toMatchObject({ blocked: false, before: true });
  expect(writes).toEqual([["application-of-exchange", false]]);
});

test("what is so already is not written again, and what the tenant does not show is not said", async () => {
  const already = tenant(true);
  expect(await run(already.access)).toMatchObject({ blocked: true, before: true });
  expect(already.writes).toEqual([]);
  expect(await run(tenant(false, false).access)).toMatchObject({ blocked: false, before: false });
});

test("half a record does not keep a block from being set", async () => {
  const { access } = tenant(false);
  const half = { ...component[0], inputs: { cloud: "global", owners: [] } };
  const { env } = makeCliFolder({ stdout: exportOf([half, ...component.slice(1), ours]) });
  expect(await run(access, { env })).toMatchObject({ blocked: true, before: false });
});

test.each<[string, Readonly<Record<string, unknown>>, boolean, string]>([
  ["of the global cloud", { cloud: "global" }, true, "https://graph.microsoft.com/v1.0/applications/made"],
  ["of China", { cloud: "china" }, false, "https://microsoftgraph.chinacloudapi.cn/v1.0/applications/made"],
])(
  "a component %s that an update has not finished: the sentence has a way without it",
  async (_name, inputs, block, url) => {
    const { access, writes } = tenant(!block);
    const unfinished = { ...component[0], inputs, outputs: {} };
    const made = { ...ours, outputs: { objectId: "made" } };
    const { env } = makeCliFolder({ stdout: exportOf([unfinished, ...component.slice(1), made]) });
    await expect(run(access, { env, block })).rejects.toMatchObject({
      code: "EXO_AUTH_INCOMPLETE",
      message: `Component "exchange" is not finished: the state lacks appId, tenantDomain, tenantId, applicationObjectId, servicePrincipalObjectId, connectExchangeOnline. Run \`pulumi up\`. If that cannot wait, ${block ? "block the application" : "lift the block"} without it: az rest --method patch --url '${url}' --body '{"isDisabled":${block}}'`,
    });
    expect(writes).toEqual([]);
  },
);
