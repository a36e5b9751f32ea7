import { setTimeout } from "node:timers/promises";
import { usageFailure } from "../../common/failure.ts";
import type { GrantResult } from "../../operations/grant/grant.ts";
import { defineCommand, outcomeOf } from "../command.ts";
import { ExitCode } from "../exitCodes.ts";
import { component, readsState } from "../options.ts";

/** `exo-auth grant`. */
export const grantCommand = defineCommand({
  name: "grant",
  summary: "give the application its role groups and roles in Exchange",
  description:
    "Gives each application the role groups and roles that its component declares with `exchangeRoleGroups`, `exchangeRoles` and `complianceRoleGroups`, in Exchange Online and in Security & Compliance. Run it after `pulumi up`: it reads what the last update deployed.\n\nThe command shows what it would change. With --yes, it makes the changes. It also removes roles that it gave earlier, if the component no longer declares them. It leaves roles that somebody else gave. If a run was interrupted, run it again.\n\nWith --print, it prints PowerShell that makes the same changes, for an administrator to run. Microsoft documents these cmdlets. It does not document the address at which the command runs them.\n\nBefore `pulumi destroy`, run the command with --remove.",
  options: {
    component,
    yes: {
      type: "boolean",
      short: "y",
      description: "confirm. Without it, the command only shows what it would do",
    },
    remove: { type: "boolean", description: "remove everything that the command gave" },
    print: {
      type: "boolean",
      description: "print PowerShell for an administrator. The command does not sign in to Exchange",
    },
    "allow-role-management": {
      type: "boolean",
      description:
        "give Organization Management or Role Management, if declared. With one of these, a job can give itself every right in Exchange",
    },
  },
  examples: [
    { command: "exo-auth grant --stack contoso", meaning: "show what would be given" },
    { command: "exo-auth grant --stack contoso --yes", meaning: "after `pulumi up`" },
    {
      command: "exo-auth grant --stack contoso --print > grant.ps1",
      meaning: "for an administrator to read and run",
    },
    {
      command: "exo-auth grant --stack contoso --remove --yes && pulumi destroy --stack contoso --yes",
      meaning: "before the application is deleted",
    },
  ],
  permissions: [
    readsState,
    "with --print, nothing in the tenant",
    "without --print, a separate identity in the ARM_… variables, with Exchange.ManageAsApp and the management role `Role Management` in each service. It can give itself every right in Exchange. Never use a job's identity, or the one that reads",
  ],
  exitCodes: [ExitCode.Authentication, ExitCode.Resource, ExitCode.ExpectationFailed],
  async run(values, context) {
    const { grant, grantSubjects, requireAllowed } = await import("../../operations/grant/grant.ts");
    const { readState } = await import("../../stack/exportedState.ts");
    const { publicStateOf } = await import("../../stack/components.ts");
    const { selectComponents } = await import("../../stack/selectComponents.ts");
    const { remove = false, print = false, yes = false } = values;
    if (print && (yes || values.json))
      throw usageFailure(`Use either --print or ${yes ? "--yes" : "--json"}, not both.`);
    const allowRoleManagement = values["allow-role-management"] ?? false;
    const pulumi = { stack: values.stack, cwd: values.cwd, ...context };
    const subjects = await readState(pulumi, (exported) => {
      const state = publicStateOf(exported);
      return grantSubjects(state, selectComponents(state, values.component));
    });
    if (print) {
      const { grantScript } = await import("../../operations/grant/grantScript.ts");
      requireAllowed({ subjects, remove, allowRoleManagement });
      const piped = grantScript(subjects, remove);
      return { exitCode: ExitCode.Ok, document: { piped }, text: "", piped };
    }
    const { grantView } = await import("../views/grantView.ts");
    const { readingIdentity } = await import("../../operations/tenant/readingIdentity.ts");
    const { requireApplicationIdentity, roleAccess } = await import("../../operations/grant/roleAccess.ts");
    const { resolveEndpoints } = await import("../../graph/endpoints.ts");
    const { identity: found, env } = await readingIdentity(pulumi);
    const identity = requireApplicationIdentity(found);
    const endpoints = new Map(
      await Promise.all(
        subjects.map(async ({ cloud }) => [cloud, await resolveEndpoints(cloud, env)] as const),
      ),
    );
    const result = await grant({
      subjects,
      remove,
      apply: yes,
      allowRoleManagement,
      clientId: identity.clientId,
      access: (subject, service) =>
        roleAccess(subject, service, {
          identity,
          endpoints: endpoints.get(subject.cloud)!,
          signal: context.signal,
        }),
      waitMs: 120_000,
      pause: async (milliseconds) => setTimeout(milliseconds, undefined, { signal: context.signal }),
      progress: context.progress,
    });
    return outcomeOf(grantExitCode(result), result, grantView);
  },
});

/** The exit code: 7 where something is left to do. */
function grantExitCode({ applied, grants }: GrantResult): ExitCode {
  const isOpen = grants.some(({ steps, pending }) => (applied ? pending : steps).length > 0);
  return isOpen ? ExitCode.ExpectationFailed : ExitCode.Ok;
}
