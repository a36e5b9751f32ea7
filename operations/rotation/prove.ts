import { verify, type Verification } from "../verification/verify.ts";
import type { StackComponent } from "../../stack/components.ts";
import { componentTarget } from "../verification/target.ts";

/** How a sign-in is proved. */
export interface ProofOptions {
  /** How long to try again while something that passes by itself is in the way, in milliseconds. */
  readonly waitMs: number;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  readonly progress: (text: string) => void;
  readonly now: () => Date;
}

/** Signs in with a generation as a script would, and runs a cmdlet. @throws Failure where its private key is elsewhere */
export async function proveGeneration(
  component: StackComponent,
  name: string,
  options: ProofOptions,
): Promise<Verification> {
  const generation = component.generations.find((one) => one.generation === name);
  const { verifications } = await verify({ targets: [componentTarget(component, generation)], ...options });
  const [verification] = verifications;
  if (!verification) throw new Error(`Nothing was verified for generation "${name}".`);
  return verification;
}
