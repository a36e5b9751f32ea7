import { setTimeout } from "node:timers/promises";
import { usageFailure } from "../../common/failure.ts";
import { defineCommand, outcomeOf } from "../command.ts";
import { ExitCode } from "../exitCodes.ts";
import { component, readsState } from "../options.ts";

/** `exo-auth grant`. */
export const grantCommand = defineCommand({
  name: "grant",
  summary: "give the application its roles in Exchange, and roles of Entra until a time",
  description:
    "Gives each application the role groups and roles that its component declares with `exchangeRoleGroups`, `exchangeRoles` and `complianceRoleGroups`, in Exchange Online and in Security & Compliance. It also gives the roles of Entra that the component declares with `timedRoles`, each with its end. Run it after `pulumi up`: it reads what the last update deployed.\n\nThe command shows what it would change. With --yes, it makes the changes. It also removes roles that it gave earlier, if the component no longer declares them. It leaves roles that somebody else gave. If a run was interrupted, run it again.\n\nWith --print, it prints PowerShell that makes the same changes, for an administrator to run. Microsoft documents these cmdlets. It does not document the address at which the command runs them.\n\nBefore `pulumi destroy`, run the command with --remove.\n\nIf you move a role from `roles` to `timedRoles`, or back, run the command with --before-update before `pulumi up`. It reads the program, and changes the assignment of the role itself, so no job is without the role.",
  options: {
    component,
    yes: {
      type: "boolean",
      short: "y",
      description: "confirm. Without it, the command only shows what it would do",
    },
    remove: { type: "boolean", description: "remove everything that the command gave" },
    "before-update": {
      type: "boolean",
      description: "move roles between `roles` and `timedRoles`, before `pulumi up` does",
    },
    only: {
      type: "string",
      value: "SERVICE",
      description:
        "only `exchange` (role groups and roles of Exchange) or `entra` (`timedRoles`), for identities that may change one of them",
    },
    print: {
      type: "boolean",
      description: "print PowerShell for an administrator. The command does not sign in to Exchange",
    },
    "allow-role-management": {
      type: "boolean",
      description:
        "give Organization Management or Role Management, if declared, or a role group that holds a role like it. With one of these, a job can give itself every right in Exchange",
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
      command: "exo-auth grant --stack contoso --before-update --yes && pulumi up --stack contoso --yes",
      meaning: "when a role moves from `roles` to `timedRoles`",
    },
    {
      command: "exo-auth grant --stack contoso --remove --yes && pulumi destroy --stack contoso --yes",
      meaning: "before the application is deleted",
    },
  ],
  permissions: [
    readsState,
    "with --print, nothing in the tenant",
    "for roles of Exchange, a separate identity in the ARM_… variables, with Exchange.ManageAsApp and the management role `Role Management` in each service. It can give itself every right in Exchange. Never use a job's identity, or the one that reads",
    "for `timedRoles`: RoleAssignmentSchedule.ReadWrite.Directory. The deploying identity's RoleManagement.ReadWrite.Directory is enough. To read how long a role may last: RoleManagementPolicy.Read.Directory. With --before-update, what `pulumi preview` needs, too",
    "optional, to see whether the application was deleted: Application.Read.All",
  ],
  exitCodes: [ExitCode.Authentication, ExitCode.Resource, ExitCode.ExpectationFailed],
  async run(values, context) {
    const { grant, grantSubjects, requireAllowed } = await import("../../operations/grant/grant.ts");
    const { timedRoleSubjects } = await import("../../operations/timedRoles/grantTimedRoles.ts");
    const { readState } = await import("../../stack/exportedState.ts");
    const { publicStateOf } = await import("../../stack/components.ts");
    const { selectComponents } = await import("../../stack/selectComponents.ts");
    const { remove = false, print = false, yes = false } = values;
    const isBefore = values["before-update"] ?? false;
    requireTogether(values);
    const allowRoleManagement = values["allow-role-management"] ?? false;
    const pulumi = { stack: values.stack, cwd: values.cwd, ...context };
    const { jobs, components, subjects, timed, known } = await readState(pulumi, (exported) => {
      const state = publicStateOf(exported);
      const selected = selectComponents(state, values.component);
      return {
        jobs: state.components.map(({ name, appId }) => ({ component: name, appId })),
        components: selected,
        subjects: values.only === "entra" || isBefore ? [] : grantSubjects(state, selected),
        timed: values.only === "exchange" ? [] : timedRoleSubjects(state, selected),
        known: exported.resources,
      };
    });
    if (print) {
      const { grantScript } = await import("../../operations/grant/grantScript.ts");
      const { timedRoleScript } = await import("../../operations/timedRoles/timedRoleScript.ts");
      requireAllowed({ subjects, remove, allowRoleManagement });
      const ofEntra = timedRoleScript(timed, { remove, all: values.only === "entra" });
      const piped = [grantScript(subjects, { remove, allowRoleManagement }), ofEntra]
        .filter(Boolean)
        .join("\n");
      return { exitCode: ExitCode.Ok, document: { piped }, text: "", piped };
    }
    const { grantView } = await import("../views/grantView.ts");
    const { isLeftOpen } = await import("../../operations/grant/givenRoles.ts");
    const { openGrants } = await import("../../operations/grant/openGrants.ts");
    const { readingIdentity } = await import("../../operations/tenant/readingIdentity.ts");
    const who = { ...pulumi, reading: readingIdentity(pulumi) };
    const opened = await openGrants([...subjects, ...timed], jobs, who);
    // What was given must be taken away from a deleted application, too.
    if (!remove) {
      const { requireApplications } = await import("../../operations/grant/requireApplications.ts");
      const { tenantAccess } = await import("../../operations/tenant/tenantAccess.ts");
      await requireApplications(components, async (one) => tenantAccess(one, who));
    }
    const waiting = {
      waitMs: 120_000,
      pause: async (milliseconds: number) => setTimeout(milliseconds, undefined, { signal: context.signal }),
      progress: context.progress,
    };
    const options = { ...waiting, apply: yes, remove, clientId: opened.clientId };
    const entra = { ...options, subjects: timed, access: opened.timedRoles, now: Date.now };
    if (isBefore) {
      const { moveRolesBeforeUpdate } = await import("../../operations/timedRoles/moveRolesBeforeUpdate.ts");
      const timedRoles = await moveRolesBeforeUpdate({ ...entra, known }, pulumi);
      const result = { remove, applied: yes, beforeUpdate: true as const, grants: [], timedRoles };
      return outcomeOf(isLeftOpen(result) ? ExitCode.ExpectationFailed : ExitCode.Ok, result, grantView);
    }
    const { grantTimedRoles } = await import("../../operations/timedRoles/grantTimedRoles.ts");
    requireAllowed({ subjects, remove, allowRoleManagement });
    const timedRoles = await grantTimedRoles(entra);
    const exchange = await grant({
      ...options,
      subjects: opened.mayChangeExchange(subjects) ? subjects : [],
      allowRoleManagement,
      access: opened.exchangeRoles,
    });
    const result = { ...exchange, timedRoles };
    return outcomeOf(isLeftOpen(result) ? ExitCode.ExpectationFailed : ExitCode.Ok, result, grantView);
  },
});

/** @throws Failure where options do not go together */
function requireTogether(values: {
  readonly yes?: boolean | undefined;
  readonly json?: boolean | undefined;
  readonly print?: boolean | undefined;
  readonly remove?: boolean | undefined;
  readonly "before-update"?: boolean | undefined;
  readonly only?: string | undefined;
}): void {
  const { yes, json, print, remove, only, "before-update": isBefore } = values;
  if (print && (yes || json))
    throw usageFailure(`Use either --print or ${yes ? "--yes" : "--json"}, not both.`);
  if (isBefore && (print || remove))
    throw usageFailure(`Use either --before-update or ${print ? "--print" : "--remove"}, not both.`);
  if (only !== undefined && only !== "exchange" && only !== "entra")
    throw usageFailure(`--only must be exchange or entra, got "${only}".`);
  if (isBefore && only === "exchange")
    throw usageFailure("--before-update moves roles of Entra. Leave out --only exchange.");
}
