import { usageFailure } from "../../common/failure.ts";
import { defineCommand, outcomeOf } from "../command.ts";
import { ExitCode } from "../exitCodes.ts";

/** `exo-auth fleet report`. */
export const fleetReportCommand = defineCommand({
  name: "fleet report",
  operand: {
    value: "FOLDER",
    description: "the folder that `fleet check --out` wrote. The folders of a pipeline's jobs can be in it",
  },
  summary: "show the results of fleet check as a table, a web page or metrics",
  description:
    "Reads the documents of `fleet check --out`, from one run or from the parallel jobs of a pipeline, and puts them together. If a stack has several documents, the newest one counts. The command reads nothing from a tenant.\n\nA check that is older than a day is never shown as in order.\n\nWith `--html`, the command also writes one web page. The page makes no request to any address, and it runs no text of a tenant. It lists weaknesses, so keep it where only your team can read it.\n\nWith `--since`, the command compares with the report of an earlier folder, and lists what is new, what was resolved and what came back. For the next report, it keeps a file in FOLDER.\n\nThe exit code is 0, unless you give --fail-on.",
  options: {
    format: {
      type: "string",
      value: "FORMAT",
      default: "text",
      description:
        "what to print on standard output: `text`, `json`, `markdown`, or `openmetrics` for Prometheus. Default: `text`",
    },
    html: { type: "string", value: "FILE", description: "also write the report as one web page" },
    since: {
      type: "string",
      value: "FOLDER",
      description: "compare with the report of this folder, which can be FOLDER itself",
    },
    issue: {
      type: "string",
      value: "FILE",
      description:
        "with --since: write what is new, what came back and which stacks are missing as Markdown, for an issue. If nothing is new, the file is empty",
    },
    stacks: {
      type: "string",
      value: "NAMES",
      description:
        "the stacks that were to be checked, separated by commas or spaces. One without a document is shown as not read",
    },
    sarif: {
      type: "string",
      value: "FOLDER",
      description:
        "also write the reports that `drift` and `audit` print for each stack with `--format sarif`, into FOLDER/drift and FOLDER/audit",
    },
    junit: { type: "string", value: "FOLDER", description: "the same as JUnit's XML" },
    state: {
      type: "string",
      value: "STATES",
      description:
        "print only the stacks in these states, separated by commas, as JSON names them: notRead, findings, expiring, neverDeployed, stale, partial, inOrder. The totals and the web page still count every stack",
    },
    "fail-on": {
      type: "string",
      value: "SEVERITY",
      description:
        "exit as `fleet check` does: with 7 for this severity or higher, and with another code if something was not read. `low`, `medium`, `high` or `critical`. `none`: never. Default: exit with 0",
    },
  },
  examples: [
    { command: "exo-auth fleet report fleet", meaning: "print a table of the stacks, the worst first" },
    { command: "exo-auth fleet report fleet --html fleet.html", meaning: "also write a web page" },
    {
      command: "exo-auth fleet report fleet --since fleet-yesterday --format markdown",
      meaning: "tell what has changed, for the summary of a job",
    },
    {
      command: "exo-auth fleet report fleet --format openmetrics > exo_auth.prom",
      meaning: "write metrics for Prometheus",
    },
  ],
  permissions: ["the files in FOLDER. No state, and nothing in a tenant"],
  exitCodes: [ExitCode.Error, ExitCode.Authentication, ExitCode.Resource, ExitCode.ExpectationFailed],
  async run(values, { operand }) {
    const { parseFleetFormat, fleetHtml, fleetIssue, printedFleet } = await import("../fleet/formats.ts");
    const { parseFailOn } = await import("../findings/verdict.ts");
    const { fleetReport } = await import("../../operations/fleet/fleetReport.ts");
    const format = parseFleetFormat(values.format);
    const states = parseStates(
      values.state,
      (await import("../../operations/fleet/fleetTenant.ts")).tenantStates,
    );
    const failOn = values["fail-on"] === undefined ? undefined : parseFailOn(values["fail-on"]);
    const now = new Date();
    const { since, stacks } = values;
    if (values.issue !== undefined && since === undefined) {
      throw usageFailure("--issue tells what is new since another report. Give --since, too.");
    }
    const { report, documents } = await fleetReport({ folder: operand, since, stacks, now: () => now });
    const { writeResult } = await import("../output.ts");
    if (values.html !== undefined) await writeResult(values.html, await fleetHtml(report), "--html");
    if (values.issue !== undefined) await writeResult(values.issue, await fleetIssue(report), "--issue");
    const { writeStackReports } = await import("../fleet/stackReports.ts");
    if (values.sarif !== undefined) await writeStackReports(documents, values.sarif, "sarif");
    if (values.junit !== undefined) await writeStackReports(documents, values.junit, "junit");
    const { fleetVerdict } = await import("../findings/fleetVerdict.ts");
    const { fleetView } = await import("../views/fleetView.ts");
    const shown = { ...report, tenants: report.tenants.filter(({ state }) => states.includes(state)) };
    const verdict = failOn === undefined ? ExitCode.Ok : fleetVerdict(documents, failOn, now);
    // Nobody knows which stacks a file hides that cannot be read.
    const exitCode = failOn === undefined || report.broken.length === 0 ? verdict : ExitCode.Error;
    const piped = await printedFleet(shown, format);
    return { ...outcomeOf(exitCode, shown, fleetView), ...(piped !== undefined && { piped }) };
  },
});

function parseStates<State extends string>(
  text: string | undefined,
  known: readonly State[],
): readonly State[] {
  if (text === undefined) return known;
  const names = text.split(/[\s,]+/).filter(Boolean);
  const unknown = names.filter((name) => !known.some((state) => state === name));
  if (unknown.length === 0 && names.length > 0) return known.filter((state) => names.includes(state));
  throw usageFailure(`--state must name some of ${known.join(", ")}, got "${text}".`);
}
