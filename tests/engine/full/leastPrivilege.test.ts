import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";

import * as v from "valibot";
import { afterAll, beforeAll, expect, test } from "vitest";

import { cloudEndpoints, resolveEndpoints } from "../../../graph/endpoints.ts";
import { createExchangeClient } from "../../../graph/exchange.ts";
import { createCredential, type Identity } from "../../../graph/signIn.ts";
import { ledgerText } from "../../../operations/grant/ledger.ts";
import { ownName } from "../../../operations/grant/ownNames.ts";
import { createSandbox, type Sandbox } from "../../../sandbox/createSandbox.ts";
import { defaultSeed, furtherIdentities } from "../../../sandbox/tenant/index.ts";
import type { RunResult } from "../../../sandbox/workspace/runCommand.ts";
import { repository } from "../../../sandbox/workspace/sandboxFolder.ts";
import type { StackWorkspace } from "../../../sandbox/workspace/workspace.ts";
import { trustInThisProcess } from "../../../sandbox/workspace/trust.ts";
import { brief, componentOf, day, rotateOnce, signIn } from "../rotationSupport.ts";
import { up, writeConfiguration } from "../support.ts";
import { commandsOf } from "../../docs/pages.ts";

// examples/leastPrivilege, and the commands of docs/leastPrivilege.md: from an empty tenant to a job that reads recipients
// and nothing else, and back.
let sandbox: Sandbox;
let folder: string;
let outputs: Record<string, unknown>;
/** Another stack, whose identity may do everything. */
let stack: StackWorkspace;
const identities = Object.fromEntries(furtherIdentities.map((identity) => [identity.name, identity]));

beforeAll(async () => {
  mkdirSync(path.join(repository, ".sandbox"), { recursive: true });
  folder = mkdtempSync(path.join(repository, ".sandbox", "leastPrivilege-"));
  cpSync(path.join(repository, "examples", "leastPrivilege"), folder, { recursive: true });
  sandbox = await createSandbox({ tenant: { seeds: [{ ...defaultSeed, identities: furtherIdentities }] } });
  trustInThisProcess(sandbox.tenant.certificateAuthorityPem);
});

afterAll(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true });
});

test("the example ends in a job that reads recipients, and is refused the rest", async () => {
  const said: RunResult[] = [];
  for (const { text } of commandsOf("examples/leastPrivilege/README.md")) said.push(await succeed(text));
  expect(said.at(-1)?.stdout).toContain("Get-Mailbox ran, by a role of Exchange itself");
  outputs = JSON.parse((await succeed("pulumi stack output --json --show-secrets")).stdout) as typeof outputs;
  expect((await asJob("Get-Mailbox")).length).toBeGreaterThan(0);
  for (const cmdlet of [
    "Set-Mailbox",
    "Get-OrganizationConfig",
    "Get-RoleGroup",
    "Remove-ServicePrincipal",
  ]) {
    const Identity = "reports@contoso.com";
    await expect(asJob(cmdlet, cmdlet.startsWith("Get-") ? {} : { Identity })).rejects.toThrow(
      `User is not allowed to call ${cmdlet}`,
    );
  }
});

test("the commands of the page change nothing more, write a script, and take everything away", async () => {
  const commands = commandsOf("docs/leastPrivilege.md").map(({ text }) => text);
  // The example's program declares the same without settings.
  const settings = commands.splice(0, 3);
  for (const command of settings) await succeed(command);
  expect(settings.join("")).toMatch(/^(pulumi config set --path 'exchangeRoles\[.*)+$/);
  expect(commands.splice(0, 3)).toEqual(["pulumi up --yes", "exo-auth grant", "exo-auth grant --yes"]);
  for (const command of ["pulumi up --yes", "exo-auth grant", "exo-auth grant --yes"])
    expect((await succeed(command)).stdout).not.toContain("would be changed");
  for (const command of commands) await succeed(command);
  const script = readFileSync(path.join(folder, "grant.ps1"), "utf8");
  expect(script).toContain("New-ManagementRoleAssignment");
  expect(script).toContain(String(outputs["appId"]));
  const { exchangeOnline } = await exchangeOf("exchange");
  const all = await exchangeOnline.invoke(
    "Get-ManagementRoleAssignment",
    {},
    v.object({ Name: v.string(), Role: v.string(), RoleAssigneeName: v.string() }),
  );
  // Every tenant has those of the built-in role groups.
  const given = all.filter(
    ({ Name, Role, RoleAssigneeName }) => !Name.startsWith(`${Role}-${RoleAssigneeName}`),
  );
  expect(given).toHaveLength(3);
});

test("a rogue membership is found by audit, and removed by --fix", async () => {
  const { tenantId } = defaultSeed;
  stack = await sandbox.stack("contoso", { deployer: { tenantId, ...identities["operator"]! } });
  writeConfiguration(stack, { exchangeRoles: [{ role: "View-Only Recipients" }] });
  expect(await up(stack)).toMatchObject({ exitCode: 0 });
  expect((await stack.run("exo-auth", ["audit", "--wait", "0s"])).stdout).toContain(
    "EXO-AUDIT-EXCHANGE-ROLE-MISSING",
  );
  expect((await stack.run("exo-auth", ["grant", "--yes"])).exitCode).toBe(0);
  const { appId } = await componentOf(stack);
  const { exchangeOnline } = await exchangeOf("exchange");
  const member = { Identity: "Recipient Management", Member: appId };
  await exchangeOnline.invoke("Add-RoleGroupMember", member, v.unknown());
  const found = await stack.run("exo-auth", ["audit", "--wait", "0s"]);
  expect(found.exitCode).toBe(7);
  expect(found.stdout).toContain("EXO-AUDIT-EXCHANGE-ROLE-GROUP");
  expect(found.stdout).toContain("Exchange Online: Recipient Management");
  expect((await stack.run("exo-auth", ["audit", "--fix", "--yes", "--wait", "0s"])).exitCode).toBe(0);
  const left = await exchangeOnline.invoke("Get-RoleGroupMember", { Identity: member.Identity }, v.unknown());
  expect(left).toEqual([]);
});

test("what somebody took away is drift, and status says so", async () => {
  expect((await stack.run("exo-auth", ["status"])).stdout).toContain(
    "roles in Exchange  View-Only Recipients (as declared)",
  );
  const { exchangeOnline } = await exchangeOf("exchange");
  const { appId } = await componentOf(stack);
  const groups = await exchangeOnline.invoke(
    "Get-RoleGroup",
    {},
    v.object({ Name: v.string(), Description: v.string() }),
  );
  const own = groups.find(({ Description }) => Description.startsWith("Made by exo-auth"));
  const member = { Identity: own?.Name, Member: appId };
  await exchangeOnline.invoke("Remove-RoleGroupMember", member, v.unknown());
  const drift = await stack.run("exo-auth", ["drift", "--wait", "0s"]);
  expect(drift.exitCode).toBe(7);
  expect(drift.stdout).toContain("EXO-DRIFT-EXCHANGE-ROLE-MISSING");
  expect((await stack.run("exo-auth", ["status"])).stdout).toContain("the application is not in it");
  expect((await stack.run("exo-auth", ["grant", "--yes"])).exitCode).toBe(0);
  expect((await stack.run("exo-auth", ["drift", "--wait", "0s"])).exitCode).toBe(0);
});

test("rotation and revocation keep what was granted", async () => {
  const later = { now: () => new Date(Date.now() + 300 * day) };
  expect(brief(await rotateOnce(stack, later))).toBe("done add 1 -> 1 2");
  expect(brief(await rotateOnce(stack, later))).toBe("done makeCurrent 1 2 -> 2 1");
  const proved = { worked: "Get-Mailbox", refused: "Set-Mailbox" };
  expect(await signIn(sandbox.tenant, await componentOf(stack))).toMatchObject(proved);
  const revoked = await stack.run("exo-auth", ["revoke", "--yes", "--wait", "0s"]);
  expect(revoked.stdout).not.toContain("EXO-AUDIT-EXCHANGE");
  const attempt = await signIn(sandbox.tenant, await componentOf(stack));
  expect(attempt).toMatchObject(proved);
  expect(attempt.problem).toBeUndefined();
});

test("a role group of the stack's name before it was renamed is found by repair", async () => {
  const quiet = await stack.run("exo-auth", ["repair"]);
  expect([quiet.exitCode, quiet.stdout]).toEqual([0, "There is nothing to repair.\n"]);
  const { servicePrincipalObjectId } = await componentOf(stack);
  const before = {
    project: "exchange-auth",
    stack: "before",
    component: "exchange",
    servicePrincipalObjectId,
  };
  const Name = ownName(before);
  const { exchangeOnline } = await exchangeOf("exchange");
  const made = { Name, Description: ledgerText(before, []), ManagedBy: "Organization Management" };
  await exchangeOnline.invoke("New-RoleGroup", made, v.unknown());
  const found = await stack.run("exo-auth", ["repair"]);
  expect(found.exitCode).toBe(0);
  expect(found.stdout).toContain(
    `left in Exchange Online: exchange: the role group "${Name}" was created by exo-auth for exchange-auth/before, component exchange, with this application. If that stack was renamed or is gone, remove it: Remove-RoleGroup -Identity '${Name}' -Confirm:$false`,
  );
});

/** Runs a command; those that change Exchange as the identity that may. */
async function succeed(command: string): Promise<RunResult> {
  const { clientId, clientSecret } = command.startsWith("exo-auth grant")
    ? identities["exchange"]!
    : defaultSeed.deployer;
  const env = {
    ...sandbox.env,
    ARM_CLIENT_ID: clientId,
    ARM_CLIENT_SECRET: clientSecret,
    PULUMI_OPTION_YES: "true",
    PULUMI_OPTION_SKIP_PREVIEW: "true",
  };
  const result = await sandbox.run("sh", ["-c", command], { cwd: folder, env });
  if (result.exitCode !== 0)
    throw new Error(`${command} ended with ${result.exitCode}:\n${result.stdout}${result.stderr}`);
  return result;
}

async function asJob(cmdlet: string, parameters: Record<string, string> = {}): Promise<readonly unknown[]> {
  const { exchangeOnline } = await exchangeOf("job");
  return exchangeOnline.invoke(cmdlet, parameters, v.unknown());
}

/** Exchange as the job, or as another identity. */
async function exchangeOf(name: string) {
  const endpoints = await resolveEndpoints("global", {
    ARM_METADATA_HOSTNAME: new URL(sandbox.tenant.url).host,
  });
  const { tenantId, initialDomain } = defaultSeed;
  const identity: Identity =
    name === "job"
      ? {
          kind: "certificate",
          tenantId,
          clientId: String(outputs["appId"]),
          ...(await certificate()),
        }
      : { kind: "secret", tenantId, ...identities[name]! };
  return {
    exchangeOnline: createExchangeClient({
      credential: createCredential(identity, endpoints),
      endpoint: { ...endpoints.exchangeOnline, scope: cloudEndpoints("global").exchangeOnline.scope },
      tenant: { tenantId, initialDomain },
    }),
  };
}

async function certificate(): Promise<{ certificatePem: string; privateKeyPem: string }> {
  const { stdout } = await succeed("exo-auth export --stdout pem");
  const [, privateKeyPem = ""] =
    /(-----BEGIN PRIVATE KEY-----[^]*-----END PRIVATE KEY-----)/.exec(stdout) ?? [];
  const [, certificatePem = ""] =
    /(-----BEGIN CERTIFICATE-----[^]*-----END CERTIFICATE-----)/.exec(stdout) ?? [];
  return { certificatePem, privateKeyPem };
}
