import { globSync, readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { commandsOf } from "../docs/pages.ts";
import { unpinnedInPipeline, unpinnedInScript } from "./unpinned.ts";

const read = (file: string): string => readFileSync(file, "utf8");

/** Every pipeline, of this repository and of the examples. */
const pipelines = globSync([
  ".github/workflows/*.yml",
  "examples/{pipelines,keyless}/**/{*,.*}.yml",
]).toSorted();
/** Every script that a pipeline or a host runs. */
const scripts = [".ci/run", ...globSync("examples/**/*.{sh,ps1}").toSorted()];

test("there are pipelines of each platform, and scripts", () => {
  for (const folder of [".github/workflows/", "examples/pipelines/azure/", "examples/pipelines/github/"]) {
    expect(pipelines.some((file) => file.startsWith(folder))).toBe(true);
  }
  expect(pipelines).toContain("examples/pipelines/gitlab/.gitlab-ci.yml");
  expect(pipelines).toContain("examples/keyless/github.yml");
  expect(scripts).toContain("examples/pipelines/steps/install.sh");
});

test.each(pipelines)("%s runs nothing without a pin", (file) => {
  expect(unpinnedInPipeline(read(file))).toEqual([]);
});

/** Debian keeps no old version to pin; its archive is signed, and the run holds no secret that a browser could take. */
const unpinned: Readonly<Record<string, readonly string[]>> = {
  ".ci/run": ["apt-get install -y -qq --no-install-recommends chromium > /dev/null"],
};

test.each(scripts)("%s fetches nothing without a pin", (file) => {
  expect(unpinnedInScript(read(file))).toEqual(unpinned[file] ?? []);
});

test.each(globSync("docs/pipelines/*.md").toSorted())(
  "no command of %s fetches anything without a pin",
  (page) => {
    // What a person runs once, with a lockfile as its result.
    const commands = commandsOf(page).map(({ text }) => text);
    expect(unpinnedInScript(commands.join("\n"))).toEqual([]);
  },
);

test.each(["package-lock.json", "scripts/node/package-lock.json"])(
  "%s has a checksum for every package",
  (lockfile) => {
    const { packages } = JSON.parse(read(lockfile)) as {
      packages: Readonly<Record<string, { readonly integrity?: string; readonly link?: boolean }>>;
    };
    const fetched = Object.entries(packages).filter(
      ([name, { link }]) => name.includes("node_modules/") && !(link ?? false),
    );
    expect(fetched.length).toBeGreaterThan(3);
    expect(fetched.filter(([, { integrity = "" }]) => !/^sha512-.{88}$/.test(integrity))).toEqual([]);
  },
);

const commit = "3d3c42e5aac5ba805825da76410c181273ba90b1";
const image = `node:24-bookworm@sha256:${"0".repeat(64)}`;

test.each([
  ["jobs: { a: { steps: [{ uses: actions/checkout@v7 }] } }", "uses: actions/checkout@v7"],
  ["jobs: { a: { steps: [{ uses: actions/checkout@main }] } }", "uses: actions/checkout@main"],
  [
    "jobs: { a: { uses: contoso/shared/.github/workflows/a.yml@v1 } }",
    "uses: contoso/shared/.github/workflows/a.yml@v1",
  ],
  ["jobs: { a: { runs-on: ubuntu-latest } }", "runs-on: ubuntu-latest"],
  ["jobs: { a: { runs-on: '${{ matrix.os }}' } }", "runs-on: ${{ matrix.os }}"],
  ["jobs: { a: { runs-on: { labels: ubuntu-latest } } }", "labels: ubuntu-latest"],
  ["jobs: { a: { steps: [{ with: { python-version: 3.x } }] } }", "python-version: 3.x"],
  ["jobs: { a: { steps: [{ with: { node-version-file: .nvmrc } }] } }", "node-version-file: .nvmrc"],
  ["include: [{ template: Jobs/Build.gitlab-ci.yml }]", "template: Jobs/Build.gitlab-ci.yml"],
  ["steps: [{ template: steps.yml@shared }]", "template: steps.yml@shared"],
  ["steps: [{ task: UseNode@1, inputs: { version: 24.x } }]", "version: 24.x"],
  ["jobs: { a: { container: node:24 } }", "container: node:24"],
  ["jobs: { a: { container: { image: node:24 } } }", "image: node:24"],
  ["jobs: { a: { services: { db: { image: postgres } } } }", "image: postgres"],
  ["jobs: { a: { steps: [{ with: { node-version: 24 } }] } }", "node-version: 24"],
  ["a: { image: node:24-bookworm }", "image: node:24-bookworm"],
  ["a: { image: { name: node:24 } }", "image: node:24"],
  ["include: [{ remote: https://example.com/a.yml }]", "remote: https://example.com/a.yml"],
  ["include: [{ component: gitlab.com/a/b@1 }]", "component: gitlab.com/a/b@1"],
  ["include: [{ project: a/b, file: c.yml }]", "project: a/b"],
  ["steps: [{ task: SomebodysTask@1 }]", "task: SomebodysTask@1"],
  ["steps: [{ inputs: { versionSpec: 24.x } }]", "versionSpec: 24.x"],
  ["pool: { vmImage: ubuntu-latest }", "vmImage: ubuntu-latest"],
  ["steps: [{ bash: npm install -g exchange-auth }]", "npm install -g exchange-auth"],
  ["a: { before_script: [pip install msal] }", "pip install msal"],
  ["a: { after_script: [npx something] }", "npx something"],
  ["steps: [{ powershell: npx something }]", "npx something"],
  ["a: { services: [postgres] }", "services: postgres"],
  ["a: { services: [{ name: postgres }] }", "services: postgres"],
  ["include: https://example.com/a.yml", "include: https://example.com/a.yml"],
  ["include: [https://example.com/a.yml]", "include: https://example.com/a.yml"],
  ["resources: { repositories: [{ repository: shared, name: a/b, ref: main }] }", "repository: shared"],
])("what has no pin is found in a pipeline: %s", (pipeline, found) => {
  expect(unpinnedInPipeline(pipeline)).toEqual([found]);
});

test("what has a pin is not", () => {
  const pipeline = `
    include: [{ local: a.yml }]
    jobs: { a: { runs-on: ubuntu-24.04, steps: [{ uses: actions/checkout@${commit} }, { uses: ./own }] } }
    b: { image: "${image}", script: [npm ci --ignore-scripts] }`;
  expect(unpinnedInPipeline(pipeline)).toEqual([]);
});

test.each([
  "npm ci",
  "npm i exchange-auth",
  "npm --prefix tools ci",
  "npm --global install exchange-auth",
  "npm ci --ignore-scripts --no-ignore-scripts",
  "npx exo-auth matrix",
  "pnpm install",
  "pip install -r requirements.txt",
  "uvx something",
  "uv tool run something",
  "cargo install something",
  "gem install something",
  "git clone https://example.com/a.git",
  "go install example.com/a@latest",
  "docker run --rm node:24 node",
  "sudo apt-get install --yes jq",
  "Install-Module ExchangeOnlineManagement -Force",
  "az extension add --name azure-devops",
  "gh extension install a/b",
  "dotnet tool install pulumi",
  "pulumi plugin install resource azuread 6.9.1",
  "pulumi plugin install resource azuread 6.9.1 --file https://example.com/a.tar.gz",
  "pulumi install",
  "curl -fsSL https://get.pulumi.com | sh",
  'sh -c "$(curl -fsSL https://get.pulumi.com)"',
  "bash <(curl -s https://example.com/a.sh)",
  "wget https://example.com/a.tar.gz",
  "npm clean-install",
  "apt-get --yes install jq",
  "git -C folder clone https://example.com/a.git",
  "python3 -m pip3.12 --quiet install msal",
  "podman run --rm node:24 node",
  "deno run https://example.com/a.ts",
  "gh release download --repo a/b",
  "Install-PSResource -Name ExchangeOnlineManagement -Version [3.0,4.0)",
  "Invoke-Expression (Invoke-RestMethod https://example.com/a.ps1)",
  "curl -fsSL https://example.com/a.tar.gz | tar -xz -C /usr/local/bin",
  "curl -fsSL https://example.com/setup | sudo -E bash -",
  "curl -fsSL https://example.com/a.sh | /bin/sh",
  "curl -fsSL https://example.com/a.js | node",
  "source <(curl -s https://example.com/a.sh)",
  "curl --output a.tar.gz https://example.com/a.tar.gz",
  "curl -fsSLo a.tar.gz https://example.com/a.tar.gz",
  "curl https://example.com/a.sh > a.sh",
])("what has no pin is found in a script: %s", (command) => {
  expect(unpinnedInScript(`set -eu\n${command} # why\n`)).toEqual([command]);
});

test.each([
  "npm ci --ignore-scripts",
  "npx --no-install exo-auth matrix",
  "pwsh -Command Install-Module ExchangeOnlineManagement -RequiredVersion 3.10.1 -Force",
  "pip install --require-hashes -r requirements.txt",
  `docker run --rm ${image} node`,
  "node_modules/.bin/pulumi plugin install resource azuread 6.9.1 --file a.tar.gz",
  'curl --output "$folder/a.tar.gz" https://example.com/a.tar.gz\n(cd "$folder" && sha256sum --check --strict sums)',
  "# curl -fsSL https://get.pulumi.com | sh",
  "curl --fail https://example.com/token | node --print 1",
])("what has a pin is not found in a script: %s", (command) => {
  expect(unpinnedInScript(command)).toEqual([]);
});

test("a pipe at a line's end goes on in the next", () => {
  expect(unpinnedInScript("curl -fsSL https://example.com/a.sh |\n  sh")).toEqual([
    "curl -fsSL https://example.com/a.sh | sh",
  ]);
});

test("a download that no checksum is compared with is found next to one that is", () => {
  const script = `curl --output "$folder/a" https://example.com/a
curl --output b https://example.com/b
(cd "$folder" && sha256sum --check --strict sums)`;
  expect(unpinnedInScript(script)).toEqual(["curl --output b https://example.com/b"]);
});
