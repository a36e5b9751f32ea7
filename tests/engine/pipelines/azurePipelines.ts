import { cpSync, globSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { basename, delimiter, dirname, join } from "node:path";
import { runInNewContext } from "node:vm";

import { expect } from "vitest";
import { parse } from "yaml";

import type { RunResult } from "../../../sandbox/workspace/runCommand.ts";
import { type Environment, storeFor, type Workplace } from "./workplace.ts";

/** One job to run. */
export interface AzureJob {
  /** As in `deploy.yml`. */
  readonly pipeline: string;
  readonly job: string;
  readonly reason: "PullRequest" | "IndividualCI" | "Schedule";
  readonly branch: string;
  /** The outputs of the job `stacks`. */
  readonly list?: Readonly<Record<string, string>>;
  /** The variables of the matrix's leg. @default none */
  readonly leg?: Readonly<Record<string, string>>;
  /** More of the agent's environment. */
  readonly env?: NodeJS.ProcessEnv;
  /** A folder for the artifacts of runs. */
  readonly artifacts?: string;
}

/** What came of it. */
export interface AzureResult {
  readonly result: "succeeded" | "failed" | "skipped";
  readonly outputs: Readonly<Record<string, string>>;
  /** The legs that the job's strategy makes. */
  readonly legs: unknown;
  /** Of each script, in order. */
  readonly runs: readonly RunResult[];
  /** Markdown for the run's summary. */
  readonly summary: string;
  /** Errors beside the job. */
  readonly issues: readonly string[];
  /** What was published as tests, by file. */
  readonly tests: Readonly<Record<string, string>>;
  /** What the run was marked with. */
  readonly tags: readonly string[];
}

interface Step {
  readonly name?: string;
  readonly bash?: string;
  readonly task?: string;
  readonly template?: string;
  readonly checkout?: string;
  readonly persistCredentials?: boolean;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly condition?: string;
  readonly env?: Readonly<Record<string, string>>;
}

interface Job {
  readonly job?: string;
  readonly template?: string;
  readonly condition?: string;
  readonly strategy?: { readonly matrix: string };
  readonly variables?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

/** The ids of the service connections. */
const connections: Readonly<Record<string, string>> = {
  "exchange-deploy": "1c6b0f7e-93a5-4d28-b7e1-50f2d8c4a9e6",
  "exchange-preview": "3b7f92d4-6a0e-4c15-9d83-c27e4a5f8b01",
  "exchange-read": "8e3d5a90-4c17-4f6b-a2d8-e91b07c6f354",
};

/** Whom a variable group or a service connection is for. */
const environments: Readonly<Record<string, Environment>> = {
  "exchange-deploy": "production",
  "exchange-preview": "preview",
  "exchange-read": "read",
  "exchange-rotate": "rotate",
};

/** The subject of a connection's tokens. */
export function subjectOf(connection: string): string {
  return `sc://contoso/Exchange/${connection}`;
}

/** Runs one job of a pipeline in a workplace's repository. */
export async function runAzureJob(workplace: Workplace, wanted: AzureJob): Promise<AzureResult> {
  const folder = workplace.clone(wanted.branch === "refs/heads/main" ? undefined : wanted.branch);
  const file = join(folder, "pipelines", "azure", wanted.pipeline);
  const { jobs, variables: groups = [] } = parse(readFileSync(file, "utf8")) as {
    jobs: readonly Job[];
    variables?: readonly { readonly group: string }[];
  };
  const stores = groups.map(({ group }) => storeFor(workplace, environments[group], wanted.branch));
  const definition = expand(jobs, dirname(file)).find(({ job }) => job === wanted.job)!;
  const steps = expand(definition.steps, dirname(file));
  const dependencies = { stacks: { outputs: wanted.list ?? {}, result: "Succeeded" } };
  const computed = Object.entries(definition.variables ?? {}).map(([name, expression]) => [
    name,
    String(evaluate(expression.replaceAll(/^\$\[|\]$/g, ""), { dependencies })),
  ]);
  const variables: Record<string, string> = {
    ...(Object.fromEntries(computed) as Record<string, string>),
    "Build.Reason": wanted.reason,
    "Build.SourceBranch": wanted.branch,
    ...Object.assign({}, ...stores.map((store) => store.variables)),
    ...wanted.leg,
  };
  const state = { failed: false, path: [] as string[], summary: "" };
  const [runs, issues]: [RunResult[], string[]] = [[], []];
  const outputs: Record<string, string> = {};
  const tests: Record<string, string> = {};
  const tags: string[] = [];
  const result = (): AzureResult => {
    const matrix = definition.strategy?.matrix.replaceAll(/^\$\[|\]$/g, "");
    const legs = matrix === undefined ? undefined : JSON.parse(evaluate(matrix, { dependencies }) as string);
    return {
      result: state.failed ? "failed" : "succeeded",
      outputs,
      legs,
      runs,
      issues,
      tests,
      tags,
      summary: state.summary,
    };
  };
  const holds = (condition = "succeeded()"): boolean => {
    const functions = {
      and: (...all: readonly boolean[]) => all.every(Boolean),
      canceled: () => false,
      dependencies,
      // What is not there is an empty text.
      eq: (a: unknown = "", b: unknown = "") => a === b,
      ne: (a: unknown = "", b: unknown = "") => a !== b,
      not: (value: unknown) => value !== true,
      succeeded: () => !state.failed,
      succeededOrFailed: () => true,
      variables,
    };
    return evaluate(condition, functions) === true;
  };
  if (!holds(definition.condition)) return { ...result(), result: "skipped" };
  const mayPush = steps.some(({ persistCredentials }) => persistCredentials === true);
  if (!mayPush) writeFileSync(join(folder, ".git", "config"), "[core]\n\tbare = false\n");

  const { url, accessToken } = workplace.tokens.forAzure(
    Object.fromEntries(Object.entries(connections).map(([name, id]) => [id, subjectOf(name)])),
  );
  const macros: Readonly<Record<string, string>> = {
    ...variables,
    ...Object.assign({}, ...stores.map((store) => store.secrets)),
    "System.AccessToken": accessToken,
    "System.DefinitionId": "3",
    "System.JobAttempt": "1",
    "System.JobId": wanted.leg?.["stacks"] ?? "job",
    "System.TeamProjectId": "the-project",
  };
  // Secrets reach a step by name only; where there is no such variable, the text stays.
  const value = (text: string): string =>
    text.replaceAll(/\$\(([\w.]+)\)/g, (all, name: string) => variables[name] ?? macros[name] ?? all);

  function obey({ stdout }: RunResult, step: Step): void {
    for (const [, command, properties = "", text = ""] of stdout.matchAll(
      /^##vso\[(?:task|build)\.(\w+)([^\]]*)\](.*)$/gm,
    )) {
      const name = /variable=([^;\]]+)/.exec(properties)?.[1];
      if (command === "prependpath") state.path.unshift(text);
      else if (command === "uploadsummary") state.summary += readFileSync(text, "utf8");
      else if (command === "logissue") issues.push(text);
      else if (command === "setvariable" && properties.includes("isOutput=true"))
        outputs[`${step.name}.${name}`] = text;
      else if (command === "setvariable" && name !== undefined) variables[name] = text;
      else if (command === "addbuildtag") tags.push(text);
      else throw new Error(`The agent knows no ${command}.`);
    }
  }

  async function runScript(script: string, step: Step, more: NodeJS.ProcessEnv): Promise<void> {
    const env = {
      ...workplace.env,
      // Variables that are no secrets are in every step's environment.
      ...Object.fromEntries(
        Object.entries(variables).map(([name, text]) => [name.toUpperCase().replaceAll(".", "_"), text]),
      ),
      PATH: [...state.path, workplace.env["PATH"]].join(delimiter),
      TF_BUILD: "True",
      SYSTEM_OIDCREQUESTURI: url,
      SYSTEM_COLLECTIONURI: "https://dev.azure.com/contoso/",
      SYSTEM_TEAMPROJECT: "Exchange",
      SYSTEM_TEAMPROJECTID: "the-project",
      SYSTEM_DEFINITIONID: "3",
      BUILD_BUILDID: "42",
      BUILD_REPOSITORY_NAME: "exchange",
      ...wanted.env,
      ...more,
      ...Object.fromEntries(Object.entries(step.env ?? {}).map(([name, text]) => [name, value(text)])),
    };
    const ended = await workplace.sandbox.run("bash", ["-c", value(script)], { cwd: folder, env });
    runs.push(ended);
    obey(ended, step);
    state.failed ||= ended.exitCode !== 0;
  }

  const tasks: Readonly<Record<string, (inputs: Readonly<Record<string, string>>, step: Step) => unknown>> = {
    "NodeTool@0": () => undefined,
    "AzureCLI@2": ({ azureSubscription = "", inlineScript = "" }, step) => {
      // The connection's own Branch control.
      storeFor(workplace, environments[azureSubscription], wanted.branch);
      return runScript(inlineScript, step, {
        AZURESUBSCRIPTION_SERVICE_CONNECTION_ID: connections[azureSubscription],
      });
    },
    // Runs share their artifacts here, which have a folder each.
    "PublishPipelineArtifact@1": ({ targetPath = "", artifact = "" }) => {
      const from = join(folder, targetPath);
      const to = join(
        wanted.artifacts ?? "",
        value(artifact),
        statSync(from).isDirectory() ? "" : basename(from),
      );
      cpSync(from, to, { recursive: true });
    },
    "DownloadPipelineArtifact@2": (inputs) => {
      const { artifactName: artifact, itemPattern = "", targetPath: to = "", buildType } = inputs;
      if (buildType === "specific")
        expect(value(`${inputs["definition"]} ${inputs["pipelineId"]}`)).toBe("3 41");
      const store = join(wanted.artifacts ?? "", artifact ?? "");
      for (const found of artifact === undefined ? globSync(itemPattern, { cwd: store }) : [""])
        cpSync(join(store, found), join(folder, to, found), { recursive: true });
    },
    "PublishTestResults@2": ({ testResultsFiles = "" }) => {
      for (const name of globSync(testResultsFiles, { cwd: folder }).toSorted()) {
        tests[name] = readFileSync(join(folder, name), "utf8");
      }
    },
  };
  for (const step of steps) {
    if (!holds(step.condition) || step.checkout !== undefined) continue;
    if (step.bash !== undefined) await runScript(step.bash, step, {});
    else await tasks[step.task ?? ""]!(step.inputs ?? {}, step);
  }
  return result();
}

/** Puts what templates hold into their places. */
function expand<T extends { readonly template?: string }>(items: readonly T[], folder: string): readonly T[] {
  return items.flatMap((item) => {
    if (item.template === undefined) return [item];
    const { jobs, steps } = parse(readFileSync(join(folder, item.template), "utf8")) as Record<string, T[]>;
    return expand(jobs ?? steps ?? [], folder);
  });
}

/** Azure's expressions read as JavaScript's, as far as the examples use them. */
function evaluate(expression: string, names: Readonly<Record<string, unknown>>): unknown {
  return runInNewContext(expression, { ...names });
}
