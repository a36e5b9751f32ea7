import type { PreflightResult } from "../../operations/preflight/preflight.ts";
import { defineCommand, outcomeOf } from "../command.ts";
import { ExitCode, obstacleExitCodes } from "../exitCodes.ts";

/** `exo-auth preflight`. */
export const preflightCommand = defineCommand({
  name: "preflight",
  summary: "find what would stop the next `pulumi up`, before anything is created",
  description:
    "Asks Pulumi for the plan, and checks the tenant:\n\n- Is it the expected tenant, and does it have Exchange Online?\n- May the deploying identity do what the plan needs?\n- Does the app management policy of the application or the tenant allow the certificate?\n- Is the application that the stack knows still there, and is it blocked?\n- Does another application have the same name?\n- Would the update remove the certificate in use, or replace one that stays?\n\nThe command signs in as the azuread provider does, by the stack's azuread:… settings and the ARM_… variables. It changes nothing.\n\nIt does not see that another update has locked the stack. It also does not see every leftover of an update that was killed, such as a certificate on the application. Use `exo-auth repair` for those.",
  options: {},
  examples: [
    { command: "exo-auth preflight --stack contoso", meaning: "before the first `pulumi up` for a tenant" },
    { command: "exo-auth preflight --json && pulumi up --yes", meaning: "in a pipeline" },
  ],
  permissions: [
    "the stack's state and its secrets, because Pulumi plans the update",
    "the permissions of the deploying identity, see docs/deployer.md",
    "Policy.Read.All of Microsoft Graph, to read the app management policy. If that policy excludes some identities, also CustomSecAttributeAssignment.Read.All. The output says what could not be read",
  ],
  exitCodes: [ExitCode.Authentication, ExitCode.Resource, ExitCode.Policy],
  async run(values, context) {
    const { preflight } = await import("../../operations/preflight/preflight.ts");
    const { preflightView } = await import("../views/preflightView.ts");
    const { readPlannedChanges } = await import("../../operations/preflight/plannedChanges.ts");
    const { deployingIdentity } = await import("../../operations/preflight/deployingIdentity.ts");
    const pulumi = { stack: values.stack, cwd: values.cwd, ...context };
    context.progress("Asking Pulumi for the plan …");
    const result = await preflight({
      ...context,
      ...(await deployingIdentity(pulumi)),
      readPlan: () => readPlannedChanges(pulumi),
    });
    return outcomeOf(preflightExitCode(result), result, preflightView);
  },
});

/** The exit code: that of the first obstacle. */
export function preflightExitCode({ findings }: Pick<PreflightResult, "findings">): ExitCode {
  const obstacle = findings.find((finding) => finding.kind === "obstacle");
  return obstacle === undefined ? ExitCode.Ok : obstacleExitCodes[obstacle.cause];
}
