/**
 * Makes the tag of a release in the git repository of the current folder: `pulumi package add` clones it and installs what
 * it names. It holds plugin/dist, which `npm run plugin` builds, and nothing else. So its commit has no parent, and its
 * message names the one that it was made from. No file and no index changes, and nothing is pushed.
 *
 * node scripts/releaseTag.ts HOST/OWNER/NAME: where the tag will lie. The template for YAML takes the plugin from there, and
 * the schema and the pages for Pulumi's registry name it.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const dist = path.join(path.dirname(import.meta.dirname), "plugin", "dist");
const { version } = JSON.parse(readFileSync(path.join(dist, "package.json"), "utf8")) as { version: string };

const [place] = process.argv.slice(2);
if (place === undefined) throw new Error("Name the repository that the tag is for, as HOST/OWNER/NAME.");

const run = (args: readonly string[], env: NodeJS.ProcessEnv = process.env, cwd = process.cwd()): string =>
  execFileSync("git", args, { encoding: "utf8", env, cwd }).trim();

const source = run(["rev-parse", "HEAD"]);
const date = run(["log", "-1", "--format=%cI"]);
const temporary = mkdtempSync(path.join(tmpdir(), "release-tag-"));
try {
  const name = "github-actions[bot]";
  const email = "41898282+github-actions[bot]@users.noreply.github.com";
  const env = {
    ...process.env,
    GIT_DIR: run(["rev-parse", "--absolute-git-dir"]),
    GIT_WORK_TREE: dist,
    GIT_INDEX_FILE: path.join(temporary, "index"),
    // With the source's date, the same sources give the same commit, and a release can be tried again.
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_DATE: date,
    GIT_AUTHOR_NAME: name,
    GIT_COMMITTER_NAME: name,
    GIT_AUTHOR_EMAIL: email,
    GIT_COMMITTER_EMAIL: email,
  };
  const git = (...args: readonly string[]): string => run(args, env, dist);
  git("add", "--all", "--force", ".");
  for (const [changed, text] of released(place)) {
    const file = path.join(temporary, path.basename(changed));
    writeFileSync(file, text);
    git("update-index", "--cacheinfo", `100644,${git("hash-object", "-w", file)},${changed}`);
  }
  for (const end of ["", ".cmd"]) nameAfterPlace(git, end);
  const message = [`Release ${version} as a plugin of Pulumi`, `Made from ${source}.`];
  const commit = git("commit-tree", git("write-tree"), ...message.flatMap((text) => ["-m", text]));
  git("tag", `v${version}`, commit);
} finally {
  rmSync(temporary, { recursive: true });
}

/** Gives the file that the engine starts the name that it looks for: a plugin from git is called after its place. */
function nameAfterPlace(git: (...args: readonly string[]) => string, end: string): void {
  const [entry = ""] = git("ls-files", "--stage", `pulumi-resource-exchange-auth${end}`).split("\t");
  const [mode, object] = entry.split(" ");
  git("update-index", "--force-remove", `pulumi-resource-exchange-auth${end}`);
  const name = `pulumi-resource-${place?.replaceAll("/", "_")}.git${end}`;
  git("update-index", "--add", "--cacheinfo", `${mode},${object},${name}`);
}

/** What says where the plugin lies, by path. */
function released(repository: string): ReadonlyMap<string, string> {
  const text = (name: string): string => readFileSync(path.join(dist, name), "utf8");
  const template = "template/yaml/Pulumi.yaml";
  const pages = ["docs/_index.md", "docs/installation-configuration.md"];
  const address = `https://${repository}`;
  const schema = {
    ...(JSON.parse(text("schema.json")) as object),
    homepage: address,
    repository: address,
    logoUrl: `${address}/raw/v${version}/logo.png`,
  };
  return new Map([
    [template, text(template).replace(dist, `${repository}@${version}`)],
    ["schema.json", `${JSON.stringify(schema, undefined, 2)}\n`],
    ...pages.map((name) => [name, text(name).replaceAll("github.com/OWNER/REPOSITORY", repository)] as const),
  ]);
}
