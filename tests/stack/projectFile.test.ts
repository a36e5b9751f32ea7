import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { findProject, languageOfProject } from "../../stack/projectFile.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "exo-auth-project-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
});

// pulumi/pulumi#10305, and what was called `config` in older projects (pulumi/pulumi#1031).
test.each([
  ["name: p", ""],
  ["name: p\nstackConfigDir: settings", "settings"],
  ["name: p\nconfig: settings", "settings"],
  ["name: p\nconfig:\nstackConfigDir:", ""],
  ["name: p\nconfig:\n  roles: [Global Reader]", ""],
])("%j has its stacks' settings in %j", async (text, place) => {
  writeFileSync(join(folder, "Pulumi.yaml"), text);
  const below = join(folder, "below");
  mkdirSync(below);
  const { name, settingsOf } = await findProject(below);
  expect([name, settingsOf("dev")]).toEqual(["p", join(folder, place, "Pulumi.dev.yaml")]);
});

test.each([
  ["name: p\nruntime: go", "go"],
  ["name: p\nruntime: { name: python, options: { virtualenv: venv } }", "python"],
  ["name: p", undefined],
  ["name: [p]", undefined],
])("%j is a project in %s", async (text, language) => {
  writeFileSync(join(folder, "Pulumi.yaml"), text);
  expect(await languageOfProject(folder)).toBe(language);
});

test("what it declares, with the namespace and without", async () => {
  writeFileSync(join(folder, "Pulumi.yaml"), "name: p\nconfig:\n  roles: [a]\n  p:tags: [b]\n");
  const { declares } = await findProject(folder);
  expect(["roles", "tags", "owners"].map((setting) => declares(setting, "p"))).toEqual([true, true, false]);
});

test.each([
  ["name: 7", "Invalid type: Expected string but received 7"],
  ["", "Invalid type: Expected Object but received null"],
  ["config: [a", /^Flow sequence in block collection must be sufficiently indented/],
])("%j is no project", async (text, reason) => {
  writeFileSync(join(folder, "Pulumi.yaml"), text);
  const file = join(folder, "Pulumi.yaml");
  const failure: unknown = await findProject(folder).catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: "EXO_AUTH_USAGE" });
  const [, found] =
    new RegExp(`^"${file}" must be a project of Pulumi, but cannot be read as one: (.*)$`).exec(
      (failure as Error).message,
    ) ?? [];
  expect(found).toMatch(reason);
});
