import * as v from "valibot";
import { childTypes, componentType } from "../../common/typeTokens.ts";
import type { Cloud } from "../../microsoft/clouds.ts";
import { cloudOf } from "../../stack/components.ts";
import type { PlanStep } from "../../stack/plan.ts";
import { parseUrn } from "../../stack/urn.ts";
import type { TenantStatus } from "../status.ts";
import { applicationProblem, type KnownApplication } from "../tenant/applicationState.ts";

/** An application with the tenant that it is in. */
interface PlacedApplication extends KnownApplication {
  readonly tenantId: string;
  readonly servicePrincipalObjectId: string;
  readonly cloud: Cloud;
}

/** Asks a tenant for an application. */
export type AskTenant = (application: PlacedApplication) => Promise<TenantStatus>;

/**
 * Names the applications that are blocked, by component: azuread does not know `isDisabled`, so no refresh shows it. So is
 * an existing application whose service principal is disabled, which no stack manages. A tenant that cannot be asked is
 * named, too.
 */
export async function blockNotes(
  steps: readonly PlanStep[],
  askTenant: AskTenant,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const applications = steps.flatMap((step) => applicationOf(step, steps));
  const notes = applications.map(async (application) => {
    const status = await askTenant(application);
    return [application.name, notesOf(status, application)] as const;
  });
  return new Map(await Promise.all(notes));
}

function notesOf(status: TenantStatus, application: PlacedApplication): readonly string[] {
  if ("notRead" in status) return [`Whether the application is blocked was not read: ${status.notRead}`];
  const disabled = status.servicePrincipalDisabled === true && !application.isOwn ? [disabledNote] : [];
  if (status.application !== "blocked") return disabled;
  const { message, remedy } = applicationProblem("blocked", application);
  return [`${message} ${remedy}`, ...disabled];
}

/** Of an application that the stack created, the same is drift. */
const disabledNote =
  "The service principal is disabled: `accountEnabled` is false, so nobody gets a token. Find out who disabled it, and why.";

const Placed = v.object({
  appId: v.string(),
  tenantId: v.string(),
  tenantDomain: v.string(),
  applicationObjectId: v.string(),
  servicePrincipalObjectId: v.string(),
});

function applicationOf(
  { urn, oldState }: PlanStep,
  steps: readonly PlanStep[],
): readonly PlacedApplication[] {
  if (oldState?.type !== componentType || !v.is(Placed, oldState.outputs)) return [];
  const { outputs } = oldState;
  const isOwn = steps.some(
    (step) => step.oldState?.type === childTypes.application && step.oldState.parent === urn,
  );
  const cloud = cloudOf(oldState.inputs, outputs.tenantDomain);
  return [{ name: parseUrn(urn).name, ...v.parse(Placed, outputs), isOwn, cloud }];
}
