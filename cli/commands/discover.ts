import { defineCommand } from "../command.ts";
import { ExitCode } from "../exitCodes.ts";
import type { DiscoveryFormat } from "../discovery/formats.ts";

/** `exo-auth discover`. */
export const discoverCommand = defineCommand({
  name: "discover",
  summary: "list the applications of a tenant that may act on Exchange",
  description:
    "Finds the applications of a tenant that may act on Exchange, no matter who created them:\n\n- by an application permission of Office 365 Exchange Online or Microsoft Exchange Online Protection, such as Exchange.ManageAsApp\n- by a directory role that Exchange accepts, over the whole tenant or an administrative unit. The application or one of its groups holds the role\n- by a role group or a management role of Exchange Online or of Security & Compliance, if the identity can read these\n- with --mail, by a permission of Microsoft Graph that reaches mailboxes\n\nFor each application, it lists the credentials, when they end, the owners, and the last sign-in. It also lists what `exo-auth audit` would find, how the component would declare the application, and what an update would remove.\n\nThe command only reads, and needs no stack and no project.",
  options: {
    mail: {
      type: "boolean",
      description: "also list applications with permissions of Microsoft Graph that reach mailboxes",
    },
    format: {
      type: "string",
      value: "FORMAT",
      default: "text",
      description: "what to print on standard output: `text`, `json` or `markdown`. Default: `text`",
    },
  },
  examples: [
    { command: "exo-auth discover", meaning: "list the applications of the tenant in ARM_TENANT_ID" },
    {
      command: "exo-auth discover --mail --format markdown > applications.md",
      meaning: "write a page with those that read or send mail, too",
    },
  ],
  permissions: [
    "Application.Read.All, DelegatedPermissionGrant.Read.All, GroupMember.Read.All and RoleManagement.Read.Directory of Microsoft Graph, for the identity of the ARM_… variables, or for the Azure CLI's account. If one is missing, the output names it, and the exit code is 3",
    "to read more: AuditLog.Read.All for the last sign-in, Policy.Read.All, CustomSecAttributeAssignment.Read.All, PrivilegedAssignmentSchedule.Read.AzureADGroup and PrivilegedEligibilitySchedule.Read.AzureADGroup. If one is missing, the output names what could not be read",
    "to read the role groups and roles of Exchange: Exchange.ManageAsApp of both services, with a role such as Global Reader, and Domain.Read.All. The Azure CLI's account cannot read them. If something is missing, the output says so",
  ],
  withoutStack: true,
  exitCodes: [ExitCode.Error, ExitCode.Authentication],
  async run(values, context) {
    const { discover } = await import("../../operations/adoption/discover.ts");
    const { discoveryOutcome, parseDiscoveryFormat } = await import("../discovery/formats.ts");
    const { providerCloud } = await import("../../operations/preflight/deployingIdentity.ts");
    const { identityFromEnvironment } = await import("../../graph/environment.ts");
    const { openTenant } = await import("../../operations/tenant/openTenant.ts");
    const format: DiscoveryFormat = parseDiscoveryFormat(values.format);
    const { env, signal, progress } = context;
    const identity = await identityFromEnvironment(env);
    const tenant = await openTenant({ identity, cloud: providerCloud(env), env }, { signal });
    const result = await discover({
      ...tenant,
      signal,
      mail: values.mail === true,
      now: new Date(),
      progress,
    });
    return discoveryOutcome(result, format);
  },
});
