import { usageFailure } from "../../common/failure.ts";
import { visibleValues } from "../../common/foreignText.ts";
import type { DiscoverResult } from "../../operations/adoption/discover.ts";
import { type Outcome, outcomeOf } from "../command.ts";
import { ExitCode } from "../exitCodes.ts";

/** How what was discovered can be printed. */
const formats = ["text", "json", "markdown"] as const;

/** One of `formats`. */
export type DiscoveryFormat = (typeof formats)[number];

/** Reads the value of `--format`. @throws Failure */
export function parseDiscoveryFormat(text: string): DiscoveryFormat {
  const found = formats.find((one) => one === text);
  if (found) return found;
  throw usageFailure(`--format must be one of ${formats.join(", ")}, got "${text}".`);
}

/** What a run comes to: a right that is missing is an exit code of its own, since the list may lack something. */
export async function discoveryOutcome(result: DiscoverResult, format: DiscoveryFormat): Promise<Outcome> {
  const needed = result.notRead.filter(({ optional }) => optional !== true);
  const exitCode =
    needed.length === 0
      ? ExitCode.Ok
      : needed.some(({ denied }) => denied)
        ? ExitCode.Authentication
        : ExitCode.Error;
  const { discoverView } = await import("../views/discoverView.ts");
  const outcome = outcomeOf(exitCode, result, discoverView);
  const piped = await printed(result, format);
  return piped === undefined ? outcome : { ...outcome, piped };
}

/** What is printed instead of what a person reads. */
async function printed(result: DiscoverResult, format: DiscoveryFormat): Promise<string | undefined> {
  if (format === "text") return undefined;
  if (format === "markdown") return (await import("./markdown.ts")).discoveryPage(visibleValues(result));
  const { resultDocument } = await import("../output.ts");
  return resultDocument({ name: "discover" }, { document: { ...result } });
}
