import type { FaultAction } from "../tenant/index.ts";

/** What can happen to one request: a column of the table. */
export type FaultName = (typeof faultNames)[number];

/** In the table's order. */
export const faultNames = ["404", "409", "429", "503", "lost answer", "dropped", "killed"] as const;

/** What the tenant does to the request; nothing where Pulumi is killed right after it. */
export function actionOf(name: FaultName): FaultAction | undefined {
  if (name === "killed") return undefined;
  if (name === "lost answer") return { kind: "loseAnswer" };
  if (name === "dropped") return { kind: "dropConnection" };
  return { kind: "refuse", refusal: { status: Number(name) } };
}
