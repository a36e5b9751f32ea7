import { usageFailure } from "../../common/failure.ts";
import { visibleValues } from "../../common/foreignText.ts";
import type { DiscoverResult } from "../../operations/adoption/discover.ts";
import type { Outcome } from "../command.ts";
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
  const document = { ...result };
  const text = await printed(result, format);
  return { exitCode, document, text, ...(format === "text" ? {} : { piped: text }) };
}

async function printed(result: DiscoverResult, format: DiscoveryFormat): Promise<string> {
  if (format === "json") {
    const { resultDocument } = await import("../output.ts");
    return resultDocument({ name: "discover" }, { document: { ...result } });
  }
  const safe = visibleValues(result);
  if (format === "markdown") return (await import("./markdown.ts")).discoveryPage(safe);
  return (await import("../views/discoverView.ts")).discoverView(safe);
}
