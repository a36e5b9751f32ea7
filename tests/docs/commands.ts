/** Pages of which one test runs every command, in order; that test reads them with `commandsOf`. */
export const testedPages: Readonly<Record<string, string>> = {
  "docs/audit.md": "tests/engine/audit.test.ts",
  "docs/auditIdentities.md": "tests/engine/audit.test.ts",
  "docs/auditTenantWide.md": "tests/engine/audit.test.ts",
  "docs/drift.md": "tests/engine/drift.test.ts",
  "docs/fleet.md": "tests/engine/fleet.test.ts",
  "docs/recovery.md": "tests/engine/full/recovery.test.ts",
  "docs/rotation.md": "tests/engine/full/recovery.test.ts",
  "docs/pipelines/README.md": "tests/engine/pipelines/workplace.ts",
  "docs/pipelines/github.md": "tests/engine/full/pipelinesGithub.test.ts",
  "docs/pipelines/azure.md": "tests/engine/full/pipelinesAzure.test.ts",
  "docs/pipelines/gitlab.md": "tests/engine/full/pipelinesGitlab.test.ts",
  "docs/pipelines/pulumiDeployments.md": "tests/engine/full/pulumiDeployments.test.ts",
  "docs/keyless.md": "tests/engine/full/keyless.test.ts",
  "docs/leastPrivilege.md": "tests/engine/full/leastPrivilege.test.ts",
  "docs/template.md": "tests/engine/full/template.test.ts",
  "docs/timedRoles.md": "tests/engine/full/timedRoles.test.ts",
  "docs/movingIn.md": "tests/engine/full/movingIn.test.ts",
  "docs/tutorial.md": "tests/engine/full/tutorial.test.ts",
  "docs/fromCredential.md": "tests/engine/full/fromCredential.test.ts",
  "examples/basic/README.md": "tests/engine/full/examples.test.ts",
  "examples/clouds/README.md": "tests/engine/full/examples.test.ts",
  "examples/consumer/README.md": "tests/engine/full/examples.test.ts",
  "examples/deployer/README.md": "tests/engine/full/deployer.test.ts",
  "examples/existingApplication/README.md": "tests/engine/full/examples.test.ts",
  "examples/go/README.md": "tests/engine/full/languages.test.ts",
  "examples/keyless/README.md": "tests/engine/full/keyless.test.ts",
  "examples/leastPrivilege/README.md": "tests/engine/full/leastPrivilege.test.ts",
  "examples/ownCertificate/README.md": "tests/engine/full/examples.test.ts",
  "examples/python/README.md": "tests/engine/full/languages.test.ts",
  "examples/rotation/README.md": "tests/engine/full/rotationExample.test.ts",
  "examples/yaml/README.md": "tests/engine/full/languages.test.ts",
};

/**
 * How each command of the other pages is shown to work:
 * - `sandbox`: tests/engine/full/docs.test.ts runs it in a sandbox, in the page's order;
 * - `testedBy`: that test runs it, where its source says what `runs` has;
 * - `notRun`: why no test does.
 */
export type Check =
  | "sandbox"
  | { readonly testedBy: string; readonly runs: string }
  | { readonly notRun: string };

const tokenTest = "tests/cli/commands/token.test.ts";
const commandsTest = "tests/engine/commands.test.ts";

const policiesTest = "tests/engine/full/policies.test.ts";

const conformanceTest = "tests/sandbox/conformance/conform.test.ts";
const deploymentTest = "tests/engine/full/conformance.test.ts";

const runsTheTests: Check = { notRun: "it is what runs this very test" };

/** The check of every command in an `sh` block of a page that no test runs as a whole. */
export const checks: Readonly<Record<string, Check>> = {
  "npm run build": { testedBy: "tests/engine/full/buildPackage.ts", runs: '"build.ts"' },
  "cd examples/basic": {
    testedBy: "tests/engine/full/examples.test.ts",
    runs: 'INIT_CWD: join(repository, "examples/basic")',
  },
  "npm run sandbox -- pulumi up --yes": {
    testedBy: "tests/engine/full/examples.test.ts",
    runs: '"pulumi", "up", "--yes"',
  },
  [`EXCHANGE_APP_ID="$APP_ID" EXCHANGE_TENANT_DOMAIN="$TENANT_DOMAIN" EXCHANGE_PFX=/etc/exchange/exchange.pfx EXCHANGE_PFX_PASSWORD_FILE=/etc/exchange/pfx-password.txt ./job.sh`]:
    { testedBy: "tests/examples/host.test.ts", runs: 'spawnSync("sh", [shell]' },
  "pulumi preview --policy-pack policy": {
    testedBy: policiesTest,
    runs: '["preview", "--non-interactive", "--policy-pack", pack]',
  },
  "pulumi preview --policy-pack policy --policy-pack-config policyConfig.json": {
    testedBy: policiesTest,
    runs: 'preview(stack, "--policy-pack-config", configured)',
  },
  "pulumi stack export --file state.json": {
    testedBy: policiesTest,
    runs: '["stack", "export", "--file", file]',
  },
  "pulumi policy analyze --policy-pack policy --file state.json": {
    testedBy: policiesTest,
    runs: '["policy", "analyze", "--policy-pack", pack, "--file", file, ...args]',
  },
  "exo-auth fleet check --policy-pack policy --policy-pack-config policyConfig.json": {
    testedBy: policiesTest,
    runs: '"--policy-pack-config", configuration(sandbox.folder.path',
  },
  "npm run policies": {
    testedBy: "tests/policy/builtPack.test.ts",
    runs: '["scripts/policyPack.ts"]',
  },
  "cd policy/dist && npm install && pulumi policy publish ORGANIZATION": { notRun: "it needs Pulumi Cloud" },
  "pulumi policy enable ORGANIZATION/exchange-auth-policies latest": { notRun: "it needs Pulumi Cloud" },
  "npm ci": { notRun: "without it no test runs" },
  "npm start": { testedBy: commandsTest, runs: 'run("start")' },
  "npm test": runsTheTests,
  "npm run test:all": runsTheTests,
  "npm run check": runsTheTests,
  "exo-auth token > token.txt": { testedBy: tokenTest, runs: '{}, "token")' },
  "exo-auth token --show-claims": { testedBy: tokenTest, runs: '"token", "--show-claims"' },
  "az login --tenant TENANT-ID": { notRun: "it opens a browser" },
  "npm run conformance -- --tenant TENANT-ID --read-only": {
    testedBy: conformanceTest,
    runs: '[...yes, "--read-only"]',
  },
  "npm run conformance -- --tenant TENANT-ID": { testedBy: conformanceTest, runs: '["--tenant", tenantId]' },
  "npm run conformance -- --tenant TENANT-ID --deployment": {
    testedBy: deploymentTest,
    runs: '[...yes, "--deployment"]',
  },
  "npm run conformance -- --tenant TENANT-ID --deployment --directory-role": {
    testedBy: deploymentTest,
    runs: '[...yes, "--deployment", "--directory-role"]',
  },
  "npm run test:all -- tests/engine/full/conformance": runsTheTests,
  "npm run conformance -- --merge report.json": { testedBy: conformanceTest, runs: '["--merge", report]' },
  "npm run docs": { notRun: "npm run check compares what it writes" },
  "npm test -- tests/sandbox/conformance": runsTheTests,
  "npm run sandbox -- pulumi stack output": "sandbox",
  "npm run sandbox -- exo-auth verify": "sandbox",
  "npm run sandbox -- exo-auth audit": { testedBy: commandsTest, runs: 'run("main", "exo-auth", "audit")' },
  "npm run sandbox -- --as reader exo-auth audit": {
    testedBy: commandsTest,
    runs: 'run("main", "--as", "reader", "exo-auth", "audit")',
  },
  "pulumi stack init contoso": "sandbox",
  "pulumi config set expectedTenantId a7d4f3c2-6b1e-4f58-9c0d-2e8b5a913f47": "sandbox",
  [`pulumi config set --path 'roles[0]' "Exchange Recipient Administrator"`]: "sandbox",
  "node cli/main.ts preflight": "sandbox",
  "pulumi up": "sandbox",
  "node cli/main.ts verify": "sandbox",
  "pulumi stack output connectExchangeOnline": "sandbox",
  "openssl pkcs12 -in exchange.pfx -info -nokeys -passin file:exchange.pfx-password.txt": "sandbox",
};

/** What a page takes for granted, as commands that run before its own. */
export const preparations: Readonly<Record<string, readonly string[]>> = {
  "examples/README.md": ["pulumi stack init contoso", "pulumi up"],
  "docs/certificates.md": [
    "pulumi stack init contoso",
    "pulumi up",
    "pulumi stack output pfxBase64 --show-secrets | openssl base64 -d -A > exchange.pfx",
    "pulumi stack output pfxPassword --show-secrets > exchange.pfx-password.txt",
  ],
};

/** In a test that runs in the sandbox, what follows this is the command. */
export const sandboxPrefix = "npm run sandbox -- ";
