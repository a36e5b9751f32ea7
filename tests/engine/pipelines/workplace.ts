import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { delimiter, join } from "node:path";

import { deployerPermissions, previewerPermissions } from "../../../microsoft/identityPermissions.ts";
import { auditPermissions, optionalAuditPermissions } from "../../../operations/audit/rules.ts";
import { createSandbox, deployerOf, type Sandbox } from "../../../sandbox/createSandbox.ts";
import { pluginNames } from "../../../sandbox/plugins/install.ts";
import { repository } from "../../../sandbox/workspace/sandboxFolder.ts";
import { defaultSeed, type TenantSeed } from "../../../sandbox/tenant/index.ts";
import { blocksOf, type Command, commandsOf } from "../../docs/pages.ts";
import { callGraph } from "../support.ts";
import { onMovableClock } from "../standIns.ts";
import { downloadScript, offerReleases } from "./releases.ts";
import { issuers, startTokenIssuer, type TokenIssuer } from "./tokenIssuer.ts";

/** Three customers. The certificate of the last one was made long ago. */
export const tenants: Readonly<Record<string, TenantSeed>> = {
  contoso: defaultSeed,
  fabrikam: seedOf(
    "fabrikam",
    "3f8e2b60-1c54-4d0a-9e7b-52a6c1d8f039",
    "c91d4a07-58f2-4b36-8d1e-0a7f3e9b2c64",
  ),
  tailspin: seedOf(
    "tailspin",
    "b1d90c3e-7a42-4e85-96f0-2c8d5b7a1e64",
    "0e6a9f2d-3c71-4b58-8d24-f5b1c7a903d6",
  ),
};

/** Whom the platform's store keeps something for. All but `preview` are for the main branch alone. */
export type Environment = "preview" | "read" | "rotate" | "production";

/** What it keeps for one of them. */
export interface Store {
  readonly secrets: Readonly<Record<string, string>>;
  readonly variables: Readonly<Record<string, string>>;
}

/** A repository with the pipelines in it, and what runs its jobs on this machine. */
export interface Workplace {
  /** Holds all of it, and goes with it. */
  readonly folder: string;
  readonly sandbox: Sandbox;
  readonly tokens: TokenIssuer;
  /** What the platform's store keeps, by the environment or group that it is kept for. */
  readonly store: Readonly<Record<Environment, Store>>;
  /** A runner's environment: nothing of the project's, of Pulumi's, or of a sign-in is in it. */
  readonly env: NodeJS.ProcessEnv;
  /** Clones the repository into a new folder, as a job begins. @param ref @default the main branch */
  clone(ref?: string): string;
  /** Commits a change of the main branch's files under a name of its own, as the platform does with a request to merge. */
  propose(ref: string, change: (folder: string) => void): void;
  /** Git, on the repository that the jobs clone and push to. */
  git(...args: readonly string[]): string;
  /** A script for the repository to run with each push. */
  onPush(script: string): void;
  /** The command lines of the platform's own tool that the jobs ran. */
  calls(tool: string): readonly (readonly string[])[];
  /** What the platform's tool answers to questions, by a part of each. */
  answer(tool: string, answers: Readonly<Record<string, string>>): void;
  /** The texts of issues and comments on them that the platform's tool sent. */
  issueTexts(tool: string): readonly string[];
  close(): Promise<void>;
}

/** Who signs in, by the subjects of the tokens. */
export interface Subjects {
  readonly deployer: string;
  readonly reader: string;
  readonly previewer: string;
}

/**
 * Makes the repository as the pages say, with a stack a tenant.
 *
 * @param layout the commands of the platform's page
 */
export async function makeWorkplace(
  platform: keyof typeof issuers,
  layout: readonly Command[],
  subjects: Subjects,
): Promise<Workplace> {
  const tokens = await startTokenIssuer();
  const sandbox = await createSandbox({
    ...onMovableClock(),
    tenant: { seeds: Object.values(tenants), issuerKeys: tokens.issuerKeys },
  });
  const { certificateAuthority, trustedAuthorities } = sandbox.folder;
  for (const file of [certificateAuthority, trustedAuthorities]) appendFileSync(file, tokens.authorityPem);
  // Below this repository, so that the program finds its packages, and out of git's sight.
  mkdirSync(join(repository, ".sandbox"), { recursive: true });
  const folder = mkdtempSync(join(repository, ".sandbox", "pipelines-"));
  const origin = join(folder, "origin.git");
  const project = join(folder, "project");
  offerReleases(sandbox, folder);
  const env = runnerEnvironment(sandbox, folder, origin);
  const git = (cwd: string, ...args: readonly string[]): string =>
    execFileSync("git", args, { cwd, env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trim();

  mkdirSync(project);
  git(folder, "init", "--quiet", "--bare", "--initial-branch=main", origin);
  git(origin, "config", "receive.advertisePushOptions", "true");
  git(folder, "clone", "--quiet", origin, project);
  writeFileSync(join(project, "index.ts"), blockOf("ts"));
  writeFileSync(join(project, "Pulumi.yaml"), blockOf("yaml"));
  writeFileSync(join(project, "package.json"), '{ "type": "module" }\n');
  writeFileSync(join(project, "package-lock.json"), JSON.stringify({ packages: lockedPackages }));
  cpSync(join(repository, "examples", "pipelines"), join(project, "pipelines"), { recursive: true });
  writeFileSync(join(project, ".gitignore"), "node_modules/\n");
  const settings = commandsOf(page)
    .filter(isSetting)
    .map(({ text }) => text);
  for (const [stack, seed] of Object.entries(tenants)) {
    const variables = await identities(sandbox, seed, issuers[platform], subjects);
    await succeed(sandbox, project, [`pulumi stack init ${stack}`, ...settings], variables);
  }
  const once = commandsOf(page).filter((command) => !isSetting(command));
  await succeed(
    sandbox,
    project,
    [...once, ...layout].map(({ text }) => text),
    env,
  );
  const commit = (cwd: string, message: string): void => {
    git(cwd, "add", "--all");
    git(cwd, "-c", "user.name=a", "-c", "user.email=a@b.example", "commit", "--quiet", "-m", message);
  };
  commit(project, "Begin");
  git(project, "push", "--quiet", "origin", "HEAD:main");

  let clones = 0;
  const clone = (ref?: string): string => {
    const target = join(folder, `job${(clones += 1)}`);
    git(folder, "clone", "--quiet", origin, target);
    if (ref !== undefined) {
      git(target, "fetch", "--quiet", "origin", ref);
      git(target, "checkout", "--quiet", "FETCH_HEAD");
    }
    return target;
  };
  return {
    folder,
    sandbox,
    tokens,
    store: storeOf(sandbox),
    env,
    clone,
    propose(ref, change) {
      const proposal = clone();
      change(proposal);
      commit(proposal, "Propose");
      git(proposal, "push", "--quiet", "origin", `HEAD:${ref}`);
    },
    git: (...args) => git(origin, ...args),
    onPush(script) {
      const hook = join(origin, "hooks", "post-receive");
      writeFileSync(hook, `#!/bin/sh\n${script}\n`);
      chmodSync(hook, 0o755);
    },
    calls(tool) {
      const file = join(folder, `${tool}.calls`);
      const lines = existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
      return lines.map((line) => JSON.parse(line) as string[]);
    },
    answer: (tool, answers) => writeFileSync(join(folder, `${tool}.answers`), JSON.stringify(answers)),
    issueTexts(tool) {
      const file = join(folder, `${tool}.bodies`);
      const lines = existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
      return lines.map((line) => JSON.parse(line) as string);
    },
    async close() {
      await sandbox.close();
      await tokens.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** As docs/pipelines says: what only reads opens nothing, and a preview gets nothing at all. */
function storeOf({ env }: Sandbox): Workplace["store"] {
  const variables = { PULUMI_BACKEND_URL: env["PULUMI_BACKEND_URL"]! };
  const read = { PULUMI_ACCESS_TOKEN: "unused" };
  const opens = { ...read, PULUMI_CONFIG_PASSPHRASE: env["PULUMI_CONFIG_PASSPHRASE"]! };
  return {
    preview: { secrets: {}, variables: {} },
    read: { secrets: read, variables },
    rotate: { secrets: opens, variables },
    production: { secrets: opens, variables },
  };
}

/**
 * What the store keeps for an environment.
 *
 * @throws Error where its rule does not let the branch in
 */
export function storeFor(
  { store }: { readonly store: Readonly<Record<string, Store>> },
  environment: string | undefined,
  ref: string,
): Store {
  if (environment === undefined) return { secrets: {}, variables: {} };
  if (environment !== "preview" && ref !== "refs/heads/main")
    throw new Error(`${ref} is not allowed to use ${environment}.`);
  if (environment === "github-pages") return { secrets: {}, variables: {} };
  const kept = store[environment];
  if (kept === undefined) throw new Error(`There is no environment ${environment}.`);
  return kept;
}

const page = "docs/pipelines/README.md";

function isSetting({ text }: Command): boolean {
  return text.startsWith("pulumi config set ");
}

/** The page's block in a language. */
function blockOf(wanted: string): string {
  const block = blocksOf(page).find(({ language }) => language === wanted);
  if (block === undefined) throw new Error(`${page} has no block in ${wanted}.`);
  return block.text;
}

function seedOf(name: string, tenantId: string, clientId: string): TenantSeed {
  return {
    tenantId,
    initialDomain: `${name}.onmicrosoft.com`,
    deployer: { clientId, clientSecret: `the deployer of ${name}` },
  };
}

/** Makes the two identities of a tenant, as variables for the page's commands. */
async function identities(
  { tenant }: Sandbox,
  seed: TenantSeed,
  issuer: string,
  { deployer, reader, previewer }: Subjects,
): Promise<Readonly<Record<string, string>>> {
  const send = (method: string, path: string, body?: unknown): Promise<Record<string, unknown>> =>
    callGraph(tenant, method, path, body, seed);
  const filter = encodeURIComponent("appId eq '00000003-0000-0000-c000-000000000000'");
  const { value } = (await send("GET", `/servicePrincipals?$filter=${filter}`)) as {
    value: [GraphPrincipal];
  };
  const [graph] = value;

  async function identity(
    displayName: string,
    permissions: readonly string[],
    trusted: readonly string[],
  ): Promise<string> {
    const { id, appId } = await send("POST", "/applications", { displayName });
    const principal = await send("POST", "/servicePrincipals", { appId });
    for (const permission of permissions) {
      const appRoleId = graph.appRoles.find((role) => role.value === permission)?.id;
      const assignment = { principalId: principal["id"], resourceId: graph.id, appRoleId };
      await send("POST", `/servicePrincipals/${graph.id}/appRoleAssignedTo`, assignment);
    }
    for (const [index, subject] of trusted.entries()) {
      const credential = {
        name: `pipeline-${index}`,
        issuer,
        subject,
        audiences: ["api://AzureADTokenExchange"],
      };
      await send("POST", `/applications/${String(id)}/federatedIdentityCredentials`, credential);
    }
    return String(appId);
  }

  return {
    TENANT_ID: deployerOf(seed).tenantId,
    DEPLOYER: await identity("Exchange deployment", deployerPermissions, [deployer]),
    READER: await identity("Exchange checks", [...auditPermissions, ...optionalAuditPermissions], [reader]),
    PREVIEWER: await identity("Exchange previews", previewerPermissions, [previewer]),
  };
}

interface GraphPrincipal {
  readonly id: string;
  readonly appRoles: readonly { readonly id: string; readonly value: string | null }[];
}

async function succeed(
  sandbox: Sandbox,
  cwd: string,
  commands: readonly string[],
  variables: NodeJS.ProcessEnv,
): Promise<void> {
  for (const command of commands) {
    const run = await sandbox.run("sh", ["-c", command], { cwd, env: { ...sandbox.env, ...variables } });
    if (run.exitCode !== 0)
      throw new Error(`${command} ended with ${run.exitCode}:\n${run.stdout}${run.stderr}`);
  }
}

/** What the platforms' images have, made of this machine's: git, curl, Node; and stand-ins for npm, gh and az. */
function runnerEnvironment(sandbox: Sandbox, folder: string, origin: string): NodeJS.ProcessEnv {
  const image = join(folder, "image");
  mkdirSync(image);
  symlinkSync(join(sandbox.folder.bin, "node"), join(image, "node"));
  const settings = join(folder, "gitconfig");
  writeFileSync(settings, `[url "${origin}"]\n\tinsteadOf = https://gitlab.com/contoso/exchange.git\n`);
  const tool = (name: string, script: string): void => {
    const record = `require("node:fs").appendFileSync("${folder}/${name}.calls", JSON.stringify(args) + "\\n");`;
    const body = `const args = process.argv.slice(2);\n${record}\n${script}`;
    writeFileSync(join(image, name), `#!/usr/bin/env node\n${body}`);
    chmodSync(join(image, name), 0o755);
  };
  writeFileSync(join(image, "package.json"), '{ "type": "commonjs" }');
  tool("npm", installScript(sandbox.folder.bin));
  tool("gh", requestsScript(folder, "gh"));
  tool("az", requestsScript(folder, "az"));
  writeFileSync(join(image, "curl"), downloadScript(folder));
  chmodSync(join(image, "curl"), 0o755);
  const kept = Object.entries(sandbox.env).filter(
    ([name]) =>
      !/^(ARM_(?!METADATA)|PULUMI_(BACKEND_URL|CONFIG_PASSPHRASE|DISABLE_)|CI$|GITHUB_|GITLAB_|TF_BUILD)/.test(
        name,
      ),
  );
  return {
    ...Object.fromEntries(kept),
    PATH: [image, process.env["PATH"]].filter(Boolean).join(delimiter),
    PULUMI_HOME: join(folder, "home"),
    GIT_CONFIG_GLOBAL: settings,
    GIT_CONFIG_NOSYSTEM: "1",
    // The sandbox's tenant is there at once, so a failure need not be waited for.
    VERIFY_WAIT: "10s",
  };
}

/** What stands in the repository's lockfile, as far as its jobs look. */
const lockedPackages = Object.fromEntries(
  ["", ...["pulumi", ...pluginNames].map((name) => `node_modules/@pulumi/${name}`)].map((folder) => [
    folder,
    {},
  ]),
);

/** `npm ci`: the package as it is built with its command, and what it depends on of Pulumi's. */
function installScript(bin: string): string {
  return `
if (args.join(" ") !== "ci --ignore-scripts") process.exit(1);
const { mkdirSync, rmSync, symlinkSync } = require("node:fs");
rmSync("node_modules", { recursive: true, force: true });
for (const folder of [".bin", "@pulumi"]) mkdirSync("node_modules/" + folder, { recursive: true });
symlinkSync("${bin}/exo-auth", "node_modules/.bin/exo-auth");
symlinkSync("${repository}", "node_modules/exchange-auth");
for (const folder of ${JSON.stringify(Object.keys(lockedPackages).filter(Boolean))}) symlinkSync("${repository}/" + folder, folder);
`;
}

/**
 * What answers whether a request or an issue is open: none until it was created. What `api` asks for is answered from a file
 * of answers, each by a part of the question.
 */
function requestsScript(folder: string, name: string): string {
  return `
const { appendFileSync, existsSync, readFileSync, writeFileSync } = require("node:fs");
const read = (file) => (existsSync(file) ? readFileSync(file, "utf8") : undefined);
const file = "${folder}/${name}." + args[0];
const open = Number(read(file) ?? 0);
const [, answer] = Object.entries(JSON.parse(read("${folder}/${name}.answers") ?? "{}")).find(([part]) => args.join(" ").includes(part)) ?? [];
if (args[0] === "api") answer === undefined ? process.exit(1) : console.log(answer);
else if (args.includes("list")) console.log(args[0] === "issue" && open === 0 ? "" : open);
if (args.includes("create")) writeFileSync(file, String(open + 1));
const body = args[args.indexOf("--body-file") + 1];
if (args[0] === "issue" && args.includes("--body-file")) appendFileSync("${folder}/${name}.bodies", JSON.stringify(readFileSync(body, "utf8")) + "\\n");
`;
}

/** For a deployment whose certificate ends within 30 days, as those of 364 days do that were made 340 days ago. */
export function longAgo(): NodeJS.ProcessEnv {
  return { SANDBOX_TIME: new Date(Date.now() - 340 * 86_400_000).toISOString() };
}

/** Adds a second generation to the settings of a stack. */
export function proposeRotation(stack: string): (folder: string) => void {
  return (folder) =>
    appendFileSync(
      join(folder, `Pulumi.${stack}.yaml`),
      '  exchange:certificate:\n    generations:\n      - name: "1"\n      - name: "2"\n',
    );
}

/** Adds a client secret to contoso's application and to its reader behind everybody's back. @returns what takes them back */
export async function attack({ sandbox }: Workplace): Promise<() => Promise<unknown>> {
  const { tenant } = sandbox;
  letUpdateBeOld(sandbox, "contoso");
  const takeBack = await Promise.all(
    ["Exchange Online automation", "Exchange checks"].map(async (displayName) => {
      const filter = encodeURIComponent(`displayName eq '${displayName}'`);
      const { value } = await callGraph(tenant, "GET", `/applications?$filter=${filter}`);
      const [{ id }] = value as [{ id: string }];
      const { keyId } = await callGraph(tenant, "POST", `/applications/${id}/addPassword`, {
        passwordCredential: {},
      });
      return () => callGraph(tenant, "POST", `/applications/${id}/removePassword`, { keyId });
    }),
  );
  return () => Promise.all(takeBack.map((take) => take()));
}

/** Lets a stack's last update be an hour old: nobody then waits for what may still follow from it. */
function letUpdateBeOld({ folder }: Sandbox, stack: string): void {
  const [file = ""] = globSync(join(folder.state, ".pulumi", "stacks", "*", `${stack}.json`));
  const state = JSON.parse(readFileSync(file, "utf8")) as {
    checkpoint: { latest: { manifest: { time: string } } };
  };
  state.checkpoint.latest.manifest.time = new Date(Date.now() - 3_600_000).toISOString();
  writeFileSync(file, JSON.stringify(state));
}

/** The test cases of a JUnit report that failed or could not be run, by name and rule. */
export function failuresOf(junit: string): readonly string[] {
  return [...junit.matchAll(/<(failure|error) [^>]*?type="([^"]*)"/g)].map(
    ([, kind, type]) => `${kind} ${type}`,
  );
}
