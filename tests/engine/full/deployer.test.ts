import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";

import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";

import { createSandbox, type Sandbox } from "../../../sandbox/createSandbox.ts";
import { repository } from "../../../sandbox/workspace/sandboxFolder.ts";
import type { StackWorkspace } from "../../../sandbox/workspace/workspace.ts";
import { commandsOf } from "../../docs/pages.ts";

const issuer = "https://token.actions.githubusercontent.com";
const repositoryPrefix = "repo:contoso@1234567/exchange@89012345";
const subject = `${repositoryPrefix}:environment:production`;
let sandbox: Sandbox;
let folder: string;
let issueToken: (subject: string, audience?: string) => Promise<string>;

beforeAll(async () => {
  const { privateKey, publicKey } = await generateKeyPair("RS256");
  const key = { ...(await exportJWK(publicKey)), kid: "1", alg: "RS256" };
  issueToken = (about, audience = "api://AzureADTokenExchange") =>
    new SignJWT({})
      .setProtectedHeader({ alg: "RS256", kid: "1" })
      .setIssuer(issuer)
      .setSubject(about)
      .setAudience(audience)
      .setIssuedAt()
      .setExpirationTime("10m")
      .sign(privateKey);
  sandbox = await createSandbox({ tenant: { issuerKeys: { [issuer]: { keys: [key] } } } });
  mkdirSync(join(repository, ".sandbox"), { recursive: true });
  folder = mkdtempSync(join(repository, ".sandbox", "deployer-"));
  cpSync(join(repository, "examples", "deployer"), folder, { recursive: true });
});

afterAll(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true });
});

test("a pipeline deploys with the identity that the example creates, without a secret", async () => {
  const [clientId = "", reader = "", previewer = ""] = await followTheReadme();
  const stack = await sandbox.stack("contoso");
  const env = pipeline(clientId, await issueToken(subject), stack);

  const preflight = await stack.run("exo-auth", ["preflight", "--json"], { env });
  expect(preflight.stderr).toBe("");
  expect(JSON.parse(preflight.stdout)).toMatchObject({ ok: true, deployer: clientId });
  expect((await stack.run("pulumi", ["up", "--yes", "--skip-preview"], { env })).exitCode).toBe(0);
  expect((await stack.run("exo-auth", ["verify", "--wait", "0s"], { env })).exitCode).toBe(0);

  const reading = pipeline(reader, await issueToken(`${repositoryPrefix}:environment:read`), stack);
  // To read Exchange's own roles is a right that the example leaves to who wants it (docs/leastPrivilege.md).
  const notRead = ["Roles of Exchange Online itself", "Roles of Security & Compliance itself"];
  for (const [command, expected] of [
    ["drift", []],
    ["audit", notRead],
  ] as const) {
    const { exitCode, stdout } = await stack.run("exo-auth", [command, "--json"], { env: reading });
    const [{ unread }] = JSON.parse(stdout).sections;
    expect({ exitCode, unread: unread.map(({ check }: { readonly check: string }) => check) }).toEqual({
      exitCode: 0,
      unread: expected,
    });
  }

  expect((await stack.run("pulumi", ["destroy", "--yes", "--skip-preview"], { env })).exitCode).toBe(0);

  const unfit = await stack.run("exo-auth", ["preflight", "--json"], { env: reading });
  expect({ exitCode: unfit.exitCode, ...JSON.parse(unfit.stdout) }).toMatchObject({ exitCode: 3, ok: false });

  // A plan of a stack that is new asks for all that a preview asks for, and the same identity changes nothing.
  const previewing = pipeline(previewer, await issueToken(`${repositoryPrefix}:environment:preview`), stack);
  const preview = await stack.run("pulumi", ["preview", "--non-interactive"], { env: previewing });
  expect({ exitCode: preview.exitCode, stderr: preview.stderr }).toEqual({ exitCode: 0, stderr: "" });
  expect((await stack.run("pulumi", ["up", "--yes", "--skip-preview"], { env: previewing })).exitCode).toBe(
    1,
  );

  const elsewhere = await issueToken("repo:contoso/exchange:environment:production");
  const refused = await stack.run("exo-auth", ["preflight"], { env: pipeline(clientId, elsewhere, stack) });
  expect(refused.exitCode).toBe(3);
  expect(refused.stderr).toMatch(
    /^exo-auth preflight: The pipeline's token has the subject "repo:contoso\/exchange:environment:production", and no federated credential of the application has it \(AADSTS700213\)\. /,
  );
});

test("the identity trusts tokens of the audience that the example is given, and of no other", async () => {
  const audience = "api://AzureADTokenExchangeUSGov";
  const run = (...args: string[]) =>
    sandbox.run("pulumi", [...args, "--stack", "contoso-reader"], { cwd: folder, env: readmeEnvironment() });
  await run("config", "set", "audience", audience);
  expect((await run("up")).exitCode).toBe(0);
  const clientId = (await run("stack", "output", "clientId")).stdout.trim();

  const stack = await sandbox.stack("audience");
  const about = `${repositoryPrefix}:environment:read`;
  const tokenOf = async (given: string) =>
    stack.run("exo-auth", ["preflight", "--json"], {
      env: pipeline(clientId, await issueToken(about, given), stack),
    });
  // It is let in, and its rights are too few to deploy with.
  const { exitCode, stdout } = await tokenOf(audience);
  expect({ exitCode, ...JSON.parse(stdout) }).toMatchObject({ exitCode: 3, ok: false, deployer: clientId });
  expect(JSON.parse((await tokenOf("api://AzureADTokenExchange")).stdout)).toMatchObject({
    error: {
      message: expect.stringMatching(
        /^The pipeline's token has the audience "api:\/\/AzureADTokenExchange", and no federated credential of the application has it \(AADSTS700212\)\. /,
      ),
    },
  });
});

function readmeEnvironment(): NodeJS.ProcessEnv {
  return { ...sandbox.env, PULUMI_OPTION_YES: "true", PULUMI_OPTION_SKIP_PREVIEW: "true" };
}

/** Runs the example as its page says. @returns the client IDs of the identities that it makes */
async function followTheReadme(): Promise<readonly string[]> {
  const env = readmeEnvironment();
  const clientIds: string[] = [];
  for (const { text } of commandsOf("examples/deployer/README.md")) {
    const { exitCode, stdout, stderr } = await sandbox.run("sh", ["-c", text], { cwd: folder, env });
    if (exitCode !== 0) throw new Error(`${text} ended with ${exitCode}:\n${stdout}${stderr}`);
    if (text.endsWith("clientId")) clientIds.push(stdout.trim());
  }
  return clientIds;
}

function pipeline(clientId: string, token: string, stack: StackWorkspace): NodeJS.ProcessEnv {
  const { ARM_CLIENT_SECRET: _, ...env } = stack.env;
  return { ...env, ARM_USE_OIDC: "true", ARM_CLIENT_ID: clientId, ARM_OIDC_TOKEN: token };
}
