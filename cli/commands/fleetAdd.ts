import { usageFailure } from "../../common/failure.ts";
import { defineCommand, outcomeOf } from "../command.ts";
import { ExitCode } from "../exitCodes.ts";

/** `exo-auth fleet add`. */
export const fleetAddCommand = defineCommand({
  name: "fleet add",
  operand: {
    value: "FILE",
    description:
      "a list of tenants in CSV, with the columns `stack` and `tenant` (an ID or a domain), and if you like `roles` (separated by |), `deployer`, `reader` and `previewer` (client IDs)",
  },
  summary: "create a stack with settings for each tenant of a list",
  description:
    "Reads a list of tenants, and shows which stacks and settings are missing. With --yes, it creates the stacks and writes their settings files, ready for one pull request.\n\nThe command never changes a setting that exists. If you run the command again with a longer list, it adds what is new, and says which settings differ from the list. It never deploys anything, and signs in to no tenant. If a tenant is given by a domain, it asks Entra for the ID, which anybody may do.",
  options: {
    "secrets-provider": {
      type: "string",
      value: "URL",
      description:
        "what encrypts the secrets of a new stack, as `pulumi stack init` takes it. Default: as Pulumi decides",
    },
    yes: {
      type: "boolean",
      short: "y",
      description:
        "create the stacks and write the settings. Without it, the command only shows what it would do",
    },
  },
  examples: [
    { command: "exo-auth fleet add tenants.csv", meaning: "show what is missing" },
    {
      command: "exo-auth fleet add tenants.csv --yes",
      meaning: "create the stacks and their settings files",
    },
  ],
  permissions: [
    "the list of the project's stacks, as `pulumi stack ls` reads it",
    "with --yes, the right to create stacks in the backend and to write their settings files, and the passphrase or the key service that encrypts their secrets",
  ],
  withoutStack: true,
  exitCodes: [],
  async run(values, { operand, env, signal, progress }) {
    if (values.stack !== undefined) {
      throw usageFailure("`fleet add` takes the stacks from the list. Leave out --stack.");
    }
    const { fleetAdd } = await import("../../operations/fleet/fleetAdd.ts");
    const { fleetAddView } = await import("../views/fleetAddView.ts");
    const result = await fleetAdd({
      env,
      signal,
      progress,
      cwd: values.cwd,
      file: operand,
      secretsProvider: values["secrets-provider"],
      applies: values.yes === true,
    });
    return outcomeOf(ExitCode.Ok, result, fleetAddView);
  },
});
