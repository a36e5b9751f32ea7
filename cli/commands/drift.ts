import { defineCommand } from "../command.ts";
import { ExitCode } from "../exitCodes.ts";
import { component, readsState, reportingOptions } from "../options.ts";

/** `exo-auth drift`. */
export const driftCommand = defineCommand({
  name: "drift",
  summary: "compare the stack's state with the tenant",
  description:
    "Compares each resource of the stack's last update with what the tenant has now, by `pulumi refresh --preview-only` on a copy of the state without its secrets: what is missing, what was changed, what is due for rotation, and what could not be read, which is neither drift nor the absence of it. Runs no program, takes no lock, changes nothing. What Pulumi does not manage is the business of `audit`.",
  options: {
    component,
    ...reportingOptions,
    wait: {
      type: "string",
      value: "TIME",
      default: "2m",
      description: "how long after an update what it did may not be everywhere; 0s: report it at once",
    },
  },
  examples: [
    { command: "exo-auth drift --stack contoso", meaning: "every resource of the stack" },
    { command: "exo-auth drift --format junit > drift.xml", meaning: "for a pipeline that shows tests" },
    { command: "exo-auth drift --fail-on medium --quiet", meaning: "for a monitor; a due rotation is low" },
  ],
  permissions: [
    readsState,
    "Application.Read.All and RoleManagement.Read.Directory of Microsoft Graph, as the azuread provider signs in",
  ],
  exitCodes: [ExitCode.Error, ExitCode.Authentication, ExitCode.ExpectationFailed],
  async run(values, context) {
    const { drift } = await import("../../operations/drift/drift.ts");
    const { driftRules } = await import("../../operations/drift/rules.ts");
    const { readBaseline } = await import("../../operations/findings/baseline.ts");
    const outcome = await import("../findings/outcome.ts");
    const { parseDuration } = await import("../../common/duration.ts");
    const timers = await import("node:timers/promises");
    const settings = outcome.readReporting(values);
    const waitMs = parseDuration("--wait", values.wait);
    const baseline = await readBaseline(values.cwd);
    context.progress("Comparing the state with the tenant …");
    const report = await drift({
      ...values,
      ...context,
      baseline,
      waitMs,
      now: () => new Date(),
      pause: (milliseconds) => timers.setTimeout(milliseconds, undefined, { signal: context.signal }),
    });
    return outcome.findingsOutcome("drift", report, driftRules, settings);
  },
});
