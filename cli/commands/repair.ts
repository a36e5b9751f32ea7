import { defineCommand, outcomeOf } from "../command.ts";
import { ExitCode } from "../exitCodes.ts";
import { component } from "../options.ts";

/** `exo-auth repair`. */
export const repairCommand = defineCommand({
  name: "repair",
  summary: "find what an interrupted update left in the tenant, and import or remove it",
  description:
    "Finds what the stack's components made in the tenant and the state does not know, because an update was killed or an answer was lost: applications by their description, the service principal, its consents and roles, and certificates by key id and SHA-256. Shows it; with --yes imports it into the state, or deletes what the state has no place for. An application that has credentials and no place in the state stays. After an update that was killed, `pulumi cancel` comes first, `pulumi up` afterwards.",
  options: {
    component: {
      ...component,
      description: "only this ExchangeAppOnlyAuth; needed with --yes where the stack has several",
    },
    yes: {
      type: "boolean",
      short: "y",
      description: "import and delete; without it, what is found is shown",
    },
  },
  examples: [
    { command: "exo-auth repair --stack contoso", meaning: "show what was left behind" },
    {
      command: "pulumi cancel --yes && exo-auth repair --yes && pulumi up --yes",
      meaning: "after an update that was killed",
    },
  ],
  permissions: ["those of the deploying identity: docs/deployer.md"],
  exitCodes: [ExitCode.Authentication, ExitCode.ExpectationFailed],
  async run(values, context) {
    const { repair } = await import("../../operations/repair/repair.ts");
    const { repairView } = await import("../views/repairView.ts");
    const { plannedResources } = await import("../../stack/plan.ts");
    const { exportState } = await import("../../stack/exportedState.ts");
    const { importInto } = await import("../../stack/importFile.ts");
    const { deployingIdentity } = await import("../../operations/preflight/deployingIdentity.ts");
    const { resolveEndpoints } = await import("../../graph/endpoints.ts");
    const { createCredential } = await import("../../graph/signIn.ts");
    const { createGraphClient } = await import("../../graph/graphClient.ts");
    const { createRemover } = await import("../../graph/removal.ts");
    const pulumi = { stack: values.stack, cwd: values.cwd, ...context };
    context.progress("Asking Pulumi for the plan …");
    const { identity, cloud, env } = await deployingIdentity(pulumi);
    const endpoints = await resolveEndpoints(cloud, env);
    const credential = createCredential(identity, endpoints);
    const [exported, planned] = await Promise.all([exportState(pulumi), plannedResources(pulumi)]);
    context.progress("Looking through the tenant …");
    const result = await repair({
      known: exported.resources,
      planned,
      component: values.component,
      graph: createGraphClient(credential, endpoints.graph, context),
      ...(values.yes && {
        apply: {
          importInto: (file) => importInto(file, pulumi),
          remove: createRemover(credential, endpoints.graph, context),
        },
      }),
    });
    const isOpen = !result.repaired && result.leftovers.some(({ action }) => action !== "keep");
    return outcomeOf(isOpen ? ExitCode.ExpectationFailed : ExitCode.Ok, result, repairView);
  },
});
