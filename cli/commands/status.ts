import { defineCommand, outcomeOf } from "../command.ts";
import { ExitCode } from "../exitCodes.ts";
import { component, readsState } from "../options.ts";
import { whileLoading } from "../whileLoading.ts";

/** `exo-auth status`. */
export const statusCommand = defineCommand({
  name: "status",
  summary: "show identities, roles and certificates, and how long they last",
  description:
    "Shows what the stack's last update created: identities, roles, each certificate with the days that are left, and when the next rotation is due.\n\nIf the environment's identity may read the tenant, the command also checks that the application exists and is not blocked. With --quiet, it reads the state alone.",
  options: {
    component,
    "fail-if-expiring": {
      type: "string",
      value: "TIME",
      description:
        "exit with 7 if a current certificate or a role of `timedRoles` ends within this time, such as 30d",
    },
  },
  examples: [
    { command: "exo-auth status", meaning: "every component of the selected stack" },
    { command: "exo-auth status --stack contoso --fail-if-expiring 30d --quiet", meaning: "for a monitor" },
  ],
  permissions: [
    readsState,
    "in the tenant, to check the application there: Application.Read.All. For roles of Exchange itself, and for `timedRoles`: what `exo-auth audit` needs for these",
  ],
  exitCodes: [ExitCode.ExpectationFailed],
  async run(values, context) {
    const { exportState, readState } = await import("../../stack/exportedState.ts");
    const { parseDuration } = await import("../../common/duration.ts");
    const limit = values["fail-if-expiring"];
    const within = limit === undefined ? undefined : parseDuration("--fail-if-expiring", limit);
    const pulumi = { stack: values.stack, cwd: values.cwd, ...context };
    const exporting = whileLoading(exportState(pulumi));
    const { readingIdentity } = await import("../../operations/tenant/readingIdentity.ts");
    const reading = values.quiet ? undefined : whileLoading(readingIdentity(pulumi));
    const options = { ...pulumi, reading };
    const { declaresGrants, readTenantStatus, status } = await import("../../operations/status.ts");
    const { askExchange } = await import("../../operations/grant/askExchange.ts");
    const { statusView } = await import("../views/statusView.ts");
    const { publicStateOf } = await import("../../stack/components.ts");
    const { selectComponents } = await import("../../stack/selectComponents.ts");
    const state = await readState(options, publicStateOf, exporting);
    const components = selectComponents(state, values.component);
    const asked = values.quiet ? [] : components;
    const [tenants, exchange] = await Promise.all([
      Promise.all(asked.map(async (one) => [one.name, await readTenantStatus(one, options)] as const)),
      Promise.all(
        asked.filter(declaresGrants).map(async (one) => {
          const { project, stack } = state;
          const question = { component: one, project, stack, cloud: one.cloud };
          return [one.name, await askExchange(question, options)] as const;
        }),
      ),
    ]);
    const result = status(state, components, new Map(tenants), new Date(), within, new Map(exchange));
    const exitCode = result.expiring.length > 0 ? ExitCode.ExpectationFailed : ExitCode.Ok;
    return outcomeOf(exitCode, result, statusView);
  },
});
