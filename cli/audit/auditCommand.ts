import { defineCommand } from "../command.ts";
import { ExitCode } from "../exitCodes.ts";
import { component, readsState, reporting } from "../options.ts";

/** `exo-auth audit`. */
export const auditCommand = defineCommand({
  name: "audit",
  summary: "find everything that grants access through the application and is not declared",
  description:
    "Reads from the tenant everything that lets somebody sign in as the application or widens what it may do, and compares it with what the stack declares: certificates (by SHA-256) and secrets on the application and on its service principal, federated credentials, owners, permissions, delegated grants, roles and eligibilities at any scope, groups that carry roles, sign-in audience, management policies, the end of the certificate. Pulumi's own refresh sees none of what was added. Only reads, unless --fix is given. An accepted finding stands in the file .exo-auth in the project's folder, with `id`, `subject`, `reason` and `until`.",
  options: {
    component,
    ...reporting,
    wait: {
      type: "string",
      value: "TIME",
      default: "2m",
      description: "how long after an update what it took away may still be listed; 0s: report it at once",
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
    { command: "exo-auth audit --format sarif > audit.sarif", meaning: "for GitHub's code scanning" },
    {
      command: "exo-auth audit --component exchange --fix --yes",
      meaning: "remove what the stack does not declare",
    },
  ],
  permissions: [
    readsState,
    "Application.Read.All, DelegatedPermissionGrant.Read.All, GroupMember.Read.All and RoleManagement.Read.Directory of Microsoft Graph, as the identity of the ARM_… variables; what is missing is named, and the exit code is 3",
    "with --fix, what it removes needs: Application.ReadWrite.All, AppRoleAssignment.ReadWrite.All, RoleManagement.ReadWrite.Directory, DelegatedPermissionGrant.ReadWrite.All, GroupMember.ReadWrite.All, Policy.ReadWrite.ApplicationConfiguration",
  ],
  exitCodes: [ExitCode.Error, ExitCode.Authentication, ExitCode.ExpectationFailed],
  async run(values, context) {
    const [{ exportStack, parseStackState, selectComponent, selectComponents }, outcome, { parseDuration }] =
      await Promise.all([
        import("../stackState.ts"),
        import("../findings/outcome.ts"),
        import("../duration.ts"),
      ]);
    const settings = outcome.reporting(values);
    const waitMs = parseDuration("--wait", values.wait);
    if (values.fix && !values.yes) {
      const { usageError } = await import("../cliError.ts");
      throw usageError(
        "--fix takes credentials and grants away from the tenant. Read what `exo-auth audit` finds, then add --yes.",
      );
    }
    // Node loads the rest, which takes longest, while Pulumi reads the state.
    const [exported, baseline, { audit }, { auditTargets }, { rules }, timers] = await Promise.all([
      exportStack(values.stack, { cwd: values.cwd, ...context }),
      import("../findings/baseline.ts").then(({ readBaseline }) => readBaseline(values.cwd)),
      import("../commands/audit.ts"),
      import("./targets.ts"),
      import("./rules.ts"),
      import("node:timers/promises"),
    ]);
    const state = parseStackState(exported);
    const components = values.fix
      ? [selectComponent(state, values.component)]
      : selectComponents(state, values.component);
    const result = await audit({
      state,
      targets: await auditTargets(exported, components, context),
      baseline,
      fix: values.fix === true,
      waitMs,
      now: () => new Date(),
      pause: (milliseconds) => timers.setTimeout(milliseconds, undefined, { signal: context.signal }),
      progress: context.progress,
    });
    return outcome.findingsOutcome("audit", result, Object.values(rules), settings);
  },
});
