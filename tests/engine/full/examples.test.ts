import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { createSandbox, type Sandbox } from "../../../sandbox/createSandbox.ts";
import { runCommand } from "../../../sandbox/workspace/runCommand.ts";
import { repository } from "../../../sandbox/workspace/sandboxFolder.ts";
import { defaultSeed, type TenantSeed } from "../../../sandbox/tenant/index.ts";
import { makeKeyPair } from "../../components/mocks.ts";
import { commandsOf } from "../../docs/pages.ts";
import { callGraph, directoryOf } from "../support.ts";

const fabrikam: TenantSeed = {
  tenantId: "3f8e2b60-1c54-4d0a-9e7b-52a6c1d8f039",
  initialDomain: "fabrikam.onmicrosoft.us",
  deployer: { clientId: "c91d4a07-58f2-4b36-8d1e-0a7f3e9b2c64", clientSecret: "the deployer of fabrikam" },
};

let sandbox: Sandbox;
let empty: readonly string[];
/** Copies of the examples: below the repository, so that they find its package, and out of git's sight. */
let folder: string;

beforeAll(async () => {
  mkdirSync(join(repository, ".sandbox"), { recursive: true });
  folder = mkdtempSync(join(repository, ".sandbox", "examples-"));
  cpSync(join(repository, "examples"), folder, { recursive: true });
  sandbox = await createSandbox({ tenant: { seeds: [defaultSeed, fabrikam] } });
  empty = await directoryOf(sandbox.tenant);
});

afterAll(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true });
});

/** Runs the commands of an example's README in order, then its test, then `pulumi destroy`. */
async function follow(
  example: string,
  variables: Readonly<Record<string, string>>,
  check: (outputs: Record<string, unknown>) => void | Promise<void>,
): Promise<void> {
  const options = {
    cwd: join(folder, example),
    env: { ...sandbox.env, ...variables, PULUMI_OPTION_YES: "true", PULUMI_OPTION_SKIP_PREVIEW: "true" },
  };
  const commands = commandsOf(`examples/${example}/README.md`).map(({ text }) => text);
  for (const command of commands) {
    const { exitCode, stdout, stderr } = await sandbox.run("sh", ["-c", command], options);
    if (exitCode !== 0) throw new Error(`${command} ended with ${exitCode}:\n${stdout}${stderr}`);
  }
  const { stdout } = await sandbox.run("pulumi", ["stack", "output", "--json"], options);
  await check(JSON.parse(stdout) as Record<string, unknown>);
  const destroyed = await sandbox.run("pulumi", ["destroy"], options);
  expect(destroyed.exitCode).toBe(0);
}

test("a command of examples/README.md, typed in an example's folder, deploys that example", async () => {
  const env = {
    ...process.env,
    SANDBOX_FOLDER: join(folder, "sandbox"),
    INIT_CWD: join(repository, "examples/basic"),
  };
  const bootstrap = [join(repository, "scripts/bootstrap.mjs"), "sandbox/commands/main.ts"];
  const command = ["pulumi", "up", "--yes"];
  const made = await runCommand(process.execPath, [...bootstrap, ...command], { env, cwd: repository });
  expect(made).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/exchange-basic-contoso/) });
});

const connectLine =
  /^Connect-ExchangeOnline -AppId \S+ -CertificateThumbprint [0-9A-F]{40} -Organization (\S+) /;

test("basic", async () => {
  await follow("basic", {}, (outputs) => {
    expect(connectLine.exec(String(outputs["connectExchangeOnline"]))?.[1]).toBe("contoso.onmicrosoft.com");
    expect(outputs["pfxPassword"]).toBe("[secret]");
  });
  expect(await directoryOf(sandbox.tenant)).toEqual(empty);
});

test("existingApplication leaves the application as it was", async () => {
  const { appId, id } = await callGraph(sandbox.tenant, "POST", "/applications", {
    displayName: "Somebody's",
  });
  await callGraph(sandbox.tenant, "POST", "/servicePrincipals", { appId });
  const before = await directoryOf(sandbox.tenant);
  const application = await callGraph(sandbox.tenant, "GET", `/applications/${String(id)}`);
  await follow("existingApplication", { CLIENT_ID: String(appId) }, (outputs) => {
    expect(outputs["appId"]).toBe(appId);
  });
  expect(await directoryOf(sandbox.tenant)).toEqual(before);
  expect(await callGraph(sandbox.tenant, "GET", `/applications/${String(id)}`)).toEqual(application);
});

test("ownCertificate keeps the key out of Pulumi", async () => {
  const file = join(folder, "exchange.cer");
  const { certificatePem } = makeKeyPair();
  execFileSync("openssl", ["x509", "-outform", "DER", "-out", file], { input: certificatePem });
  const fingerprint = execFileSync("openssl", ["x509", "-noout", "-fingerprint", "-sha1"], {
    input: certificatePem,
    encoding: "utf8",
  });
  await follow("ownCertificate", { CERTIFICATE_FILE: file }, (outputs) => {
    expect(`sha1 Fingerprint=${String(outputs["thumbprint"])}`).toBe(fingerprint.trim().replaceAll(":", ""));
  });
});

test("clouds signs in to each tenant with its own provider", async () => {
  const variables = Object.fromEntries(
    [defaultSeed, fabrikam].flatMap(({ tenantId, initialDomain, deployer }) => {
      const prefix = initialDomain.split(".")[0]?.toUpperCase();
      return [
        [`${prefix}_TENANT_ID`, tenantId],
        [`${prefix}_CLIENT_ID`, deployer.clientId],
        [`${prefix}_CLIENT_SECRET`, deployer.clientSecret],
      ];
    }),
  );
  await follow("clouds", variables, (outputs) => {
    expect(connectLine.exec(String(outputs["contosoConnect"]))?.[1]).toBe("contoso.onmicrosoft.com");
    expect(outputs["fabrikamConnect"]).toMatch(
      /-Organization fabrikam\.onmicrosoft\.us -ExchangeEnvironmentName O365USGovGCCHigh/,
    );
  });
});

test("consumer reads the root program's stack, and says what a wrong stack lacks", async () => {
  const exchange = await sandbox.stack("shared");
  expect((await exchange.run("pulumi", ["up", "--yes", "--skip-preview"])).exitCode).toBe(0);
  await follow("consumer", { EXCHANGE_STACK: "organization/exchange-auth/shared" }, ({ job }) => {
    expect(job).toMatchObject({ connect: expect.stringMatching(connectLine), pfxPassword: "[secret]" });
  });
});

test("every example is run by some test", () => {
  const entries = readdirSync(join(repository, "examples"), { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const here = ["basic", "clouds", "consumer", "existingApplication", "ownCertificate"];
  const elsewhere = [
    "deployer",
    "keyless",
    "leastPrivilege",
    "rotation",
    "host",
    "pipelines",
    "yaml",
    "python",
    "go",
  ];
  expect([...here, ...elsewhere].toSorted()).toEqual(folders.toSorted());
});
