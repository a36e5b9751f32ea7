import { setTimeout } from "node:timers/promises";

import * as pulumi from "@pulumi/pulumi";

import { childTypes } from "../common/typeTokens.ts";
import { explainFailure } from "./failureExplanation.ts";
import { pauseBeforeRetry, stageOf } from "./replication.ts";

type Monitor = NonNullable<ReturnType<typeof pulumi.runtime.getMonitor>>;

/** One hook serves every resource of a program; programs of the Automation API share a process, each with its own monitor. */
const hooks = new WeakMap<Monitor, pulumi.ErrorHook>();

/**
 * Hooks that make the engine try a resource again while Entra's replicas catch up, and that say what other failures mean.
 *
 * @returns undefined under mocks, whose monitor takes no hooks.
 */
export function retryHooks(): pulumi.ResourceHookBinding | undefined {
  const monitor = pulumi.runtime.getMonitor();
  if (monitor === undefined || !("registerErrorHook" in monitor)) return undefined;
  let hook = hooks.get(monitor);
  if (hook === undefined) {
    hook = new pulumi.ErrorHook("exchange-auth:retry", retry);
    hooks.set(monitor, hook);
  }
  return { onError: [hook] };
}

async function retry(failure: pulumi.ErrorHookArgs): Promise<boolean> {
  const { name, urn } = failure;
  const resource = new pulumi.DependencyResource(urn);
  const pause = pauseBeforeRetry(failure, Math.random());
  if (pause === undefined) {
    const explanation = explainFailure(failure);
    if (explanation !== undefined) await pulumi.log.error(`${name}: ${explanation}`, resource);
    return false;
  }
  const seconds = (pause / 1000).toFixed(1);
  await pulumi.log.info(
    `Entra did not accept ${name} yet. Trying again in ${seconds} s`,
    resource,
    undefined,
    true,
  );
  if (isFirstAdoption(failure)) {
    await pulumi.log.warn(
      `${name}: the service principal was created, but not finished, and is adopted now. The deploying identity still owns it, and can add credentials to it. To end that, run \`pulumi up --refresh\` next.`,
      resource,
    );
  }
  await setTimeout(pause);
  return true;
}

/** azuread takes the deploying identity off the owners at the end of a create that nothing disturbed, and not when it adopts. */
function isFirstAdoption({
  failedOperation,
  type,
  errors: [newest = "", ...older],
}: pulumi.ErrorHookArgs): boolean {
  return (
    failedOperation === "create" &&
    type === childTypes.servicePrincipal &&
    isMade(newest) &&
    !older.some(isMade)
  );
}

function isMade(error: string): boolean {
  return stageOf(error) !== "refused";
}
