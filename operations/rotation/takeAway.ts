import { ApiError } from "../../graph/apiError.ts";
import { Failure } from "../../common/failure.ts";
import type { Generation, StackComponent } from "../../stack/components.ts";
import type { StolenGeneration } from "./stolenKey.ts";
import { withGenerations, writeSettingsFile } from "../../stack/settingsFile.ts";
import type { TenantAccess } from "../tenant/tenantAccess.ts";
import { applyGenerations, type ConfiguredSubject } from "./applyGenerations.ts";
import { changeByHand } from "./byHand.ts";
import { type CopiesRemoval, removeCopies } from "./certificateCopies.ts";
import type { RevocationPlan } from "./planRevocation.ts";
import type { ProofOptions } from "./prove.ts";
import { readSubject, type SubjectOptions } from "./subject.ts";

/** A revocation under way. */
export interface RevocationRun extends ProofOptions, SubjectOptions {
  readonly subject: ConfiguredSubject;
  readonly stolen: StolenGeneration;
  readonly plan: RevocationPlan;
  readonly tenant: TenantAccess;
  readonly pause: (milliseconds: number) => Promise<void>;
}

/** Makes the generation that takes the stolen one's place, where it is not up yet. @throws Failure */
export async function bringUp(name: string, run: RevocationRun): Promise<StackComponent> {
  const { facts, component } = run.subject;
  if (facts.deployed.some((one) => one.name === name)) return component;
  return apply(run.plan.first, `Generation "${run.stolen.generation}" is still on the application.`, run);
}

/**
 * Takes the stolen certificate out of the tenant, then out of the state. The settings go first, so that no update brings
 * it back whatever is killed; the tenant's own list follows, so that nothing depends on what Pulumi does.
 *
 * @throws Failure, ApiError, SignInError
 */
export async function takeAway(
  run: RevocationRun,
): Promise<CopiesRemoval & { readonly updated: StackComponent }> {
  const { stolen, subject, plan, tenant, progress } = run;
  const { component } = subject;
  const { configuration } = await current(run);
  const { file, key } = configuration;
  await writeSettingsFile(file, withGenerations(file.text, key, plan.final));
  progress(`Removing certificate ${stolen.thumbprint} …`);
  const removal = await removeCopies(tenant.application, component, stolen).catch((error: unknown) => {
    throw notRemoved(stolen, error);
  });
  const consequence = `Certificate ${stolen.thumbprint}, generation "${stolen.generation}", was removed from the application, but the stack is not up to date.`;
  return { ...removal, updated: await apply(plan.final, consequence, run) };
}

function notRemoved({ generation }: Generation, error: unknown): unknown {
  if (!(error instanceof ApiError)) return error;
  return new Failure(
    "EXO_AUTH_SERVICE",
    `${error.message}\nGeneration "${generation}" can still be on the application. The settings no longer list it, so \`pulumi up\` removes the stack's own credential, but no copy under another key ID. Correct the problem, and run this again.`,
    { cause: error },
  );
}

/** Goes on from what an earlier step left behind. */
async function apply(
  generations: readonly string[],
  consequence: string,
  run: RevocationRun,
): Promise<StackComponent> {
  const updated = await applyGenerations(await current(run), generations, { ...run, consequence });
  if (updated) return updated;
  const change = changeByHand(run.subject, generations);
  throw new Failure("EXO_AUTH_USAGE", `${consequence} ${change}`);
}

async function current(run: RevocationRun): Promise<ConfiguredSubject> {
  const reread = await readSubject(run);
  return { ...reread, configuration: reread.configuration ?? run.subject.configuration };
}
