import * as v from "valibot";
import { Failure } from "../../common/failure.ts";
import { childTypes } from "../../common/typeTokens.ts";
import { readStack } from "../../stack/components.ts";
import { errorsOf, type Plan, previewUpdate } from "../../stack/plan.ts";
import type { PulumiOptions } from "../../stack/pulumiCli.ts";
import { parseUrn } from "../../stack/urn.ts";
import { isUnknown } from "../../stack/values.ts";
import { type RemovedGeneration, removedCurrent } from "../rotation/removedCurrent.ts";
import { type PlannedCertificate, plannedCertificates } from "./plannedCertificates.ts";

/** What the next `pulumi up` is going to do, as far as it matters before it does it. */
export interface PlannedChanges {
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

/** Asks Pulumi for the plan. Nothing is changed. @throws Failure where there is no such stack, project or program */
export async function readPlannedChanges(options: PulumiOptions): Promise<PlannedChanges> {
  // What stays the same says how long a certificate lasts that was made before.
  const [plan, current] = await Promise.all([
    previewUpdate(options, "--show-sames"),
    currentThumbprints(options),
  ]);
  return plannedChanges(plan, new Date(), current);
}

/** Of the last update's current certificates; none where no update has ended yet. */
async function currentThumbprints(options: PulumiOptions): Promise<readonly string[]> {
  try {
    const { components } = await readStack(options);
    return components.map(({ thumbprint }) => thumbprint);
  } catch (error) {
    if (error instanceof Failure) return [];
    throw error;
  }
}

/**
 * What matters of a plan.
 *
 * @param current thumbprints of the last update's current certificates
 */
export function plannedChanges(plan: Plan, now: Date, current: readonly string[] = []): PlannedChanges {
  const errors = errorsOf(plan);
  const changes = plan.steps.filter(({ op }) => op !== "same");
  const resources = plan.steps.flatMap(({ op, urn, newState }) =>
    newState ? [{ isCreated: op.startsWith("create"), ...newState, urn }] : [],
  );
  return {
    resourceTypes: errors.length > 0 ? undefined : new Set(changes.map(({ urn }) => parseUrn(urn).type)),
    newApplications: resources.flatMap(({ type, isCreated, inputs }) =>
      isCreated && type === childTypes.application && !isUnknown(inputs["displayName"])
        ? [v.parse(ApplicationInputs, inputs)]
        : [],
    ),
    newCertificates: plannedCertificates(resources, now),
    removedCurrent: removedCurrent(plan.steps, current),
    problems: errors.flatMap(({ message }) => problemsIn(message)),
  };
}

const ApplicationInputs = v.object({
  displayName: v.string(),
  description: v.optional(v.string()),
});

/** The component lists its problems as a list; other errors are one. */
function problemsIn(message: string): string[] {
  const text = message.replace(/^error: /, "").trim();
  const [, ...items] = text.split(/\n {2}- /);
  return (items.length > 0 ? items : [text]).map((item) => item.replaceAll(/\s+/g, " ").trim());
}
