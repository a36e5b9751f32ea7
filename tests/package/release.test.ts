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
      // What a checkout brings, as far as the runner looks.
      mkdirSync(path.join(copy, ".git"));
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

function text({ runs }: GitHubResult): string {
  return runs.map(({ stdout, stderr }) => stdout + stderr).join("\n");
}

const { version } = JSON.parse(readFileSync(path.join(repository, "package.json"), "utf8")) as {
  version: string;
};
const tarball = `release/exchange-auth-${version}.tgz`;

test("the package says which repository made it, and is packed with the list of what it depends on", () => {
  expect(packed.result, `It printed:\n${text(packed)}`).toBe("success");
  expect(packed.outputs).toEqual({ version });
  expect(globSync("release/*", { cwd: packed.folder }).toSorted()).toEqual(
    ["release/exchange-auth.cdx.json", tarball].toSorted(),
  );
  const file = path.join(packed.folder, tarball);
  const manifest = execFileSync("tar", ["-xzOf", file, "package/package.json"], { encoding: "utf8" });
  expect((JSON.parse(manifest) as { repository: unknown }).repository).toEqual({
    type: "git",
    url: "git+https://github.com/contoso/exchange.git",
  });
  const listed = execFileSync("tar", ["-tzf", file], { encoding: "utf8" }).split("\n");
  expect(listed).toContain("package/dist/cli/main.js");
  expect(listed.filter((name) => name.startsWith("package/scripts"))).toEqual([]);
  const sbom = readFileSync(path.join(packed.folder, "release/exchange-auth.cdx.json"), "utf8");
  expect(JSON.parse(sbom)).toMatchObject({
    bomFormat: "CycloneDX",
    metadata: { component: { purl: `pkg:npm/exchange-auth@${version}` } },
  });
});

test("it is published as it was packed, with provenance, by a sign-in that is this job's alone, and no token", async () => {
  const published = await run({ workflow: "release.yml", job: "publish", github: dispatched });
  expect(published.result, `It printed:\n${text(published)}`).toBe("success");
  expect(calls("npm").slice(-6)).toEqual(
    ["npm", "publish", `./${tarball}`, "--provenance", "--access", "public", "--ignore-scripts"].slice(-6),
  );
  // npm finds these two, and exchanges what it gets there.
  expect(readFileSync(path.join(folder, "npm.tokens"), "utf8").trim().split("\n")).toEqual([
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
    "ACTIONS_ID_TOKEN_REQUEST_URL",
  ]);
  expect(globSync("*", { cwd: published.folder })).toEqual(["release"]);
  const sha = (job: GitHubResult): string =>
    createHash("sha256")
      .update(readFileSync(path.join(job.folder, tarball)))
      .digest("hex");
  expect(sha(published)).toBe(sha(packed));
});

test("the release has both files, and the commit that they were made of", async () => {
  const needs = { package: { outputs: packed.outputs } };
  const released = await run({ workflow: "release.yml", job: "release", github: dispatched, needs });
  expect(released.result, `It printed:\n${text(released)}`).toBe("success");
  expect(calls("gh")).toEqual([
    "gh",
    "release",
    "create",
    `v${version}`,
    tarball,
    "release/exchange-auth.cdx.json",
    "--target",
    commit,
    "--title",
    version,
    "--generate-notes",
  ]);
});

test("nothing is released from another branch", async () => {
  const github = { ...dispatched, ref: "refs/heads/other" };
  for (const job of ["test", "package"]) {
    expect((await run({ workflow: "release.yml", job, github })).result).toBe("skipped");
  }
});
