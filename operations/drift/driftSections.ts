import { shellArgument } from "../../common/shellArgument.ts";
import { timeInWords } from "../../common/time.ts";
import { clouds } from "../../microsoft/clouds.ts";
import { contentHash } from "../findings/contentHash.ts";
import type { Finding, Rule, Section, Unread } from "../findings/finding.ts";
import { propertyChanges } from "./changes.ts";
import { counted } from "../../common/counted.ts";
import { childTypes, componentType } from "../../common/typeTokens.ts";
import type { Plan, PlanStep } from "../../stack/plan.ts";
import { ancestorsOf } from "../../stack/ancestors.ts";
import { cloudOf } from "../../stack/components.ts";
import type { StackResource } from "../../stack/resource.ts";
import { parseUrn, shortName } from "../../stack/urn.ts";
import { textOf } from "../../stack/values.ts";
import {
  applicationDeleted,
  certificateEnded,
  changed,
  missing,
  renewalDue,
  spentInitErrors,
} from "./rules.ts";
import type { FailedRead } from "./unreadable.ts";
import { absentApplication, failedReads, unread } from "./unreadable.ts";
import { unfinishedNotes } from "./unfinished.ts";
import { upgradeNotes } from "./upgrade.ts";

/**
 * What a refresh found, a section for each component and one for what else the stack has.
 *
 * @param now decides whether a certificate has ended.
 */
export function driftSections(preview: Plan, now: Date): readonly Section[] {
  const { steps } = preview;
  const read = steps.filter(isRead);
  const failures = failedReads(preview);
  const gone = missingSteps(read, failures);
  const goneUrns = new Set<string | undefined>(gone.map(({ urn }) => urn));
  const roots = new Set(gone.filter((step) => !dependsOn(step, goneUrns)));
  const states = new Map(steps.flatMap(({ urn, oldState }) => (oldState ? [[urn, oldState]] : [])));
  const findingsOf = (step: ReadStep): readonly Finding[] => {
    if (roots.has(step)) return [missingFinding(step, gone, graphUrlOf(step.oldState, states))];
    return goneUrns.has(step.urn) ? [] : stepFindings(step, now);
  };
  const failed = failures.filter(({ urn }) => !goneUrns.has(urn));
  const unreadOf = (urns: ReadonlySet<string | undefined>): readonly Unread[] =>
    failed.filter(({ urn }) => urns.has(urn)).map(unread);
  const sectionOf = componentNames(steps);
  const names = [...new Set(read.map(({ urn }) => sectionOf(urn)))].toSorted();
  const sections = names.map((name) => {
    const own = read.filter(({ urn }) => sectionOf(urn) === name);
    return {
      name,
      checks: own.map(({ urn }) => shortName(urn)).toSorted(),
      findings: own.flatMap(findingsOf).toSorted(bySubject),
      accepted: [],
      unread: unreadOf(new Set(own.map(({ urn }) => urn))),
      notes: [...unfinishedNotes(steps, name), ...upgradeNotes(steps, name)],
    };
  });
  const ofAll = unreadOf(new Set([undefined]));
  if (ofAll.length === 0) return sections;
  const whole = {
    name: "stack",
    checks: ["the stack"],
    findings: [],
    accepted: [],
    unread: ofAll,
    notes: [],
  };
  return [...sections, whole];
}

/** A step with what a plugin made. */
type ReadStep = PlanStep & { readonly oldState: StackResource };

function isRead(step: PlanStep): step is ReadStep {
  return step.oldState?.custom === true;
}

function stepFindings(step: ReadStep, now: Date): readonly Finding[] {
  const { urn, oldState } = step;
  const errors = oldState.initErrors.length;
  return [
    ...(errors > 0 ? [spentFinding(urn, errors)] : []),
    ...renewalFindings(step, now),
    ...changeFindings(step),
  ];
}

function changeFindings({ urn, oldState, newState, detailedDiff }: ReadStep): readonly Finding[] {
  const changes = propertyChanges(
    Object.keys(detailedDiff ?? {}),
    { ...oldState.inputs, ...oldState.outputs },
    { ...newState?.inputs, ...newState?.outputs },
  );
  return changes.map(({ path, declared, found: value }) => {
    const found = `${path} is ${value}`;
    // Another value of the property ends an acceptance.
    const subject = `${shortName(urn)} ${path} ${contentHash(found)}`;
    return finding(changed, urn, subject, { found, declared, remedy: "pulumi up --refresh" });
  });
}

function spentFinding(urn: string, count: number): Finding {
  return finding(spentInitErrors, urn, shortName(urn), {
    found: `${counted(count, "error")} of its creation still in the state`,
    declared: "no error",
    remedy: "pulumi up",
  });
}

/** From the state itself: a refresh reads `readyForRenewal` anew, but the engine does not show it (3.259). */
function renewalFindings({ urn, oldState }: ReadStep, now: Date): readonly Finding[] {
  const { validityEndTime: end, earlyRenewalHours: early } = oldState.outputs;
  if (!oldState.type.startsWith("tls:") || typeof end !== "string") return [];
  const left = Date.parse(end) - now.getTime();
  if (left > (typeof early === "number" ? early : 0) * 3_600_000) return [];
  return [
    finding(left <= 0 ? certificateEnded : renewalDue, urn, shortName(urn), {
      found:
        left <= 0
          ? `it ended at ${timeInWords(end)}`
          : `it ends at ${timeInWords(end)}, and must be renewed ${counted(Number(early), "hour")} before`,
      declared: "a certificate that is valid",
      remedy: "add a generation to `certificate.generations`, then pulumi up",
    }),
  ];
}

function missingFinding(step: ReadStep, gone: readonly ReadStep[], graphUrl: string): Finding {
  const { urn, oldState } = step;
  const others = consequencesOf(step, gone).map((other) => shortName(other.urn));
  const isApplication = oldState.type === childTypes.application;
  const objectId = textOf(oldState.outputs, "objectId");
  const went = others.length === 0 ? "" : `. These disappeared with it: ${others.toSorted().join(", ")}`;
  return finding(isApplication ? applicationDeleted : missing, urn, shortName(urn), {
    found: `it does not exist${went}`,
    declared: `id ${oldState.id ?? "unknown"}`,
    remedy:
      isApplication && objectId !== undefined
        ? `az rest --method post --url ${shellArgument(`${graphUrl}/v1.0/directory/deletedItems/${objectId}/restore`, "URL")} && pulumi up --refresh (or, for a new one: pulumi state delete ${shellArgument(urn, "URN")} --target-dependents && pulumi up)`
        : "pulumi up --refresh",
  });
}

/** Microsoft Graph of the cloud that a resource's component is in. */
function graphUrlOf({ parent = "" }: StackResource, states: ReadonlyMap<string, StackResource>): string {
  const above = states.get(parent);
  if (above !== undefined && above.type !== componentType) return graphUrlOf(above, states);
  const { inputs, outputs } = above ?? { inputs: {}, outputs: {} };
  return clouds[cloudOf(inputs, textOf(outputs, "tenantDomain") ?? "")].graph;
}

function finding(
  rule: Rule,
  urn: string,
  subject: string,
  rest: Pick<Finding, "found" | "declared" | "remedy">,
): Finding {
  return { ...rule, subject, check: shortName(urn), ...rest };
}

/** What the refresh would delete from the state, and credentials whose application is not there any more. */
function missingSteps(steps: readonly ReadStep[], failures: readonly FailedRead[]): readonly ReadStep[] {
  const orphaned = new Set(
    failures.flatMap((failure) => (absentApplication(failure) === undefined ? [] : [failure.urn])),
  );
  return steps.filter(({ op, urn }) => op === "delete" || orphaned.has(urn));
}

/** Whether a step's resource needs one of these directly: of the missing, one that does went because that did. */
function dependsOn({ oldState }: ReadStep, urns: ReadonlySet<string | undefined>): boolean {
  return oldState.dependencies.some((urn) => urns.has(urn));
}

/** The missing that depend on a missing one, directly or through others. */
function consequencesOf({ urn }: ReadStep, gone: readonly ReadStep[]): readonly ReadStep[] {
  const dependent = gone.filter((step) => dependsOn(step, new Set([urn])));
  return [...new Set(dependent.flatMap((step) => [step, ...consequencesOf(step, gone)]))];
}

/** Names the component that a resource belongs to, or the stack. */
function componentNames(steps: readonly PlanStep[]): (urn: string) => string {
  const above = ancestorsOf(steps.map(({ urn, oldState }) => ({ urn, parent: oldState?.parent })));
  return (urn) => {
    const component = [urn, ...above(urn)].map(parseUrn).find(({ type }) => type === componentType);
    return component?.name ?? "other resources of the stack";
  };
}

function bySubject(one: Finding, other: Finding): number {
  return `${one.subject} ${one.id}` < `${other.subject} ${other.id}` ? -1 : 1;
}
