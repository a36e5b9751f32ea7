import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { afterAll, beforeAll, expect, test } from "vitest";

import { type RunResult, runCommand } from "../../sandbox/workspace/runCommand.ts";
import { repository } from "../../sandbox/workspace/sandboxFolder.ts";
import { blocksOf } from "../docs/pages.ts";
import { withoutChance } from "../docs/withoutChance.ts";

// The commands as a person runs them, one after another, in a sandbox of their own.
let folder: string;
let env: NodeJS.ProcessEnv;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "exchange-auth-commands-"));
  env = { ...process.env, FORCE_COLOR: "0", SANDBOX_FOLDER: join(folder, "sandbox") };
});

afterAll(() => rmSync(folder, { recursive: true }));

function run(entry: "start" | "main", ...args: string[]): Promise<RunResult> {
  const bootstrap = [join(repository, "scripts/bootstrap.mjs"), `sandbox/commands/${entry}.ts`];
  return runCommand(process.execPath, [...bootstrap, ...args], { env, cwd: repository });
}

/** A command that is typed in another folder: npm names the folder, and runs everything in the repository. */
function runTypedIn(typedIn: string, ...args: string[]): Promise<RunResult> {
  const bootstrap = [join(repository, "scripts/bootstrap.mjs"), "sandbox/commands/main.ts"];
  const typed = { ...env, INIT_CWD: typedIn };
  return runCommand(process.execPath, [...bootstrap, ...args], { env: typed, cwd: repository });
}

const valueOf = (stdout: string, name: string): string | undefined =>
  new RegExp(`^  ${name} +(\\S+)$`, "m").exec(stdout)?.[1];

let appId: string | undefined;

/** The README's samples of output, in order: the last lines of `npm start`, then `verify` and `audit`. */
const [startSample, verifySample, auditSample] = blocksOf("README.md")
  .filter(({ language }) => language === "text")
  .map(({ text }) => withoutChance(text));

test("`npm start` deploys, shows the values, and proves them", async () => {
  const { exitCode, stdout, stderr } = await run("start");

  expect({ exitCode, said: exitCode === 0 ? "" : stdout + stderr }).toEqual({ exitCode: 0, said: "" });
  const lines = stdout.split("\n");
  expect(lines[0]).toMatch(
    /^Pulumi 3\.\d+\.\d+ \(.+\), (stand-in|official) plugins \(.+\), (stand-in|official) language host, tenant at https:\/\/localhost:\d+, signed in as operator$/,
  );
  appId = valueOf(stdout, "AppId");
  const thumbprint = valueOf(stdout, "Thumbprint");
  expect(appId).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  expect(thumbprint).toMatch(/^[0-9A-F]{40}$/);
  expect(valueOf(stdout, "Tenant domain")).toBe("contoso.onmicrosoft.com");
  expect(stdout).toContain("  Valid until   20");
  expect(lines).toContain(
    `  Connect-ExchangeOnline -AppId ${appId} -CertificateThumbprint ${thumbprint} -Organization contoso.onmicrosoft.com -ShowBanner:$false`,
  );
  expect(lines.filter((line) => line.startsWith("✓"))).toEqual([
    '✓ Signed in with the certificate (Exchange.ManageAsApp, Exchange Administrator); Get-OrganizationConfig answers "contoso.onmicrosoft.com".',
    expect.stringMatching(/^✓ Refused with another certificate: .*AADSTS700027/),
    expect.stringMatching(
      /^✓ Refused without the permission, in a copy of the tenant: The token does not have Exchange\.ManageAsApp/,
    ),
    expect.stringMatching(/^✓ Refused without the role, in a copy of the tenant: .* holds no Entra role/),
    "✓ Nothing to change: pulumi preview --refresh --expect-no-changes.",
  ]);
  const [shown = ""] = withoutChance(stdout).split("\nDone in ");
  expect(shown.slice(shown.indexOf("Unattended scripts"))).toBe(startSample);
  expect(existsSync(join(repository, "Pulumi.contoso.yaml"))).toBe(false);
});

test("`npm start` again changes nothing", async () => {
  const { exitCode, stdout } = await run("start");

  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^Resources:\n {4}\d+ unchanged\n\n/m);
  expect(valueOf(stdout, "AppId")).toBe(appId);
});

test("a command that is typed in an example's folder means that project", async () => {
  const named = await runTypedIn(join(repository, "examples/basic"), "pulumi", "stack", "--show-name");
  expect(named).toMatchObject({ exitCode: 0, stdout: "contoso\n" });
  expect(existsSync(join(folder, "sandbox/stacks/exchange-basic/Pulumi.contoso.yaml"))).toBe(true);
  expect(existsSync(join(repository, "examples/basic/Pulumi.contoso.yaml"))).toBe(false);
});

test("`npm run sandbox -- COMMAND` sees what the command before did, and ends as the command ends", async () => {
  expect(await run("main", "pulumi", "stack", "output", "appId")).toMatchObject({
    exitCode: 0,
    stdout: `${appId}\n`,
  });
  const verify = await run("main", "exo-auth", "verify");
  expect(verify).toMatchObject({ exitCode: 0 });
  expect(withoutChance(verify.stdout)).toBe(verifySample);
  expect(await run("main", "sh", "-c", "exit 7")).toMatchObject({ exitCode: 7 });
  expect(await run("main", "no-such-command")).toMatchObject({
    exitCode: 127,
    stderr: expect.stringMatching(/\n"no-such-command" is not on PATH\.\n$/),
  });
});

test("each identity may do what it is for", async () => {
  // The operator reads everything that an audit reads, and so does the reader.
  const asOperator = await run("main", "exo-auth", "audit");
  const asReader = await run("main", "--as", "reader", "exo-auth", "audit");
  for (const { exitCode, stdout, stderr } of [asOperator, asReader]) {
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    expect(withoutChance(stdout)).toBe(auditSample);
  }
  const deployer = await run("main", "--as", "deployer", "exo-auth", "audit");
  expect(deployer.exitCode).toBe(3);
  const unknown = await run("main", "--as", "nobody", "true");
  expect(unknown).toMatchObject({
    exitCode: 1,
    stderr: '--as must be one of operator, deployer, reader, exchange, got "nobody".\n',
  });
});

test("a tenant of one's own, unkind at random, is worked on instead", async () => {
  const file = join(folder, "seed.json");
  const fabrikam = {
    tenantId: "0b1f7c52-3d6e-4a90-8f21-6c4d9e7a5b38",
    initialDomain: "fabrikam.onmicrosoft.com",
    deployer: { clientId: "c2e9a41d-58b7-4f03-9d6c-1a7e4b8f2c90", clientSecret: "made-up" },
  };
  writeFileSync(file, JSON.stringify([fabrikam]));
  const told = await runTypedIn(
    folder,
    "--seed",
    "seed.json",
    "--unkind",
    "7",
    "sh",
    "-c",
    "echo $ARM_TENANT_ID",
  );
  expect(told).toMatchObject({ exitCode: 0, stdout: `${fabrikam.tenantId}\n` });
  expect(told.stderr).toMatch(/, signed in as deployer\n/);
  // What the file held is remembered until `--reset`.
  rmSync(file);
  const stack = await run("main", "pulumi", "stack", "--show-name");
  expect(stack).toMatchObject({ exitCode: 0, stdout: "fabrikam\n" });
  expect(stack.stderr).toMatch(/, signed in as deployer\n/);
});

test("`npm run sandbox` keeps the tenant running for other commands, and ends with Ctrl-C", async () => {
  const kept = spawn(process.execPath, [join(repository, "sandbox/commands/main.ts")], {
    env,
    cwd: repository,
  });
  const address = await waitFor(kept, /^ {2}export ARM_METADATA_HOSTNAME=(.*)$/);

  const { stdout } = await run("main", "sh", "-c", "echo $ARM_METADATA_HOSTNAME");
  const reset = await run("main", "--reset");
  const unkind = await run("main", "--unkind", "7", "true");
  kept.kill("SIGINT");

  expect(stdout).toBe(`${address}\n`);
  expect(reset).toMatchObject({
    exitCode: 1,
    stderr: "The sandbox is in use by another command. End that one (Ctrl-C), and run this again.\n",
  });
  expect(unkind).toMatchObject({
    exitCode: 1,
    stderr:
      "--seed and --unkind are for the command that starts the tenant, but another command runs it already. End that one (Ctrl-C), and run this again.\n",
  });
  expect(await new Promise((resolve) => kept.once("close", resolve))).toBe(0);
});

test("`npm run sandbox -- --reset` begins anew", async () => {
  expect(await run("main", "--reset")).toMatchObject({ exitCode: 0, stderr: "The sandbox is empty now.\n" });
  expect(await run("main", "pulumi", "stack", "output", "--json")).toMatchObject({
    exitCode: 0,
    stdout: "{}\n",
  });
});

async function waitFor(child: ChildProcess, pattern: RegExp): Promise<string> {
  if (child.stderr === null) throw new Error("The process has no standard error.");
  for await (const line of createInterface({ input: child.stderr })) {
    const found = pattern.exec(line)?.[1];
    if (found !== undefined) return found;
  }
  throw new Error("The process ended before it said that.");
}
