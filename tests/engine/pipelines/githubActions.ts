import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, delimiter, join } from "node:path";

import { data, Evaluator, Lexer, Parser } from "@actions/expressions";
import { parse } from "yaml";

import type { RunResult } from "../../../sandbox/workspace/runCommand.ts";
import { gitHubSubject } from "./tokenIssuer.ts";
import { type Store, storeFor, type Workplace } from "./workplace.ts";

/** What a run is about, as GitHub's context `github` has it. */
export interface GitHubEvent {
  readonly event_name: "pull_request" | "push" | "schedule" | "workflow_dispatch";
  readonly ref: string;
  readonly event?: unknown;
}

/** One job to run. */
export interface GitHubJob {
  /** As in `deploy.yml`. */
  readonly workflow: string;
  readonly job: string;
  readonly github: GitHubEvent;
  readonly needs?: Readonly<Record<string, unknown>>;
  readonly matrix?: Readonly<Record<string, unknown>>;
  /** Which job of the matrix it is. @default 0 */
  readonly index?: number;
  /** The repository's own variables. */
  readonly vars?: Readonly<Record<string, string>>;
  /** More of the runner's environment. */
  readonly env?: NodeJS.ProcessEnv;
}

/** What came of it. */
export interface GitHubResult {
  /** `skipped` where its condition does not hold. */
  readonly result: "success" | "failure" | "skipped";
  readonly outputs: Readonly<Record<string, string>>;
  /** Of each `run` step, in order. */
  readonly runs: readonly RunResult[];
  readonly summary: string;
  /** The SARIF that was uploaded, by file name. */
  readonly sarif: Readonly<Record<string, SarifLog>>;
  readonly folder: string;
  /** The page that went to Pages. */
  readonly site?: string;
}

/** As far as tests look. */
export interface SarifLog {
  readonly runs: readonly {
    readonly automationDetails: { readonly id: string };
    readonly results: readonly { readonly ruleId: string }[];
  }[];
}

interface Step {
  readonly id?: string;
  readonly if?: string | boolean;
  readonly run?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string | number | boolean>>;
  readonly env?: Readonly<Record<string, string>>;
}

interface JobDefinition {
  readonly if?: string;
  readonly environment?: string;
  readonly permissions: Readonly<Record<string, string>>;
  readonly outputs?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

/** What a runner takes of a workplace. */
export type GitHubWorkplace = Pick<Workplace, "clone" | "env" | "tokens"> & {
  readonly store: Readonly<Record<string, Store>>;
  readonly sandbox: Pick<Workplace["sandbox"], "run">;
};

const repositoryName = "contoso/exchange";

/** The subject of the jobs in an environment, of a repository that was made since 15 July 2026. */
export function subjectOf(environment: string): string {
  return gitHubSubject({
    repository: repositoryName,
    environment,
    ids: { owner: 9919, repository: 1296269 },
  });
}

/** Runs jobs of the workflows in a workplace's repository, whose artifacts they share. */
export function gitHubActions(workplace: GitHubWorkplace): (wanted: GitHubJob) => Promise<GitHubResult> {
  const artifacts = mkdtempSync(join(workplace.clone(), "artifacts-"));
  return (wanted) => runJob(workplace, artifacts, wanted);
}

async function runJob(
  workplace: GitHubWorkplace,
  artifacts: string,
  wanted: GitHubJob,
): Promise<GitHubResult> {
  const ref = wanted.github.event_name === "pull_request" ? wanted.github.ref : undefined;
  const folder = workplace.clone(ref);
  const file = join(folder, ".github", "workflows", wanted.workflow);
  const { on, jobs } = parse(readFileSync(file, "utf8")) as {
    on: Record<string, unknown>;
    jobs: Record<string, JobDefinition>;
  };
  if (!(wanted.github.event_name in on))
    throw new Error(`${wanted.workflow} does not begin with this event.`);
  const definition = jobs[wanted.job]!;
  const files = mkdtempSync(join(folder, "runner-"));
  const fileOf = (name: string): string => join(files, name);
  const state = { failed: false, steps: {} as Record<string, unknown>, path: [] as string[] };
  const runs: RunResult[] = [];
  const sarif: Record<string, SarifLog> = {};
  let site: string | undefined;
  // A job begins with an empty folder; checkout fills it.
  const workspace = fileOf("workspace");
  mkdirSync(workspace);
  writeFileSync(fileOf("summary"), "");

  const kept = (): Store => storeFor(workplace, definition.environment, wanted.github.ref);
  const contexts = (): Readonly<Record<string, unknown>> => ({
    github: { ...wanted.github, repository: repositoryName, token: "the job's token" },
    secrets: kept().secrets,
    vars: { ...wanted.vars, ...kept().variables },
    needs: wanted.needs ?? {},
    matrix: wanted.matrix ?? {},
    strategy: { "job-index": wanted.index ?? 0 },
    steps: state.steps,
  });
  const value = (text: string): string =>
    text.replaceAll(/\$\{\{(.*?)\}\}/g, (_, expression: string) =>
      evaluate(expression, contexts(), state.failed, workspace).coerceString(),
    );
  const holds = (condition: string | boolean = "success()"): boolean => {
    const text = String(condition).replaceAll(/^\s*\$\{\{|\}\}\s*$/g, "");
    const implied = /\b(success|failure|always|cancelled)\(/.test(text) ? text : `success() && (${text})`;
    return evaluate(implied, contexts(), state.failed, workspace).coerceString() === "true";
  };
  const outputsOf = (): Readonly<Record<string, string>> =>
    Object.fromEntries(Object.entries(definition.outputs ?? {}).map(([name, text]) => [name, value(text)]));
  if (!holds(definition.if)) return { result: "skipped", outputs: {}, runs, summary: "", sarif, folder };

  const actions: Readonly<Record<string, (inputs: Readonly<Record<string, string>>) => void>> = {
    "actions/checkout": (inputs) => {
      if (definition.permissions["contents"] === undefined) throw new Error("contents: read is missing");
      cpSync(workplace.clone(ref), workspace, { recursive: true });
      const mayPush =
        inputs["persist-credentials"] !== "false" && definition.permissions["contents"] === "write";
      if (!mayPush) writeFileSync(join(workspace, ".git", "config"), "[core]\n\tbare = false\n");
    },
    "actions/setup-node": () => undefined,
    // An artifact holds a file by its name, and of a folder what is in it.
    "actions/upload-artifact": ({ name = "", path = "" }) => {
      const isFolder = statSync(join(workspace, path)).isDirectory();
      rmSync(join(artifacts, name), { recursive: true, force: true });
      cpSync(join(workspace, path), join(artifacts, name, isFolder ? "" : basename(path)), {
        recursive: true,
      });
    },
    // Runs share their artifacts here: one of another run is there if that run was before.
    "actions/download-artifact": (inputs) => {
      const { name, pattern = "", path = "" } = inputs;
      if (inputs["run-id"] !== undefined && definition.permissions["actions"] !== "read")
        throw new Error("actions: read is missing");
      if (name === undefined && inputs["merge-multiple"] !== "true")
        throw new Error("It would make folders.");
      for (const found of name === undefined ? globSync(pattern, { cwd: artifacts }) : [name])
        cpSync(join(artifacts, found), join(workspace, path), { recursive: true });
    },
    "actions/deploy-pages": () => {
      const { pages, "id-token": idToken } = definition.permissions;
      if (pages !== "write" || idToken !== "write" || definition.environment !== "github-pages")
        throw new Error("Pages takes nothing from this job.");
      const archive = join(artifacts, "github-pages", "artifact.tar");
      site = execFileSync("tar", ["-xOf", archive, "./index.html"], { encoding: "utf8", maxBuffer: 1e8 });
    },
    "github/codeql-action/upload-sarif": ({ sarif_file: reports = "" }) => {
      if (definition.permissions["security-events"] !== "write")
        throw new Error("security-events is missing");
      for (const name of globSync("*.sarif", { cwd: join(workspace, reports) })) {
        sarif[name] = JSON.parse(readFileSync(join(workspace, reports, name), "utf8")) as SarifLog;
        sarif[`${reports.split("/").at(-1)}/${name}`] = sarif[name];
        delete sarif[name];
      }
    },
  };

  async function runScript(step: Step): Promise<Readonly<Record<string, string>>> {
    const outputFile = fileOf(`output${runs.length}`);
    for (const name of [outputFile, fileOf("path")]) writeFileSync(name, "");
    writeFileSync(fileOf("script.sh"), step.run ?? "");
    const own = Object.entries(step.env ?? {}).map(([name, text]) => [name, value(text)]);
    const env = {
      ...workplace.env,
      ...wanted.env,
      ...signIn(workplace, definition),
      PATH: [...state.path, workplace.env["PATH"]].join(delimiter),
      CI: "true",
      GITHUB_ACTIONS: "true",
      GITHUB_REPOSITORY: repositoryName,
      GITHUB_REF: wanted.github.ref,
      GITHUB_REF_NAME: wanted.github.ref.replace("refs/heads/", ""),
      GITHUB_RUN_ID: "42",
      GITHUB_SERVER_URL: "https://github.com",
      GITHUB_OUTPUT: outputFile,
      GITHUB_PATH: fileOf("path"),
      GITHUB_STEP_SUMMARY: fileOf("summary"),
      ...Object.fromEntries(own),
    };
    const ended = await workplace.sandbox.run("bash", ["-e", fileOf("script.sh")], { cwd: workspace, env });
    runs.push(ended);
    state.failed ||= ended.exitCode !== 0;
    state.path.unshift(...linesOf(fileOf("path")));
    const pairs = linesOf(outputFile).map((line) => line.split(/=(.*)/s).slice(0, 2));
    return Object.fromEntries(pairs);
  }

  for (const step of definition.steps) {
    if (!holds(step.if)) continue;
    if (step.run !== undefined) {
      const outputs = await runScript(step);
      if (step.id !== undefined) state.steps[step.id] = { outputs };
    } else {
      const name = step.uses?.split("@")[0] ?? "";
      const inputs = Object.entries(step.with ?? {}).map(([key, text]) => [key, value(String(text))]);
      actions[name]!(Object.fromEntries(inputs) as Record<string, string>);
    }
  }
  const summary = readFileSync(fileOf("summary"), "utf8");
  return {
    result: state.failed ? "failure" : "success",
    outputs: outputsOf(),
    runs,
    summary,
    sarif,
    folder: workspace,
    ...(site !== undefined && { site }),
  };
}

/** A job gets a way to ask for a token where it may, about the environment that it runs in. */
function signIn({ tokens }: GitHubWorkplace, { environment, permissions }: JobDefinition): NodeJS.ProcessEnv {
  if (permissions["id-token"] !== "write") return {};
  const { url, requestToken } = tokens.forGitHub(subjectOf(environment ?? ""));
  return { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken };
}

function evaluate(
  expression: string,
  contexts: Readonly<Record<string, unknown>>,
  failed: boolean,
  workspace: string,
): data.ExpressionData {
  const functions = [
    { name: "success", call: () => new data.BooleanData(!failed) },
    { name: "failure", call: () => new data.BooleanData(failed) },
    { name: "always", call: () => new data.BooleanData(true) },
    { name: "cancelled", call: () => new data.BooleanData(false) },
    {
      name: "hashFiles",
      call: (pattern: data.ExpressionData) =>
        new data.StringData(globSync(pattern.coerceString(), { cwd: workspace }).join()),
    },
  ].map((one) => ({ minArgs: 0, maxArgs: 255, ...one }));
  const { tokens } = new Lexer(expression).lex();
  const parsed = new Parser(tokens, Object.keys(contexts), functions).parse();
  const dictionary = JSON.parse(JSON.stringify(contexts), data.reviver) as data.Dictionary;
  const known = new Map(functions.map((one) => [one.name.toLowerCase(), one]));
  return new Evaluator(parsed, dictionary, known).evaluate();
}

function linesOf(file: string): readonly string[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "");
}
