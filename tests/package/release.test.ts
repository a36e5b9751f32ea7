import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterAll, beforeAll, expect, test, vi } from "vitest";

import { runCommand } from "../../sandbox/workspace/runCommand.ts";
import { repository } from "../../sandbox/workspace/sandboxFolder.ts";
import { copySources } from "./installPackage.ts";
import {
  type GitHubEvent,
  type GitHubJob,
  type GitHubResult,
  gitHubActions,
} from "../engine/pipelines/githubActions.ts";
import { startTokenIssuer, type TokenIssuer } from "../engine/pipelines/tokenIssuer.ts";

// npm and a compiler, on a machine that does other things too.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 600_000 });

// The steps of .github/workflows/release.yml, in order, with the npm of this machine, but for what asks a registry.
const folder = mkdtempSync(path.join(tmpdir(), "release-"));
const commit = "0123456789abcdef0123456789abcdef01234567";
let tokens: TokenIssuer;
let run: (job: GitHubJob) => Promise<GitHubResult>;
let packed: GitHubResult;

/** The repository on GitHub. */
const origin = path.join(folder, "origin.git");

const dispatched: GitHubEvent = { event_name: "workflow_dispatch", ref: "refs/heads/main", event: {} };

beforeAll(async () => {
  tokens = await startTokenIssuer();
  const tools = path.join(folder, "tools");
  const npm = execFileSync("which", ["npm"], { encoding: "utf8" }).trim();
  tool("npm", `case $1 in ci | publish) record npm "$@" ;; *) exec "${npm}" "$@" ;; esac`);
  tool("gh", `record gh "$@"`);
  let clones = 0;
  run = gitHubActions({
    clone() {
      const copy = path.join(folder, `job${(clones += 1)}`);
      copySources(copy);
      cpSync(path.join(repository, ".github"), path.join(copy, ".github"), { recursive: true });
      for (const name of ["plugin", "policy", "template"])
        cpSync(path.join(repository, name), path.join(copy, name), { recursive: true, filter: isSource });
      const git = (...args: readonly string[]): unknown => execFileSync("git", args, { cwd: copy });
      git("init", "--quiet");
      git("add", "package.json");
      git("-c", "user.name=a", "-c", "user.email=a@b.example", "commit", "--quiet", "-m", "Begin");
      return copy;
    },
    env: {
      ...process.env,
      PATH: [tools, process.env["PATH"]].join(path.delimiter),
      GITHUB_SERVER_URL: "https://github.com",
      GITHUB_SHA: commit,
    },
    store: { npm: { secrets: {}, variables: {} } },
    tokens,
    sandbox: { run: runCommand },
  });
  packed = await run({ workflow: "release.yml", job: "package", github: dispatched });
});

afterAll(async () => {
  await tokens.close();
  rmSync(folder, { recursive: true });
});

/** A tool of the runner's image. `record` keeps how it was called, and what of the environment could be a secret. */
function tool(name: string, script: string): void {
  const file = path.join(folder, "tools", name);
  mkdirSync(path.dirname(file), { recursive: true });
  const record = `record() {
  for word; do printf '%s\\n' "$word"; done >> "${folder}/$1.calls"
  env | sed -n 's/^\\(.*TOKEN[^=]*\\)=.*/\\1/p' | sort > "${folder}/$1.tokens"
}`;
  writeFileSync(file, `#!/bin/sh\n${record}\n${script}\n`);
  chmodSync(file, 0o755);
}

function calls(name: string): readonly string[] {
  return readFileSync(path.join(folder, `${name}.calls`), "utf8")
    .trimEnd()
    .split("\n");
}

/** Nothing that a build or npm made. */
const isSource = (file: string): boolean => !/[/\\](?:dist|node_modules)/.test(file.slice(repository.length));

function text({ runs }: GitHubResult): string {
  return runs.map(({ stdout, stderr }) => stdout + stderr).join("\n");
}

const { version } = JSON.parse(readFileSync(path.join(repository, "package.json"), "utf8")) as {
  version: string;
};
const tarball = `release/exchange-auth-${version}.tgz`;
const commandTarball = `release/exo-auth-${version}.tgz`;

test("both packages say which repository made them, and are packed with the list of what they depend on", () => {
  expect(packed.result, `It printed:\n${text(packed)}`).toBe("success");
  expect(packed.outputs).toEqual({ version });
  expect(globSync("release/*", { cwd: packed.folder }).toSorted()).toEqual(
    ["release/exchange-auth.cdx.json", tarball, commandTarball].toSorted(),
  );
  for (const name of [tarball, commandTarball]) {
    const args = ["-xzOf", path.join(packed.folder, name), "package/package.json"];
    const manifest = execFileSync("tar", args, { encoding: "utf8" });
    expect((JSON.parse(manifest) as { repository: unknown }).repository).toEqual({
      type: "git",
      url: "git+https://github.com/contoso/exchange.git",
    });
  }
  const file = path.join(packed.folder, tarball);
  const commandFile = path.join(packed.folder, commandTarball);
  expect(
    execFileSync("tar", ["-tzf", commandFile], { encoding: "utf8" }).trim().split("\n").toSorted(),
  ).toEqual(["package/LICENSE", "package/README.md", "package/main.cjs", "package/package.json"]);
  const listed = execFileSync("tar", ["-tzf", file], { encoding: "utf8" }).split("\n");
  expect(listed).toContain("package/dist/cli/main.js");
  expect(listed.filter((name) => name.startsWith("package/scripts"))).toEqual([]);
  const sbom = readFileSync(path.join(packed.folder, "release/exchange-auth.cdx.json"), "utf8");
  expect(JSON.parse(sbom)).toMatchObject({
    bomFormat: "CycloneDX",
    metadata: { component: { purl: `pkg:npm/exchange-auth@${version}` } },
  });
});

const publish = (file: string): readonly string[] => [
  "npm",
  "publish",
  `./${file}`,
  "--provenance",
  "--access",
  "public",
  "--ignore-scripts",
];

test("they are published as they were packed, with provenance, by a sign-in that is this job's alone, and no token", async () => {
  const published = await run({ workflow: "release.yml", job: "publish", github: dispatched });
  expect(published.result, `It printed:\n${text(published)}`).toBe("success");
  expect(calls("npm").slice(-14)).toEqual([tarball, commandTarball].flatMap(publish));
  // npm finds these two, and exchanges what it gets there.
  expect(readFileSync(path.join(folder, "npm.tokens"), "utf8").trim().split("\n")).toEqual([
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
    "ACTIONS_ID_TOKEN_REQUEST_URL",
  ]);
  expect(globSync("*", { cwd: published.folder })).toEqual(["release"]);
  const sha = (job: GitHubResult): readonly string[] =>
    [tarball, commandTarball].map((file) =>
      createHash("sha256")
        .update(readFileSync(path.join(job.folder, file)))
        .digest("hex"),
    );
  expect(sha(published)).toEqual(sha(packed));
});

test("the release has these files, and a tag with the built plugin alone", async () => {
  execFileSync("git", ["init", "--quiet", "--bare", origin]);
  const needs = { package: { outputs: packed.outputs } };
  const env = {
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: `url.${origin}.insteadOf`,
    GIT_CONFIG_VALUE_0: "https://github.com/contoso/exchange",
  };
  const released = await run({ workflow: "release.yml", job: "release", github: dispatched, needs, env });
  expect(released.result, `It printed:\n${text(released)}`).toBe("success");
  const source = "https://github.com/contoso/exchange";
  expect(calls("gh")).toEqual([
    "gh",
    "release",
    "create",
    `v${version}`,
    tarball,
    "release/exchange-auth.cdx.json",
    commandTarball,
    "--verify-tag",
    "--title",
    version,
    "--notes",
    `[Changes](${source}/blob/${commit}/CHANGELOG.md), [sources](${source}/tree/${commit})`,
  ]);

  const git = (...args: readonly string[]): string =>
    execFileSync("git", args, { cwd: origin, encoding: "utf8" }).trim();
  const tag = `v${version}`;
  expect(git("for-each-ref", "--format=%(refname)")).toBe(`refs/tags/${tag}`);
  expect(git("rev-list", "--count", tag)).toBe("1");
  expect(git("show", "--no-patch", "--format=%B", tag)).toMatch(
    /^Release [\d.]+ as a plugin of Pulumi\n\nMade from [0-9a-f]{40}\.$/,
  );
  const files = git("ls-tree", "-r", "--name-only", tag).split("\n");
  const scripts = files.filter((file) => file.endsWith(".js"));
  expect(files.filter((file) => !scripts.includes(file))).toEqual([
    "LICENSE",
    "PulumiPlugin.yaml",
    "docs/_index.md",
    "docs/installation-configuration.md",
    "logo.png",
    "package.json",
    "pulumi-resource-github.com_contoso_exchange.git",
    "pulumi-resource-github.com_contoso_exchange.git.cmd",
    "schema.json",
    "template/typescript/.gitignore",
    "template/typescript/Pulumi.yaml",
    "template/typescript/index.ts",
    "template/typescript/package.json",
    "template/typescript/tsconfig.json",
    "template/yaml/Pulumi.yaml",
  ]);
  expect(new Set(scripts.map((file) => file.split("/")[0]))).toEqual(
    new Set(["common", "components", "microsoft", "plugin"]),
  );
  const built = path.join(packed.folder, "plugin", "dist");
  // The template takes the plugin from the tag, where the build has its own folder, and so do the registry's pages.
  const asReleased = (file: string): string =>
    file
      .replace(built, `github.com/contoso/exchange@${version}`)
      .replaceAll("github.com/OWNER/REPOSITORY", "github.com/contoso/exchange");
  for (const file of files.filter((name) => name !== "schema.json")) {
    // The engine looks for a file with the name of the place.
    const own = path.join(built, file.replace("github.com_contoso_exchange.git", "exchange-auth"));
    expect(git("show", `${tag}:${file}`)).toBe(asReleased(readFileSync(own, "utf8")).trim());
  }
  expect(JSON.parse(git("show", `${tag}:schema.json`))).toEqual({
    ...(JSON.parse(readFileSync(path.join(built, "schema.json"), "utf8")) as object),
    homepage: source,
    repository: source,
    logoUrl: `${source}/raw/${tag}/logo.png`,
  });
  expect(git("show", `${tag}:docs/_index.md`)).not.toContain("OWNER");
  expect(git("show", `${tag}:template/yaml/Pulumi.yaml`)).toContain(
    `packages:\n  exchange-auth: github.com/contoso/exchange@${version}\n`,
  );
  const versionIn = (file: string): unknown =>
    (JSON.parse(git("show", `${tag}:${file}`)) as { version: unknown }).version;
  expect([versionIn("package.json"), versionIn("schema.json")]).toEqual([version, version]);
});

test("nothing is released from another branch", async () => {
  const github = { ...dispatched, ref: "refs/heads/other" };
  for (const job of ["test", "package"]) {
    expect((await run({ workflow: "release.yml", job, github })).result).toBe("skipped");
  }
});
