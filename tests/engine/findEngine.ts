import { findPulumi } from "../../sandbox/toolchain/findPulumi.ts";

/** Finds, downloads or builds Pulumi's CLI before the first test, so that none waits minutes for it. */
export default async function findEngine(): Promise<void> {
  await findPulumi();
}
