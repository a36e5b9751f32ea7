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
            "The tenant lists the current certificate; no sign-in was tried, as its private key is elsewhere",
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
    nothingDue: good(next ? `Nothing is due. Next: ${steps[next.step]}, at ${next.at}` : "Nothing is due"),
    planned: skipped(`Would be done: ${what}; ${change}`),
    done: good(`Done: ${what}; ${change}`),
    edited: good(`Edited "${settings}": ${what}; ${change}. Run \`pulumi up\` where changes are applied`),
    waiting: skipped(`Waits for \`pulumi up\`: ${what}; ${change}`),
    toDo: bad(`To do by hand: ${what}; ${change}`),
    failed: bad(failures[step]?.(what) ?? `Not done: ${what}. The generation that was current stays so`),
  };
  return lines[came];
}

/** What did not work, where it leaves something else behind than the generation that was current. */
const failures: Readonly<Partial<Record<RotateResult["step"], (what: string) => string>>> = {
  replaceExpired: (what) => `Done, but the sign-in does not work: ${what}`,
  remove: (what) => `Not done, as the current certificate does not work: ${what}. Nothing was removed`,
};

const steps: Readonly<Record<RotateResult["step"], string>> = {
  none: "nothing",
  add: "add a generation",
  makeCurrent: "make a generation the current one",
  remove: "remove what is superseded",
  replaceExpired: "replace what expired",
  update: "bring the last update to its end",
  supply: "supply a new certificate",
  outdated: "update the configuration",
};

function list(names: readonly string[]): string {
  return names.join(", ") || "none";
}
