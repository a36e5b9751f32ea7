import { defineCommand } from "../command.ts";
import { ExitCode } from "../exitCodes.ts";
import { component, readsState, replicationWait, reportingOptions } from "../options.ts";
import { whileLoading } from "../whileLoading.ts";

/** `exo-auth check`. */
export const checkCommand = defineCommand({
  name: "check",
  summary: "run drift and audit at once, with one verdict",
  description:
    "Does what `drift` and `audit` do, in one process and at the same time, with one export of the state. It finds the same as they do, in the same words. The exit code is that of both together: anything that could not be read goes first, because nobody knows what it hides.\n\nIf a sign-in is refused, or Pulumi fails, the output says so, and still has the result of the other command.\n\nThe command only reads. With `--format sarif`, drift and audit are two runs with the categories that the single commands have.",
  options: {
    component,
    ...reportingOptions,
    wait: replicationWait,
    identity: {
      type: "string",
      multiple: true,
      value: "CLIENT-ID",
      description:
        "also audit an identity that deploys or reads: its credentials, owners and rights. You can repeat this option",
    },
  },
  examples: [
    { command: "exo-auth check --stack contoso", meaning: "drift and audit of every component of the stack" },
    {
      command: "exo-auth check --format sarif > check.sarif",
      meaning: "write a report for GitHub's code scanning",
    },
    { command: "exo-auth check --fail-on medium --quiet", meaning: "for a monitor" },
  ],
  permissions: [
    readsState,
    "what `drift` and `audit` need to read: Application.Read.All, DelegatedPermissionGrant.Read.All, GroupMember.Read.All and RoleManagement.Read.Directory of Microsoft Graph. If one is missing, the output names it, and the exit code is 3",
    "to read more: what `audit` names. If one of these is missing, the output names the check as not read",
  ],
  exitCodes: [ExitCode.Error, ExitCode.Authentication, ExitCode.Resource, ExitCode.ExpectationFailed],
  async run(values, context) {
    const { exportDocument } = await import("../../stack/exportedState.ts");
    const outcome = await import("../findings/outcome.ts");
    const { parseDuration } = await import("../../common/duration.ts");
    const settings = outcome.readReporting(values);
    const waitMs = parseDuration("--wait", values.wait);
    const pulumi = { stack: values.stack, cwd: values.cwd, ...context };
    const exporting = whileLoading(exportDocument(pulumi));
    const { check } = await import("../../operations/check/check.ts");
    const { readBaseline } = await import("../../operations/findings/baseline.ts");
    const { driftRules } = await import("../../operations/drift/rules.ts");
    const { findingRules } = await import("../../operations/audit/rules.ts");
    const { exchangeRoleRules } = await import("../../operations/grant/roleRules.ts");
    const { timedRoleRules } = await import("../../operations/timedRoles/timedRoleFindings.ts");
    const { identityRules } = await import("../../operations/audit/identityRules.ts");
    const timers = await import("node:timers/promises");
    context.progress("Comparing the state with the tenant …");
    const result = await check({
      ...pulumi,
      parts: ["drift", "audit"],
      component: values.component,
      identities: values.identity ?? [],
      baseline: await readBaseline(values.cwd),
      waitMs,
      now: () => new Date(),
      pause: (milliseconds) => timers.setTimeout(milliseconds, undefined, { signal: context.signal }),
      exporting,
    });
    const { project, stack, drift = [], audit = [] } = result;
    const sections = [
      ...drift.map((section) => ({ ...section, command: "drift" })),
      ...audit.map((section) => ({ ...section, command: "audit" })),
    ];
    const rules = [
      ...driftRules,
      ...findingRules,
      ...exchangeRoleRules,
      ...timedRoleRules,
      ...Object.values(identityRules),
    ];
    return outcome.findingsOutcome("check", { project, stack, sections }, rules, settings, { ...result });
  },
});
