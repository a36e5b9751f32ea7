import { expect, test } from "vitest";
import { appCertificateType } from "../../common/typeTokens.ts";
import { Failure } from "../../common/failure.ts";
import { requireCertificate } from "../../stack/certifiedComponent.ts";
import { publicStateOf, stackStateOf } from "../../stack/components.ts";
import { findComponents, selectComponent, selectComponents } from "../../stack/selectComponents.ts";
import { parseExport } from "../../stack/exportedState.ts";
import { exportOf, exportedComponent, sealed } from "./exportedState.ts";

test("finds components of any project, with secrets laid open and the current certificate first", () => {
  const state = stackStateOf(
    parseExport(
      exportOf([
        {
          urn: "urn:pulumi:production::infrastructure::pulumi:pulumi:Stack::infrastructure-production",
          type: "pulumi:pulumi:Stack",
        },
        ...exportedComponent("production", "infrastructure", "exchange"),
        ...exportedComponent("production", "infrastructure", "reports"),
      ]),
    ),
  );
  expect(state).toMatchObject({
    project: "infrastructure",
    stack: "production",
    updated: "2026-11-23T08:00:00Z",
  });
  expect(state.components.map(({ name }) => name)).toEqual(["exchange", "reports"]);
  expect(state.components[0]).toEqual({
    name: "exchange",
    isOwn: false,
    record: { kind: "unknown", missing: "permissions, roleTemplateIds, userRoles" },
    appId: "app-of-exchange",
    thumbprint: "B2",
    tenantDomain: "contoso.onmicrosoft.com",
    tenantId: "11111111-1111-4111-8111-111111111111",
    applicationObjectId: "application-of-exchange",
    servicePrincipalObjectId: "principal-of-exchange",
    connectExchangeOnline: "Connect-ExchangeOnline …",
    cloud: "global",
    roleTemplateIds: ["29232cdf-9323-42fd-ade2-1d097af3e4de"],
    appRoleIds: ["dc50a0fb-09a3-484d-be87-e023b12c6440"],
    unfinished: [],
    generations: [
      {
        generation: "2",
        keyId: "key-2",
        certificatePem: "certificate 2",
        certificateDerBase64: "ZGVy",
        thumbprint: "B2",
        certificateThumbprintSha256: "sha256 2",
        certificateNotBefore: "2026-10-01T00:00:00Z",
        certificateNotAfter: "2027-10-01T00:00:00Z",
        privateKeyPem: "key 2",
        pfxBase64: "cGZ4IGJ5dGVz",
        pfxPassword: "password 2",
      },
      {
        generation: "1",
        keyId: "key-1",
        certificatePem: "certificate 1",
        certificateDerBase64: "ZGVy",
        thumbprint: "A1",
        certificateThumbprintSha256: "sha256 1",
        certificateNotBefore: "2025-12-01T00:00:00Z",
        certificateNotAfter: "2026-12-01T00:00:00Z",
        privateKeyPem: "key 1",
        pfxBase64: "cGZ4IGJ5dGVz",
        pfxPassword: "password 1",
      },
    ],
  });
});

test("passes over what is only waiting to be deleted", () => {
  const resources = exportedComponent("dev", "exchange-auth", "exchange");
  const replaced = resources.map((resource) =>
    resource.type === appCertificateType && resource.urn.endsWith("-1")
      ? { ...resource, delete: true }
      : resource,
  );
  const [component] = stackStateOf(parseExport(exportOf(replaced))).components;
  expect(component?.generations.map(({ generation }) => generation)).toEqual(["2"]);
});

test("says whether the stack made the application, or found it", () => {
  const resources = exportedComponent("dev", "exchange-auth", "exchange");
  const application = {
    urn: "urn:pulumi:dev::exchange-auth::azuread:index/application:Application::exchange",
    type: "azuread:index/application:Application",
    outputs: {},
  };
  const own = (more: readonly object[]) =>
    stackStateOf(parseExport(exportOf([...resources, ...more]))).components[0]?.isOwn;
  expect(own([{ ...application, parent: resources[0]!.urn }])).toBe(true);
  expect(own([application])).toBe(false);
});

test("an own certificate has no private key", () => {
  const resources = exportedComponent("dev", "exchange-auth", "exchange").map(({ outputs, ...resource }) => {
    const { privateKeyPem: _, ...others } = outputs;
    return { ...resource, outputs: others };
  });
  const [component] = stackStateOf(parseExport(exportOf(resources))).components;
  expect(component?.generations.map(({ privateKeyPem }) => privateKeyPem)).toEqual([undefined, undefined]);
});

/** The component, with a secret of its current certificate in its place. */
function withSealed(...names: readonly string[]): unknown {
  return exportOf(
    exportedComponent("dev", "exchange-auth", "exchange").map(({ outputs, ...resource }) => ({
      ...resource,
      outputs: Object.fromEntries(
        Object.entries(outputs).map(([name, value]) => [name, names.includes(name) ? sealed : value]),
      ),
    })),
  );
}

test("a private key that is sealed is not one that is elsewhere, and what is public needs none", () => {
  const exported = parseExport(withSealed("privateKeyPem", "pfxBase64", "pfxPassword"));
  expect(() => stackStateOf(exported)).toThrow(
    '`privateKeyPem` of AppCertificate "exchange-cert-1" is a secret, and this command needs its value. So it needs the stack\'s secrets.',
  );
  const [component] = publicStateOf(exported).components;
  expect(component?.generations.map((generation) => Object.keys(generation))).toEqual([
    expect.not.arrayContaining(["privateKeyPem"]),
    expect.not.arrayContaining(["privateKeyPem"]),
  ]);
  expect(component?.generations.map(({ keyId }) => keyId)).toEqual(["key-2", "key-1"]);
});

test.each([
  ["certificatePem", 'AppCertificate "exchange-cert-1"'],
  ["thumbprint", 'component "exchange"'],
  ["tenantDomain", 'component "exchange"'],
  ["roleId", 'resource "exchange-exchange-administrator"'],
])("%s that is sealed is named, and never missing", (name, owner) => {
  expect(() => publicStateOf(parseExport(withSealed(name)))).toThrow(
    `\`${name}\` of ${owner} is a secret, and`,
  );
});

test.each([
  ["tenant.onmicrosoft.com", undefined, "global"],
  ["tenant.onmicrosoft.us", undefined, "usGovernmentHigh"],
  ["tenant.onmicrosoft.us", "usGovernmentDod", "usGovernmentDod"],
  ["tenant.partner.onmschina.cn", undefined, "china"],
])("takes %s with cloud %s for %s", (tenantDomain, named, cloud) => {
  const [resource, ...children] = exportedComponent("dev", "exchange-auth", "exchange");
  const changed = {
    ...resource!,
    inputs: named === undefined ? {} : { cloud: named },
    outputs: { ...resource!.outputs, tenantDomain },
  };
  const state = stackStateOf(parseExport(exportOf([changed, ...children])));
  expect(state.components[0]?.cloud).toBe(cloud);
});

test("says what an unfinished update left out", () => {
  const [resource] = exportedComponent("dev", "exchange-auth", "exchange");
  const { appId: _, tenantDomain: __, ...others } = resource!.outputs;
  const state = stackStateOf(parseExport(exportOf([{ ...resource!, outputs: others }])));
  const failure = new Failure(
    "EXO_AUTH_INCOMPLETE",
    'Component "exchange" is not finished: the state lacks appId, tenantDomain. Run `pulumi up`.',
  );
  expect(() => selectComponents(state, undefined)).toThrow(failure);
  expect(findComponents(state, undefined)).toEqual({
    selected: [],
    incomplete: [{ name: "exchange", failure }],
  });
});

test("what an update of some resources alone could not know is not taken for a value", () => {
  const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
  const resources = exportedComponent("dev", "exchange-auth", "exchange");
  const withUnknown = (name: string, output: string) =>
    resources.map((one) =>
      one.urn.endsWith(`::${name}`) ? { ...one, outputs: { ...one.outputs, [output]: unknown } } : one,
    );
  const state = stackStateOf(parseExport(exportOf(withUnknown("exchange-cert-1", "keyId"))));
  expect(
    state.components.map(({ generations, unfinished }) => [
      generations.map((one) => one.generation),
      unfinished,
    ]),
  ).toEqual([[["2"], ["1"]]]);
  const nameless = stackStateOf(parseExport(exportOf(withUnknown("exchange", "tenantDomain"))));
  expect(() => selectComponents(nameless, undefined)).toThrow(
    'Component "exchange" is not finished: the state lacks tenantDomain. Run `pulumi up`.',
  );
});

test("a component that an update has not finished keeps no other from being named", () => {
  const [unfinished] = exportedComponent("dev", "exchange-auth", "reports");
  const whole = exportedComponent("dev", "exchange-auth", "exchange");
  const state = stackStateOf(parseExport(exportOf([...whole, { ...unfinished!, outputs: {} }])));
  expect(selectComponent(state, "exchange").name).toBe("exchange");
  expect(() => selectComponent(state, "reports")).toThrow('Component "reports" is not finished');
  expect(() => selectComponents(state, undefined)).toThrow('Component "reports" is not finished');
  expect(() => selectComponent(state, undefined)).toThrow(
    'The stack has several components: "exchange", "reports". Choose one with --component.',
  );
});

test("selects all components, or the one that is named", () => {
  const state = stackStateOf(
    parseExport(
      exportOf([...exportedComponent("s", "p", "exchange"), ...exportedComponent("s", "p", "reports")]),
    ),
  );
  expect(selectComponents(state, undefined).map(({ name }) => name)).toEqual(["exchange", "reports"]);
  expect(selectComponents(state, "reports").map(({ name }) => name)).toEqual(["reports"]);
  expect(() => selectComponents(state, "other")).toThrow(
    new Failure(
      "EXO_AUTH_NO_COMPONENT",
      '--component must name a component of the stack, got "other". It has "exchange", "reports".',
    ),
  );
});

test("says so where a stack has no component", () => {
  const message = "The stack has no resources: it was never deployed, or was destroyed. Run `pulumi up`.";
  const empty = stackStateOf(parseExport({ deployment: { manifest: { time: "2026-11-23T08:00:00Z" } } }));
  expect(() => selectComponents(empty, undefined)).toThrow(new Failure("EXO_AUTH_NO_COMPONENT", message));
});

test.each([
  ["applicationObjectId", "an ID", "11111111?a=';id;'"],
  ["tenantDomain", "a domain", "contoso.onmicrosoft.com; Invoke-Planted"],
])(
  "%s that would be a command where it is pasted is refused, and its component is not whole",
  (output, kind, planted) => {
    const [component, ...rest] = exportedComponent("s", "p", "exchange");
    const outputs = { ...component?.outputs, [output]: planted };
    const state = publicStateOf(parseExport(exportOf([{ ...component, outputs }, ...rest])));
    expect(state.components).toEqual([]);
    expect(() => selectComponent(state, undefined)).toThrow(
      `\`${output}\` of component "exchange" in the state must be ${kind}, got "${planted}". Restore an older state, and find out who wrote this one.`,
    );
  },
);

test("a component without certificates has none, and a command that needs one says so", () => {
  const [component] = exportedComponent("s", "p", "exchange");
  const { thumbprint: _, ...outputs } = component!.outputs;
  const state = stackStateOf(parseExport(exportOf([{ ...component, outputs }])));
  expect(state.incomplete).toEqual([]);
  expect(state.components[0]).toMatchObject({ name: "exchange", generations: [] });
  expect(state.components[0]).not.toHaveProperty("thumbprint");
  expect(() => requireCertificate(state.components[0]!)).toThrow(
    new Failure(
      "EXO_AUTH_CERTIFICATE",
      'Component "exchange" has no certificate, because its jobs sign in with federated credentials. In such a job, use `exo-auth verify --from-environment` or `exo-auth token --from-environment`.',
    ),
  );
});

test("a certificate without outputs of the component, and these without it, are not finished", () => {
  const [component, ...children] = exportedComponent("s", "p", "exchange");
  const { thumbprint: _, ...outputs } = component!.outputs;
  for (const resources of [[{ ...component, outputs }, ...children], [component!]]) {
    const { incomplete } = stackStateOf(parseExport(exportOf(resources)));
    expect(incomplete.map(({ failure }) => failure.message)).toEqual([
      'Component "exchange" is not finished: the state lacks its current certificate. Run `pulumi up`.',
    ]);
  }
});
