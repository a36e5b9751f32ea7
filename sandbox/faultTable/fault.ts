import type { FaultAction } from "../tenant/index.ts";

/** A column of the table. */
interface Column {
  /** What the tenant does to the request; nothing where Pulumi is killed right after it. */
  readonly action?: FaultAction;
  /** As the page explains it. A status explains itself. */
  readonly meaning?: string;
}

/** In the table's order. */
const columns = {
  "404": refusal(404),
  "409": refusal(409),
  "429": refusal(429),
  "503": refusal(503),
  "lost answer": {
    action: { kind: "loseAnswer" },
    meaning: "the tenant does what the request asks, and then the connection breaks",
  },
  dropped: {
    action: { kind: "dropConnection" },
    meaning: "the connection breaks before the tenant does anything",
  },
  killed: { meaning: "Pulumi and all its processes are killed before the answer comes" },
} as const satisfies Readonly<Record<string, Column>>;

/** What can happen to one request. */
export type FaultName = keyof typeof columns;

/** In the table's order. */
export const faultNames = Object.keys(columns) as FaultName[];

/** Everything that there is to know of a fault. */
export function faultColumn(name: FaultName): Column {
  return columns[name];
}

function refusal(status: number): Column {
  return { action: { kind: "refuse", refusal: { status } } };
}
