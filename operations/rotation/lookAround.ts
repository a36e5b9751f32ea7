import { ApiError } from "../../graph/apiError.ts";
import { SignInError } from "../../graph/signInError.ts";
import { readState } from "../../stack/exportedState.ts";
import { publicStateOf } from "../../stack/components.ts";
import { selectComponent } from "../../stack/selectComponents.ts";
import { audit } from "../audit/audit.ts";
import { auditSubjects, auditTargets } from "../audit/targets.ts";
import type { Baseline } from "../findings/baseline.ts";
import type { Finding, Unread } from "../findings/finding.ts";
import type { RevocationRun } from "./takeAway.ts";

/** How long what the revocation took away may still be listed, in milliseconds, at most. */
const settlingMs = 60_000;

/** What grants access, and is neither declared nor accepted. What went before does not fail because it cannot be looked at. */
export async function lookAround(
  component: string,
  run: RevocationRun,
  baseline: Baseline,
): Promise<{ readonly left: readonly Finding[]; readonly notLookedAt: readonly Unread[] }> {
  run.progress("Looking for other access …");
  try {
    const { state, subjects } = await readState(run, (exported) => {
      const found = publicStateOf(exported);
      return { state: found, subjects: auditSubjects(exported, [selectComponent(found, component)]) };
    });
    const { sections } = await audit({
      ...run,
      state,
      targets: await auditTargets(subjects, { ...run, readAnew: (read) => readState(run, read) }),
      baseline,
      fix: false,
      waitMs: Math.min(run.waitMs, settlingMs),
    });
    return {
      left: sections.flatMap(({ findings }) => findings),
      notLookedAt: sections.flatMap(({ unread }) => unread),
    };
  } catch (error) {
    if (!(error instanceof ApiError || error instanceof SignInError)) throw error;
    const unread = { check: "everything that grants access", reason: error.message, denied: false };
    return { left: [], notLookedAt: [unread] };
  }
}
