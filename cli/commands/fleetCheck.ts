import { counted } from "../../common/counted.ts";
import { usageFailure } from "../../common/failure.ts";
import { defineCommand, outcomeOf } from "../command.ts";
import { ExitCode } from "../exitCodes.ts";
import { readsState, replicationWait, reportingOptions, stackChoice } from "../options.ts";
import type { CheckPart } from "../../operations/check/check.ts";
import type { FleetProgress } from "../../operations/fleet/fleetCheck.ts";
import type { PolicyPack } from "../../stack/policyAnalysis.ts";

/** `exo-auth fleet check`. */
export const fleetCheckCommand = defineCommand({
  name: "fleet check",
  summary: "run drift, audit and status over many stacks",
  description:
    "Does what `drift`, `audit` and `status` do, for the stacks of a project. It checks as many at a time as the cores and the free memory of the machine allow. A stack that fails never stops the others. The output lists every stack, the worst first.\n\nEach stack signs in as the identity that its settings name in `pipeline:reader`, in the tenant of `expectedTenantId`. Without `pipeline:reader`, the identity of the ARM_… variables signs in to each tenant. The audit also looks at the identities of `pipeline:deployer` and `pipeline:reader`.\n\nWith --out, the command writes one JSON document for each stack, whole or not at all. `docs/schemas/fleetStack.schema.json` describes it. If the run was canceled, --resume continues it.\n\nThe exit code is that of the worst stack. If something could not be read, that decides the exit code, even if there are findings.",
  options: {
    ...stackChoice,
    skip: {
      type: "string",
      multiple: true,
      value: "PART",
      description: "leave out `drift`, `audit` or `status`. You can repeat this option",
    },
    discover: {
      type: "boolean",
      description:
        "also list the applications of each tenant that may act on Exchange, as `exo-auth discover` does",
    },
    "policy-pack": {
      type: "string",
      value: "FOLDER",
      description: "also let this policy pack judge each state. This takes about a second a stack",
    },
    "policy-pack-config": {
      type: "string",
      value: "FILE",
      description: "with --policy-pack: the JSON file that configures it",
    },
    out: { type: "string", value: "FOLDER", description: "write one JSON document for each stack here" },
    resume: {
      type: "boolean",
      description: "with --out: leave out the stacks that a canceled run has finished",
    },
    "fail-on": reportingOptions["fail-on"],
    wait: replicationWait,
  },
  examples: [
    { command: "exo-auth fleet check --out fleet", meaning: "check every stack of the project" },
    { command: "exo-auth fleet check --out fleet --resume", meaning: "go on after Ctrl-C" },
    {
      command: "exo-auth fleet check --shard 3/20 --out fleet",
      meaning: "check the stacks of one of 20 parallel jobs",
    },
    {
      command: "exo-auth fleet check --discover --out fleet",
      meaning: "also list what else may act on Exchange, before you adopt it",
    },
    {
      command: "exo-auth fleet check --policy-pack policy --out fleet",
      meaning: "also list what the policy pack forbids",
    },
    {
      command: "exo-auth fleet check --skip drift --quiet",
      meaning: "audits and status alone, for a monitor",
    },
  ],
  permissions: [
    "the list of the project's stacks, as `pulumi stack ls` reads it",
    readsState,
    "in each tenant, what `drift`, `audit` and `status` need to read. With --discover, what `discover` needs to read",
  ],
  exitCodes: [ExitCode.Error, ExitCode.Authentication, ExitCode.Resource, ExitCode.ExpectationFailed],
  async run(values, context) {
    if (values.stack !== undefined) {
      throw usageFailure(
        "`fleet check` looks at many stacks. Name them with --stacks, and leave out --stack.",
      );
    }
    if (values.resume && values.out === undefined) {
      throw usageFailure("--resume goes on with the documents of --out. Give --out, too.");
    }
    const policyPack = await policyPackOf(values["policy-pack"], values["policy-pack-config"]);
    const { checkParts } = await import("../../operations/check/check.ts");
    const parts = checkParts.filter((part) => !(values.skip ?? []).includes(part));
    const unknown = (values.skip ?? []).find((part) => !checkParts.some((one) => one === part));
    if (unknown !== undefined || parts.length === 0) {
      throw usageFailure(
        `--skip must be ${checkParts.join(", ")}, and leave one of them, got "${unknown ?? values.skip?.join(", ")}".`,
      );
    }
    const { parseFailOn } = await import("../findings/verdict.ts");
    const { parseDuration } = await import("../../common/duration.ts");
    const failOn = parseFailOn(values["fail-on"]);
    const waitMs = parseDuration("--wait", values.wait);
    const { fleetCheck } = await import("../../operations/fleet/fleetCheck.ts");
    const { chosenStacks } = await import("../../operations/fleet/chosenStacks.ts");
    const { concurrencyFor } = await import("../../operations/fleet/concurrency.ts");
    const { fleetSummary } = await import("../../operations/fleet/fleetSummary.ts");
    const { readBaseline } = await import("../../operations/findings/baseline.ts");
    const { listStacks } = await import("../../stack/stackNames.ts");
    const { keepHeapSmall } = await import("../smallHeap.ts");
    const { fleetVerdict } = await import("../findings/fleetVerdict.ts");
    const { fleetView } = await import("../views/fleetView.ts");
    const { availableParallelism } = await import("node:os");
    const timers = await import("node:timers/promises");
    const machine = { cores: availableParallelism(), freeBytes: process.availableMemory() };
    keepHeapSmall();
    const listed = await listStacks({ ...context, cwd: values.cwd });
    const documents = await fleetCheck({
      ...context,
      cwd: values.cwd,
      stacks: chosenStacks(
        listed.map((stack) => stack.name),
        values,
      ),
      areInCloud: listed.some((stack) => stack.isInCloud),
      parts,
      discovers: values.discover === true,
      policyPack,
      concurrency: concurrencyFor(
        machine,
        policyPack !== undefined || parts.some((part): part is CheckPart => part === "drift"),
      ),
      out: values.out,
      resumes: values.resume === true,
      baseline: await readBaseline(values.cwd),
      waitMs,
      now: () => new Date(),
      pause: (milliseconds) => timers.setTimeout(milliseconds, undefined, { signal: context.signal }),
      checked: (progress) => context.progress(progressText(progress)),
    });
    const summary = fleetSummary(documents, [], new Date());
    return outcomeOf(fleetVerdict(documents, failOn, new Date()), summary, fleetView);
  },
});

/** @throws Failure where there is no such pack, before anything is read */
async function policyPackOf(
  folder: string | undefined,
  settings: string | undefined,
): Promise<PolicyPack | undefined> {
  if (folder === undefined) {
    if (settings === undefined) return undefined;
    throw usageFailure("--policy-pack-config configures a policy pack. Give its folder with --policy-pack.");
  }
  const { existsSync } = await import("node:fs");
  const { default: path } = await import("node:path");
  const problems: string[] = [];
  if (!existsSync(path.join(folder, "PulumiPolicy.yaml")))
    problems.push(
      `--policy-pack must be a folder with a policy pack, which has PulumiPolicy.yaml, got "${folder}".`,
    );
  if (settings !== undefined && !existsSync(settings))
    problems.push(`--policy-pack-config must be a JSON file, got "${settings}", which does not exist.`);
  if (problems.length > 0) throw usageFailure(problems.join(" "));
  return { folder, settings };
}

function progressText({ done, total, findings, leftMs }: FleetProgress): string {
  const left = leftMs === undefined ? "" : `, ${Math.max(1, Math.ceil(leftMs / 60_000))} min left`;
  return `${done} of ${total}, ${counted(findings, "finding")}${left}`;
}
