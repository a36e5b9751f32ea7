import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { join } from "node:path";
import type { PluginSource } from "../commands/arguments.ts";
import { repository } from "../workspace/sandboxFolder.ts";
import { SandboxError } from "../sandboxError.ts";
import { readConformanceArguments, type RunArguments } from "./arguments.ts";
import { cleanUp } from "./cleanUp.ts";
import { connect } from "./connection.ts";
import type { CaseOption } from "./conformanceCase.ts";
import { createCertificates } from "./credentials.ts";
import { examine, type Examined } from "./examine.ts";
import { Ledger } from "./ledger.ts";
import { ownNames } from "./ownedKinds.ts";
import { describePlan, limits, optionQuestion } from "./plan.ts";
import { reportOf } from "./report.ts";
import { readReport, readReports, resultsFile, withReport, writeReports } from "./results.ts";
import { describeOutcome, reportMarkdown } from "./summary.ts";
import type { SenderOptions } from "./target.ts";
import { Workplace } from "./workplace.ts";

/** What a command of this kind works with. */
export interface ConformanceSurroundings {
  readonly env: NodeJS.ProcessEnv;
  /** Where ledgers and reports are kept. */
  readonly folder: string;
  /** Where reports are merged into. @default what is checked in */
  readonly results?: string;
  /** Data, for a file or an issue. */
  readonly print: (text: string) => void;
  /** Progress, for a person. */
  readonly say: (text: string) => void;
  /** Asks a person; undefined where there is none. */
  readonly ask: ((question: string) => Promise<boolean>) | undefined;
  readonly signal?: AbortSignal;
  /** What Pulumi's engine runs. @default the official plugins */
  readonly plugins?: PluginSource;
  readonly sending?: SenderOptions;
  /** Waits. @default on this machine's clock */
  readonly pause?: (ms: number) => Promise<unknown>;
}

/**
 * `npm run conformance`.
 *
 * @returns the exit code: 0 where the tenant does as the sandbox does, 7 where it differs, 1 where something is left
 * @throws SandboxError, Failure
 */
export async function conform(
  args: readonly string[],
  surroundings: ConformanceSurroundings,
): Promise<number> {
  const asked = readConformanceArguments(args);
  if (asked.does === "merge") {
    const report = readReport(asked.file, readFileSync(asked.file, "utf8"));
    const { results = resultsFile } = surroundings;
    writeReports(withReport(readReports(results), report), results);
    surroundings.say("The report is in docs/results/conformance.json. Run npm run docs, and commit both.");
    return 0;
  }
  return asked.does === "cleanUp" ? cleanUpAfter(asked.run, surroundings) : run(asked.run, surroundings);
}

async function cleanUpAfter(
  where: Pick<RunArguments, "tenantId" | "endpoint">,
  { env, folder, say, sending, pause = delay }: ConformanceSurroundings,
): Promise<number> {
  const file = ledgerOf(folder, where);
  if (!existsSync(file)) {
    say("Nothing is left of an earlier run in this tenant.");
    return 0;
  }
  const { target } = await connect(where, env, sending);
  return sayWhatIsLeft(await cleanUp({ target, ledger: new Ledger(file), pause }), say);
}

async function run(asked: RunArguments, surroundings: ConformanceSurroundings): Promise<number> {
  const { env, folder, print, say, sending, signal, plugins = "official", pause = delay } = surroundings;
  const file = ledgerOf(folder, asked);
  if (existsSync(file)) {
    throw new SandboxError(
      `Objects of an earlier run are left in this tenant. Run npm run conformance -- --tenant ${asked.tenantId} --clean-up, then run this again.`,
    );
  }
  const { target, cloud, server } = await connect(asked, env, sending);
  const mark = `${ownNames}${randomBytes(6).toString("hex")}`;
  say(describePlan(asked, mark));
  const options = await agreed(asked, surroundings);
  if (options === undefined) return 0;
  if (options.has("deployment") && plugins === "official" && process.platform !== "linux") {
    throw new SandboxError(
      `--deployment runs on Linux only, where the official plugins also work on the sandbox, got ${process.platform}. Leave it out.`,
    );
  }
  const workplace = new Workplace({
    target,
    ledger: new Ledger(file),
    certificates: createCertificates(),
    mark,
    limits,
    plugins,
    pause,
    ...(signal === undefined ? {} : { signal }),
  });
  const began = Date.now();
  let left: readonly string[] = [];
  let examined: Examined | undefined;
  try {
    examined = await examine({
      workplace,
      cloud,
      options,
      readsOnly: asked.readsOnly,
      onResult: ({ id, outcome }) => {
        if (outcome !== "notAsked" && outcome !== "notFitting") say(`${describeOutcome(outcome)}: ${id}`);
      },
    });
  } finally {
    workplace.close();
    if (workplace.options.ledger.entries.length > 0)
      say("Everything that this run has created is deleted now.");
    left = await cleanUp({ target, ledger: workplace.options.ledger, pause });
    sayWhatIsLeft(left, say);
  }
  const finished = {
    day: new Date(began).toISOString().slice(0, 10),
    version: version(),
    server,
    kind: examined.kind,
    readsOnly: asked.readsOnly,
    options: [...options],
    requests: workplace.requests,
    minutes: Math.ceil((Date.now() - began) / 60_000),
    left: left.length,
    results: examined.results,
  };
  const report = reportOf(finished, [...workplace.labels.values, ...examined.names]);
  mkdirSync(folder, { recursive: true });
  const reportFile = join(folder, `report-${report.day}.json`);
  writeFileSync(reportFile, `${JSON.stringify(report, undefined, 2)}\n`);
  print(reportMarkdown(report));
  say(
    `The report is ${reportFile}. It has no name, ID or domain of the tenant. Read it, then attach it to an issue of the kind "Conformance report".`,
  );
  if (left.length > 0) return 1;
  return report.cases.some(({ outcome }) => outcome === "different") ? 7 : 0;
}

/** The options that the person agrees to; undefined where the answer to the whole is no. @throws SandboxError */
async function agreed(
  { options, tenantId, yes }: RunArguments,
  { ask }: ConformanceSurroundings,
): Promise<ReadonlySet<CaseOption> | undefined> {
  if (yes) return options;
  if (ask === undefined) {
    throw new SandboxError(
      "Nobody can be asked here. Run this in a terminal, or add --yes to agree to all of it.",
    );
  }
  if (!(await ask(`Do this in ${tenantId}?`))) return undefined;
  const chosen = new Set<CaseOption>();
  for (const option of options) if (await ask(optionQuestion(option))) chosen.add(option);
  return chosen;
}

function sayWhatIsLeft(left: readonly string[], say: (text: string) => void): number {
  if (left.length === 0) say("Nothing is left.");
  else
    say(
      `This is left. Run this again with --clean-up, or delete it yourself:\n${left.map((one) => `- ${one}`).join("\n")}`,
    );
  return left.length === 0 ? 0 : 1;
}

function ledgerOf(
  folder: string,
  { tenantId, endpoint }: Pick<RunArguments, "tenantId" | "endpoint">,
): string {
  const server = endpoint === undefined ? "" : `-${new URL(endpoint).host.replace(":", "-")}`;
  return join(folder, `${tenantId}${server}.jsonl`);
}

function version(): string {
  const { version: found } = JSON.parse(readFileSync(join(repository, "package.json"), "utf8")) as {
    version: string;
  };
  return found;
}
