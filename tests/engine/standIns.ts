import { relative } from "node:path";

import { expect } from "vitest";

import type { SandboxOptions } from "../../sandbox/createSandbox.ts";
import { repository } from "../../sandbox/workspace/sandboxFolder.ts";
import { standInsNote } from "../skippedReporter.ts";

/** For tests that move the clock, which the official tls plugin does not follow. */
export const movableClock = { plugins: "stand-in" } as const satisfies SandboxOptions;

/** `movableClock`, for a test file: where the official plugins were asked for, the run's last lines name it. */
export function onMovableClock(): typeof movableClock {
  const { testPath } = expect.getState();
  if (process.env["SANDBOX_PLUGINS"] === "official" && testPath !== undefined) {
    const file = relative(repository, testPath);
    // oxlint-disable-next-line no-console -- Vitest hands what is said there to its reporters.
    console.info(
      `${standInsNote}: ${file}: it moves the clock, which the official tls plugin does not follow`,
    );
  }
  return movableClock;
}
