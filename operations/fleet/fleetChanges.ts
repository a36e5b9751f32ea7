import type { Finding } from "../findings/finding.ts";
import type { CheckedStack } from "../check/check.ts";
import type { FleetDocument } from "./fleetDocument.ts";
import { type FleetFinding, fleetTenant } from "./fleetTenant.ts";

/** A finding of a stack, as two reports compare it. */
export interface KnownFinding
  extends
    Pick<Finding, "id" | "title" | "severity" | "subject" | "check">,
    Pick<FleetFinding, "part" | "section"> {
  readonly stack: string;
}

/** What a fleet's folder remembers for the next report. */
export interface FleetHistory {
  /** The stacks of the report. */
  readonly stacks: readonly string[];
  /** What was found, or was found before and could not be looked at since. */
  readonly open: readonly KnownFinding[];
  /** What is gone, so that it can be told if it comes back. */
  readonly resolved: readonly KnownFinding[];
}

/** How a report differs from the one before. */
export interface FleetChanges {
  readonly appeared: readonly KnownFinding[];
  readonly cameBack: readonly KnownFinding[];
  readonly resolved: readonly KnownFinding[];
  /** What was found before in a stack that nobody checks any more. Told once. */
  readonly gone: readonly KnownFinding[];
  /** What was found before and could not be looked at this time. */
  readonly unknown: readonly KnownFinding[];
  /** Stacks of the earlier report that this one lacks, unless they are known to be removed. */
  readonly missing: readonly string[];
  /** Stacks of the earlier report that are no longer to be checked, as those that the project does not have any more. */
  readonly removed: readonly string[];
}

/** The findings of a run, for the first report that compares with it. */
export function historyOf(documents: readonly FleetDocument[]): FleetHistory {
  return { stacks: documents.map(({ stack }) => stack), open: documents.flatMap(findingsOf), resolved: [] };
}

/**
 * Compares a run with what was known before it. Something is resolved only where it was looked at again: a stack that could
 * not be read keeps its findings. One that is not to be checked any more, or that the second report in a row lacks, loses
 * them.
 *
 * @param isWanted whether a stack is still to be checked; without it, nobody knows
 * @returns the differences, and what the next report compares with
 */
export function compareFleet(
  documents: readonly FleetDocument[],
  before: FleetHistory,
  isWanted: (stack: string) => boolean = () => true,
): { readonly changes: FleetChanges; readonly history: FleetHistory } {
  const found = documents.flatMap(findingsOf);
  const byStack = new Map(documents.map((document) => [document.stack, document]));
  const isFound = memberOf(found);
  const wasOpen = memberOf(before.open);
  const wasResolved = memberOf(before.resolved);
  const unseen = before.open.filter((finding) => !isFound(finding));
  // The report before has told that it lacks it.
  const isRemoved = (stack: string): boolean =>
    !byStack.has(stack) && !(isWanted(stack) && before.stacks.includes(stack));
  const isResolved = (finding: KnownFinding): boolean => wasLookedAt(byStack.get(finding.stack), finding);
  const resolved = unseen.filter(isResolved);
  const gone = unseen.filter(({ stack }) => isRemoved(stack));
  const unknown = unseen.filter((finding) => !isResolved(finding) && !isRemoved(finding.stack));
  const absent = before.stacks.filter((stack) => !byStack.has(stack));
  const added = found.filter((finding) => !wasOpen(finding));
  return {
    changes: {
      appeared: added.filter((finding) => !wasResolved(finding)),
      cameBack: added.filter(wasResolved),
      resolved,
      gone,
      unknown,
      missing: absent.filter((stack) => !isRemoved(stack)),
      removed: absent.filter(isRemoved),
    },
    history: {
      stacks: [...byStack.keys()],
      open: [...found, ...unknown],
      resolved: [...before.resolved.filter((finding) => !isFound(finding)), ...resolved],
    },
  };
}

function findingsOf(document: FleetDocument): readonly KnownFinding[] {
  // Only days and states are counted from a time, and neither is compared.
  return fleetTenant(document, new Date(document.began)).findings.map(
    ({ id, title, severity, subject, check, part, section }) => ({
      stack: document.stack,
      part,
      section,
      id,
      title,
      severity,
      subject,
      check,
    }),
  );
}

function memberOf(findings: readonly KnownFinding[]): (finding: KnownFinding) => boolean {
  const keys = new Set(findings.map(keyOf));
  return (finding) => keys.has(keyOf(finding));
}

function keyOf({ stack, part, section, id, subject }: KnownFinding): string {
  return JSON.stringify([stack, part, section, id, subject]);
}

/** Whether a run looked for what was found before, so that nothing found means that it is gone. */
function wasLookedAt(document: FleetDocument | undefined, finding: KnownFinding): boolean {
  if (document === undefined) return false;
  const { result, failure } = document;
  // An empty stack has nothing that could be found.
  if (result === undefined) return failure?.code === "EXO_AUTH_NO_COMPONENT";
  return finding.part === "status" ? wasAsked(result, finding) : wasRead(result[finding.part], finding);
}

function wasAsked({ components }: CheckedStack, { section }: KnownFinding): boolean {
  if (components === undefined) return false;
  const component = components.find((one) => one.component === section);
  return component === undefined || !("notRead" in component.tenant);
}

function wasRead(sections: CheckedStack["audit"], { section, check }: KnownFinding): boolean {
  if (sections === undefined) return false;
  // Where nothing of a part could be looked at, its one section says so, under another name.
  return !sections.some(({ name, unread }) =>
    unread.some((one) => one.code !== undefined || (name === section && one.check === check)),
  );
}
