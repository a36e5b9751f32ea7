import type { Reporter, TestModule } from "vitest/node";

/** A reporter of Vitest's whose last lines say which tests did not run, and why: nothing is skipped in silence. */
export default class SkippedReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const skipped = modules.flatMap((module) =>
      [...module.children.allTests("skipped")]
        .filter(({ options }) => options.mode === "run")
        .map((test) => ({
          name: `${module.relativeModuleId}: ${test.fullName}`,
          note: noteOf(test.result()),
        })),
    );
    if (skipped.length === 0) return;
    const lines = skipped.map(({ name, note }) => `  ${name}: ${note}`);
    process.stdout.write(`\nNot tested here (${skipped.length}):\n${lines.join("\n")}\n`);
  }
}

function noteOf(result: { readonly state: string; readonly note?: string | undefined }): string {
  return result.note ?? "no reason given";
}
