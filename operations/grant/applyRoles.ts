import { lookAgain } from "../../common/lookAgain.ts";
import { ApiError } from "../../graph/apiError.ts";
import { serviceNames } from "./declaredRoles.ts";
import { lookAtRoles, type RoleTarget } from "./lookAtRoles.ts";
import type { RoleStep } from "./roleSteps.ts";
import { roleFailure } from "./roleFailure.ts";
import type { GrantWaiting, ServiceGrant } from "./serviceGrant.ts";

/**
 * Makes the changes one by one, and looks whether Exchange shows them. A change whose answer was lost is not made twice:
 * where Exchange refuses it, what is there is read anew.
 *
 * @throws Failure
 */
export async function applyRoles(
  target: RoleTarget,
  { waitMs, pause, progress }: GrantWaiting,
): Promise<Pick<ServiceGrant, "steps" | "pending" | "notes">> {
  const where = serviceNames[target.service];
  const made: RoleStep[] = [];
  try {
    let { steps } = await lookAtRoles(target);
    for (let step = steps[0]; step !== undefined; step = steps[0]) {
      progress(`${where}: ${step.title} …`);
      // oxlint-disable-next-line no-await-in-loop -- each step stands on those before it.
      if (await isMade(target, step)) {
        made.push(step);
        steps = steps.slice(1);
      } else {
        // oxlint-disable-next-line no-await-in-loop
        ({ steps } = await lookAtRoles(target));
      }
    }
    const { steps: pending, notes } = await lookAgain({
      look: () => lookAtRoles(target),
      remaining: (plan, waited) => (made.length > 0 && plan.steps.length > 0 ? waitMs - waited : 0),
      waiting: (left) =>
        progress(`${where} does not show the changes yet. Looking again for ${Math.ceil(left / 1000)} s …`),
      pause,
    });
    return { steps: made, pending, notes };
  } catch (error) {
    throw roleFailure(error, target.service, target.subject, made.length);
  }
}

/** Whether Exchange took the step; false where it was made already. @throws ApiError, SignInError, Failure */
async function isMade(target: RoleTarget, step: RoleStep): Promise<boolean> {
  try {
    await target.run(step);
    return true;
  } catch (error) {
    const status = error instanceof ApiError ? error.failure.status : undefined;
    if (status !== 400 && status !== 404 && status !== 409) throw error;
    const { steps } = await lookAtRoles(target);
    if (steps.some((one) => isSame(one, step))) throw error;
    return false;
  }
}

function isSame(one: RoleStep, other: RoleStep): boolean {
  return one.cmdlet === other.cmdlet && JSON.stringify(one.parameters) === JSON.stringify(other.parameters);
}
