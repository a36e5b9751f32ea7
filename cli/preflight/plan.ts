import * as v from "valibot";
import { CliError } from "../cliError.ts";
import type { PulumiOptions } from "../pulumiCli.ts";
import { pulumiError, tryPulumi } from "../pulumiCli.ts";
import { type RemovedGeneration, removedCurrent } from "../rotation/removedCurrent.ts";
import { readStack } from "../stackState.ts";
import { type PlannedCertificate, plannedCertificates, unknownValue } from "./plannedCertificates.ts";

/** What the next `pulumi up` is going to do, as far as it matters before it does it. */
export interface Plan {
  /** Types of the resources that it touches; undefined where no plan could be made. */
  readonly resourceTypes: ReadonlySet<string> | undefined;
  readonly newApplications: readonly PlannedApplication[];
  readonly newCertificates: readonly PlannedCertificate[];
  /** Generations that leave although they are the current ones. */
  readonly removedCurrent: readonly RemovedGeneration[];
  /** Why no plan could be made, in the component's or Pulumi's words. */
  readonly problems: readonly string[];
}

/** An application that is to be created. */
export interface PlannedApplication {
  readonly displayName: string;
  /** By which the stack recognises its own. */
  readonly description?: string | undefined;
}

/** Asks Pulumi for the plan. Nothing is changed. @throws CliError where there is no such stack, project or program */
export async function readPlan(stackName: string | undefined, options: PulumiOptions): Promise<Plan> {
  const stack = stackName === undefined ? [] : ["--stack", stackName];
  // What stays the same says how long a certificate lasts that was made before.
  const args = ["preview", "--json", "--show-sames", ...stack];
  const [result, current] = await Promise.all([
    tryPulumi(args, options),
    currentThumbprints(stackName, options),
  ]);
  if (!result.output.trimStart().startsWith("{")) throw pulumiError(args, result);
  return parsePlan(JSON.parse(result.output), new Date(), current);
}

/** Of the last update's current certificates; none where no update has ended yet. */
async function currentThumbprints(
  stackName: string | undefined,
  options: PulumiOptions,
): Promise<readonly string[]> {
  try {
    const { components } = await readStack(stackName, options);
    return components.map(({ thumbprint }) => thumbprint);
  } catch (error) {
    if (error instanceof CliError) return [];
    throw error;
  }
}

/**
 * As `readPlan`, from what `pulumi preview --json` printed.
 *
 * @param current thumbprints of the last update's current certificates
 */
export function parsePlan(preview: unknown, now: Date, current: readonly string[] = []): Plan {
  const { steps, diagnostics } = v.parse(Preview, preview);
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  const changes = steps.filter(({ op }) => op !== "same");
  const resources = steps.flatMap(({ op, urn, newState }) =>
    newState ? [{ urn, isCreated: op.startsWith("create"), ...newState }] : [],
  );
  return {
    resourceTypes: errors.length > 0 ? undefined : new Set(changes.map(({ urn }) => typeOf(urn))),
    newApplications: resources.flatMap(({ type, isCreated, inputs }) =>
      isCreated && type === "azuread:index/application:Application" && inputs["displayName"] !== unknownValue
        ? [v.parse(ApplicationInputs, inputs)]
        : [],
    ),
    newCertificates: plannedCertificates(resources, now),
    removedCurrent: removedCurrent(steps, current),
    problems: errors.flatMap(({ message }) => problemsIn(message)),
  };
}

const Preview = v.object({
  steps: v.optional(
    v.array(
      v.object({
        op: v.string(),
        urn: v.string(),
        oldState: v.optional(
          v.object({
            type: v.string(),
            parent: v.optional(v.string()),
            outputs: v.optional(v.record(v.string(), v.unknown()), {}),
          }),
        ),
        newState: v.optional(
          v.object({ type: v.string(), inputs: v.optional(v.record(v.string(), v.unknown()), {}) }),
        ),
      }),
    ),
    [],
  ),
  diagnostics: v.optional(v.array(v.object({ message: v.string(), severity: v.string() })), []),
});

const ApplicationInputs = v.object({
  displayName: v.string(),
  description: v.optional(v.string()),
});

function typeOf(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}

/** The component lists its problems as a list; other errors are one. */
function problemsIn(message: string): string[] {
  const text = message.replace(/^error: /, "").trim();
  const [, ...items] = text.split(/\n {2}- /);
  return items.length > 0 ? items.map((item) => item.trim()) : [text];
}
