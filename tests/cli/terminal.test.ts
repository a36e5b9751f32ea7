import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { TestApplication, TestTenant } from "../graph/testTenant.ts";
import { createApplication, grant, startTestTenant } from "../graph/testTenant.ts";
import type { CliFolder } from "./cliProcess.ts";
import { makeCliFolder } from "./cliProcess.ts";
import { exportedComponent, exportOf } from "../stack/exportedState.ts";
import { noTerminal, openTerminal } from "./terminal.ts";

let tenant: TestTenant;

beforeAll(async () => {
  tenant = await startTestTenant();
});
afterAll(() => tenant.server.close());

test("status has colours on a terminal, and none with NO_COLOR", async ({ skip }) => {
  skip(noTerminal !== undefined, noTerminal);
  const folder = makeCliFolder({
    config: {},
    stdout: exportOf(exportedComponent("production", "infrastructure", "exchange")),
  });
  const coloured = await openTerminal("exo-auth status", folder.path, folder.env).until(/exit code 0/);
  expect(coloured).toContain("\u001b[32m✓\u001b[39m certificate 2 (current)");
  const env = { ...folder.env, NO_COLOR: "1" };
  const plain = await openTerminal("exo-auth status", folder.path, env).until(/exit code 0/);
  expect(plain).toContain("✓ certificate 2 (current)");
  expect(plain).not.toContain("\u001b");
});

test("verify says on a terminal what it waits for, in one line that it clears, and goes on when it comes", async ({
  skip,
}) => {
  skip(noTerminal !== undefined, noTerminal);
  const application = await createApplication(tenant, { consent: false });
  const { path, env } = folderFor(application);
  const terminal = openTerminal("exo-auth verify --from-environment", path, env);
  await terminal.until(/The token does not have Exchange\.ManageAsApp/);
  await grant(tenant, application.servicePrincipalObjectId);
  const shown = await terminal.until(/exit code 0/);
  expect(shown).toContain("Exchange Online answered for contoso.onmicrosoft.com");
  expect(shown).not.toContain("Trying again");
});

test("Ctrl-C ends a wait at once", async ({ skip }) => {
  skip(noTerminal !== undefined, noTerminal);
  const { path, env } = folderFor(await createApplication(tenant, { consent: false }));
  const terminal = openTerminal("exo-auth verify --from-environment", path, env);
  await terminal.until(/The token does not have Exchange\.ManageAsApp/);
  terminal.press("C-c");
  const shown = await terminal.until(/exit code 8/);
  expect(shown).toMatch(/exo-auth verify:.* Canceled\./);
});

test("export shows no secret on a terminal unless forced", async ({ skip }) => {
  skip(noTerminal !== undefined, noTerminal);
  const { path, env } = makeCliFolder({
    stdout: exportOf(exportedComponent("production", "infrastructure", "exchange")),
  });
  const refused = await openTerminal("exo-auth export --stdout pfx-password", path, env).until(/exit code 2/);
  expect(refused).not.toContain("password 2");
  const forced = await openTerminal("exo-auth export --stdout pfx-password --force", path, env).until(
    /exit code 0/,
  );
  expect(forced).toContain("password 2");
});

test("in a pipe verify says nothing while it waits", async () => {
  const folder = folderFor(await createApplication(tenant, { consent: false }));
  const { exitCode, stdout, stderr } = await folder.run("verify", "--from-environment", "--wait", "1s");
  expect({ exitCode, stderr }).toEqual({ exitCode: 4, stderr: "" });
  expect(stdout).toContain("✗ The token does not have Exchange.ManageAsApp");
});

test("a deploying identity that is refused: Entra's words, and what to check", async () => {
  const { env } = folderFor(await createApplication(tenant));
  const { ARM_CLIENT_CERTIFICATE_PATH: _, PATH: __, ...others } = env;
  const pulumi = { stderr: "error: the plan fails, too", exitCode: 1, config: {} };
  const folder = makeCliFolder(pulumi, { ...others, ARM_CLIENT_SECRET: "the wrong one" });
  const { exitCode, stderr } = await folder.run("preflight");
  expect(exitCode).toBe(3);
  expect(stderr).toMatch(
    /^exo-auth preflight: AADSTS7000215: Invalid client secret provided\. .* Check the identity and the credential in the ARM_… variables\. Without these variables, the Azure CLI's account signs in \(`az login`\)\.\n$/,
  );
  expect(stderr).not.toContain("the wrong one");
});

/** A folder whose environment leads to the tenant, with the application's certificate in a file. */
function folderFor(application: TestApplication): CliFolder {
  const folder = makeCliFolder();
  const [certificate, authority] = [join(folder.path, "certificate.pem"), join(folder.path, "ca.pem")];
  writeFileSync(certificate, `${application.privateKeyPem}\n${application.certificatePem}`);
  writeFileSync(authority, tenant.server.certificateAuthorityPem);
  return makeCliFolder(
    {},
    {
      ...tenant.env,
      NODE_EXTRA_CA_CERTS: authority,
      ARM_TENANT_ID: tenant.seed.initialDomain,
      ARM_CLIENT_ID: application.appId,
      ARM_CLIENT_CERTIFICATE_PATH: certificate,
    },
  );
}
