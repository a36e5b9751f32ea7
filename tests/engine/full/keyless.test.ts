import {
  appendFileSync,
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { delimiter, join } from "node:path";

import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { parse } from "yaml";

import { resolveEndpoints } from "../../../graph/endpoints.ts";
import { readClaims } from "../../../graph/accessToken.ts";
import type { ApplicationIdentity } from "../../../graph/signIn.ts";
import { createCredential } from "../../../graph/signIn.ts";
import { createSandbox, type Sandbox } from "../../../sandbox/createSandbox.ts";
import { repository } from "../../../sandbox/workspace/sandboxFolder.ts";
import { trustInThisProcess } from "../../../sandbox/workspace/trust.ts";
import type { RunResult } from "../../../sandbox/workspace/runCommand.ts";
import { blocksOf, commandsOf } from "../../docs/pages.ts";
import { copyProgram } from "../../docs/programCopy.ts";
import { issuers, startTokenIssuer, type TokenIssuer } from "../pipelines/tokenIssuer.ts";

const podOfPage = "system:serviceaccount:reports:mailbox-reports";

let tokens: TokenIssuer;
let sandbox: Sandbox;
let folder: string;

beforeAll(async () => {
  tokens = await startTokenIssuer();
  sandbox = await createSandbox({ tenant: { issuerKeys: tokens.issuerKeys } });
  const { certificateAuthority, trustedAuthorities, path } = sandbox.folder;
  for (const file of [certificateAuthority, trustedAuthorities]) appendFileSync(file, tokens.authorityPem);
  trustInThisProcess(sandbox.tenant.certificateAuthorityPem);
  folder = join(path, "clone");
  copyProgram(folder);
});

afterAll(async () => {
  await sandbox.close();
  await tokens.close();
});

function run(line: string, env: NodeJS.ProcessEnv = sandbox.env, cwd = folder): Promise<RunResult> {
  return sandbox.run("sh", ["-c", line], { cwd, env: { ...env, PULUMI_OPTION_YES: "true" } });
}

async function succeed(line: string, env?: NodeJS.ProcessEnv, cwd?: string): Promise<string> {
  const { exitCode, stdout, stderr } = await run(line, env, cwd);
  if (exitCode !== 0) throw new Error(`${line} ended with ${exitCode}:\n${stdout}${stderr}`);
  return stdout;
}

async function outputsOf(cwd?: string): Promise<Readonly<Record<string, string>>> {
  const all = await succeed("pulumi stack output --json --show-secrets", sandbox.env, cwd);
  return JSON.parse(all) as Record<string, string>;
}

/** A job's environment: nothing of who deploys is in it. */
function jobEnvironment(more: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const own = Object.entries(sandbox.env).filter(
    ([name]) => !/^ARM_(?!METADATA)|^AZURE_|^PULUMI_(?!HOME)/.test(name),
  );
  return { ...Object.fromEntries(own), ARM_USE_OIDC: "true", ...more };
}

test("from a certificate to federated and back, as the page says, somebody can sign in at every moment", async () => {
  const page = commandsOf("docs/keyless.md").map(({ text }) => text);
  await succeed("pulumi stack init contoso");
  await succeed("pulumi up");
  const { appId = "", tenantId = "", certificatePem = "", privateKeyPem = "" } = await outputsOf();
  const endpoints = await resolveEndpoints("global", {
    ARM_METADATA_HOSTNAME: new URL(sandbox.tenant.url).host,
  });
  const application = { tenantId, clientId: appId };
  const identities: ApplicationIdentity[] = [
    { ...application, kind: "certificate", certificatePem, privateKeyPem },
    {
      ...application,
      kind: "assertion",
      getAssertion: async () => tokens.token(issuers.cluster, podOfPage),
    },
  ];
  /** Whether the first certificate signs in, whether the job does, and whether a second certificate does, once there is one. */
  const who = (): Promise<readonly boolean[]> =>
    Promise.all(
      identities.map(async (identity) =>
        createCredential(identity, endpoints)
          .getToken(endpoints.exchangeOnline.scope)
          .then(
            () => true,
            () => false,
          ),
      ),
    );
  const locked: (readonly boolean[])[] = [];
  /** Runs `pulumi up`, and signs in all the time. */
  async function update(): Promise<void> {
    const state = { isDone: false };
    const updating = succeed("pulumi up").finally(() => {
      state.isDone = true;
    });
    while (!state.isDone) {
      const working = await who();
      if (!working.includes(true)) locked.push(working);
    }
    await updating;
  }
  const job = async (): Promise<NodeJS.ProcessEnv> =>
    jobEnvironment({
      ARM_TENANT_ID: tenantId,
      ARM_CLIENT_ID: appId,
      ARM_OIDC_TOKEN: await tokens.token(issuers.cluster, podOfPage),
    });
  /** Runs so many of the page's next commands. @returns what the last one printed */
  async function follow(count: number): Promise<string> {
    let printed = "";
    for (const line of page.splice(0, count)) {
      if (line === "pulumi up") await update();
      else printed = await succeed(line, line.endsWith("--show-claims") ? await job() : sandbox.env);
    }
    return printed;
  }

  expect(await follow(1)).toContain(podOfPage);
  await follow(5);
  expect(await who()).toEqual([true, true]);

  const settings = blocksOf("docs/keyless.md").find(({ language }) => language === "yaml");
  const listed = parse(settings!.text) as { config: object };
  expect(listed.config).toEqual({ "exchange-auth:certificate": { generations: [] } });
  appendFileSync(join(folder, "Pulumi.contoso.yaml"), "  exchange-auth:certificate:\n    generations: []\n");
  expect(await succeed("exo-auth preflight")).toContain("Nothing stops `pulumi up`.");
  await update();
  expect(await who()).toEqual([false, true]);
  const kept = await outputsOf();
  expect(kept).not.toHaveProperty("thumbprint");
  expect(kept["connectExchangeOnline"]).toContain("-AccessToken (exo-auth token --from-environment)");
  expect(await succeed("exo-auth rotate")).toContain(
    "Nothing needs rotating: the component has no certificate",
  );
  expect(await succeed("exo-auth status")).toContain(`federated          cluster: ${podOfPage} of`);
  expect(await succeed("exo-auth verify --from-environment", await job())).toContain(
    "Exchange Online answered",
  );
  for (const command of ["export", "verify", "token", "revoke --yes"]) {
    const { exitCode, stderr } = await run(`exo-auth ${command}`);
    expect([exitCode, stderr]).toEqual([
      expect.any(Number),
      expect.stringContaining('Component "exchange" has no certificate, because its jobs sign in'),
    ]);
    expect(exitCode).toBeGreaterThan(0);
  }

  expect(await follow(3)).toContain("Exchange Online answered");
  const again = await outputsOf();
  identities.push({
    ...application,
    kind: "certificate",
    certificatePem: again["certificatePem"] ?? "",
    privateKeyPem: again["privateKeyPem"] ?? "",
  });
  expect(await who()).toEqual([false, true, true]);
  await follow(2);
  expect(page).toEqual([]);
  expect(await who()).toEqual([false, false, true]);
  expect(locked).toEqual([]);
});

test("each platform's file gets a token for its job, hides it, and connects with it", async () => {
  // Below the repository, so that the program finds its package, and out of git's sight.
  mkdirSync(join(repository, ".sandbox"), { recursive: true });
  const example = mkdtempSync(join(repository, ".sandbox", "keyless-"));
  onTestFinished(() => rmSync(example, { recursive: true }));
  const name = "keyless";
  cpSync(join(repository, "examples", name), example, { recursive: true });
  for (const { text } of commandsOf(`examples/${name}/README.md`)) await succeed(text, sandbox.env, example);
  const { appId = "", tenantId = "", tenantDomain = "" } = await outputsOf(example);
  const values = {
    EXCHANGE_APP_ID: appId,
    EXCHANGE_TENANT_ID: tenantId,
    EXCHANGE_TENANT_DOMAIN: tenantDomain,
  };
  const bin = join(example, "bin");
  mkdirSync(bin);
  writeFileSync(join(bin, "pwsh"), '#!/bin/sh\nprintf "%s" "$EXCHANGE_TOKEN" > token.txt\necho "$@"\n');
  chmodSync(join(bin, "pwsh"), 0o755);
  for (const [file, platform] of Object.entries(jobs)) {
    const { script, env, masks } = await platform(readFileSync(join(example, file), "utf8"), values);
    const all = jobEnvironment({ ...env, PATH: [bin, sandbox.env["PATH"]].join(delimiter) });
    const { exitCode, stdout, stderr } = await run(script, all, example);
    expect({ file, exitCode, stderr }).toEqual({
      file,
      exitCode: 0,
      stderr: expect.stringContaining("The token is for Exchange Online"),
    });
    const token = readFileSync(join(example, "token.txt"), "utf8");
    expect(readClaims(token)).toMatchObject({ appid: appId, roles: ["Exchange.ManageAsApp"] });
    const parameters = `-NoProfile -NonInteractive -File ./job.ps1 -TenantDomain ${tenantDomain}\n`;
    expect(stdout).toBe(`${masks(token)}${parameters}`);
  }
  const { url, requestToken } = tokens.forGitHub("repo:contoso@1234567/reports@89012345:environment:test");
  const stranger = jobEnvironment({
    ARM_TENANT_ID: tenantId,
    ARM_CLIENT_ID: appId,
    ACTIONS_ID_TOKEN_REQUEST_URL: url,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken,
  });
  const refused = await run("exo-auth token --from-environment", stranger, example);
  expect(refused).toMatchObject({ exitCode: 3, stdout: "" });
  expect(refused.stderr).toContain('"repo:contoso@1234567/reports@89012345:environment:test"');
});

/** A job of a platform: its script, its environment, and what it prints to hide the token. */
interface Job {
  readonly script: string;
  readonly env: NodeJS.ProcessEnv;
  readonly masks: (token: string) => string;
}

type Values = Readonly<Record<string, string>>;

/** How each platform runs the file, as far as the file says it. */
const jobs: Readonly<Record<string, (text: string, values: Values) => Promise<Job>>> = {
  "github.yml": async (text, values) => {
    const file = parse(text) as { jobs: { reports: { steps: Step[] } } };
    const { run: script = "", env } = file.jobs.reports.steps.at(-1)!;
    const { url, requestToken } = tokens.forGitHub(
      "repo:contoso@1234567/reports@89012345:environment:production",
    );
    return {
      script,
      env: {
        ...replaced(env, /\$\{\{ vars\.(\w+) \}\}/g, values),
        GITHUB_ACTIONS: "true",
        ACTIONS_ID_TOKEN_REQUEST_URL: url,
        ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken,
      },
      masks: (token) => `::add-mask::${token}\n`,
    };
  },
  "azure-pipelines.yml": async (text, values) => {
    const { inputs, env } = (parse(text) as { steps: Step[] }).steps.at(-1)!;
    const subject =
      "/eid1/c/pub/t/wvPUpx5rWE-cDS6LWpE_Rw/a/AbCdEf0123456789AbCdEf/sc/organization/connection";
    const { url, accessToken } = tokens.forAzure({ connection: subject }, issuers.entra);
    const known = { ...values, "System.AccessToken": accessToken };
    return {
      script: inputs?.["inlineScript"] ?? "",
      env: {
        ...replaced(env, /\$\(([\w.]+)\)/g, known),
        TF_BUILD: "True",
        SYSTEM_OIDCREQUESTURI: url,
        AZURESUBSCRIPTION_SERVICE_CONNECTION_ID: "connection",
      },
      masks: (token) => `##vso[task.setsecret]${token}\n`,
    };
  },
  "gitlab-ci.yml": async (text, values) => {
    const { script, variables, id_tokens: wanted } = (parse(text) as { reports: GitLabJob }).reports;
    expect(wanted).toEqual({ ARM_OIDC_TOKEN: { aud: "api://AzureADTokenExchange" } });
    const subject = "project_path:contoso/reports:ref_type:branch:ref:main";
    const env = { ARM_OIDC_TOKEN: await tokens.token(issuers.gitlab, subject) };
    return {
      script: script.join("\n"),
      // Variables of the project are in the environment of its jobs.
      env: { ...values, ...replaced(variables, /\$(\w+)/g, values), ...env },
      masks: () => "",
    };
  },
  "kubernetes.yml": async (text, values) => {
    const { containers, volumes } = (parse(text) as CronJob).spec.jobTemplate.spec.template.spec;
    const { command, env, volumeMounts } = containers[0];
    const { path, audience } = volumes[0].projected.sources[0].serviceAccountToken;
    const given = Object.fromEntries(env.map(({ name, value }) => [name, value]));
    expect([given["ARM_OIDC_TOKEN_FILE_PATH"], audience]).toEqual([
      `${volumeMounts[0].mountPath}/${path}`,
      "api://AzureADTokenExchange",
    ]);
    const tokenFile = join(sandbox.folder.path, "token");
    writeFileSync(tokenFile, await tokens.token(issuers.cluster, podOfPage));
    // Whoever applies the file writes these values into it.
    const own = {
      ARM_OIDC_TOKEN_FILE_PATH: tokenFile,
      ARM_TENANT_ID: values["EXCHANGE_TENANT_ID"],
      ARM_CLIENT_ID: values["EXCHANGE_APP_ID"],
      EXCHANGE_TENANT_DOMAIN: values["EXCHANGE_TENANT_DOMAIN"],
    };
    expect(Object.keys(given)).toEqual(expect.arrayContaining(Object.keys(own)));
    return { script: command.join(" "), env: { ...given, ...own }, masks: () => "" };
  },
};

interface Step {
  readonly run?: string;
  readonly inputs?: Values;
  readonly env?: Values;
}

interface GitLabJob {
  readonly script: readonly string[];
  readonly variables: Values;
  readonly id_tokens: unknown;
}

interface CronJob {
  readonly spec: { readonly jobTemplate: { readonly spec: { readonly template: { readonly spec: Pod } } } };
}

interface Pod {
  readonly containers: readonly [
    {
      readonly command: readonly string[];
      readonly env: readonly { readonly name: string; readonly value: string }[];
      readonly volumeMounts: readonly [{ readonly mountPath: string }];
    },
  ];
  readonly volumes: readonly [
    {
      readonly projected: {
        readonly sources: readonly [
          { readonly serviceAccountToken: { readonly path: string; readonly audience: string } },
        ];
      };
    },
  ];
}

function replaced(env: Values = {}, pattern: RegExp, values: Values): Values {
  return Object.fromEntries(
    Object.entries(env).map(([name, text]) => [
      name,
      text.replaceAll(pattern, (_, key: string) => values[key] ?? ""),
    ]),
  );
}
