import { execFileSync, spawnSync } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";

import { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } from "@actions/workflow-parser";
import { Ajv, type ValidateFunction } from "ajv";
import { describe, expect, inject, it, test } from "vitest";
import { parse } from "yaml";

import { withPythonTools } from "../tools/pythonTools.ts";

const folder = "examples/pipelines";
const files = (pattern: string): readonly string[] => globSync(`${folder}/${pattern}`).toSorted();
const text = (file: string): string => readFileSync(file, "utf8");

// Their patterns escape more than a `u` of JavaScript's allows.
const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false, unicodeRegExp: false });
const fixtures = "tests/fixtures/schemas";
const schemas: Readonly<Record<string, ValidateFunction>> = {
  github: ajv.compile(JSON.parse(text(`${fixtures}/github-workflow.json`))),
  azure: ajv.compile(JSON.parse(gunzipSync(readFileSync(`${fixtures}/azure-pipelines.json.gz`)).toString())),
  gitlab: ajv.compile(JSON.parse(text(`${fixtures}/gitlab-ci.json`))),
};

test.each(Object.keys(schemas))("each file for %s is valid by the published schema", (platform) => {
  const validate = schemas[platform]!;
  const found = files(`${platform}/{*.yml,.gitlab-ci.yml}`);
  expect(found.length).toBeGreaterThanOrEqual(3);
  for (const file of found) {
    const pipeline: unknown = parse(text(file));
    validate(platform === "azure" ? asAzureReads(pipeline) : pipeline);
    expect(validate.errors ?? [], `in ${file}`).toEqual([]);
  }
});

/** Azure takes every scalar for a text, and its schema says so, but for the inputs of tasks. */
function asAzureReads(value: unknown): unknown {
  if (typeof value === "boolean") return String(value);
  if (Array.isArray(value)) return value.map(asAzureReads);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [key, key === "inputs" ? part : asAzureReads(part)]),
  );
}

test.each([
  ["github", { on: "push", jobs: { a: { "runs-on": "x", steps: [{ run: "true", wiht: {} }] } } }],
  ["azure", { jobs: [{ job: "a", steps: [{ task: "AzureCLI@2", inputs: { scriptType: "fish" } }] }] }],
  ["gitlab", { a: { script: ["true"], artifcats: {} } }],
])("the schema for %s refuses a slip", (platform, pipeline) => {
  expect(schemas[platform]?.(pipeline)).toBe(false);
});

describe.each(files("github/*.yml"))("%s", (file) => {
  it("is read without an error by GitHub's own parser", async () => {
    const { context, value } = parseWorkflow(
      { name: file, content: text(file) },
      new NoOperationTraceWriter(),
    );
    if (value !== undefined) await convertWorkflowTemplate(context, value);
    expect(context.errors.getErrors().map(String)).toEqual([]);
  });

  it("pins every action by its commit, with the version beside it", () => {
    const used = [...text(file).matchAll(/uses: (.*)$/gm)].map(([, action = ""]) => action);
    expect(used.length).toBeGreaterThan(0);
    for (const action of used) expect(action).toMatch(/^[\w-]+(\/[\w-]+)+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it("gives each job its permissions one by one, and none to all", () => {
    const { permissions, jobs } = parse(text(file)) as Workflow;
    expect(permissions).toEqual({});
    for (const job of Object.values(jobs)) expect(job.permissions).toBeTypeOf("object");
  });

  it("lets nobody's text into a script: expressions reach it as variables", () => {
    const { jobs } = parse(text(file)) as Workflow;
    const scripts = Object.values(jobs).flatMap(({ steps }) => steps.map(({ run = "" }) => run));
    expect(scripts.filter((script) => script.includes("${{"))).toEqual([]);
  });
});

test("what may write is separate: sign-in where it is needed, findings, a comment, a branch", () => {
  const writing = files("github/*.yml").flatMap((file) =>
    Object.entries((parse(text(file)) as Workflow).jobs).map(([job, { permissions }]) => {
      const may = Object.entries(permissions).filter(([, access]) => access === "write");
      return [`${path.basename(file, ".yml")}/${job}`, may.map(([name]) => name).join(" ")];
    }),
  );
  expect(Object.fromEntries(writing.filter(([, may]) => may !== ""))).toEqual({
    "check/check": "id-token security-events",
    "deploy/comment": "pull-requests",
    "deploy/deploy": "id-token",
    "deploy/preview": "id-token",
    "rotate/rotate": "contents pull-requests",
  });
});

test("an action has the same commit everywhere", () => {
  const used = files("github/*.yml").flatMap((file) => text(file).match(/(?<=uses: ).*$/gm) ?? []);
  const names = new Set(used.map((action) => action.split("@")[0]));
  expect(new Set(used).size).toBe(names.size);
});

test("no file holds a secret: they are the platform's", () => {
  for (const file of files("**/*.yml")) {
    const values = [...text(file).matchAll(/(?:TOKEN|PASSPHRASE|PAT): (.*)$/gm)].map(([, value]) => value);
    for (const value of values)
      expect(value, `in ${file}`).toMatch(/^(\$\{\{ (secrets\.\w+|github\.token) \}\}|\$\([\w.]+\))$/);
  }
});

describe.each(files("steps/*.sh"))("%s", (script) => {
  it("is a script of a plain shell", () => {
    execFileSync("sh", ["-n", script]);
    expect(text(script)).not.toMatch(/\[\[|\bfunction\b|<\(|\blocal\b/);
  });

  it("is clean to shellcheck", ({ skip }) => {
    const env = withPythonTools();
    const { error } = spawnSync("shellcheck", ["--version"], { env });
    skip(error !== undefined, `this machine has no shellcheck, and ${inject("noPythonTools")}`);
    const args = ["--shell=sh", "--external-sources", "--source-path=SCRIPTDIR", script];
    expect(spawnSync("shellcheck", args, { env, encoding: "utf8" }).stdout).toBe("");
  });
});

interface Workflow {
  readonly permissions: unknown;
  readonly jobs: Readonly<
    Record<
      string,
      {
        readonly permissions: Readonly<Record<string, string>>;
        readonly steps: readonly { readonly run?: string }[];
      }
    >
  >;
}
