import { severities } from "../../operations/findings/finding.ts";
import { type FleetDocument, foundSections } from "../../operations/fleet/fleetDocument.ts";
import { fleetTenant } from "../../operations/fleet/fleetTenant.ts";
import { ExitCode, failureExitCode, worstExitCode } from "../exitCodes.ts";
import { type FailOn, verdict } from "./verdict.ts";

/** The exit code of a fleet: that of its worst stack. What could not be read goes before findings. */
export function fleetVerdict(documents: readonly FleetDocument[], failOn: FailOn, now: Date): ExitCode {
  return worstExitCode(documents.map((document) => stackVerdict(document, failOn, now)));
}

function stackVerdict(document: FleetDocument, failOn: FailOn, now: Date): ExitCode {
  const { failure, discovered } = document;
  if (failure !== undefined) return failureExitCode(failure);
  const code = verdict(foundSections(document), failOn);
  if (code !== ExitCode.Ok) return code;
  if (discovered?.notRead.some(({ denied, optional }) => denied && optional !== true))
    return ExitCode.Authentication;
  const { findings, unread, state } = fleetTenant(document, now);
  if (unread.length > 0) return ExitCode.Error;
  if (failOn === "none") return ExitCode.Ok;
  const fails = findings.some(({ severity }) => severities.indexOf(severity) >= severities.indexOf(failOn));
  return fails || state === "expiring" ? ExitCode.ExpectationFailed : ExitCode.Ok;
}
