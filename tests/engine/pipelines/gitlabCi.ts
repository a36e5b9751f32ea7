import { globSync, mkdirSync, mkdtempSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { runInNewContext } from "node:vm";

import { parse } from "yaml";

import type { RunResult } from "../../../sandbox/workspace/runCommand.ts";
import { issuers } from "./tokenIssuer.ts";
import type { Environment, Workplace } from "./workplace.ts";

/** What a pipeline is about: GitLab's variables. */
export interface GitLabPipeline {
  readonly CI_PIPELINE_SOURCE: "merge_request_event" | "push" | "schedule";
  readonly CI_COMMIT_BRANCH?: string;
  readonly TASK?: string;
}

/** A job that ran. */
export interface GitLabResult extends RunResult {
  /** Every artifact, by its path. */
  readonly artifacts: Readonly<Record<string, string>>;
}

interface Job {
  readonly extends?: string;
  readonly before_script?: readonly string[];
  readonly script?: readonly string[];
  readonly rules?: readonly { readonly if: string }[];
  readonly variables?: Readonly<Record<string, string>>;
  readonly environment?: string | { readonly name: string };
  readonly id_tokens?: Readonly<Record<string, { readonly aud: string }>>;
  readonly artifacts?: { readonly paths?: readonly string[]; readonly reports?: { readonly junit: string } };
  readonly stage?: string;
  readonly when?: string;
  readonly trigger?: { readonly include: readonly [{ readonly artifact: string; readonly job: string }] };
}

type Jobs = Readonly<Record<string, Job>>;

/** The subject of the tokens of a branch's jobs. */
export function subjectOf(branch: string): string {
  return `project_path:contoso/exchange:ref_type:branch:ref:${branch}`;
}

/** A pipeline whose list of stacks has been made. */
export interface GitLabRun {
  readonly list: GitLabResult;
  /** The child pipeline that the rules let begin, and its jobs by name, with the stacks of each. */
  readonly child: string;
  readonly stacks: Readonly<Record<string, string>>;
  /** Runs a job of the child pipeline, with other variables of its own where they are given. */
  readonly run: (
    job: string,
    env?: NodeJS.ProcessEnv,
    earlier?: readonly GitLabResult[],
  ) => Promise<GitLabResult>;
}

/** Runs a job of a merge request's pipeline, from what `propose` has put to its name. */
export async function runProposedJob(
  workplace: Workplace,
  job: string,
  proposal: string,
): Promise<GitLabResult> {
  const folder = workplace.clone(refOf(proposal));
  const jobs = read(folder, readFileSync(join(folder, ".gitlab-ci.yml"), "utf8"));
  const variables = {
    ...variablesOf({ CI_PIPELINE_SOURCE: "merge_request_event" }),
    CI_MERGE_REQUEST_DIFF_BASE_SHA: workplace.git("rev-parse", "main"),
  };
  const { rules = [] } = resolve(jobs, job);
  if (!rules.some((rule) => holds(rule.if, variables))) throw new Error(`${job} does not begin.`);
  return runJob(workplace, jobs, job, proposal, variables);
}

/**
 * Begins a pipeline of the main branch in a workplace's repository.
 *
 * @param branch what the child pipeline's tokens say instead
 */
export async function startGitLabPipeline(
  workplace: Workplace,
  pipeline: GitLabPipeline,
  branch = "main",
): Promise<GitLabRun> {
  const folder = workplace.clone();
  const parent = read(folder, readFileSync(join(folder, ".gitlab-ci.yml"), "utf8"));
  const variables = variablesOf(pipeline);
  const list = await runJob(workplace, parent, "stacks", "main", variables);
  const begun = Object.entries(parent).filter(
    ([, { trigger, rules = [] }]) => trigger !== undefined && rules.some((rule) => holds(rule.if, variables)),
  );
  const [[child, definition] = ["", undefined], ...others] = begun;
  if (definition?.trigger === undefined || others.length > 0)
    throw new Error(`These begin: ${begun.map(([name]) => name).join()}`);
  const jobs = read(folder, list.artifacts[definition.trigger.include[0].artifact]!);
  const visible = Object.entries(jobs).filter(([, job]) => job.extends === ".stacks");
  const { variables: global } = parse(list.artifacts[definition.trigger.include[0].artifact]!) as {
    readonly variables?: Readonly<Record<string, string>>;
  };
  return {
    list,
    child,
    stacks: Object.fromEntries(visible.map(([name, job]) => [name, job.variables?.["STACKS"] ?? ""])),
    run: (job, env, earlier) =>
      runJob(workplace, jobs, job, branch, { ...global, ...variables }, env, earlier),
  };
}

/** What is no job on the first level of a file. */
const keywords = new Set(["include", "stages", "variables", "workflow"]);

/** The jobs of a file, with those that it includes. */
function read(folder: string, text: string): Jobs {
  const parsed = parse(text, { merge: true }) as Record<string, unknown>;
  const include = (parsed["include"] ?? []) as string | readonly { readonly local: string }[];
  const files = typeof include === "string" ? [include] : include.map(({ local }) => local);
  const included = files.map((file) => read(folder, readFileSync(join(folder, file), "utf8")));
  const own = Object.entries(parsed).filter(([name]) => !keywords.has(name));
  return Object.assign({}, ...included, Object.fromEntries(own)) as Jobs;
}

function resolve(jobs: Jobs, name: string): Job {
  const { extends: base, ...job } = jobs[name]!;
  if (base === undefined) return job;
  const inherited = resolve(jobs, base);
  return { ...inherited, ...job, variables: { ...inherited.variables, ...job.variables } };
}

async function runJob(
  workplace: Workplace,
  jobs: Jobs,
  name: string,
  branch: string,
  variables: Readonly<Record<string, string | undefined>>,
  more: NodeJS.ProcessEnv = {},
  earlier: readonly GitLabResult[] = [],
): Promise<GitLabResult> {
  const job = resolve(jobs, name);
  const folder = workplace.clone(variables["CI_PIPELINE_SOURCE"] === "push" ? undefined : refOf(branch));
  for (const [file, content] of earlier.flatMap(({ artifacts }) => Object.entries(artifacts))) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), content);
  }
  const tokens = Object.entries(job.id_tokens ?? {}).map(async ([variable, { aud }]) => {
    if (aud !== "api://AzureADTokenExchange") throw new Error(`Entra does not expect the audience ${aud}.`);
    return [variable, await workplace.tokens.token(issuers.gitlab, subjectOf(branch))] as const;
  });
  const environment = typeof job.environment === "object" ? job.environment.name : job.environment;
  const env = {
    ...workplace.env,
    CI: "true",
    GITLAB_CI: "true",
    CI_JOB_NAME: name,
    CI_JOB_URL: "https://gitlab.com/contoso/exchange/-/jobs/42",
    CI_PROJECT_ID: "1",
    CI_PROJECT_URL: "https://gitlab.com/contoso/exchange",
    CI_SERVER_HOST: "gitlab.com",
    ...variables,
    ...protectedVariables(workplace, environment, branch),
    ...Object.fromEntries(await Promise.all(tokens)),
    ...job.variables,
    ...more,
  };
  const script = join(mkdtempSync(join(folder, "runner-")), "script.sh");
  writeFileSync(script, [...(job.before_script ?? []), ...(job.script ?? [])].join("\n"));
  const ended = await workplace.sandbox.run("bash", ["-eo", "pipefail", script], { cwd: folder, env });
  const { paths = [], reports } = job.artifacts ?? {};
  const kept = globSync([...paths, ...(reports ? [reports.junit] : [])], { cwd: folder })
    .flatMap((found) =>
      statSync(join(folder, found)).isDirectory() ? globSync(`${found}/**/*.*`, { cwd: folder }) : [found],
    )
    .toSorted();
  return {
    ...ended,
    artifacts: Object.fromEntries(kept.map((path) => [path, readFileSync(join(folder, path), "utf8")])),
  };
}

/** Variables of an environment that are protected: jobs of other branches go on without them. */
function protectedVariables(
  { store }: Workplace,
  environment: string | undefined,
  branch: string,
): Readonly<Record<string, string>> {
  if (environment === undefined || branch !== "main") return {};
  if (environment === "fleet") return { FLEET_TOKEN: "the project's token for issues" };
  const { secrets, variables } = store[environment as Environment];
  return { ...variables, ...secrets, ...(environment === "rotate" && { PUSH_TOKEN: "the project's token" }) };
}

function variablesOf(pipeline: GitLabPipeline): Readonly<Record<string, string>> {
  return { CI_DEFAULT_BRANCH: "main", ...pipeline };
}

/** What a pipeline of this branch checks out. */
function refOf(branch: string): string | undefined {
  return branch === "main" ? undefined : `refs/merge-requests/${branch}/head`;
}

/** GitLab's expressions read as JavaScript's once their variables are. */
function holds(expression: string, variables: Readonly<Record<string, string | undefined>>): boolean {
  const script = expression.replaceAll(/\$(\w+)/g, 'variables["$1"]');
  return runInNewContext(script, { variables }) === true;
}
