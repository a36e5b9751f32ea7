import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeCliFolder } from "../cliProcess.ts";

/** What `pulumi stack ls --json` prints. */
function listOf(...names: readonly string[]): unknown {
  return names.map((name) => ({ name, current: false, resourceCount: 14 }));
}

test("one line of JSON for GitHub, of the stacks in the folder that was named", async () => {
  const folder = makeCliFolder({ stdout: listOf("fabrikam", "contoso") });
  expect(await folder.run("matrix")).toEqual({
    exitCode: 0,
    stdout: '{"include":[{"name":"contoso","stacks":"contoso"},{"name":"fabrikam","stacks":"fabrikam"}]}\n',
    stderr: "",
  });
  expect(readFileSync(join(folder.path, "calls"), "utf8")).toBe(
    "stack ls --json --non-interactive --color=never\n",
  );
});

test("shards, without what is excluded, for Azure Pipelines and for GitLab", async () => {
  const folder = makeCliFolder({ stdout: listOf("a", "b", "c", "dev-1") });
  const args = ["matrix", "--shards", "2", "--exclude", "dev-*", "--platform"];
  expect((await folder.run(...args, "azure")).stdout).toBe(
    '{"stack_1_of_2":{"stacks":"a"},"stack_2_of_2":{"stacks":"b c"}}\n',
  );
  expect((await folder.run(...args, "gitlab")).stdout).toBe(
    '{"stacks 1/2":{"extends":".stacks","variables":{"STACKS":"a"}},"stacks 2/2":{"extends":".stacks","variables":{"STACKS":"b c"}}}\n',
  );
});

test("--json prints the document", async () => {
  const { stdout } = await makeCliFolder({ stdout: listOf("contoso") }).run("matrix", "--json");
  expect(JSON.parse(stdout)).toEqual({
    schemaVersion: 1,
    command: "matrix",
    shards: [{ name: "contoso", stacks: ["contoso"] }],
  });
});

test("256 jobs are GitHub's limit, and no other platform's", async () => {
  const names = Array.from({ length: 257 }, (_, index) => `tenant-${index}`);
  const folder = makeCliFolder({ stdout: listOf(...names) });
  expect(await folder.run("matrix")).toEqual({
    exitCode: 2,
    stdout: "",
    stderr:
      "exo-auth matrix: A matrix of GitHub Actions has 256 jobs at most, got 257. Give --shards 256 or less.\n",
  });
  expect(JSON.parse((await folder.run("matrix", "--json")).stdout).shards).toHaveLength(257);
  const { stdout } = await folder.run("matrix", "--shards", "256");
  expect(JSON.parse(stdout).include).toHaveLength(256);
  expect(Object.keys(JSON.parse((await folder.run("matrix", "--platform", "azure")).stdout))).toHaveLength(
    257,
  );
});

test.each([
  [
    [],
    [],
    "The project has no stacks. Create one with `pulumi stack init`, or set PULUMI_BACKEND_URL to the backend that has them.",
  ],
  [
    ["dev-1"],
    ["--exclude", "dev-*"],
    '--exclude leaves none of the project\'s stacks, got "dev-*". It has dev-1.',
  ],
])("of the stacks %j and the options %j nothing is left", async (names, options, message) => {
  const folder = makeCliFolder({ stdout: listOf(...names) });
  expect(await folder.run("matrix", ...options)).toEqual({
    exitCode: 6,
    stdout: "",
    stderr: `exo-auth matrix: ${message}\n`,
  });
});

test("a folder without a project", async () => {
  const stderr = "error: no Pulumi.yaml found; please run this command in a project directory\n";
  const folder = makeCliFolder({ stderr, exitCode: 255 });
  const { exitCode, stderr: told } = await folder.run("matrix");
  expect({ exitCode, told }).toEqual({
    exitCode: 2,
    told: "exo-auth matrix: `pulumi stack ls` failed: no Pulumi.yaml found; please run this command in a project directory\nGive the project's folder with --cwd.\n",
  });
});

test.each([
  [["--stack", "contoso"], "`matrix` lists every stack of the project. Leave out --stack."],
  [["--shards", "0"], '--shards must be a number of jobs, got "0". Give 1 or more.'],
  [["--shards", "many"], '--shards must be a number of jobs, got "many". Give 1 or more.'],
  [["--platform", "jenkins"], '--platform must be one of github, azure, gitlab, got "jenkins".'],
])("%j is refused, without running Pulumi", async (options, message) => {
  const folder = makeCliFolder();
  expect(await folder.run("matrix", ...options)).toEqual({
    exitCode: 2,
    stdout: "",
    stderr: `exo-auth matrix: ${message}\n`,
  });
  expect(() => readFileSync(join(folder.path, "calls"))).toThrow("ENOENT");
});
