/** One figure of a benchmark. */
export interface Row {
  /** What is measured, in words. */
  readonly figure: string;
  readonly value: number;
  readonly unit: "ms" | "times" | "requests" | "requests/s" | "MB";
  /** The largest value that is good enough; left out where nothing is promised. */
  readonly atMost?: number;
  /** What the value consists of, measured in the same run and in the same unit; it tells why a value is missed. */
  readonly parts?: Readonly<Record<string, number>>;
}

/** What a file `benchmarks/NAME.bench.ts` exports. */
export interface Benchmark {
  /** What `npm run bench -- NAME` calls it. */
  readonly name: string;
  /** Measures. What it starts, it ends. */
  readonly run: () => Promise<readonly Row[]>;
}
