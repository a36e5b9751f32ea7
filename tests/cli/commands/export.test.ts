import { createPrivateKey, X509Certificate } from "node:crypto";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSecureContext } from "node:tls";
import { stripVTControlCharacters } from "node:util";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { readCertificate } from "../../../common/certificate.ts";
import { encodePfx } from "../../../components/pfx/encodePfx.ts";
import { PfxEncoding } from "../../../components/pfx/pfxContent.ts";
import { exportCertificate } from "../../../operations/export/exportCertificate.ts";
import { pipeCertificate } from "../../../operations/export/certificateFiles.ts";
import type { CertifiedComponent } from "../../../stack/certifiedComponent.ts";
import { stackStateOf } from "../../../stack/components.ts";
import { selectComponent } from "../../../stack/selectComponents.ts";
import { parseExport } from "../../../stack/exportedState.ts";
import { exportView } from "../../../cli/views/exportView.ts";
import { readCertificateFile } from "../../../common/certificateFile.ts";
import { makeCertificate } from "../../graph/testCertificate.ts";
import { exportedComponent, exportOf } from "../../stack/exportedState.ts";

const password = "a long and random password";
let component: CertifiedComponent;

beforeAll(async () => {
  const made = await makeCertificate();
  const { thumbprint, thumbprintSha256, notBefore, notAfter } = readCertificate(made.certificatePem);
  const content = {
    ...made,
    password,
    friendlyName: "exchange",
    encoding: PfxEncoding.Compatible,
    salt: "0".repeat(32),
  };
  component = {
    name: "exchange",
    appId: "APP",
    thumbprint,
    tenantDomain: "contoso.partner.onmschina.cn",
    tenantId: "TENANT",
    applicationObjectId: "APPLICATION",
    servicePrincipalObjectId: "PRINCIPAL",
    connectExchangeOnline: "Connect-ExchangeOnline; Invoke-Planted",
    cloud: "china",
    roleTemplateIds: [],
    appRoleIds: [],
    unfinished: [],
    isOwn: true,
    record: { kind: "beforeUpgrade" },
    generations: [
      {
        generation: "1",
        keyId: "KEY",
        thumbprint,
        certificateThumbprintSha256: thumbprintSha256,
        certificateNotBefore: notBefore,
        certificateNotAfter: notAfter,
        certificateDerBase64: new X509Certificate(made.certificatePem).raw.toString("base64"),
        ...made,
        pfxBase64: encodePfx(content).toString("base64"),
        pfxPassword: password,
      },
    ],
  };
});

test("writes certificate, PFX, its password and PEM, which other programs read", async () => {
  const folder = join(temporaryFolder(), "certificates");
  const result = await exportCertificate(component, folder, false);
  const path = (name: string): string => join(folder, name);
  expect(result).toEqual({
    component: "exchange",
    generation: "1",
    thumbprint: component.thumbprint,
    notAfter: component.generations[0].certificateNotAfter,
    appId: "APP",
    tenantDomain: "contoso.partner.onmschina.cn",
    connectExchangeOnline: connectLine(),
    publicFiles: [path("exchange.cer")],
    secretFiles: ["exchange.pfx", "exchange.pfx-password.txt", "exchange.pem"].map(path),
    exposedFiles: [],
    securityAndCompliance: false,
  });
  expect(readdirSync(folder).toSorted()).toEqual(
    ["exchange.cer", "exchange.pem", "exchange.pfx", "exchange.pfx-password.txt"].toSorted(),
  );
  const thumbprint = component.thumbprint;
  expect(new X509Certificate(readFileSync(path("exchange.cer"))).fingerprint.replaceAll(":", "")).toBe(
    thumbprint,
  );
  expect(readFileSync(path("exchange.pfx-password.txt"), "utf8")).toBe(password);
  const pfx = readFileSync(path("exchange.pfx"));
  expect(() => createSecureContext({ pfx, passphrase: password })).not.toThrow();
  const own = await readCertificateFile(path("exchange.pfx"), { password, source: "" });
  expect(readCertificate(own.certificatePem).thumbprint).toBe(thumbprint);
  const pem = await readCertificateFile(path("exchange.pem"), { password: undefined, source: "" });
  expect(readCertificate(pem.certificatePem).thumbprint).toBe(thumbprint);
});

test("secret files and the folder are their owner's, whatever the umask", async () => {
  const before = process.umask(0);
  onTestFinished(() => void process.umask(before));
  const folder = join(temporaryFolder(), "certificates");
  await exportCertificate(component, folder, false);
  const modes = readdirSync(folder).map((name) => [name, mode(join(folder, name))]);
  expect(Object.fromEntries(modes)).toEqual({
    "exchange.cer": "644",
    "exchange.pem": "600",
    "exchange.pfx": "600",
    "exchange.pfx-password.txt": "600",
  });
  expect(mode(folder)).toBe("700");
});

test("replaces nothing without force, and then writes none of the files", async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "exchange.pem"), "mine");
  await expect(exportCertificate(component, folder, false)).rejects.toMatchObject({
    code: "EXO_AUTH_USAGE",
    message: `"${join(folder, "exchange.pem")}" exists already. Choose another folder with --out, or replace it with --force.`,
  });
  expect(readdirSync(folder)).toEqual(["exchange.pem"]);
  expect(readFileSync(join(folder, "exchange.pem"), "utf8")).toBe("mine");
});

test("with force it replaces what is there, with the mode of a secret", async () => {
  const folder = temporaryFolder();
  const file = join(folder, "exchange.pem");
  writeFileSync(file, "mine", { mode: 0o666 });
  await exportCertificate(component, folder, true);
  expect(createPrivateKey(readFileSync(file)).asymmetricKeyType).toBe("rsa");
  expect(mode(file)).toBe("600");
});

test("what cannot be written leaves nothing behind", async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "exchange.pfx"));
  await expect(exportCertificate(component, folder, true)).rejects.toMatchObject({
    code: "EXO_AUTH_FILE",
    message: `The files could not be written to "${folder}": "${join(folder, "exchange.pfx")}" is a folder. Choose another folder with --out.`,
  });
  expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
});

test("a certificate that was made elsewhere: only the .cer, and the view says where the key is", async () => {
  const folder = temporaryFolder();
  const result = await exportCertificate(withoutKey(), folder, false);
  expect(readdirSync(folder)).toEqual(["exchange.cer"]);
  expect(result.secretFiles).toEqual([]);
  expect(exportView(result)).toContain("The private key was created elsewhere and is not in the stack.");
});

test("says of a secret file that others can read it where the drive keeps no access rights", async () => {
  const result = await exportCertificate(component, temporaryFolder(), false);
  const [pfx, ...others] = result.secretFiles;
  const lines = stripVTControlCharacters(exportView({ ...result, exposedFiles: [pfx!] })).split("\n");
  expect(lines).toContain(
    `✗ ${pfx} (secret, but others can read it, because this drive keeps no access rights)`,
  );
  for (const file of others) expect(lines).toContain(`✓ ${file} (secret: readable by you only)`);
});

test("no secret is in what it prints", async () => {
  const result = await exportCertificate(component, temporaryFolder(), false);
  const printed = exportView(result) + JSON.stringify(result);
  expect(printed).not.toContain(password);
  expect(printed).not.toContain(component.generations[0].pfxBase64);
  expect(printed).not.toContain("PRIVATE KEY");
});

test("tells how to import on Windows, to use on Linux and to put into stores, as two secrets", async () => {
  const text = exportView(await exportCertificate(component, temporaryFolder(), false));
  for (const line of [
    'certutil -user -csp "Microsoft Enhanced RSA and AES Cryptographic Provider" -importpfx My .\\exchange.pfx "AT_KEYEXCHANGE,NoExport,NoRoot"',
    connectLine(),
    "Connect-ExchangeOnline -AppId APP -CertificateFilePath ./exchange.pfx -CertificatePassword $password -Organization contoso.partner.onmschina.cn -ExchangeEnvironmentName O365China -ShowBanner:$false",
    "exo-auth export --component exchange --stdout pfx | gh secret set EXCHANGE_PFX",
    "exo-auth export --component exchange --stdout pfx-password | gh secret set EXCHANGE_PFX_PASSWORD",
    "az keyvault secret set --vault-name VAULT --name exchange-pfx --file exchange.pfx --encoding base64 --output none",
  ]) {
    expect(text).toContain(`  ${line}\n`);
  }
});

test("a component's name is neither a path nor a command", async () => {
  const folder = join(temporaryFolder(), "certificates");
  const result = await exportCertificate({ ...component, name: "../a b;$(id)" }, folder, false);
  const files = ["_a_b_id_.cer", "_a_b_id_.pem", "_a_b_id_.pfx", "_a_b_id_.pfx-password.txt"];
  expect(readdirSync(folder).toSorted()).toEqual(files);
  const text = exportView(result);
  expect(text).toContain("-importpfx My .\\_a_b_id_.pfx ");
  expect(text).toContain("-CertificateFilePath ./_a_b_id_.pfx ");
  expect(text).toContain(
    "exo-auth export --component '../a b;$(id)' --stdout pfx | gh secret set _A_B_ID__PFX\n",
  );
  expect(text).toContain("--name -a-b-id--pfx --file _a_b_id_.pfx ");
});

test("--stdout gives each form as it is", () => {
  const { certificatePem, privateKeyPem = "", pfxBase64 } = component.generations[0];
  const pipe = (form: string): string => pipeCertificate(component, form, false, false);
  expect(pipe("certificate")).toBe(`${certificatePem.trim()}\n`);
  expect(pipe("pem")).toBe(`${privateKeyPem.trim()}\n${certificatePem.trim()}\n`);
  expect(pipe("pfx")).toBe(pfxBase64);
  expect(pipe("pfx-password")).toBe(password);
  expect(() => pipe("der")).toThrow(
    '--stdout must be one of certificate, pem, pfx, pfx-password, got "der".',
  );
});

test("--stdout shows a secret on a terminal only when forced", () => {
  expect(pipeCertificate(component, "certificate", true, false)).toContain("BEGIN CERTIFICATE");
  expect(() => pipeCertificate(component, "pfx", true, false)).toThrow(
    "--stdout pfx would show a secret on the terminal. Send it to a pipe or a file, or use --force.",
  );
  expect(pipeCertificate(component, "pfx-password", true, true)).toBe(password);
});

test("--stdout of a key that is elsewhere", () => {
  expect(() => pipeCertificate(withoutKey(), "pem", false, false)).toThrow(
    'Component "exchange" has no pem: its key was created elsewhere. Only --stdout certificate is available.',
  );
});

test("several components: one must be named", () => {
  const state = stackStateOf(
    parseExport(
      exportOf([...exportedComponent("s", "p", "exchange"), ...exportedComponent("s", "p", "reports")]),
    ),
  );
  expect(selectComponent(state, "reports").name).toBe("reports");
  expect(() => selectComponent(state, undefined)).toThrow(
    'The stack has several components: "exchange", "reports". Choose one with --component.',
  );
});

/** The component's own line: what its output of that name says, a writer of the state may have planted. */
function connectLine(): string {
  return `Connect-ExchangeOnline -AppId APP -CertificateThumbprint ${component.thumbprint} -Organization contoso.partner.onmschina.cn -ExchangeEnvironmentName O365China -ShowBanner:$false`;
}

function withoutKey(): CertifiedComponent {
  const [{ privateKeyPem: _, pfxBase64: __, pfxPassword: ___, ...others }] = component.generations;
  return { ...component, generations: [others] };
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "exo-auth-export-"));
  onTestFinished(() => {
    chmodSync(folder, 0o700);
    rmSync(folder, { recursive: true });
  });
  return folder;
}

function mode(path: string): string {
  return (statSync(path).mode & 0o777).toString(8);
}
