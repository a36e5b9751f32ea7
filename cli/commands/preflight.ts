import type { PreflightResult } from "../../operations/preflight/preflight.ts";
import { defineCommand, outcomeOf } from "../command.ts";
import { ExitCode, obstacleExitCodes } from "../exitCodes.ts";

/** `exo-auth preflight`. */
export const preflightCommand = defineCommand({
  name: "preflight",
  summary: "find what would stop the next `pulumi up`, before anything is created",
  description:
    "Asks Pulumi for the plan and the tenant for the rest: is it the expected tenant, may the deploying identity do what the plan needs, does the app management policy that holds for the application, its own or the tenant's, allow the certificate, has the tenant Exchange Online, is there another application of the same name. Signs in as the azuread provider does, by the stack's azuread:… settings and ARM_… variables. Changes nothing.",
  options: {},
  examples: [
    { command: "exo-auth preflight --stack contoso", meaning: "before the first `pulumi up` for a tenant" },
    { command: "exo-auth preflight --json && pulumi up --yes", meaning: "in a pipeline" },
  ],
  permissions: [
    "those of the deploying identity: docs/deployer.md",
    "Policy.Read.All of Microsoft Graph, to read the app management policy, and CustomSecAttributeAssignment.Read.All where that excludes some identities; what could not be read is said",
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
