import { setTimeout } from "node:timers/promises";
import { resolveEndpoints } from "../../graph/endpoints.ts";
import type { Attempt } from "./trySignIn.ts";
import { trySignIn } from "./trySignIn.ts";
import { certificateProblem } from "./certificateProblem.ts";
import type { Problem, Subject } from "./problem.ts";
import type { VerificationTarget } from "./target.ts";

/** What `verify` is asked to do. */
export interface VerifyOptions {
  readonly targets: readonly VerificationTarget[];
  /** Names of the components whose key is elsewhere, so that they cannot be tried here. @default none */
  readonly keyElsewhere?: readonly string[];
  /** How long to try again while something that passes by itself is in the way, in milliseconds. */
  readonly waitMs: number;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  readonly progress: (text: string) => void;
  readonly now?: () => Date;
  /** @default a pause on the clock */
  readonly pause?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/** What `verify` found. */
export interface VerifyResult {
  readonly ok: boolean;
  readonly verifications: readonly Verification[];
  /** Names of the components that were not tried, because their key is elsewhere. */
  readonly keyElsewhere: readonly string[];
}

/** One sign-in that was tried. */
export interface Verification extends Omit<Attempt, "problem">, Subject {
  /** The component's name in its stack; absent for a certificate from elsewhere. */
  readonly component?: string;
  readonly notAfter?: string;
  /** How often the sign-in was tried. */
  readonly attempts: number;
  readonly problem?: Omit<Problem, "passing">;
}

/** Signs in with each certificate as a script would, and runs a cmdlet. */
export async function verify(options: VerifyOptions): Promise<VerifyResult> {
  const verifications: Verification[] = [];
  for (const target of options.targets) verifications.push(await verifyOne(target, options));
  return {
    ok: verifications.every(({ problem }) => problem === undefined),
    verifications,
    keyElsewhere: options.keyElsewhere ?? [],
  };
}

async function verifyOne(
  { component, subject, identity, certificate, securityAndCompliance }: VerificationTarget,
  { waitMs, env, signal, progress, now = () => new Date(), pause = sleep }: VerifyOptions,
): Promise<Verification> {
  const about = {
    ...(component === undefined ? {} : { component }),
    ...subject,
    ...(certificate ? { notAfter: certificate.notAfter } : {}),
  };
  const unusable = certificate && certificateProblem(certificate, now());
  if (unusable) return { ...about, attempts: 0, permissions: [], roles: [], problem: shown(unusable) };
  const endpoints = await resolveEndpoints(subject.cloud, env);
  let waited = 0;
  for (let attempts = 1; ; attempts++) {
    progress(`Signing in to ${subject.tenantDomain} …`);
    const { problem, ...found } = await trySignIn({
      identity,
      subject,
      endpoints,
      signal,
      securityAndCompliance,
    });
    if (problem === undefined) return { ...about, attempts, ...found };
    if (!problem.passing || waited >= waitMs)
      return { ...about, attempts, ...found, problem: shown(problem) };
    const next = Math.min(pauseMs(attempts), waitMs - waited);
    progress(`${problem.message} Trying again, for ${Math.ceil((waitMs - waited) / 1000)} s more …`);
    await pause(next, signal);
    waited += next;
  }
}

/** Short at first, since most waits are: 2, 4, 8, 15, 15 … seconds. */
function pauseMs(attempts: number): number {
  return Math.min(15_000, 1000 * 2 ** attempts);
}

async function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  await setTimeout(milliseconds, undefined, { signal });
}

function shown({ cause, message, remedy }: Problem): Omit<Problem, "passing"> {
  return { cause, message, remedy };
}
