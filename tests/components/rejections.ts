import * as pulumi from "@pulumi/pulumi";

/**
 * Runs a mocked program to its end and gives the texts of the errors that it ends with, as Pulumi's runner would print
 * them: each error once, in its message.
 */
export async function rejectionsOf(program: () => unknown): Promise<readonly string[]> {
  const errors = new Set<unknown>();
  const listeners = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  process.on("unhandledRejection", (error) => errors.add(error));
  try {
    await program();
    await pulumi.runtime.disconnect().catch((error: unknown) => errors.add(error));
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
  } finally {
    process.removeAllListeners("unhandledRejection");
    for (const listener of listeners) process.on("unhandledRejection", listener);
  }
  return [...new Set([...errors].map((error) => (error instanceof Error ? error.message : String(error))))];
}
