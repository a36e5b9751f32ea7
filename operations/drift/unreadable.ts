import { errorTexts, says, without } from "../../common/errorTexts.ts";
import type { Unread } from "../findings/finding.ts";
import { errorsOf, type Plan } from "../../stack/plan.ts";
import { shortName } from "../../stack/urn.ts";

/** A resource that could not be read, by its URN; without one, something that stood in the way of all. */
export interface FailedRead {
  readonly urn: string | undefined;
  /** The plugin's words. */
  readonly reason: string;
}

/** Every read that failed, and one entry for those that the engine did not try any more. */
export function failedReads(plan: Plan): readonly FailedRead[] {
  const { steps, changeSummary } = plan;
  const errors = errorsOf(plan);
  // A plugin says what failed, and the engine repeats it.
  const ofResources = steps.flatMap(({ urn }) => {
    const reasons = new Set(
      errors.filter((one) => one.urn === urn).map(({ message }) => plainReason(message)),
    );
    return reasons.size === 0 ? [] : [{ urn, reason: [...reasons].join("; ") }];
  });
  const others = errors
    .filter(({ urn, message }) => !steps.some((step) => step.urn === urn) && !says(message, "previewFailed"))
    .map(({ message }) => ({ urn: undefined, reason: plainReason(message) }));
  const counted = Object.values(changeSummary).reduce((sum, count) => sum + count, 0);
  const silent = steps.length - counted - ofResources.length;
  const untried = silent > 0 && errors.length > 0;
  return [
    ...ofResources,
    ...others,
    ...(untried ? [{ urn: undefined, reason: `${silent} more were not tried after that.` }] : []),
  ];
}

/** A failed read as people are told of it. */
export function unread({ urn, reason }: FailedRead): Unread {
  const denied = says(reason, "status403", "requestDenied", "insufficientPrivileges", "entraRefused");
  return { check: urn === undefined ? "the stack" : shortName(urn), reason, denied };
}

/** The object ID in azuread's words for a credential whose application does not exist; undefined for other failures. */
export function absentApplication({ reason }: FailedRead): string | undefined {
  return errorTexts.applicationUnreadable.pattern.exec(reason)?.[1];
}

/** Without what the engine and the plugins put around it. */
function plainReason(message: string): string {
  return without(message, "errorPrefix", "previewPrefix", "readPrefix", "errorCount")
    .replaceAll(/\s+/g, " ")
    .trim();
}
