import { AsyncLocalStorage } from "node:async_hooks";
import { setTimeout } from "node:timers/promises";

import * as pulumi from "@pulumi/pulumi";

import { answerTo } from "./retryAnswer.ts";

type Monitor = NonNullable<ReturnType<typeof pulumi.runtime.getMonitor>>;

/** One hook serves every resource of a program; programs of the Automation API share a process, each with its own monitor. */
const hooks = new WeakMap<Monitor, pulumi.ErrorHook>();

/** In a plugin each component has a monitor of its own, and one engine behind them, which takes a name once. */
let monitors = 0;

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
    // The engine calls the hook from outside. In a plugin, the SDK finds the engine to write to only within the call
    // that declared the component.
    const within = AsyncLocalStorage.snapshot();
    monitors += 1;
    const name = monitors === 1 ? "exchange-auth:retry" : `exchange-auth:retry-${monitors}`;
    hook = new pulumi.ErrorHook(name, (failure) => within(retry, failure));
    hooks.set(monitor, hook);
  }
  return { onError: [hook] };
}

async function retry(failure: pulumi.ErrorHookArgs): Promise<boolean> {
  const { pause, messages } = answerTo(failure, Math.random());
  const resource = new pulumi.DependencyResource(failure.urn);
  for (const { severity, text, isPassing } of messages)
    // oxlint-disable-next-line no-await-in-loop -- the messages are shown in their order.
    await pulumi.log[severity](text, resource, undefined, isPassing);
  if (pause === undefined) return false;
  await setTimeout(pause);
  return true;
}
