import { createPrivateKey } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { appCertificateType, componentType } from "../../../common/typeTokens.ts";
import { readCertificate } from "../../../common/certificate.ts";
import type { TargetOptions } from "../../../operations/verification/target.ts";
import { verificationTargets } from "../../../operations/verification/target.ts";
import type { TestCertificate } from "../../graph/testCertificate.ts";
import { makeCertificate } from "../../graph/testCertificate.ts";
import { makeCliFolder } from "../../cli/cliProcess.ts";
import type { ExportedResource } from "../../stack/exportedState.ts";
import { exportedComponent, exportOf } from "../../stack/exportedState.ts";

const folder = mkdtempSync(join(tmpdir(), "exo-auth-target-"));
const file = join(folder, "certificate.pem");
let made: TestCertificate;
let thumbprint: string;

beforeAll(async () => {
  made = await makeCertificate();
  ({ thumbprint } = readCertificate(made.certificatePem));
  writeFileSync(file, `${made.certificatePem}\n${made.privateKeyPem}`);
});
afterAll(() => rmSync(folder, { recursive: true }));

test("every component of a stack, but those whose key is elsewhere", async () => {
  const found = await fromStack([...component("exchange"), ...withoutKey("reports"), ...component("audit")]);
  expect(found.targets.map((target) => target.component)).toEqual(["exchange", "audit"]);
  expect(found.keyElsewhere).toEqual(["reports"]);
  expect(found.targets[0]).toMatchObject({
    signIn: {
      clientId: "app-of-exchange",
      tenantDomain: "contoso.onmicrosoft.com",
      cloud: "global",
      thumbprint,
    },
    identity: { kind: "certificate", clientId: "app-of-exchange", ...made },
  });
});

test("components without a certificate are left to their jobs", async () => {
  const found = await fromStack([...component("exchange"), ...withoutCertificate("reports")]);
  expect(found.targets.map((target) => target.component)).toEqual(["exchange"]);
  expect([found.keyElsewhere, found.withoutCertificate]).toEqual([[], ["reports"]]);
  await expect(fromStack(withoutCertificate("reports"))).rejects.toMatchObject({
    code: "EXO_AUTH_CERTIFICATE",
    message: expect.stringMatching(/^Component "reports" has no certificate, because its jobs sign in with/),
  });
});

test("no key at all says where to run it instead", async () => {
  await expect(fromStack(withoutKey("reports"))).rejects.toThrow(
    'Component "reports" has no private key, because its certificate was created elsewhere. Run this where the key is, with --certificate-file, --app-id app-of-reports and --organization contoso.onmicrosoft.com.',
  );
});

test("a component without Security & Compliance is verified without it, where its key is, too", async () => {
  const globalReader = "f2ef992c-3afb-46b9-b7cf-a126ee74c451";
  const resources = withoutKey("reports").map((resource) =>
    "roleId" in (resource.outputs ?? {})
      ? { ...resource, outputs: { ...resource.outputs, roleId: globalReader } }
      : resource,
  );
  await expect(fromStack(resources)).rejects.toThrow(
    "Run this where the key is, with --certificate-file, --app-id app-of-reports, --organization contoso.onmicrosoft.com and --exchange-online-only.",
  );
  const options = { "certificate-file": file, "app-id": "APP", organization: "contoso.onmicrosoft.com" };
  expect((await find(options, {})).targets[0]?.securityAndCompliance).toBeUndefined();
  const only = await find({ ...options, "exchange-online-only": true }, {});
  expect(only.targets[0]?.securityAndCompliance).toBe(false);
});

test.each([
  ["contoso.onmicrosoft.com", undefined, "global"],
  ["contoso.partner.onmschina.cn", undefined, "china"],
  ["contoso.onmicrosoft.us", "usgovernmentl5", "usGovernmentDod"],
])(
  "a certificate file for %s with ARM_ENVIRONMENT %s is for %s",
  async (organization, environment, cloud) => {
    const env = environment === undefined ? {} : { ARM_ENVIRONMENT: environment };
    const { targets } = await find({ "certificate-file": file, "app-id": "APP", organization }, env);
    expect(targets).toMatchObject([
      {
        signIn: { clientId: "APP", tenantId: organization, tenantDomain: organization, cloud, thumbprint },
        identity: { kind: "certificate", tenantId: organization, clientId: "APP" },
      },
    ]);
  },
);

test("a domain that two clouds have is GCC High's, and says so until something names the cloud", async () => {
  const options = { "certificate-file": file, "app-id": "APP", organization: "Contoso.onmicrosoft.us" };
  const [assumed] = (await find(options, {})).targets;
  expect(assumed?.signIn).toMatchObject({ cloud: "usGovernmentHigh", otherCloud: "usGovernmentDod" });
  const [named] = (await find(options, { ARM_ENVIRONMENT: "usgovernment" })).targets;
  expect(named?.signIn.cloud).toBe("usGovernmentHigh");
  expect(named?.signIn.otherCloud).toBeUndefined();
});

test("a password comes from a file's first line, or from the environment", async () => {
  const options = { "certificate-file": file, "app-id": "APP", organization: "contoso.onmicrosoft.com" };
  const passwordFile = join(folder, "password.txt");
  writeFileSync(passwordFile, "not needed\r\nsecond line\n");
  expect((await find({ ...options, "password-file": passwordFile }, {})).targets.length).toBe(1);
  await expect(find({ ...options, "password-file": join(folder, "none") }, {})).rejects.toMatchObject({
    code: "EXO_AUTH_FILE",
    message: expect.stringMatching(
      /^The password file ".*none" does not exist\. Give another file with --password-file\.$/,
    ),
  });
});

test.each([
  ["LF", Buffer.from("pw\n")],
  ["CRLF", Buffer.from("pw\r\n")],
  ["a byte order mark", Buffer.from("\uFEFFpw\r\n")],
  ["UTF-16, as PowerShell 5.1 writes it", Buffer.from("\uFEFFpw\r\n", "utf16le")],
  ["UTF-16 without a byte order mark", Buffer.from("pw\r\n", "utf16le")],
  ["the same with the big end first", Buffer.from("pw\r\n", "utf16le").swap16()],
])("a password file with %s opens the certificate", async (_, bytes) => {
  const { targets } = await withPassword(bytes);
  expect(targets).toMatchObject([{ signIn: { thumbprint } }]);
});

test.each([
  [
    "a trailing space",
    Buffer.from("pw \n"),
    /^The certificate file ".*" cannot be opened with this password, which begins or ends with a space\. Give the right one\.$/,
  ],
  [
    "an empty first line",
    Buffer.from("\npw\n"),
    /^The password file ".*" must have the password in its first line, which is empty\. Remove the empty line\.$/,
  ],
  [
    "UTF-16 that looks like nothing",
    Buffer.from("密码pw", "utf16le"),
    /^The password file ".*" must be UTF-8, or UTF-16 with a byte order mark\. Save it as UTF-8\.$/,
  ],
  [
    "another encoding",
    Buffer.from("Päsñwört", "latin1"),
    /^The password file ".*" must be UTF-8, or UTF-16 with a byte order mark\. Save it as UTF-8\.$/,
  ],
])("a password file with %s is told of", async (_, bytes, message) => {
  await expect(withPassword(bytes)).rejects.toThrow(message);
});

test("a certificate that needs a password names the option", async () => {
  const options = { "certificate-file": encrypted(), "app-id": "APP", organization: "x.onmicrosoft.com" };
  await expect(find(options, {})).rejects.toThrow(
    "needs a password. Give it with --password-file, or in EXO_AUTH_CERTIFICATE_PASSWORD.",
  );
});

// github.com/cert-manager/cert-manager/issues/2902: a Secret that was made with `echo`.
test.each(["pw\n", "pw\r\n"])(
  "a password that ends with a line is taken from a file: %j",
  async (password) => {
    const { targets } = await withPassword(Buffer.from(password), password);
    expect(targets).toMatchObject([{ signIn: { thumbprint } }]);
    await expect(withPassword(Buffer.from("other\n"), password)).rejects.toThrow(
      /cannot be opened with this password\. Give the right one\.$/,
    );
  },
);

// github.com/Microsoft365DSC/MSCloudLoginAssistant/issues/172.
test("a tenant by the first part of its domain is told what is wanted", async () => {
  const options = { "certificate-file": file, "app-id": "APP", organization: "contoso" };
  await expect(find(options, {})).rejects.toMatchObject({
    code: "EXO_AUTH_USAGE",
    message:
      '--organization must be the tenant\'s initial domain, such as contoso.onmicrosoft.com, got "contoso".',
  });
  const byId = { ...options, organization: "a7d4f3c2-6b1e-4f58-9c0d-2e8b5a913f47" };
  expect((await find(byId, {})).targets).toHaveLength(1);
});

function withPassword(bytes: Buffer, password = "pw"): ReturnType<typeof find> {
  const passwordFile = join(folder, "password");
  writeFileSync(passwordFile, bytes);
  const options = {
    "certificate-file": encrypted(password),
    "password-file": passwordFile,
    "app-id": "APP",
    organization: "contoso.onmicrosoft.com",
  };
  return find(options, {});
}

/** A PEM file that opens with a password. */
function encrypted(passphrase = "pw"): string {
  const key = createPrivateKey(made.privateKeyPem);
  const pem = key.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase });
  const path = join(folder, "encrypted.pem");
  writeFileSync(path, `${made.certificatePem}\n${pem.toString()}`);
  return path;
}

test("the environment's identity, with or without a certificate", async () => {
  const arm = { ARM_TENANT_ID: "TENANT", ARM_CLIENT_ID: "CLIENT" };
  const withCertificate = await find(
    { "from-environment": true },
    { ...arm, ARM_CLIENT_CERTIFICATE_PATH: file },
  );
  expect(withCertificate.targets).toMatchObject([{ signIn: { clientId: "CLIENT", thumbprint } }]);
  const withSecret = await find({ "from-environment": true }, { ...arm, ARM_CLIENT_SECRET: "secret" });
  expect(withSecret.targets[0]).not.toHaveProperty("certificate");
});

test("an environment that names no application, and two sources at once", async () => {
  await expect(find({ "from-environment": true }, {})).rejects.toThrow(
    /^The environment names no application\. /,
  );
  await expect(find({ "from-environment": true, "certificate-file": file }, {})).rejects.toThrow(
    "Use only one of --certificate-file and --from-environment.",
  );
});

function find(options: TargetOptions, env: NodeJS.ProcessEnv): ReturnType<typeof verificationTargets> {
  return verificationTargets(options, { env, signal: new AbortController().signal });
}

function fromStack(resources: readonly ExportedResource[]): ReturnType<typeof verificationTargets> {
  return find({}, { ...process.env, ...makeCliFolder({ stdout: exportOf(resources) }).env });
}

/** A component whose certificates are the one of this file. */
function component(name: string): ExportedResource[] {
  return exportedComponent("s", "p", name).map((resource) => {
    const isComponent = resource.type === componentType;
    const isCertificate = resource.type === appCertificateType;
    const changes = {
      ...(isComponent || isCertificate ? { thumbprint } : {}),
      ...(isCertificate ? made : {}),
    };
    return { ...resource, outputs: { ...resource.outputs, ...changes } };
  });
}

function withoutKey(name: string): ExportedResource[] {
  return component(name).map((resource) => {
    const { privateKeyPem: _, ...outputs } = resource.outputs;
    return { ...resource, outputs };
  });
}

function withoutCertificate(name: string): readonly ExportedResource[] {
  const [resource] = exportedComponent("production", "infrastructure", name);
  const { thumbprint: _, ...outputs } = resource!.outputs;
  return [{ ...resource!, outputs }];
}
