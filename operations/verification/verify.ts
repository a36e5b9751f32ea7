import { setTimeout } from "node:timers/promises";
import { lookAgain } from "../../common/lookAgain.ts";
import { resolveEndpoints } from "../../graph/endpoints.ts";
import type { Attempt } from "./trySignIn.ts";
import { trySignIn } from "./trySignIn.ts";
import { certificateProblem } from "./certificateProblem.ts";
import type { Problem, SignInTarget } from "./problem.ts";
import { timedRoleProblem } from "./timedRoleProblem.ts";
import { settledProblem } from "./settledProblem.ts";
import type { VerificationTarget } from "./verificationTarget.ts";

/** What `verify` is asked to do. */
export interface VerifyOptions {
  readonly targets: readonly VerificationTarget[];
  /** Names of the components whose key is elsewhere, so that they cannot be tried here. @default none */
  readonly keyElsewhere?: readonly string[];
  /** Names of the components that only jobs with a federated token sign in to. @default none */
  readonly withoutCertificate?: readonly string[];
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
  /** Names of the components that were not tried, because only jobs with a federated token sign in to them; absent where there is none. */
  readonly withoutCertificate?: readonly string[];
}

/** One sign-in that was tried. */
export interface Verification extends Omit<Attempt, "problem">, SignInTarget {
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
  const { withoutCertificate = [] } = options;
  for (const target of options.targets) verifications.push(await verifyOne(target, options));
  return {
    ok: verifications.every(({ problem }) => problem === undefined),
    verifications,
    keyElsewhere: options.keyElsewhere ?? [],
    ...(withoutCertificate.length === 0 ? {} : { withoutCertificate }),
  };
}

async function verifyOne(
  target: VerificationTarget,
  { waitMs, env, signal, progress, now = () => new Date(), pause = sleep }: VerifyOptions,
): Promise<Verification> {
  const { component, signIn, identity, certificate, deployedAt, securityAndCompliance, ownRoles } = target;
  const about = {
    ...(component === undefined ? {} : { component }),
    ...signIn,
    ...(certificate ? { notAfter: certificate.notAfter } : {}),
  };
  const unusable = certificate && certificateProblem(certificate, now());
  // One that begins within the wait is tried: Entra's clock decides, not this machine's.
  const beginsSoon =
    unusable?.passing === true && Date.parse(certificate?.notBefore ?? "") - now().getTime() <= waitMs;
  if (unusable && !beginsSoon)
    return { ...about, attempts: 0, permissions: [], roles: [], problem: shown(unusable) };
  const endpoints = await resolveEndpoints(signIn.cloud, env);
  const { problem, ...found } = await lookAgain({
    look: async (attempts) => {
      progress(`Signing in to ${signIn.tenantDomain} …`);
      const { problem: met, ...rest } = await trySignIn({
        identity,
        signIn,
        endpoints,
        signal,
        securityAndCompliance,
        ownRoles,
      });
      const explained =
        met && timedRoleProblem(settledProblem(met, deployedAt, now()), target.timedRoles ?? [], now());
      return { attempts, ...rest, ...(explained ? { problem: explained } : {}) };
    },
    remaining: (seen, waited) => (seen.problem?.passing ? waitMs - waited : 0),
    waiting: (left, seen) =>
      progress(`${seen.problem?.message} Trying again for ${Math.ceil(left / 1000)} s more …`),
    pause: async (milliseconds) => pause(milliseconds, signal),
  });
  return { ...about, ...found, ...(problem ? { problem: shown(problem) } : {}) };
}

async function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  await setTimeout(milliseconds, undefined, { signal });
}

function shown({ cause, message, remedy }: Problem): Omit<Problem, "passing"> {
  return { cause, message, remedy };
}
