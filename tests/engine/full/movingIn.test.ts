import { createHash, X509Certificate } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { cloudEndpoints, resolveEndpoints } from "../../../graph/endpoints.ts";
import { createCredential } from "../../../graph/signIn.ts";
import type { Sandbox } from "../../../sandbox/createSandbox.ts";
import { type KeyPair, makeKeyPair } from "../../components/mocks.ts";
import { blocksOf, commandsOf } from "../../docs/pages.ts";
import { callGraph, expectNoChanges, outputs, sandboxForTest } from "../support.ts";

const exchangeAdministrator = "29232cdf-9323-42fd-ade2-1d097af3e4de";
const manageAsApp = "dc50a0fb-09a3-484d-be87-e023b12c6440";

test("what was made by hand moves in, and its old certificate signs in all the time", async () => {
  const sandbox = await sandboxForTest();
  const keyPair = makeKeyPair("/CN=Exo Background process");
  const made = await makeByHand(sandbox, keyPair);
  const signIn = () => signInWith(sandbox, made.clientId, keyPair);
  expect(await signIn()).toBe(true);

  const stack = await sandbox.stack("contoso");
  const file = blocksOf("docs/movingIn.md").find(({ language }) => language === "json");
  const importFile = join(sandbox.folder.path, "import.json");
  writeFileSync(
    importFile,
    file!.text.replaceAll(/\$([A-Z_]+)/g, (_, name: string) => made.variables[name]!),
  );
  const plans: string[] = [];
  for (const { text } of commandsOf("docs/movingIn.md")) {
    const { exitCode, stdout, stderr } = await stack.run("sh", [
      "-c",
      text.replace("import.json", importFile),
    ]);
    if (exitCode !== 0) throw new Error(`${text} ended with ${exitCode}:\n${stdout}${stderr}`);
    if (text.startsWith("pulumi preview")) plans.push(stdout);
    expect(await signIn()).toBe(true);
  }

  expect(plans).toHaveLength(1);
  expect(plans[0]).toMatch(/ {4}\+ 8 to create\n {4}~ 3 to update\n/);
  expect(plans[0]).not.toMatch(/replace|delete/);
  expect(await outputs(stack)).toMatchObject({ appId: made.clientId });
  const { keyCredentials } = await callGraph(
    sandbox.tenant,
    "GET",
    `/applications/${made.variables["APPLICATION"]}`,
  );
  expect(keyCredentials).toHaveLength(2);
  expect(await expectNoChanges(stack)).toBe(0);
});

/** What the article makes by hand: application, certificate, service principal, consent and role. */
async function makeByHand(sandbox: Sandbox, { certificatePem }: KeyPair) {
  const graph = (method: string, path: string, body?: unknown) =>
    callGraph(sandbox.tenant, method, path, body);
  const certificate = new X509Certificate(certificatePem);
  const application = await graph("POST", "/applications", {
    displayName: "Exo Background process",
    signInAudience: "AzureADMyOrg",
    keyCredentials: [
      {
        type: "AsymmetricX509Cert",
        usage: "Verify",
        key: certificate.raw.toString("base64"),
        displayName: "CN=Exo Background process",
        customKeyIdentifier: createHash("sha1").update(certificate.raw).digest("base64"),
        startDateTime: certificate.validFromDate.toISOString(),
        endDateTime: certificate.validToDate.toISOString(),
      },
    ],
  });
  const { id: principalId } = await graph("POST", "/servicePrincipals", { appId: application["appId"] });
  const { value } = await graph(
    "GET",
    "/servicePrincipals?$filter=appId%20eq%20'00000002-0000-0ff1-ce00-000000000000'",
  );
  const resourceId = (value as { id: string }[])[0]?.id;
  const consent = await graph("POST", `/servicePrincipals/${String(principalId)}/appRoleAssignments`, {
    principalId,
    resourceId,
    appRoleId: manageAsApp,
  });
  const role = await graph("POST", "/roleManagement/directory/roleAssignments", {
    principalId,
    roleDefinitionId: exchangeAdministrator,
    directoryScopeId: "/",
  });
  const variables: Record<string, string> = {
    APPLICATION: String(application["id"]),
    SERVICE_PRINCIPAL: String(principalId),
    EXCHANGE: String(resourceId),
    CONSENT: String(consent["id"]),
    ROLE: String(role["id"]),
  };
  return { clientId: String(application["appId"]), variables };
}

/** Whether a job that holds the certificate gets a token for Exchange. */
async function signInWith({ tenant }: Sandbox, clientId: string, keyPair: KeyPair): Promise<boolean> {
  const endpoints = await resolveEndpoints("global", { ARM_METADATA_HOSTNAME: new URL(tenant.url).host });
  const { tenantId } = tenant.seeds[0]!;
  const credential = createCredential({ kind: "certificate", tenantId, clientId, ...keyPair }, endpoints);
  return (await credential.getToken(cloudEndpoints("global").exchangeOnline.scope)) !== null;
}
