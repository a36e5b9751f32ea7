import { timeInWords } from "../../common/time.ts";
import { styleText } from "node:util";
import type { RotateResult } from "../../operations/rotation/rotate.ts";
import { bad, good, skipped } from "./marks.ts";
import { verificationLines } from "./verifyView.ts";

/** What a person reads of `rotate`. */
export function rotateView(result: RotateResult): string {
  const { component, stack, reason, verification, toDo } = result;
  const title = styleText("bold", `${component}, stack ${stack}`, { validateStream: false });
  const lines = [
    title,
    reason,
    ...(verification ? verificationLines(verification) : []),
    ...(result.seenInTenant
      ? [
          skipped(
            "The tenant lists the current certificate. No sign-in was tried, because its private key is elsewhere",
          ),
        ]
      : []),
    outcome(result),
  ];
  return `${[...lines, ...(toDo === undefined ? [] : [toDo])].join("\n")}\n`;
}

function outcome({ outcome: came, step, next, generations, before, after, settings }: RotateResult): string {
  const what = `${steps[step]}${generations.length > 0 ? `: ${list(generations)}` : ""}`;
  const change = `generations ${list(before)} -> ${list(after)}`;
  const lines: Readonly<Record<RotateResult["outcome"], string>> = {
    nothingDue: good(
      next ? `Nothing is due. Next: ${steps[next.step]}, at ${timeInWords(next.at)}` : "Nothing is due",
    ),
    planned: skipped(`To be done: ${what}; ${change}`),
    done: good(`Done: ${what}; ${change}`),
    edited: good(`Edited "${settings}": ${what}; ${change}. Run \`pulumi up\` after the review`),
    waiting: skipped(`Waiting for \`pulumi up\`: ${what}; ${change}`),
    toDo: bad(`To do by hand: ${what}; ${change}`),
    failed: bad(failures[step]?.(what) ?? `Not done: ${what}. The current generation stays the same`),
  };
  return lines[came];
}

/** What did not work, where it leaves something else behind than the generation that was current. */
const failures: Readonly<Partial<Record<RotateResult["step"], (what: string) => string>>> = {
  replaceExpired: (what) => `Done, but the sign-in does not work: ${what}`,
  remove: (what) => `Not done, because the current certificate does not work: ${what}. Nothing was removed`,
};

const steps: Readonly<Record<RotateResult["step"], string>> = {
  none: "nothing",
  add: "add a generation",
  makeCurrent: "switch to another generation",
  remove: "remove the old generation",
  replaceExpired: "replace the expired generation",
  update: "finish the last update",
  supply: "supply a new certificate",
  outdated: "update the configuration",
};

function list(names: readonly string[]): string {
  return names.join(", ") || "none";
}
