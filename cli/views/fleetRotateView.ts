import { counted } from "../../common/counted.ts";
import type { RotatedStack } from "../../operations/fleet/fleetRotate.ts";
import { bad } from "./marks.ts";
import { rotateView } from "./rotateView.ts";

/** What a person reads of `fleet rotate`: how many stacks came to what, and each where something happened. */
export function fleetRotateView({ stacks }: { readonly stacks: readonly RotatedStack[] }): string {
  const failed = stacks.filter(({ failure }) => failure !== undefined);
  const results = stacks.flatMap(({ result }) => result ?? []);
  const eventful = results.filter(({ outcome }) => outcome !== "nothingDue");
  const counts = [
    [failed.length + results.filter(({ outcome }) => outcome === "failed").length, "failed"],
    [results.filter(({ outcome }) => outcome === "toDo").length, "to do by hand"],
    [results.filter(({ outcome }) => outcome === "done" || outcome === "edited").length, "changed"],
    [results.filter(({ outcome }) => outcome === "planned" || outcome === "waiting").length, "to be changed"],
    [results.length - eventful.length, "with nothing due"],
  ] as const;
  const known = counts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  return [
    `${counted(stacks.length, "stack")}${known.length === 0 ? "" : `: ${known.join(", ")}`}\n`,
    ...failed.map(({ stack, failure }) => `${bad(`${stack}: ${failure?.message ?? ""}`)}\n`),
    ...eventful.map(rotateView),
  ].join("\n");
}
