import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { beforeEach, expect, onTestFinished, test } from "vitest";

import type { Configuration } from "../../stack/configuration.ts";
import { plainSettings } from "../../stack/plainSettings.ts";

const reader = "3f0d2c1b-9a8e-4d7c-b6a5-4e3f2d1c0b9a";
const tenantId = "a7d4f3c2-6b1e-4f58-9c0d-2e8b5a913f47";
const otherTenantId = "b8e5a4d3-7c2f-4a69-8d1e-3f9c6ba24a58";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "exo-auth-settings-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, "Pulumi.yaml"), "name: p\n");
});

const { signal } = new AbortController();

function isWanted(key: string): boolean {
  return key === "pipeline:reader" || key.endsWith(":expectedTenantId");
}

function settings(env: NodeJS.ProcessEnv = {}): Promise<Configuration | undefined> {
  return plainSettings(isWanted, { stack: "dev", cwd: folder, env, signal });
}

test.each([
  [
    "the stack's own",
    "name: p",
    `config:\n  pipeline:reader: ${reader}\n  p:roles: [Global Reader]\n`,
    { "pipeline:reader": reader },
  ],
  [
    "one with `config` in its key, as older projects have it",
    "name: p",
    `config:\n  p:config:expectedTenantId: ${tenantId}\n`,
    { "p:expectedTenantId": tenantId },
  ],
  [
    "the project's, where the stack has none",
    `name: p\nconfig:\n  expectedTenantId: { type: string, default: ${tenantId} }\n  pipeline:reader: { value: ${reader} }`,
    "",
    { "p:expectedTenantId": tenantId, "pipeline:reader": reader },
  ],
  [
    "the project's default before its value, as Pulumi has it",
    `name: p\nconfig:\n  expectedTenantId: { default: ${tenantId}, value: ${otherTenantId} }`,
    "",
    { "p:expectedTenantId": tenantId },
  ],
  [
    "the stack's before the project's",
    `name: p\nconfig:\n  expectedTenantId: ${otherTenantId}`,
    `config:\n  p:expectedTenantId: ${tenantId}\n`,
    { "p:expectedTenantId": tenantId },
  ],
  ["none", "name: p\nconfig:\n  expectedTenantId: { type: string }", "", {}],
  ["none of a file without settings", "name: p", "config:\n", {}],
])("%s", async (_, project, stack, expected) => {
  writeFileSync(join(folder, "Pulumi.yaml"), project);
  writeFileSync(join(folder, "Pulumi.dev.yaml"), stack);
  const read = await settings();
  expect(Object.fromEntries(Object.entries(read ?? {}).map(([key, { value }]) => [key, value]))).toEqual(
    expected,
  );
  expect(read).toBeDefined();
});

test("a stack without a file has the project's", async () => {
  expect(await settings()).toEqual({});
});

test("the file that the environment names goes before the stack's", async () => {
  writeFileSync(join(folder, "Pulumi.dev.yaml"), `config:\n  pipeline:reader: ${otherTenantId}\n`);
  writeFileSync(join(folder, "other.yaml"), `config:\n  pipeline:reader: ${reader}\n`);
  expect(await settings({ PULUMI_OPTION_CONFIG_FILE: "other.yaml" })).toEqual({
    "pipeline:reader": { value: reader },
  });
});

test.each([
  ["a secret", "config:\n  pipeline:reader:\n    secure: v1:abc\n"],
  ["a number", "config:\n  pipeline:reader: 12\n"],
  ["nothing", "config:\n  pipeline:reader:\n"],
  ["imported environments", `environment: [prod]\nconfig:\n  pipeline:reader: ${reader}\n`],
  ["the same key twice", `config:\n  pipeline:reader: ${reader}\n  pipeline:reader: ${tenantId}\n`],
  ["no settings file", "- a\n"],
  ["no map of settings", "config: a\n"],
  ["a merge conflict", `config:\n<<<<<<< ours\n  pipeline:reader: ${reader}\n`],
])("only Pulumi can say what is meant by %s", async (_, stack) => {
  writeFileSync(join(folder, "Pulumi.dev.yaml"), stack);
  expect(await settings()).toBeUndefined();
});

test("only Pulumi can say what is wrong with a project that cannot be read", async () => {
  writeFileSync(join(folder, "Pulumi.yaml"), "name: [p]\n");
  expect(await settings()).toBeUndefined();
});
