import { setTimeout } from "node:timers/promises";

import * as pulumi from "@pulumi/pulumi";

import { pauseBeforeRetry } from "./replication.ts";

type Monitor = NonNullable<ReturnType<typeof pulumi.runtime.getMonitor>>;

/** One hook serves every resource of a program; programs of the Automation API share a process, each with its own monitor. */
const hooks = new WeakMap<Monitor, pulumi.ErrorHook>();

/**
 * Hooks that make the engine try a resource again while Entra's replicas catch up.
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

async function retry({ failedOperation, errors, name }: pulumi.ErrorHookArgs): Promise<boolean> {
  const pause = pauseBeforeRetry(failedOperation, errors, Math.random());
  if (pause === undefined) return false;
  await pulumi.log.info(
    `Entra has not replicated what ${name} needs yet; trying again in ${(pause / 1000).toFixed(1)} s`,
    undefined,
    undefined,
    true,
  );
  await setTimeout(pause);
  return true;
}
