import { execFileSync, spawnSync } from "node:child_process";
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gunzipSync } from "node:zlib";

import { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } from "@actions/workflow-parser";
import { Ajv, type ValidateFunction } from "ajv";
import * as fc from "fast-check";
import { describe, expect, inject, it, onTestFinished, test } from "vitest";
import { parse } from "yaml";

import { type Platform, platforms } from "../../operations/matrix/platforms.ts";
import { hostileText } from "../hostileText.ts";
import { withPythonTools } from "../tools/pythonTools.ts";

const folder = "examples/pipelines";
const files = (pattern: string): readonly string[] => globSync(`${folder}/${pattern}`).toSorted();
const text = (file: string): string => readFileSync(file, "utf8");

/** Those of the examples, and this repository's own. */
const workflows = [...files("github/*.yml"), ...globSync(".github/workflows/*.yml").toSorted()];

// Their patterns escape more than a `u` of JavaScript's allows.
const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false, unicodeRegExp: false });
const fixtures = "tests/fixtures/schemas";
const schemas: Readonly<Record<Platform, ValidateFunction>> = {
  github: ajv.compile(JSON.parse(text(`${fixtures}/github-workflow.json`))),
  azure: ajv.compile(JSON.parse(gunzipSync(readFileSync(`${fixtures}/azure-pipelines.json.gz`)).toString())),
  gitlab: ajv.compile(JSON.parse(text(`${fixtures}/gitlab-ci.json`))),
};

test.each(platforms)("each file for %s is valid by the published schema", (platform) => {
  const validate = schemas[platform];
  const found = files(`${platform}/{*.yml,.gitlab-ci.yml}`);
  expect(found.length).toBeGreaterThanOrEqual(3);
  for (const file of platform === "github" ? workflows : found) {
    const pipeline: unknown = parse(text(file));
    validate(platform === "azure" ? asAzureReads(pipeline) : pipeline);
    expect(validate.errors ?? [], `in ${file}`).toEqual([]);
  }
});

/** Azure takes every scalar for a text, and its schema says so, but for the inputs of tasks. */
function asAzureReads(value: unknown): unknown {
  if (typeof value === "boolean" || typeof value === "number") return String(value);
  if (Array.isArray(value)) return value.map(asAzureReads);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [key, key === "inputs" ? part : asAzureReads(part)]),
  );
}

test.each<[Platform, object]>([
  ["github", { on: "push", jobs: { a: { "runs-on": "x", steps: [{ run: "true", wiht: {} }] } } }],
  ["azure", { jobs: [{ job: "a", steps: [{ task: "AzureCLI@2", inputs: { scriptType: "fish" } }] }] }],
  ["gitlab", { a: { script: ["true"], artifcats: {} } }],
])("the schema for %s refuses a slip", (platform, pipeline) => {
  expect(schemas[platform](pipeline)).toBe(false);
});

describe.each(workflows)("%s", (file) => {
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
  const writing = workflows.flatMap((file) =>
    Object.entries((parse(text(file)) as Workflow).jobs).map(([job, { permissions }]) => {
      const may = Object.entries(permissions).filter(([, access]) => access === "write");
      return [`${path.basename(file, ".yml")}/${job}`, may.map(([name]) => name).join(" ")];
    }),
  );
  expect(Object.fromEntries(writing.filter(([, may]) => may !== ""))).toEqual({
    "check/check": "id-token security-events",
    "check/fleet": "issues",
    "check/pages": "id-token pages",
    "deploy/deploy": "id-token",
    "preview/comment": "pull-requests",
    "preview/preview": "id-token",
    "release/publish": "id-token",
    "release/release": "contents",
    "rotate/rotate": "contents pull-requests",
  });
});

test("what opens the keys reaches rotations and deployments alone, and a preview gets nothing", () => {
  const github = files("github/*.yml").flatMap((file) =>
    Object.entries((parse(text(file)) as Workflow).jobs).map(([job, definition]) => [
      `${path.basename(file, ".yml")}/${job}`,
      `${definition.environment ?? "none"}: ${secretsIn(definition, /secrets\.(\w+)/g)}`,
    ]),
  );
  expect(Object.fromEntries(github)).toEqual({
    "check/stacks": "read: PULUMI_ACCESS_TOKEN",
    "check/check": "read: PULUMI_ACCESS_TOKEN",
    "check/expiry": "read: PULUMI_ACCESS_TOKEN",
    "check/fleet": "none: ",
    "check/pages": "github-pages: ",
    "deploy/stacks": "read: PULUMI_ACCESS_TOKEN",
    "deploy/deploy": "production: PULUMI_ACCESS_TOKEN PULUMI_CONFIG_PASSPHRASE",
    "preview/preview": "preview: ",
    "preview/comment": "none: ",
    "rotate/stacks": "read: PULUMI_ACCESS_TOKEN",
    "rotate/rotate": "rotate: PULUMI_ACCESS_TOKEN PULUMI_CONFIG_PASSPHRASE",
  });
  const azure = ["check", "deploy", "preview", "rotate"].map((name) => {
    const pipeline = parse(text(`${folder}/azure/${name}.yml`)) as AzurePipeline;
    const groups = (pipeline.variables ?? []).map(({ group }) => group).join(" ");
    const connections = secretsIn(pipeline, /"azureSubscription":"([\w-]+)"/g);
    return [name, `${groups} ${connections}: ${secretsIn(pipeline, /\$\((PULUMI_\w+)\)/g)}`];
  });
  expect(Object.fromEntries(azure)).toEqual({
    check: "exchange-read exchange-read: PULUMI_ACCESS_TOKEN",
    deploy: "exchange-deploy exchange-deploy: PULUMI_ACCESS_TOKEN PULUMI_CONFIG_PASSPHRASE",
    preview: " exchange-preview: ",
    rotate: "exchange-rotate : PULUMI_ACCESS_TOKEN PULUMI_CONFIG_PASSPHRASE",
  });
  // GitLab gives a job the variables of its environment.
  const gitlab = files("gitlab/{*.yml,.gitlab-ci.yml}").flatMap((file) =>
    Object.entries(parse(text(file)) as Record<string, { environment?: string | { name: string } }>).flatMap(
      ([job, { environment }]) =>
        environment === undefined
          ? []
          : [
              [
                `${path.basename(file)} ${job}`,
                typeof environment === "string" ? environment : environment.name,
              ],
            ],
    ),
  );
  expect(Object.fromEntries(gitlab)).toEqual({
    ".gitlab-ci.yml stacks": "read",
    ".gitlab-ci.yml preview": "preview",
    "check.yml .stacks": "read",
    "check.yml fleet": "fleet",
    "check.yml pages": "fleet",
    "deploy.yml .stacks": "production",
    "rotate.yml .stacks": "rotate",
  });
});

test("an action has the same commit everywhere", () => {
  const used = workflows.flatMap((file) => text(file).match(/(?<=uses: ).*$/gm) ?? []);
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

describe("what a step prints of a name or a program", () => {
  const runners: Readonly<Record<Platform, Readonly<Record<string, string>>>> = {
    github: { GITHUB_ACTIONS: "true" },
    azure: { TF_BUILD: "True" },
    gitlab: {},
  };
  test("an alert is one command of the platform, whatever it says", () => {
    const said = "a\r\n::set-env name=A::b\n##vso[task.complete]100%";
    expect(runStep('alert "$1"', runners.github, said).stdout).toBe(
      "::error::a%0D%0A::set-env name=A::b%0A##vso[task.complete]100%25\n",
    );
    expect(runStep('alert "$1"', runners.azure, said).stdout).toBe(
      "##vso[task.logissue type=error]a%0D%0A: :set-env name=A::b%0A# #vso[task.complete]100%\n",
    );
    expect(runStep('alert "$1"', runners.gitlab, said).stderr).toBe(
      "a\r\n: :set-env name=A::b\n# #vso[task.complete]100%\n",
    );
  });

  test.each(["\r", "\n", "\u0085", "\u2028", " ", "\t", "\u00a0"])(
    "a command is text behind %j, too",
    (space) => {
      const { stdout } = runStep('inertly printf "%s\\n" "$1"', {}, `Jobs${space}::error::x`);
      expect(stdout).toBe(`Jobs${space}: :error::x\n`);
    },
  );

  test("what a command prints acts on no platform, and its exit code stays", () => {
    fc.assert(
      fc.property(hostileText, fc.constantFrom(0, 1, 7, 255), (name, code) => {
        const printed = name.replaceAll("\u0000", "");
        const { status, stdout } = runStep(
          'inertly sh -c \'printf "%s\\n" "$1"; exit "$2"\' sh "$1" "$2"',
          {},
          printed,
          String(code),
        );
        expect(status).toBe(code);
        const commands = /##(?:vso)?\[|section_(?:start|end):|^\s*::/im;
        expect(stdout.split("\n").filter((line) => commands.test(line))).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});

describe("the policy pack of a repository", () => {
  it.each(["policies.js", "policies.json", "policies.node"])("is not replaced by a %s", (name) => {
    const place = mkdtempSync(path.join(tmpdir(), "policies-"));
    onTestFinished(() => rmSync(place, { recursive: true }));
    const judge = 'judged "$1" sh -c \'echo "with $PULUMI_OPTION_POLICY_PACK"\'';
    writeFileSync(path.join(place, name), "");
    expect(runStep(judge, {}, place)).toMatchObject({ status: 0, stdout: "with \n" });
    mkdirSync(path.join(place, "policies"));
    expect(runStep(judge, {}, place)).toMatchObject({
      status: 1,
      stdout: "",
      stderr: `Node would load ${place}/${name} instead of the policy pack. Rename the file.\n`,
    });
    rmSync(path.join(place, name));
    expect(runStep(judge, {}, place)).toMatchObject({ status: 0, stdout: `with ${place}/policies\n` });
  });
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

/** Runs a command of the steps' own, in the environment of a platform. */
function runStep(
  command: string,
  env: Readonly<Record<string, string>>,
  ...args: string[]
): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
  return spawnSync("sh", ["-c", `. ${folder}/steps/platform.sh; ${command}`, "sh", ...args], {
    encoding: "utf8",
    env: { PATH: process.env["PATH"] ?? "", ...env },
  });
}

/** What a pattern's group finds in a part of a pipeline, each once and in order. */
function secretsIn(part: unknown, pattern: RegExp): string {
  const names = [...JSON.stringify(part).matchAll(pattern)].map(([, name = ""]) => name);
  return [...new Set(names)].toSorted((a, b) => a.localeCompare(b)).join(" ");
}

interface AzurePipeline {
  readonly variables?: readonly { readonly group: string }[];
}

interface Workflow {
  readonly permissions: unknown;
  readonly jobs: Readonly<
    Record<
      string,
      {
        readonly environment?: string;
        readonly permissions: Readonly<Record<string, string>>;
        readonly steps: readonly { readonly run?: string }[];
      }
    >
  >;
}
