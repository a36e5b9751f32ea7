import { defineCommand } from "../command.ts";
import { ExitCode } from "../exitCodes.ts";
import { component, readsState, reportingOptions } from "../options.ts";
import { whileLoading } from "../whileLoading.ts";
import type { ProgramResources } from "../../operations/audit/declaredByProgram.ts";
import type { ExportedState } from "../../stack/exportedState.ts";
import type { PulumiOptions } from "../../stack/pulumiCli.ts";

/** `exo-auth audit`. */
export const auditCommand = defineCommand({
  name: "audit",
  summary: "find access through the application that the stack does not declare",
  description:
    "Reads from the tenant everything that lets somebody sign in as the application or widens what it may do, and compares it with what the stack declares:\n\n- certificates, by key ID and SHA-256, and secrets, on the application and its service principal\n- federated credentials, by their content\n- owners, permissions, delegated grants, groups\n- roles, eligibilities and assignments that start later, at any scope\n- sign-in settings, policies, and the end of the certificate\n\nIt also finds a certificate, permission, role, owner or federated credential that the stack declares and the tenant lacks, and a credential that lasts longer than the tenant's app management policy allows. `pulumi refresh` sees none of what somebody added.\n\nThe command only reads, unless you give --fix. The output says how many checks it made, and how many it could not read. To accept a finding, add it to the file `.exo-auth` in the project's folder, with `id`, `subject`, `reason` and `until`.",
  options: {
    component,
    ...reportingOptions,
    wait: {
      type: "string",
      value: "TIME",
      default: "2m",
      description:
        "how long after an update to wait while Entra still lists what is gone. 0s: report at once. Default: 2m",
    },
    identity: {
      type: "string",
      multiple: true,
      value: "CLIENT-ID",
      description:
        "also audit an identity that deploys or reads: its credentials, owners and rights. You can repeat this option",
    },
    "tenant-wide": {
      type: "boolean",
      description:
        "also list who can add credentials to any application of the tenant. This is for information, and never changes the exit code",
    },
    "against-program": {
      type: "boolean",
      description: "run a preview, and compare with what the program declares now instead of the state",
    },
    fix: {
      type: "boolean",
      description:
        "remove each finding that a command can remove, lock the service principal, and look again",
    },
    yes: {
      type: "boolean",
      short: "y",
      description: "with --fix: confirm the removal. --fix needs it",
    },
  },
  examples: [
    { command: "exo-auth audit --stack contoso", meaning: "audit every component of the stack" },
    {
      command: "exo-auth audit --against-program",
      meaning: "compare with the program, because a refresh can change the state",
    },
    {
      command: "exo-auth audit --tenant-wide",
      meaning: "also list who can add credentials to any application of the tenant",
    },
    {
      command: "exo-auth audit --format sarif > audit.sarif",
      meaning: "write a report for GitHub's code scanning",
    },
    {
      command: "exo-auth audit --component exchange --fix --yes",
      meaning: "remove what the stack does not declare",
    },
  ],
  permissions: [
    readsState,
    "with --against-program, which runs the program: the stack's secrets as well, and Domain.Read.All of Microsoft Graph",
    "Application.Read.All, DelegatedPermissionGrant.Read.All, GroupMember.Read.All and RoleManagement.Read.Directory of Microsoft Graph, for the identity of the ARM_… variables, or of the stack's azuread:… settings. If one is missing, the output names it, and the exit code is 3",
    "to read more: Policy.Read.All, CustomSecAttributeAssignment.Read.All, PrivilegedAssignmentSchedule.Read.AzureADGroup, PrivilegedEligibilitySchedule.Read.AzureADGroup and, if the stack gives roles to users, User.Read.All. If one is missing, the output names the check as not read",
    "to read roles of Exchange itself: Exchange.ManageAsApp and the management role `View-Only Configuration` of Exchange Online, and the same of Security & Compliance. Without them, the output names these checks as not read",
    "with --fix, to remove what it finds: Application.ReadWrite.All, AppRoleAssignment.ReadWrite.All, RoleManagement.ReadWrite.Directory, DelegatedPermissionGrant.ReadWrite.All, GroupMember.ReadWrite.All, Policy.ReadWrite.ApplicationConfiguration",
  ],
  exitCodes: [ExitCode.Error, ExitCode.Authentication, ExitCode.Resource, ExitCode.ExpectationFailed],
  async run(values, context) {
    const { exportState, exportStateWithSecrets, readState } = await import("../../stack/exportedState.ts");
    const { publicStateOf } = await import("../../stack/components.ts");
    const { findComponents, selectComponent } = await import("../../stack/selectComponents.ts");
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
        "--fix removes credentials and grants from the tenant. Read what `exo-auth audit` finds, and then add --yes.",
      );
    }
    const pulumi = { stack: values.stack, cwd: values.cwd, ...context };
    const exporting = whileLoading(
      values["against-program"] ? exportStateWithSecrets(pulumi) : exportState(pulumi),
    );
    const { readingIdentity } = await import("../../operations/tenant/readingIdentity.ts");
    const reading = whileLoading(readingIdentity(pulumi));
    const { readBaseline } = await import("../../operations/findings/baseline.ts");
    const { audit } = await import("../../operations/audit/audit.ts");
    const { auditIdentities } = await import("../../operations/audit/identities.ts");
    const { identityRules } = await import("../../operations/audit/identityRules.ts");
    const { auditSubjects, auditTargets } = await import("../../operations/audit/targets.ts");
    const { readTenantWide } = await import("../../operations/audit/tenantWide.ts");
    const { findingRules } = await import("../../operations/audit/rules.ts");
    const { exchangeRoleRules } = await import("../../operations/grant/roleRules.ts");
    const { timedRoleRules } = await import("../../operations/timedRoles/timedRoleFindings.ts");
    const timers = await import("node:timers/promises");
    const program = values["against-program"] ? await asProgrammed(await exporting, pulumi) : undefined;
    const { state, subjects, incomplete } = await readState(
      pulumi,
      (exported) => {
        const found = publicStateOf(exported);
        const { selected, incomplete: unfinished } = values.fix
          ? { selected: [selectComponent(found, values.component)], incomplete: [] }
          : findComponents(found, values.component);
        return {
          state: found,
          subjects: auditSubjects(exported, selected, program?.hidden),
          incomplete: unfinished,
        };
      },
      program ? Promise.resolve(program) : exporting,
    );
    const baseline = await readBaseline(values.cwd);
    const targets = await auditTargets(subjects, {
      ...pulumi,
      reading,
      readAnew: (read) => readState(pulumi, read),
    });
    const result = await audit({
      state,
      targets,
      incomplete,
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
    const all = [...findingRules, ...exchangeRoleRules, ...timedRoleRules, ...Object.values(identityRules)];
    return outcome.findingsOutcome("audit", report, all, settings);
  },
});

/** The state with its resources as the program declares them now. */
async function asProgrammed(
  exported: ExportedState,
  pulumi: PulumiOptions,
): Promise<ExportedState & ProgramResources> {
  const { plannedUpdate } = await import("../../stack/plan.ts");
  const { declaredByProgram } = await import("../../operations/audit/declaredByProgram.ts");
  return { ...exported, ...declaredByProgram(exported, await plannedUpdate(pulumi)) };
}
