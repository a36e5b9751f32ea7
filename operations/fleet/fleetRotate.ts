import type { ErrorCode } from "../../common/failure.ts";
import { readConfiguration } from "../../stack/configuration.ts";
import { reasonOf } from "../failureOf.ts";
import { rotate, type RotateOptions, type RotateResult } from "../rotation/rotate.ts";
import { identityOfStack } from "./identityOfStack.ts";

/** What `fleet rotate` is asked to do: for each of some stacks what `rotate` does. */
export interface FleetRotateOptions extends Omit<RotateOptions, "stack" | "component" | "now" | "tenant"> {
  readonly stacks: readonly string[];
}

/** What became of one stack. */
export interface RotatedStack {
  readonly stack: string;
  /** Absent where no step could be taken. */
  readonly result?: RotateResult;
  /** Why not. */
  readonly failure?: { readonly code: ErrorCode; readonly message: string };
}

/**
 * Takes the next step of each stack's rotation, one stack after the other. One that fails never stops the others.
 *
 * @throws the signal's reason
 */
export async function fleetRotate(options: FleetRotateOptions): Promise<readonly RotatedStack[]> {
  const { stacks, progress, signal } = options;
  const rotated: RotatedStack[] = [];
  for (const [index, stack] of stacks.entries()) {
    signal.throwIfAborted();
    const about = (text: string): void => progress(`${index + 1} of ${stacks.length}, ${stack}: ${text}`);
    // oxlint-disable-next-line no-await-in-loop -- one update at a time, so that no two change one settings file.
    rotated.push({ stack, ...(await rotateStack(stack, { ...options, progress: about })) });
  }
  return rotated;
}

async function rotateStack(stack: string, options: FleetRotateOptions): Promise<Omit<RotatedStack, "stack">> {
  try {
    const pulumi = { stack, cwd: options.cwd, env: options.env, signal: options.signal };
    const { env } = identityOfStack(await readConfiguration(pulumi), options.env, "deployer");
    return { result: await rotate({ ...options, stack, env }) };
  } catch (error) {
    options.signal.throwIfAborted();
    const { code, reason: message } = await reasonOf(error, options);
    return { failure: { code, message } };
  }
}
