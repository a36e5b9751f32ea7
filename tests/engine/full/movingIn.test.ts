import { expect, test } from "vitest";

import { cloudEndpoints, resolveEndpoints } from "../../../graph/endpoints.ts";
import { createCredential } from "../../../graph/signIn.ts";
import { deployerPermissions } from "../../../microsoft/identityPermissions.ts";
import { auditPermissions } from "../../../operations/audit/rules.ts";
import type { Sandbox } from "../../../sandbox/createSandbox.ts";
import { defaultSeed } from "../../../sandbox/tenant/index.ts";
import { commandsOf } from "../../docs/pages.ts";
import { createAsTool, type ForeignApplication } from "../../operations/adoption/foreignTools.ts";
import { callGraph, outputs, sandboxForTest, stateOf } from "../support.ts";

const exampleId = "38b9c836-f663-4536-8d13-7772dbb35f2b";

test("what was made by hand moves in, and its old certificate signs in all the time", async () => {
  const permissions = [...new Set([...deployerPermissions, ...auditPermissions])];
  const seed = { ...defaultSeed, deployer: { ...defaultSeed.deployer, permissions } };
  const sandbox = await sandboxForTest({ tenant: { seeds: [seed] } });
  const made = await createAsTool("cliForMicrosoft365", (method, path, body) =>
    callGraph(sandbox.tenant, method, path, body),
  );
  expect(await signsIn(sandbox, made)).toBe(true);

  const stack = await sandbox.stack("contoso");
  const plans: string[] = [];
  const certificates: number[] = [];
  const signIns: boolean[] = [];
  const appIds: unknown[] = [];
  for (const { text } of commandsOf("docs/movingIn.md")) {
    const { exitCode, stdout, stderr } = await stack.run("sh", ["-c", text.replace(exampleId, made.appId)]);
    if (exitCode !== 0) throw new Error(`${text} ended with ${exitCode}:\n${stdout}${stderr}`);
    if (text.startsWith("pulumi preview")) plans.push(stdout);
    if (text.startsWith("exo-auth verify")) appIds.push((await outputs(stack))["appId"]);
    const { keyCredentials } = await callGraph(
      sandbox.tenant,
      "GET",
      `/applications/${made.applicationObjectId}`,
    );
    certificates.push((keyCredentials as unknown[]).length);
    signIns.push(await signsIn(sandbox, made));
  }

  expect(plans).toHaveLength(1);
  expect(plans[0]).toMatch(/ {4}\+ 2 to create\n {4}~ 4 to update\n/);
  expect(plans[0]).not.toMatch(/replace|delete/);
  // The commands from the first to the last: looked at, adopted, updated, the new one beside it, the old one gone, left.
  expect(certificates).toEqual([1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 1, 1, 1]);
  // The old certificate, until the page removes it, which it does when no job uses it any more.
  expect(signIns).toEqual(certificates.map((_, index) => index < 10));
  expect(appIds).toEqual([made.appId]);
  expect(await stateOf(stack)).toEqual([]);
});

/** Whether a job that holds the certificate gets a token for Exchange. */
async function signsIn(
  { tenant }: Sandbox,
  { appId: clientId, certificatePem, privateKeyPem }: ForeignApplication,
): Promise<boolean> {
  const endpoints = await resolveEndpoints("global", { ARM_METADATA_HOSTNAME: new URL(tenant.url).host });
  const { tenantId } = tenant.seeds[0]!;
  const identity = { kind: "certificate", tenantId, clientId, certificatePem, privateKeyPem } as const;
  const scope = cloudEndpoints("global").exchangeOnline.scope;
  return createCredential(identity, endpoints)
    .getToken(scope)
    .then(
      () => true,
      () => false,
    );
}
