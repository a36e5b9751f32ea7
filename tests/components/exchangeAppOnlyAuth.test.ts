import { execFileSync } from "node:child_process";
import { X509Certificate } from "node:crypto";

import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";

import { timeInWords } from "../../common/time.ts";
import { type Cloud, clouds } from "../../microsoft/clouds.ts";
import { ExchangeAppOnlyAuth, type ExchangeAppOnlyAuthArgs } from "../../components/index.ts";
import { outputNames } from "../../components/outputs.ts";
import {
  type KeyPair,
  makeKeyPair,
  mockPulumi,
  type Registered,
  tenantDomain,
  tenantId,
  valueOf,
} from "./mocks.ts";

let keyPair: KeyPair;
beforeAll(() => {
  keyPair = makeKeyPair();
});

afterEach(() => {
  vi.unstubAllEnvs();
});

const azuread = {
  application: "azuread:index/application:Application",
  servicePrincipal: "azuread:index/servicePrincipal:ServicePrincipal",
  appRoleAssignment: "azuread:index/appRoleAssignment:AppRoleAssignment",
  directoryRoleAssignment: "azuread:index/directoryRoleAssignment:DirectoryRoleAssignment",
  applicationCertificate: "azuread:index/applicationCertificate:ApplicationCertificate",
};

/** Creates the component under mocks and waits until all its children are registered. */
async function create(args?: ExchangeAppOnlyAuthArgs, domain?: string) {
  const registered = await mockPulumi({ keyPair, tenantDomain: domain });
  const component = new ExchangeAppOnlyAuth("exchange", args);
  await pulumi.runtime.disconnect();
  return { component, registered };
}

function inputsOf(registered: Registered[], type: string): Record<string, unknown>[] {
  return registered.filter((resource) => resource.type === type).map(({ inputs }) => inputs);
}

describe("the default component", () => {
  it("registers exactly these resources under these names", async () => {
    const { registered } = await create();
    expect(registered.map(({ type, name }) => `${type} ${name}`).toSorted()).toEqual([
      "azuread:index/appRoleAssignment:AppRoleAssignment exchange-office365-exchange-online-exchange-manage-as-app",
      "azuread:index/application:Application exchange",
      "azuread:index/applicationCertificate:ApplicationCertificate exchange-cert-1",
      "azuread:index/directoryRoleAssignment:DirectoryRoleAssignment exchange-exchange-administrator",
      "azuread:index/servicePrincipal:ServicePrincipal exchange",
      "exchange-auth:index:AppCertificate exchange-cert-1",
      "exchange-auth:index:ExchangeAppOnlyAuth exchange",
      "random:index/randomPassword:RandomPassword exchange-cert-1-pfx-password",
      "random:index/randomUuid:RandomUuid exchange-cert-1-key-id",
      "random:index/randomUuid:RandomUuid exchange-marker",
      "random:index/randomUuid:RandomUuid exchange-marker-used",
      "tls:index/privateKey:PrivateKey exchange-cert-1-key",
      "tls:index/selfSignedCert:SelfSignedCert exchange-cert-1",
    ]);
  });

  it("gives every resource exactly these inputs", async () => {
    const { registered } = await create();
    const certificate = new X509Certificate(keyPair.certificatePem);
    const end = `${certificate.validToDate.toISOString().slice(0, 19)}Z`;
    expect(
      Object.fromEntries(registered.map(({ type, name, inputs }) => [`${type} ${name}`, inputs])),
    ).toEqual({
      "exchange-auth:index:ExchangeAppOnlyAuth exchange": {
        cloud: "global",
        signInAudience: "AzureADMyOrg",
        owners: [],
        permissions: [
          { resourceAppId: "00000002-0000-0ff1-ce00-000000000000", permission: "Exchange.ManageAsApp" },
        ],
        roleTemplateIds: ["29232cdf-9323-42fd-ade2-1d097af3e4de"],
        userRoles: [],
      },
      "exchange-auth:index:AppCertificate exchange-cert-1": { generation: "1" },
      [`${azuread.application} exchange`]: {
        displayName: "Exchange Online automation",
        description: "exchange-auth exchange-auth/dev/exchange exchange-marker-uuid",
        signInAudience: "AzureADMyOrg",
        tags: [],
        requiredResourceAccesses: [
          {
            resourceAppId: "00000002-0000-0ff1-ce00-000000000000",
            resourceAccesses: [{ id: "dc50a0fb-09a3-484d-be87-e023b12c6440", type: "Role" }],
          },
        ],
      },
      [`${azuread.servicePrincipal} exchange`]: {
        accountEnabled: true,
        clientId: "exchange-client-id",
        description: "exchange-auth exchange-auth/dev/exchange exchange-marker-uuid",
        useExisting: true,
      },
      [`${azuread.appRoleAssignment} exchange-office365-exchange-online-exchange-manage-as-app`]: {
        appRoleId: "dc50a0fb-09a3-484d-be87-e023b12c6440",
        principalObjectId: "exchange-principal-object-id",
        resourceObjectId: "object-id-of-00000002-0000-0ff1-ce00-000000000000",
      },
      [`${azuread.directoryRoleAssignment} exchange-exchange-administrator`]: {
        principalObjectId: "exchange-principal-object-id",
        roleId: "29232cdf-9323-42fd-ade2-1d097af3e4de",
      },
      "tls:index/privateKey:PrivateKey exchange-cert-1-key": { algorithm: "RSA", rsaBits: 2048 },
      "tls:index/selfSignedCert:SelfSignedCert exchange-cert-1": {
        allowedUses: ["digital_signature", "key_encipherment", "client_auth"],
        privateKeyPem: secret(keyPair.privateKeyPem),
        setSubjectKeyId: true,
        subject: { commonName: "Exchange Online automation" },
        validityPeriodHours: 364 * 24,
      },
      "random:index/randomUuid:RandomUuid exchange-marker": {},
      "random:index/randomUuid:RandomUuid exchange-marker-used": {
        keepers: { marker: "exchange-marker-uuid", clientId: "exchange-client-id" },
      },
      "random:index/randomUuid:RandomUuid exchange-cert-1-key-id": {
        keepers: { certificateId: "exchange-cert-1-id" },
      },
      "random:index/randomPassword:RandomPassword exchange-cert-1-pfx-password": {
        keepers: { certificateId: "exchange-cert-1-id" },
        length: 32,
        special: false,
      },
      [`${azuread.applicationCertificate} exchange-cert-1`]: {
        applicationId: "exchange-id",
        endDate: end,
        keyId: "exchange-cert-1-key-id-uuid",
        type: "AsymmetricX509Cert",
        value: secret(keyPair.certificatePem),
      },
    });
  });

  it("gives the values that a script needs", async () => {
    const { component } = await create();
    const certificate = new X509Certificate(keyPair.certificatePem);
    const thumbprint = certificate.fingerprint.replaceAll(":", "");
    expect(await valueOf(component.appId)).toBe("exchange-client-id");
    expect(await valueOf(component.thumbprint)).toBe(thumbprint);
    expect(await valueOf(component.tenantDomain)).toBe(tenantDomain);
    expect(await valueOf(component.tenantId)).toBe(tenantId);
    expect(await valueOf(component.applicationObjectId)).toBe("exchange-object-id");
    expect(await valueOf(component.servicePrincipalObjectId)).toBe("exchange-principal-object-id");
    expect(await valueOf(component.certificatePem)).toBe(keyPair.certificatePem);
    expect(await valueOf(component.certificateThumbprintSha256)).toBe(
      certificate.fingerprint256.replaceAll(":", ""),
    );
    expect(Date.parse(String(await valueOf(component.certificateNotBefore)))).toBe(
      certificate.validFromDate.getTime(),
    );
    expect(Date.parse(String(await valueOf(component.certificateNotAfter)))).toBe(
      certificate.validToDate.getTime(),
    );
    expect(await valueOf(component.certificateDerBase64)).toBe(certificate.raw.toString("base64"));
    expect(await valueOf(component.privateKeyPem)).toBe(keyPair.privateKeyPem);
    expect(await valueOf(component.pfxPassword)).toBe("exchange-cert-1-pfx-password-result");
    expect(readPfx(await valueOf(component.pfxBase64), "exchange-cert-1-pfx-password-result")).toBe(
      thumbprint,
    );
    expect(await pulumi.isSecret(component.pfxBase64!)).toBe(true);
    expect(await pulumi.isSecret(component.pfxPassword!)).toBe(true);
    expect(await pulumi.isSecret(component.privateKeyPem!)).toBe(true);
    expect(await pulumi.isSecret(component.certificatePem!)).toBe(false);
    expect(await valueOf(component.connectExchangeOnline)).toBe(
      `Connect-ExchangeOnline -AppId exchange-client-id -CertificateThumbprint ${thumbprint} -Organization ${tenantDomain} -ShowBanner:$false`,
    );
    expect(await valueOf(component.connectIppsSession)).toBeUndefined();
  });
});

it("registers its outputs, those of Security & Compliance only where they are there", async () => {
  await mockPulumi({ keyPair });
  const register = vi.spyOn(pulumi.runtime.getMonitor()!, "registerResourceOutputs");
  void new ExchangeAppOnlyAuth("exchange");
  await pulumi.runtime.disconnect();
  const own = register.mock.calls
    .map(([request]) => request)
    .find((request) => request.getUrn().endsWith("ExchangeAppOnlyAuth::exchange"));
  const names = Object.keys(own?.getOutputs()?.toJavaScript() ?? {});
  expect(names.toSorted()).toEqual(outputNames.filter((name) => name !== "connectIppsSession").toSorted());
});

describe("each argument", () => {
  it("displayName reaches the application and the next certificate's subject, cut at 64 characters", async () => {
    const displayName = "x".repeat(70);
    const { registered } = await create({ displayName: pulumi.output(displayName) });
    expect(inputsOf(registered, azuread.application)[0]?.["displayName"]).toBe(displayName);
    expect(inputsOf(registered, "tls:index/selfSignedCert:SelfSignedCert")[0]?.["subject"]).toEqual({
      commonName: "x".repeat(64),
    });
  });

  it("roles become one assignment each, by name in any case or by template ID", async () => {
    const { registered, component } = await create({
      roles: ["global reader", "31392FFB-586C-42D1-9346-E59415A2CC4E"],
    });
    expect(
      registered
        .filter(({ type }) => type === azuread.directoryRoleAssignment)
        .map(({ name, inputs }) => [name, inputs["roleId"]]),
    ).toEqual([
      ["exchange-global-reader", "f2ef992c-3afb-46b9-b7cf-a126ee74c451"],
      ["exchange-exchange-recipient-administrator", "31392ffb-586c-42d1-9346-e59415a2cc4e"],
    ]);
    expect(await valueOf(component.connectIppsSession)).toBe(
      `Connect-IPPSSession -AppId exchange-client-id -CertificateThumbprint ${await valueOf(component.thumbprint)} -Organization ${tenantDomain}`,
    );
  });

  it("roles: [] assigns none", async () => {
    const { registered } = await create({ roles: [] });
    expect(inputsOf(registered, azuread.directoryRoleAssignment)).toEqual([]);
  });

  it("allowGlobalAdministrator lets that role through", async () => {
    const { registered } = await create({ roles: ["Global Administrator"], allowGlobalAdministrator: true });
    expect(inputsOf(registered, azuread.directoryRoleAssignment).map(({ roleId }) => roleId)).toEqual([
      "62e90394-69f5-4237-9190-012177145e10",
    ]);
  });

  it("certificate settings reach key and certificate", async () => {
    const { registered } = await create({
      certificate: { rsaBits: 4096, validityDays: 90, commonName: "Mail jobs" },
    });
    expect(inputsOf(registered, "tls:index/privateKey:PrivateKey")).toEqual([
      { algorithm: "RSA", rsaBits: 4096 },
    ]);
    expect(inputsOf(registered, "tls:index/selfSignedCert:SelfSignedCert")[0]).toMatchObject({
      subject: { commonName: "Mail jobs" },
      validityPeriodHours: 2160,
    });
  });

  it("two generations are two sets of resources, and the first is the current one", async () => {
    const { registered, component } = await create({
      certificate: { generations: [{ name: "2" }, { name: "1" }] },
    });
    expect(
      registered
        .filter(({ name }) => name.startsWith("exchange-cert-"))
        .map(({ type, name }) => `${type} ${name}`)
        .toSorted(),
    ).toEqual(
      ["1", "2"]
        .flatMap((generation) => [
          `${azuread.applicationCertificate} exchange-cert-${generation}`,
          `exchange-auth:index:AppCertificate exchange-cert-${generation}`,
          `random:index/randomPassword:RandomPassword exchange-cert-${generation}-pfx-password`,
          `random:index/randomUuid:RandomUuid exchange-cert-${generation}-key-id`,
          `tls:index/privateKey:PrivateKey exchange-cert-${generation}-key`,
          `tls:index/selfSignedCert:SelfSignedCert exchange-cert-${generation}`,
        ])
        .toSorted(),
    );
    expect(await valueOf(component.appId)).toBe("exchange-client-id");
  });

  /** The initial domain's suffix, and how the two commands that connect end. */
  const ownLines: Readonly<Record<Exclude<Cloud, "global">, readonly [string, string, string]>> = {
    usGovernmentHigh: [
      "onmicrosoft.us",
      "-ExchangeEnvironmentName O365USGovGCCHigh",
      "-ConnectionUri https://ps.compliance.protection.office365.us/powershell-liveid/ -AzureADAuthorizationEndpointUri https://login.microsoftonline.us/organizations",
    ],
    usGovernmentDod: [
      "onmicrosoft.us",
      "-ExchangeEnvironmentName O365USGovDoD",
      "-ConnectionUri https://l5.ps.compliance.protection.office365.us/powershell-liveid/ -AzureADAuthorizationEndpointUri https://login.microsoftonline.us/organizations",
    ],
    china: [
      "partner.onmschina.cn",
      "-ExchangeEnvironmentName O365China",
      "-ConnectionUri https://ps.compliance.protection.partner.outlook.cn/powershell-liveid -AzureADAuthorizationEndpointUri https://login.chinacloudapi.cn/organizations",
    ],
  };

  it.each(Object.entries(ownLines))("cloud %s has its own lines and permissions", async (name, lines) => {
    const cloud = name as Cloud;
    const [suffix, exchange, ipps] = lines;
    const domain = `contoso.${suffix}`;
    vi.stubEnv("ARM_ENVIRONMENT", clouds[cloud].azureadEnvironments[0]);
    const { component, registered } = await create({ cloud, roles: ["Global Reader"] }, domain);
    const thumbprint = await valueOf(component.thumbprint);
    const credentials = `-AppId exchange-client-id -CertificateThumbprint ${thumbprint} -Organization ${domain}`;
    expect(await valueOf(component.connectExchangeOnline)).toBe(
      `Connect-ExchangeOnline ${credentials} ${exchange} -ShowBanner:$false`,
    );
    expect(await valueOf(component.connectIppsSession)).toBe(`Connect-IPPSSession ${credentials} ${ipps}`);
    expect(inputsOf(registered, azuread.appRoleAssignment)).toHaveLength(2);
    expect(inputsOf(registered, azuread.application)[0]?.["requiredResourceAccesses"]).toHaveLength(2);
  });
});

describe("more arguments", () => {
  it("apiPermissions are looked up in the tenant's own resource, by value or id, and requested beside Exchange's", async () => {
    const { registered } = await create({
      apiPermissions: [
        { resource: "MicrosoftGraph", permission: "user.read.all" },
        {
          resource: "c5393580-f805-4401-95e8-94b7a6ef2fc2",
          permission: "DF021288-BDEF-4463-88DB-98F22DE89214",
        },
      ],
    });
    const graph = "00000003-0000-0000-c000-000000000000";
    const management = "c5393580-f805-4401-95e8-94b7a6ef2fc2";
    const appRoleId = "df021288-bdef-4463-88db-98f22de89214";
    expect(
      registered
        .filter(({ type }) => type === azuread.appRoleAssignment)
        .map(({ name, inputs }) => [name, inputs["resourceObjectId"], inputs["appRoleId"]])
        .slice(1),
    ).toEqual([
      ["exchange-microsoft-graph-user-read-all", `object-id-of-${graph}`, appRoleId],
      [`exchange-office365-management-${appRoleId}`, `object-id-of-${management}`, appRoleId],
    ]);
    expect(inputsOf(registered, azuread.application)[0]?.["requiredResourceAccesses"]).toEqual([
      {
        resourceAppId: "00000002-0000-0ff1-ce00-000000000000",
        resourceAccesses: [{ id: "dc50a0fb-09a3-484d-be87-e023b12c6440", type: "Role" }],
      },
      { resourceAppId: graph, resourceAccesses: [{ id: appRoleId, type: "Role" }] },
      { resourceAppId: management, resourceAccesses: [{ id: appRoleId, type: "Role" }] },
    ]);
  });

  it("userRoleAssignments give users any built-in role", async () => {
    const { registered } = await create({
      userRoleAssignments: [{ userPrincipalName: "reports@contoso.com", role: "reports reader" }],
    });
    expect(registered.find(({ name }) => name === "exchange-reports-contoso-com-reports-reader")).toEqual({
      type: azuread.directoryRoleAssignment,
      name: "exchange-reports-contoso-com-reports-reader",
      inputs: {
        principalObjectId: "object-id-of-reports@contoso.com",
        roleId: "4a5d8f65-41da-4de4-8968-e035b65339cf",
      },
    });
  });

  it("owners, notes and tags reach the application", async () => {
    const owner = "5a3c1f0e-7a5a-4a4c-9f0c-0d9f5a1f2b3c";
    const { registered } = await create({ owners: [owner], notes: "Runs nightly.", tags: ["automation"] });
    expect(inputsOf(registered, azuread.application)[0]).toMatchObject({
      owners: [owner],
      notes: "Runs nightly.",
      tags: ["automation"],
    });
  });

  it("existingClientId creates neither application nor service principal", async () => {
    const clientId = "7c1a3f0e-7a5a-4a4c-9f0c-0d9f5a1f2b3c";
    const { registered, component } = await create({ existingClientId: clientId });
    expect(inputsOf(registered, azuread.application)).toEqual([]);
    expect(inputsOf(registered, azuread.servicePrincipal)).toEqual([]);
    expect(inputsOf(registered, azuread.applicationCertificate)[0]?.["applicationId"]).toBe(
      "/applications/existing-object-id",
    );
    expect(inputsOf(registered, azuread.directoryRoleAssignment)[0]?.["principalObjectId"]).toBe(
      `object-id-of-${clientId}`,
    );
    expect(await valueOf(component.appId)).toBe(clientId);
    expect(await valueOf(component.applicationObjectId)).toBe("existing-object-id");
    expect(await valueOf(component.servicePrincipalObjectId)).toBe(`object-id-of-${clientId}`);
  });

  it.each(["PEM", "Base64 of the DER"])(
    "publicCertificate as %s makes no key and gives no secret",
    async (form) => {
      const certificate = new X509Certificate(keyPair.certificatePem);
      const publicCertificate = form === "PEM" ? keyPair.certificatePem : certificate.raw.toString("base64");
      const { registered, component } = await create({
        certificate: {
          generations: [{ name: "vault", publicCertificate: pulumi.output(publicCertificate) }],
        },
      });
      expect(
        registered
          .filter(({ type, name }) => /^(tls|random):/.test(type) && !name.includes("-marker"))
          .map(({ name, inputs }) => [name, inputs]),
      ).toEqual([
        [
          "exchange-cert-vault-key-id",
          { keepers: { certificateSha256: certificate.fingerprint256.replaceAll(":", "") } },
        ],
      ]);
      expect(inputsOf(registered, azuread.applicationCertificate)[0]?.["value"]).toEqual(
        secret(certificate.toString()),
      );
      expect(await valueOf(component.thumbprint)).toBe(certificate.fingerprint.replaceAll(":", ""));
      expect(await valueOf(component.privateKeyPem)).toBeUndefined();
      expect(await valueOf(component.pfxBase64)).toBeUndefined();
      expect(await valueOf(component.pfxPassword)).toBeUndefined();
    },
  );
});

it("warns of a certificate that has expired, and stands in no update's way", async () => {
  const warn = vi.spyOn(pulumi.log, "warn").mockResolvedValue();
  onTestFinished(() => warn.mockRestore());
  const { validToDate } = new X509Certificate(keyPair.certificatePem);
  vi.useFakeTimers({ toFake: ["Date"], now: validToDate.getTime() + 1000 });
  onTestFinished(() => void vi.useRealTimers());

  const publicCertificate = keyPair.certificatePem;
  const { registered } = await create({
    certificate: { generations: [{ name: "vault", publicCertificate }] },
  });

  expect(inputsOf(registered, azuread.applicationCertificate)).toHaveLength(1);
  expect(warn.mock.calls.map(([message]) => message)).toEqual([
    `The certificate expired at ${timeInWords(validToDate)}. Nothing can sign in with it. Add a generation with a new one.`,
  ]);
});

describe("the options of the children", () => {
  it("certificates end protection, deletedWith reaches only the service principal, settings of a live certificate are ignored", async () => {
    const captured = new Map<string, pulumi.CustomResourceOptions>();
    await mockPulumi({ keyPair });
    void new ExchangeAppOnlyAuth(
      "exchange",
      {},
      {
        transformations: [
          ({ type, name, opts }) => {
            captured.set(`${type.split(":").at(-1)} ${name}`, opts);
            return undefined;
          },
        ],
      },
    );
    await pulumi.runtime.disconnect();
    const seen = Object.fromEntries(
      [...captured].map(([key, { protect, deletedWith, ignoreChanges, parent }]) => [
        key,
        [protect === false, deletedWith !== undefined, ignoreChanges?.join(" "), parent?.constructor.name],
      ]),
    );
    expect(seen).toEqual({
      "ExchangeAppOnlyAuth exchange": [false, false, undefined, undefined],
      "Application exchange": [false, false, undefined, "ExchangeAppOnlyAuth"],
      "ServicePrincipal exchange": [false, true, undefined, "ExchangeAppOnlyAuth"],
      "AppRoleAssignment exchange-office365-exchange-online-exchange-manage-as-app": [
        false,
        false,
        undefined,
        "ExchangeAppOnlyAuth",
      ],
      "DirectoryRoleAssignment exchange-exchange-administrator": [
        false,
        false,
        undefined,
        "ExchangeAppOnlyAuth",
      ],
      "RandomUuid exchange-marker": [true, false, undefined, "ExchangeAppOnlyAuth"],
      "RandomUuid exchange-marker-used": [true, false, undefined, "ExchangeAppOnlyAuth"],
      "AppCertificate exchange-cert-1": [true, false, undefined, "ExchangeAppOnlyAuth"],
      "PrivateKey exchange-cert-1-key": [true, false, "algorithm rsaBits", "AppCertificate"],
      "SelfSignedCert exchange-cert-1": [
        true,
        false,
        "allowedUses setSubjectKeyId subject validityPeriodHours",
        "AppCertificate",
      ],
      "RandomUuid exchange-cert-1-key-id": [true, false, undefined, "AppCertificate"],
      "RandomPassword exchange-cert-1-pfx-password": [true, false, undefined, "AppCertificate"],
      "ApplicationCertificate exchange-cert-1": [true, false, undefined, "AppCertificate"],
    });
  });
});

it("what keeps resources reaches every child but the credentials, and not the component, from which all inherit", async () => {
  const captured = new Map<string, pulumi.CustomResourceOptions>();
  await mockPulumi({ keyPair });
  const other = new pulumi.ComponentResource("test:index:Other", "other");
  void new ExchangeAppOnlyAuth(
    "exchange",
    { federatedCredentials: [{ name: "job", issuer: "https://issuer.example", subject: "job" }] },
    {
      retainOnDelete: true,
      deletedWith: other,
      transformations: [
        ({ type, name, opts }) => {
          captured.set(`${type.split(":").at(-1)} ${name}`, opts);
          return undefined;
        },
      ],
    },
  );
  await pulumi.runtime.disconnect();
  const seen = Object.fromEntries(
    [...captured].map(([key, { retainOnDelete, deletedWith }]) => [
      key,
      [retainOnDelete, deletedWith === undefined ? "none" : deletedWith === other ? "other" : "application"],
    ]),
  );
  expect(seen).toEqual({
    "ExchangeAppOnlyAuth exchange": [undefined, "none"],
    "Application exchange": [true, "other"],
    "ServicePrincipal exchange": [true, "application"],
    "AppRoleAssignment exchange-office365-exchange-online-exchange-manage-as-app": [true, "other"],
    "DirectoryRoleAssignment exchange-exchange-administrator": [true, "other"],
    "AppCertificate exchange-cert-1": [false, "none"],
    "PrivateKey exchange-cert-1-key": [false, "none"],
    "SelfSignedCert exchange-cert-1": [false, "none"],
    "RandomUuid exchange-cert-1-key-id": [false, "none"],
    "RandomUuid exchange-marker": [true, "other"],
    "RandomUuid exchange-marker-used": [true, "other"],
    "RandomPassword exchange-cert-1-pfx-password": [false, "none"],
    "ApplicationCertificate exchange-cert-1": [false, "none"],
    "ApplicationFederatedIdentityCredential exchange-federated-job": [false, "none"],
  });
});

describe("a user's own unit tests", () => {
  it("work on the mocks of Pulumi's documentation, which answer nothing", async () => {
    await pulumi.runtime.setMocks({
      newResource: ({ name, inputs }) => ({ id: `${name}-id`, state: inputs }),
      call: ({ inputs }) => inputs,
    });
    const component = new ExchangeAppOnlyAuth("exchange");
    await pulumi.runtime.disconnect();
    expect(await valueOf(component.thumbprint)).toBeUndefined();
    expect(await valueOf(component.tenantDomain)).toBeUndefined();
  });
});

/** The thumbprint of the certificate in a PFX, as openssl reads it. */
function readPfx(base64: string | undefined, password: string): string {
  const pem = execFileSync("openssl", ["pkcs12", "-legacy", "-nokeys", "-passin", `pass:${password}`], {
    input: Buffer.from(base64 ?? "", "base64"),
    stdio: ["pipe", "pipe", "pipe"],
  });
  return new X509Certificate(pem).fingerprint.replaceAll(":", "");
}

/** A secret input as it goes to the engine. Source: Pulumi's wire format (the signature of a secret). */
function secret(value: string): Record<string, unknown> {
  return { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value };
}
