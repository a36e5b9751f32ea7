import { SandboxError } from "../../../sandbox/sandboxError.ts";

/** Why a program that Go builds is not to be had here, as what a skipped test says; undefined where it is. */
export async function whyMissing(find: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await find();
    return undefined;
  } catch (error) {
    if (error instanceof SandboxError) return error.message;
    throw error;
  }
}
