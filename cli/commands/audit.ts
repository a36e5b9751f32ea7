import { defineCommand } from "../command.ts";
import { ExitCode } from "../exitCodes.ts";
import { component, readsState, reportingOptions } from "../options.ts";
import type { ExportedState } from "../../stack/exportedState.ts";
import type { PulumiOptions } from "../../stack/pulumiCli.ts";

/** `exo-auth audit`. */
export const auditCommand = defineCommand({
  name: "audit",
  summary: "find what grants access through the application and is not declared",
  description:
    "Reads from the tenant what lets somebody sign in as the application or widens what it may do, and compares it with what the stack declares: certificates (by key id and SHA-256) and secrets on the application and on its service principal, federated credentials by their content, owners, permissions, delegated grants, roles, eligibilities and later starts at any scope, groups, sign-in settings, policies, the end of the certificate. It also finds a declared certificate, permission or role that the tenant lacks. Pulumi's own refresh sees none of what was added. Only reads, unless --fix is given. The text says how many checks were made and how many were not read. An accepted finding stands in the file .exo-auth in the project's folder, with `id`, `subject`, `reason` and `until`.",
  options: {
    component,
    ...reportingOptions,
    wait: {
      type: "string",
      value: "TIME",
      default: "2m",
      description: "how long after an update what it took away may still be listed; 0s: report it at once",
    },
    identity: {
      type: "string",
      multiple: true,
      value: "CLIENT-ID",
      description: "audit an identity that deploys or reads, too: credentials, owners, rights; repeatable",
    },
    "tenant-wide": {
      type: "boolean",
      description:
        "list, for information, who can add credentials to any application of the tenant: never a finding, never the exit code",
    },
    "against-program": {
      type: "boolean",
      description: "compare with what the program declares now, by a preview, instead of the state",
    },
    fix: { type: "boolean", description: "remove what is found, one by one, and look again" },
    yes: {
      type: "boolean",
      short: "y",
      description: "with --fix: without asking, which nothing else does",
    },
  },
  examples: [
    { command: "exo-auth audit --stack contoso", meaning: "every component of the stack" },
    {
      command: "exo-auth audit --against-program",
      meaning: "trust the program, not the state, which a refresh rewrites",
    },
    {
      command: "exo-auth audit --tenant-wide",
      meaning: "also list who can add credentials to any application of the tenant",
    },
    { command: "exo-auth audit --format sarif > audit.sarif", meaning: "for GitHub's code scanning" },
    {
      command: "exo-auth audit --component exchange --fix --yes",
      meaning: "remove what the stack does not declare",
    },
  ],
  permissions: [
    readsState,
    "with --against-program, which runs the program: the stack's secrets as well, and Domain.Read.All of Microsoft Graph",
    "Application.Read.All, DelegatedPermissionGrant.Read.All, GroupMember.Read.All and RoleManagement.Read.Directory of Microsoft Graph, as the identity of the ARM_… variables; what is missing is named, and the exit code is 3",
    "to look further, and named as not read without: Policy.Read.All, CustomSecAttributeAssignment.Read.All, PrivilegedAssignmentSchedule.Read.AzureADGroup and PrivilegedEligibilitySchedule.Read.AzureADGroup",
    "with --fix, what it removes needs: Application.ReadWrite.All, AppRoleAssignment.ReadWrite.All, RoleManagement.ReadWrite.Directory, DelegatedPermissionGrant.ReadWrite.All, GroupMember.ReadWrite.All, Policy.ReadWrite.ApplicationConfiguration",
  ],
  exitCodes: [ExitCode.Error, ExitCode.Authentication, ExitCode.Resource, ExitCode.ExpectationFailed],
  async run(values, context) {
    const { exportState, exportStateWithSecrets, readState } = await import("../../stack/exportedState.ts");
    const { publicStateOf, selectComponent, selectComponents } = await import("../../stack/components.ts");
    const outcome = await import("../findings/outcome.ts");
    const { parseDuration } = await import("../../common/duration.ts");
    const settings = outcome.readReporting(values);
    const waitMs = parseDuration("--wait", values.wait);
    const { usageFailure } = await import("../../common/failure.ts");
    if (values.fix && values["against-program"]) {
      throw usageFailure(
        "--fix removes what the state does not declare. Use it without --against-program, after `pulumi up`.",
      );
    }
    if (values.fix && !values.yes) {
      throw usageFailure(
        "--fix takes credentials and grants away from the tenant. Read what `exo-auth audit` finds, then add --yes.",
      );
    }
    const pulumi = { stack: values.stack, cwd: values.cwd, ...context };
    const exporting = values["against-program"] ? exportStateWithSecrets(pulumi) : exportState(pulumi);
    // Node loads the rest, which takes longest, while Pulumi reads the state; a failure of both is Pulumi's.
    exporting.catch(() => undefined);
    const { readBaseline } = await import("../../operations/findings/baseline.ts");
    const { audit } = await import("../../operations/audit/audit.ts");
    const { auditIdentities } = await import("../../operations/audit/identities.ts");
    const { identityRules } = await import("../../operations/audit/identityRules.ts");
    const { auditSubjects, auditTargets } = await import("../../operations/audit/targets.ts");
    const { readTenantWide } = await import("../../operations/audit/tenantWide.ts");
    const { findingRules } = await import("../../operations/audit/rules.ts");
    const timers = await import("node:timers/promises");
    const programmed = values["against-program"] ? asProgrammed(await exporting, pulumi) : exporting;
    const { state, subjects } = await readState(
      pulumi,
      (exported) => {
        const found = publicStateOf(exported);
        const components = values.fix
          ? [selectComponent(found, values.component)]
          : selectComponents(found, values.component);
        return { state: found, subjects: auditSubjects(exported, components) };
      },
      programmed,
    );
    const baseline = await readBaseline(values.cwd);
    const targets = await auditTargets(subjects, {
      ...context,
      readAnew: (read) => readState(pulumi, read),
    });
    const result = await audit({
      state,
      targets,
      baseline,
      fix: values.fix === true,
      waitMs,
      now: () => new Date(),
      pause: (milliseconds) => timers.setTimeout(milliseconds, undefined, { signal: context.signal }),
      progress: context.progress,
    });
    const identities = await auditIdentities(targets, values.identity ?? [], baseline);
    const report = {
      ...result,
      sections: [...result.sections, ...identities],
      ...(values["tenant-wide"] ? { tenantWide: await readTenantWide(targets) } : {}),
    };
    const all = [...findingRules, ...Object.values(identityRules)];
    return outcome.findingsOutcome("audit", report, all, settings);
  },
});

/** The state with its resources as the program declares them now. */
async function asProgrammed(exported: ExportedState, pulumi: PulumiOptions): Promise<ExportedState> {
  const { plannedUpdate } = await import("../../stack/plan.ts");
  const { declaredByProgram } = await import("../../operations/audit/declaredByProgram.ts");
  return { ...exported, resources: declaredByProgram(exported, await plannedUpdate(pulumi)) };
}
