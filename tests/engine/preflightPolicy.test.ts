import { afterAll, beforeAll, expect, test } from "vitest";

import type { Sandbox } from "../../sandbox/createSandbox.ts";
import type { StackWorkspace } from "../../sandbox/workspace/workspace.ts";
import { deployedSandbox } from "./savedStacks.ts";
import { configure, outputs, up } from "./support.ts";
import type { TenantGraph } from "./tenantGraph.ts";
import { tenantGraph } from "./tenantGraph.ts";

// What `exo-auth preflight` says of a real plan under an app management policy, and what `pulumi up` then does.
let sandbox: Sandbox;
let deployed: StackWorkspace;
let graph: TenantGraph;

beforeAll(async () => {
  ({ sandbox, stack: deployed } = await deployedSandbox("open"));
  graph = tenantGraph(sandbox.tenant);
});

afterAll(() => sandbox.close());

const lifetime = (maxLifetime: string): object => ({
  keyCredentials: [{ restrictionType: "asymmetricKeyLifetime", maxLifetime }],
});

test("a new generation: the tenant's policy stands in the way, until the application has one of its own", async () => {
  const stack = deployed;
  const { applicationObjectId } = await outputs(stack);
  await limitTo("P180D");
  await configure(stack, {
    "certificate.generations[0].name": "1",
    "certificate.generations[1].name": "2",
  });
  expect(await preflight(stack)).toEqual({
    exitCode: 5,
    said: [
      'Certificate "exchange-cert-2" would last 364 days, but the tenant\'s app management policy requires less than 180.',
    ],
  });
  const refused = await up(stack);
  expect(refused.exitCode).not.toBe(0);
  expect(refused.messages).toContain("CredentialInvalidLifetimeAsPerAppPolicy");

  await assignOwnPolicy(String(applicationObjectId), "P365D");
  // The refused update has made the key already.
  expect(await preflight(stack)).toEqual({
    exitCode: 0,
    said: [
      "The update would put exchange-cert-2 on the application with a key that the state has already. An update that did not finish left it, or somebody who can write the state put it there.",
    ],
  });
  expect(await up(stack)).toMatchObject({ exitCode: 0 });
  await limitTo(undefined);
});

test("an application that exists already: its own policy holds, not the tenant's", async () => {
  const { id, appId } = await graph.send("POST", "/applications", { displayName: "By hand" });
  await graph.send("POST", "/servicePrincipals", { appId });
  await assignOwnPolicy(String(id), "P90D");
  const stack = await sandbox.stack("fabrikam");
  await configure(stack, { existingClientId: String(appId) });
  expect(await preflight(stack)).toEqual({
    exitCode: 5,
    said: [
      'Certificate "exchange-cert-1" would last 364 days, but the application\'s own app management policy "Own" requires less than 90.',
    ],
  });
  const refused = await up(stack);
  expect(refused.exitCode).not.toBe(0);
  expect(refused.messages).toContain("CredentialInvalidLifetimeAsPerAppPolicy");

  await configure(stack, {
    "certificate.validityDays": "89",
    "certificate.generations[0].name": "shorter",
  });
  expect(await preflight(stack)).toEqual({ exitCode: 0, said: [] });
  expect(await up(stack)).toMatchObject({ exitCode: 0 });
});

/** The exit code, and everything that is not passed. */
async function preflight(stack: StackWorkspace): Promise<{ exitCode: number; said: unknown[] }> {
  const { exitCode, stdout } = await stack.run("exo-auth", ["preflight", "--json"]);
  const { findings } = JSON.parse(stdout) as { findings: { kind: string; message: string }[] };
  return { exitCode, said: findings.filter(({ kind }) => kind !== "passed").map(({ message }) => message) };
}

function limitTo(maxLifetime: string | undefined): Promise<unknown> {
  return graph.send("PATCH", "/policies/defaultAppManagementPolicy", {
    isEnabled: maxLifetime !== undefined,
    applicationRestrictions: maxLifetime === undefined ? {} : lifetime(maxLifetime),
  });
}

async function assignOwnPolicy(applicationObjectId: string, maxLifetime: string): Promise<void> {
  const { id } = await graph.send("POST", "/policies/appManagementPolicies", {
    displayName: "Own",
    isEnabled: true,
    restrictions: lifetime(maxLifetime),
  });
  await graph.send("POST", `/applications/${applicationObjectId}/appManagementPolicies/$ref`, {
    "@odata.id": `https://graph.microsoft.com/v1.0/policies/appManagementPolicies/${String(id)}`,
  });
}
