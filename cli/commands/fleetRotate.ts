import { usageFailure } from "../../common/failure.ts";
import { defineCommand, outcomeOf } from "../command.ts";
import { ExitCode } from "../exitCodes.ts";
import { rotationOptions, rotationPermissions, stackChoice } from "../options.ts";

/** `exo-auth fleet rotate`. */
export const fleetRotateCommand = defineCommand({
  name: "fleet rotate",
  summary: "take the next safe step of rotation in many stacks",
  description:
    "Does what `rotate` does, for the stacks of a project, one after the other. A stack that fails never stops the others. The output has a summary, and every stack where something happened.\n\nEach stack signs in as the identity that its settings name in `pipeline:deployer`, in the tenant of `expectedTenantId`. Without `pipeline:deployer`, the identity of the ARM_… variables deploys to each tenant.\n\nThe exit code is that of the worst stack.",
  options: { ...stackChoice, ...rotationOptions },
  examples: [
    { command: "exo-auth fleet rotate --dry-run", meaning: "show what is due, and change nothing" },
    {
      command: "exo-auth fleet rotate --shard 3/20",
      meaning: "rotate the stacks of one of 20 parallel jobs",
    },
    {
      command: "exo-auth fleet rotate --no-up && git diff",
      meaning: "propose the steps of all stacks in one pull request",
    },
  ],
  permissions: ["the list of the project's stacks, as `pulumi stack ls` reads it", ...rotationPermissions],
  exitCodes: [ExitCode.Authentication, ExitCode.Resource, ExitCode.Policy, ExitCode.ExpectationFailed],
  async run(values, context) {
    if (values.stack !== undefined) {
      throw usageFailure(
        "`fleet rotate` looks after many stacks. Name them with --stacks, and leave out --stack.",
      );
    }
    const { rotationSettings } = await import("../rotationSettings.ts");
    const settings = rotationSettings(values);
    const { fleetRotate } = await import("../../operations/fleet/fleetRotate.ts");
    const { chosenStacks } = await import("../../operations/fleet/chosenStacks.ts");
    const { stackNames } = await import("../../stack/stackNames.ts");
    const { fleetRotateView } = await import("../views/fleetRotateView.ts");
    const { rotateExitCode } = await import("./rotate.ts");
    const { failureExitCode, worstExitCode } = await import("../exitCodes.ts");
    const stacks = await fleetRotate({
      ...context,
      ...settings,
      cwd: values.cwd,
      stacks: chosenStacks(await stackNames({ ...context, cwd: values.cwd }), values),
    });
    const codes = stacks.map(({ result, failure }) =>
      failure === undefined ? ((result && rotateExitCode(result)) ?? ExitCode.Ok) : failureExitCode(failure),
    );
    return outcomeOf(worstExitCode(codes), { stacks }, fleetRotateView);
  },
});
