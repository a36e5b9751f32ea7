import { defineCommand } from "../command.ts";
import { ExitCode } from "../exitCodes.ts";
import { component, readsState, replicationWait, reportingOptions } from "../options.ts";
import { whileLoading } from "../whileLoading.ts";

/** `exo-auth drift`. */
export const driftCommand = defineCommand({
  name: "drift",
  summary: "compare the stack's state with the tenant",
  description:
    "Compares each resource of the stack's last update with what the tenant has now, by `pulumi refresh --preview-only` on a copy of the state without its secrets. It reports what is missing, what was changed, and what is due for rotation. It lists separately what could not be read, because that is neither drift nor the absence of drift. It also says whether an application is blocked.\n\nIt runs no program, takes no lock and changes nothing. To check what Pulumi does not manage, use `audit`.",
  options: {
    component,
    ...reportingOptions,
    wait: replicationWait,
  },
  examples: [
    { command: "exo-auth drift --stack contoso", meaning: "check every resource of the stack" },
    {
      command: "exo-auth drift --format junit > drift.xml",
      meaning: "write a report for a pipeline that shows tests",
    },
    {
      command: "exo-auth drift --fail-on medium --quiet",
      meaning: "for a monitor. A due rotation has the severity low",
    },
  ],
  permissions: [
    readsState,
    "Application.Read.All and RoleManagement.Read.Directory of Microsoft Graph, as the azuread provider signs in",
    "if the stack declares roles of Exchange itself, to read them: what `exo-auth audit` needs for these. Without it, the output names them as not read",
  ],
  exitCodes: [ExitCode.Error, ExitCode.Authentication, ExitCode.ExpectationFailed],
  async run(values, context) {
    const { exportDocument } = await import("../../stack/exportedState.ts");
    const outcome = await import("../findings/outcome.ts");
    const { parseDuration } = await import("../../common/duration.ts");
    const settings = outcome.readReporting(values);
    const waitMs = parseDuration("--wait", values.wait);
    const pulumi = { stack: values.stack, cwd: values.cwd, ...context };
    const exporting = whileLoading(exportDocument(pulumi));
    const { drift } = await import("../../operations/drift/drift.ts");
    const { readTenantStatus } = await import("../../operations/status.ts");
    const { askExchange } = await import("../../operations/grant/askExchange.ts");
    const { driftRules } = await import("../../operations/drift/rules.ts");
    const { readBaseline } = await import("../../operations/findings/baseline.ts");
    const timers = await import("node:timers/promises");
    const baseline = await readBaseline(values.cwd);
    context.progress("Comparing the state with the tenant …");
    const report = await drift({
      ...pulumi,
      component: values.component,
      exporting,
      baseline,
      waitMs,
      now: () => new Date(),
      askTenant: (application) => readTenantStatus(application, pulumi),
      askExchange: (question) => askExchange(question, pulumi),
      pause: (milliseconds) => timers.setTimeout(milliseconds, undefined, { signal: context.signal }),
    });
    return outcome.findingsOutcome("drift", report, driftRules, settings);
  },
});
