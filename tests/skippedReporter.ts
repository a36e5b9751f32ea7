import type { Reporter, TestModule, Vitest } from "vitest/node";

/** How a test file says, on its console, that it runs on the stand-ins although the official plugins were asked for. */
export const standInsNote = "On the stand-ins all the same";

/**
 * A reporter of Vitest's whose last lines say which tests did not run, or not on the plugins that were asked for, and
 * why: nothing is skipped in silence.
 */
export default class SkippedReporter implements Reporter {
  #vitest: Vitest | undefined;
  readonly #onStandIns = new Set<string>();

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
  }

  onUserConsoleLog({ content }: { readonly content: string }): void {
    for (const line of content.split("\n"))
      if (line.startsWith(`${standInsNote}: `)) this.#onStandIns.add(line.slice(standInsNote.length + 2));
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    // Where only tests of some names were asked for, the others are skipped on purpose.
    const isNamed = this.#vitest?.config.testNamePattern !== undefined;
    const skipped = modules.flatMap((module) =>
      [...module.children.allTests("skipped")]
        .filter(({ options }) => !isNamed || options.mode === "run")
        .map((test) => `${module.relativeModuleId}: ${test.fullName}: ${noteOf(test.result())}`),
    );
    print("Not tested here", skipped);
    print("Tested on the stand-ins, not on the official plugins", [...this.#onStandIns].toSorted());
  }
}

function noteOf(result: { readonly state: string; readonly note?: string | undefined }): string {
  return result.note ?? "no reason given";
}

function print(title: string, lines: readonly string[]): void {
  if (lines.length === 0) return;
  process.stdout.write(`\n${title} (${lines.length}):\n${lines.map((line) => `  ${line}\n`).join("")}`);
}
