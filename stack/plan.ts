import * as v from "valibot";
import { neverDeployed } from "./neverDeployed.ts";
import type { PulumiOptions, PulumiResult } from "./pulumiCli.ts";
import { pulumiFailure, tryPulumi } from "./pulumiCli.ts";
import { exportState } from "./exportedState.ts";
import { pulumiJson } from "./pulumiJson.ts";
import { requireOwnSignIn } from "./redirectedSignIn.ts";
import { StackResource } from "./resource.ts";

/** What `pulumi preview --json` and `pulumi refresh --preview-only --json` print, as far as it matters here (engine 3.259). */
export type Plan = v.InferOutput<typeof Plan>;

/** What is to become, or became, of one resource. */
export type PlanStep = Plan["steps"][number];

const Plan = v.object({
  steps: v.optional(
    v.array(
      v.object({
        /** Of a refresh, "refresh" for what is unchanged or could not be read. */
        op: v.string(),
        urn: v.string(),
        oldState: v.optional(StackResource),
        /** Absent for what is to be deleted, or does not exist any more. */
        newState: v.optional(StackResource),
        detailedDiff: v.nullish(v.record(v.string(), v.unknown())),
      }),
    ),
    [],
  ),
  diagnostics: v.optional(
    v.array(v.object({ urn: v.optional(v.string()), message: v.string(), severity: v.string() })),
    [],
  ),
  /** How many resources came to which end; those whose read failed are not counted. */
  changeSummary: v.optional(v.record(v.string(), v.number()), {}),
});

/** Reads a plan; undefined where Pulumi failed before it made one, or before it looked at any resource. */
export function parsePlan(output: string): Plan | undefined {
  try {
    return v.parse(Plan, pulumiJson("preview", output));
  } catch {
    return undefined;
  }
}

/** The errors among a plan's messages. */
export function errorsOf({ diagnostics }: Plan): Plan["diagnostics"] {
  return diagnostics.filter(({ severity }) => severity === "error");
}

/**
 * Asks for what the next `pulumi up` would do; what is wrong with it stands among the messages. Changes nothing.
 *
 * @throws Failure where there is no such stack, project or program
 */
export async function previewUpdate(
  options: PulumiOptions,
  ...flags: readonly "--show-sames"[]
): Promise<Plan> {
  const args = ["preview", "--json", ...flags];
  const result = await askForPreview(args, options);
  const plan = parsePlan(result.output);
  if (plan === undefined) throw pulumiFailure(args, result, options);
  return plan;
}

/** Everything that the program declares now, what stays the same among it. @throws Failure where there is no plan */
export async function plannedUpdate(options: PulumiOptions): Promise<Plan> {
  return wholePlan(["preview", "--json", "--show-sames"], options);
}

/** What the next `pulumi up` would create. @throws Failure where there is no plan */
export async function plannedResources(options: PulumiOptions): Promise<readonly StackResource[]> {
  return createdBy(await wholePlan(["preview", "--json"], options));
}

async function wholePlan(args: readonly string[], options: PulumiOptions): Promise<Plan> {
  return wholeOf(args, await askForPreview(args, options), options);
}

/** The plan that Pulumi printed. @throws Failure where it printed none, or failed */
export function wholeOf(args: readonly string[], result: PulumiResult, options: PulumiOptions): Plan {
  options.signal.throwIfAborted();
  const plan = parsePlan(result.output);
  if (plan === undefined || result.exitCode !== 0) throw pulumiFailure(args, told(result, plan), options);
  return plan;
}

/** The resources that a plan creates. */
export function createdBy({ steps }: Plan): readonly StackResource[] {
  return steps.flatMap(({ op, newState }) => (op === "create" && newState ? [newState] : []));
}

/**
 * Runs a refresh that changes neither state nor what is there; resources that could not be read stand among the messages.
 * Does not look at whom the state signs in as.
 *
 * @throws Failure where Pulumi cannot look at all
 */
export async function planRefresh(options: PulumiOptions): Promise<Plan> {
  const args = ["refresh", "--preview-only", "--json"];
  const result = await tryPulumi(args, options);
  options.signal.throwIfAborted();
  const plan = parsePlan(result.output);
  const isExplained = plan !== undefined && plan.steps.length > 0 && errorsOf(plan).length > 0;
  if (plan === undefined || (result.exitCode !== 0 && !isExplained)) {
    throw pulumiFailure(args, told(result, plan), options);
  }
  if (plan.steps.length > 0) return plan;
  throw neverDeployed();
}

/** Starts a preview, unless the state sends sign-ins elsewhere. @throws Failure */
async function askForPreview(args: readonly string[], options: PulumiOptions): Promise<PulumiResult> {
  await requireOwnSignIn("update", await exportState(options), options);
  return tryPulumi(args, options);
}

/** With `--json`, Pulumi says why it failed among the messages. */
function told(result: PulumiResult, plan: Plan | undefined): PulumiResult {
  const messages = (plan?.diagnostics ?? []).map(({ message }) => message.trim());
  return { ...result, errors: [...messages, result.errors.trim()].filter(Boolean).join("\n") };
}
