import { lookAgain } from "../../common/lookAgain.ts";
import { ApiError } from "../../graph/apiError.ts";
import type { GrantWaiting } from "../grant/serviceGrant.ts";
import { lookAtTimedRoles, type TimedRoleTarget } from "./lookAtTimedRoles.ts";
import { justificationOf } from "./observedTimedRoles.ts";
import type { TimedRolePlan, TimedRoleStep } from "./planTimedRoles.ts";
import { timedRoleFailure } from "./timedRoleFailure.ts";

/** What became of the steps. */
export interface AppliedTimedRoles {
  readonly steps: readonly TimedRoleStep[];
  /** What the tenant does not show yet, although it took the changes. */
  readonly pending: readonly TimedRoleStep[];
  readonly notes: readonly string[];
}

/**
 * Makes the changes one by one, and looks whether the tenant shows them. A change whose answer was lost is not made twice:
 * if Graph refuses it, what is there is read anew. A service principal that is new may not be known everywhere.
 *
 * @throws Failure; ApiError, SignInError
 */
export async function applyTimedRoles(
  target: TimedRoleTarget,
  waiting: GrantWaiting,
): Promise<AppliedTimedRoles> {
  const { waitMs, pause, progress } = waiting;
  const made: TimedRoleStep[] = [];
  try {
    let { steps } = await lookAtTimedRoles(target);
    for (let step = steps[0]; step !== undefined; step = steps[0]) {
      progress(`Entra: ${step.title} …`);
      // oxlint-disable-next-line no-await-in-loop -- each step stands on those before it.
      if (await isMade(target, step, waiting)) {
        made.push(step);
        steps = steps.slice(1);
      } else {
        // oxlint-disable-next-line no-await-in-loop
        ({ steps } = await lookAtTimedRoles(target));
      }
    }
    const { steps: pending, notes } = await lookAgain({
      look: () => lookAtTimedRoles(target),
      remaining: (plan, waited) => (made.length > 0 && plan.steps.length > 0 ? waitMs - waited : 0),
      waiting: (left) =>
        progress(`Entra does not show the changes yet. Looking again for ${Math.ceil(left / 1000)} s …`),
      pause,
    });
    return { steps: made, pending, notes };
  } catch (error) {
    throw timedRoleFailure(error, target.subject, made.length);
  }
}

/** Whether Graph took the step; false where it was made already. @throws ApiError, SignInError */
async function isMade(
  target: TimedRoleTarget,
  step: TimedRoleStep,
  { waitMs, pause, progress }: GrantWaiting,
): Promise<boolean> {
  const { title: _title, ...change } = step;
  const { subject } = target;
  let refused: ApiError | undefined;
  const attempt = async (): Promise<boolean> => {
    refused = undefined;
    try {
      await target.change({
        ...change,
        principalId: subject.servicePrincipalObjectId,
        justification: justificationOf(subject),
      });
      return true;
    } catch (error) {
      const status = error instanceof ApiError ? error.failure.status : undefined;
      if (!(error instanceof ApiError) || (status !== 400 && status !== 404 && status !== 409)) throw error;
      refused = error;
      return false;
    }
  };
  const isTaken = await lookAgain({
    look: attempt,
    remaining: (_taken, waited) => (refused?.failure.status === 404 ? waitMs - waited : 0),
    waiting: (left) =>
      progress(`Entra does not know the application yet. Trying again for ${Math.ceil(left / 1000)} s …`),
    pause,
  });
  if (isTaken || refused === undefined) return isTaken;
  if (stillPlanned(await lookAtTimedRoles(target), step)) throw refused;
  return false;
}

/** Times come from the clock, so only what is asked for is compared. */
function stillPlanned({ steps }: TimedRolePlan, { action, roleDefinitionId }: TimedRoleStep): boolean {
  return steps.some((one) => one.action === action && one.roleDefinitionId === roleDefinitionId);
}
