import { usageFailure } from "../../common/failure.ts";
import type { RepairOptions } from "../../operations/repair/repair.ts";
import { defineCommand, outcomeOf } from "../command.ts";
import { ExitCode } from "../exitCodes.ts";
import { component } from "../options.ts";

/** `exo-auth repair`. */
export const repairCommand = defineCommand({
  name: "repair",
  summary: "find what an interrupted update left in the tenant, and import it",
  description:
    "Finds what the stack's components created in the tenant and the state does not know, because an update was killed or an answer was lost. It finds the application by the marker in the state, the service principal, its consents and roles, and certificates by key ID and SHA-256. If the deploying identity may read Exchange, it also finds role groups that `exo-auth grant` created before the stack was renamed, or for an application that is gone, and names the command that removes each.\n\nThe command shows what it found. With --yes, it imports what is proven to belong to the stack. It leaves an application alone if only its name or description says that it belongs to the stack, if somebody else can sign in with it or change it, or if there are several. It shows everything that depends on such an application. --adopt imports it, and --delete deletes it.\n\nAfter an update was killed, run `pulumi cancel` first, and `pulumi up` afterward.",
  options: {
    component: {
      ...component,
      description: "only this ExchangeAppOnlyAuth. Needed with --yes if the stack has several",
    },
    adopt: {
      type: "string",
      value: "OBJECT-ID",
      description:
        "with --yes: import this application, although nothing proves that it belongs to the stack",
    },
    delete: {
      type: "string",
      value: "OBJECT-ID",
      description: "with --yes: delete this application, with everything that depends on it",
    },
    yes: {
      type: "boolean",
      short: "y",
      description: "confirm. Without it, the command only shows what it found and what it would do",
    },
  },
  examples: [
    { command: "exo-auth repair --stack contoso", meaning: "show what an update left" },
    {
      command: "pulumi cancel --yes && exo-auth repair --yes && pulumi up --yes",
      meaning: "after an update was killed",
    },
    {
      command: "exo-auth repair --delete 38b9c836-f663-4536-8d13-7772dbb35f2b",
      meaning: "show what depends on an application, before you delete it with --yes",
    },
  ],
  permissions: [
    "with --yes, the stack's secrets. Without it, none, unless the program's settings have a secret or the program cannot be planned without one. The output says so",
    "the permissions of the deploying identity, see docs/deployer.md",
    "to find role groups: Exchange.ManageAsApp of both services, and a role that reads them, such as Global Reader. The output says if they could not be read",
    "AuditLog.Read.All of Microsoft Graph, to read last sign-ins. The output says if they could not be read",
  ],
  exitCodes: [ExitCode.Authentication, ExitCode.Resource, ExitCode.ExpectationFailed],
  async run(values, context) {
    const { repair } = await import("../../operations/repair/repair.ts");
    const { repairView } = await import("../views/repairView.ts");
    const { plannedResources } = await import("../../stack/plan.ts");
    const { plannedWithoutSecrets } = await import("../../stack/plannedWithoutSecrets.ts");
    const { exportState } = await import("../../stack/exportedState.ts");
    const { importInto } = await import("../../stack/importFile.ts");
    const { deployingIdentity } = await import("../../operations/preflight/deployingIdentity.ts");
    const { resolveEndpoints } = await import("../../graph/endpoints.ts");
    const { createCredential } = await import("../../graph/signIn.ts");
    const { createGraphClient } = await import("../../graph/graphClient.ts");
    const { readClaims } = await import("../../graph/accessToken.ts");
    const { createRemover } = await import("../../graph/removal.ts");
    const { openRoleReader } = await import("../../operations/grant/roleReading.ts");
    const choice = choiceOf(values);
    const pulumi = { stack: values.stack, cwd: values.cwd, ...context };
    const { identity, cloud, env } = await deployingIdentity(pulumi);
    const endpoints = await resolveEndpoints(cloud, env);
    const credential = createCredential(identity, endpoints);
    // A refused sign-in is why a plan fails, too, so it is said before, and once.
    const { token } = await credential.getToken(endpoints.graph.scope, { abortSignal: context.signal });
    const { appid: clientId, oid: objectId, tid: tenantId } = readClaims(token);
    context.progress("Asking Pulumi for the plan …");
    const [exported, planned] = await Promise.all([
      exportState(pulumi),
      values.yes ? plannedResources(pulumi) : plannedWithoutSecrets(pulumi),
    ]);
    context.progress("Looking through the tenant …");
    const result = await repair({
      known: exported.resources,
      planned,
      component: values.component,
      graph: createGraphClient(credential, endpoints.graph, context),
      deployer: { clientId, objectId },
      openRoles: async (service, tenantDomain) =>
        openRoleReader({ tenantId, tenantDomain }, service, { identity, endpoints, ...context }),
      ...(choice && { choice }),
      ...(values.yes && {
        apply: {
          importInto: (file) => importInto(file, pulumi),
          knownNow: async () => (await exportState(pulumi)).resources,
          remove: createRemover(credential, endpoints.graph, context),
        },
      }),
    });
    const isOpen = !result.repaired && result.leftovers.some(({ action }) => action !== "keep");
    return outcomeOf(isOpen ? ExitCode.ExpectationFailed : ExitCode.Ok, result, repairView);
  },
});

/** @throws Failure where both are given */
function choiceOf(values: {
  readonly adopt?: string | undefined;
  readonly delete?: string | undefined;
}): RepairOptions["choice"] {
  const { adopt, delete: deleted } = values;
  if (adopt !== undefined && deleted !== undefined)
    throw usageFailure("Use either --adopt or --delete, not both. Run the command once for each.");
  if (adopt !== undefined) return { kind: "adopt", objectId: adopt };
  return deleted === undefined ? undefined : { kind: "delete", objectId: deleted };
}
