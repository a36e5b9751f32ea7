/** Takes one line for a person to read. */
export type Progress = (line: string) => void;

/** Where lines about a run go: standard error, so that standard output stays what the command itself prints. */
export function reportToStandardError(line: string): void {
  process.stderr.write(`${line}\n`);
}

/**
 * Says every 15 seconds how long some work has been going on and how far it is, and at its end how long it took.
 *
 * @param howFar what to say besides the time, asked for at each line
 */
export async function withProgress<T>(
  report: Progress,
  howFar: () => string,
  work: () => Promise<T>,
): Promise<T> {
  const start = performance.now();
  const seconds = (): number => Math.round((performance.now() - start) / 1000);
  const timer = setInterval(() => report(`  ${seconds()} s: ${howFar()}`), 15_000);
  try {
    const result = await work();
    report(`  done in ${seconds()} s`);
    return result;
  } finally {
    clearInterval(timer);
  }
}
