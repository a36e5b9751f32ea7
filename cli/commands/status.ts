import { defineCommand, outcomeOf } from "../command.ts";
import { ExitCode } from "../exitCodes.ts";
import { component, readsState } from "../options.ts";

/** `exo-auth status`. */
export const statusCommand = defineCommand({
  name: "status",
  summary: "identities, roles, certificates and how long they last",
  description:
    "Shows what the stack's last update left behind: identities, roles, each certificate with the days it has left, and when the next rotation is due. Asks the tenant, where the environment's identity may read it, whether the application is there and not blocked; with --quiet it asks the state alone.",
  options: {
    component,
    "fail-if-expiring": {
      type: "string",
      value: "TIME",
      description: "exit 7 where a current certificate ends within this time, as in 30d",
    },
  },
  examples: [
    { command: "exo-auth status", meaning: "every component of the selected stack" },
    { command: "exo-auth status --stack contoso --fail-if-expiring 30d --quiet", meaning: "for a monitor" },
  ],
  permissions: [readsState, "in the tenant, if it is to be asked: Application.Read.All"],
  exitCodes: [ExitCode.ExpectationFailed],
  async run(values, context) {
    const { readTenantStatus, status } = await import("../../operations/status.ts");
    const { statusView } = await import("../views/statusView.ts");
    const { readState } = await import("../../stack/exportedState.ts");
    const { publicStateOf, selectComponents } = await import("../../stack/components.ts");
    const { parseDuration } = await import("../../common/duration.ts");
    const limit = values["fail-if-expiring"];
    const within = limit === undefined ? undefined : parseDuration("--fail-if-expiring", limit);
    const state = await readState({ stack: values.stack, cwd: values.cwd, ...context }, publicStateOf);
    const components = selectComponents(state, values.component);
    const tenants = await Promise.all(
      (values.quiet ? [] : components).map(
        async (one) => [one.name, await readTenantStatus(one, context)] as const,
      ),
    );
    const result = status(state, components, new Map(tenants), new Date(), within);
    const exitCode = result.expiring.length > 0 ? ExitCode.ExpectationFailed : ExitCode.Ok;
    return outcomeOf(exitCode, result, statusView);
  },
});
