import { usageFailure } from "../../common/failure.ts";
import { ExitCode, failureExitCode } from "../exitCodes.ts";
import type { Section, Severity } from "../../operations/findings/finding.ts";
import { severities } from "../../operations/findings/finding.ts";

/** From which severity on a finding fails the run; "none": no finding does. */
export type FailOn = Severity | "none";

/** Reads the value of `--fail-on`. @throws Failure */
export function parseFailOn(text: string): FailOn {
  const known = [...severities, "none"] as const;
  const found = known.find((value) => value === text);
  if (found) return found;
  throw usageFailure(`--fail-on must be one of ${known.join(", ")}, got "${text}".`);
}

/** The exit code of a run. What could not be read goes first, but for what the command does without: nobody knows what it hides. */
export function verdict(sections: readonly Section[], failOn: FailOn): ExitCode {
  const unread = sections.flatMap((section) => section.unread).filter(({ optional }) => optional !== true);
  if (unread.some(({ denied, code }) => !denied && code === undefined)) return ExitCode.Error;
  const [code] = unread.flatMap((one) => one.code ?? []);
  if (code !== undefined) return failureExitCode({ code });
  if (unread.length > 0) return ExitCode.Authentication;
  const findings = sections.flatMap((section) => section.findings);
  const fails =
    failOn !== "none" &&
    findings.some(({ severity }) => severities.indexOf(severity) >= severities.indexOf(failOn));
  return fails ? ExitCode.ExpectationFailed : ExitCode.Ok;
}
