import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readConfiguration, readConfigurationOfFile } from "../../stack/configuration.ts";
import { makeCliFolder, type CliFolder } from "../cli/cliProcess.ts";

const settings = { "a:b": { value: "1" } };
const warning =
  "warning: config file Pulumi.contoso.yaml exists but will be ignored because this stack uses remote config\n";

test("the settings of a file that Pulumi reads", async () => {
  const folder = makeCliFolder({ stdout: settings });
  const file = join(folder.path, "Pulumi.contoso.yaml");
  expect(await readConfigurationOfFile(file, options(folder))).toEqual(settings);
  expect(existsSync(file)).toBe(false);
});

test("a file that Pulumi ignores is not to be edited, whether it is there or not", async () => {
  const folder = makeCliFolder({ stdout: settings, stderr: warning });
  const file = join(folder.path, "Pulumi.contoso.yaml");
  expect(await readConfigurationOfFile(file, options(folder))).toBeUndefined();
  expect(existsSync(file)).toBe(false);
  writeFileSync(file, "config: {}\n");
  expect(await readConfigurationOfFile(file, options(folder))).toBeUndefined();
  expect(readFileSync(file, "utf8")).toBe("config: {}\n");
  expect(await readConfiguration(options(folder))).toEqual(settings);
});

test("leaves no file where Pulumi fails", async () => {
  const folder = makeCliFolder({ stderr: "error: no stack named 'x' found\n", exitCode: 6 });
  const file = join(folder.path, "Pulumi.contoso.yaml");
  await expect(readConfigurationOfFile(file, options(folder))).rejects.toMatchObject({
    code: "EXO_AUTH_STACK_NOT_FOUND",
  });
  expect(existsSync(file)).toBe(false);
});

test("names a merge conflict in the settings, which Pulumi calls invalid YAML", async () => {
  const stderr = "error: invalid YAML file: yaml: line 3: could not find expected ':'\n";
  const folder = makeCliFolder({ stderr, exitCode: 1 });
  writeFileSync(join(folder.path, "Pulumi.yaml"), "name: jobs\nruntime: nodejs\n");
  const conflict = "config:\n<<<<<<< HEAD\n  a:b: 1\n=======\n  a:b: 2\n>>>>>>> main\n";
  writeFileSync(join(folder.path, "Pulumi.contoso.yaml"), conflict);
  await expect(readConfiguration({ ...options(folder), stack: "contoso" })).rejects.toMatchObject({
    code: "EXO_AUTH_FILE",
    message: expect.stringContaining("has a merge conflict in line 2"),
  });
  writeFileSync(join(folder.path, "Pulumi.contoso.yaml"), "config: {}\n");
  await expect(readConfiguration({ ...options(folder), stack: "contoso" })).rejects.toMatchObject({
    code: "EXO_AUTH_PULUMI",
    message: expect.stringContaining("invalid YAML file"),
  });
});

function options({ path: cwd, env }: CliFolder): Parameters<typeof readConfiguration>[0] {
  return { cwd, env, signal: new AbortController().signal };
}
