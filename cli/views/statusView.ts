import { timeInWords } from "../../common/time.ts";
import { counted } from "../../common/counted.ts";
import { styleText } from "node:util";
import type { ComponentStatus, GenerationStatus, StatusResult } from "../../operations/status.ts";
import type { TimedRoleStatus } from "../../operations/timedRoles/timedRoleStatus.ts";
import { bad, good } from "./marks.ts";

/** What a person reads of `status`. */
export function statusView({ project, stack, updated, components, expiring }: StatusResult): string {
  const parts = components.map((component) => view(component, expiring.includes(component.component)));
  return `Stack ${stack} of project ${project}, last updated ${timeInWords(updated)}\n\n${parts.join("\n\n")}\n`;
}

function view(component: ComponentStatus, expiring: boolean): string {
  return [
    styleText("bold", `${component.component}, ${component.tenantDomain}`, { validateStream: false }),
    `  tenant             ${component.tenantId} (${component.cloud})`,
    `  application        ${component.appId}, object ID ${component.applicationObjectId}`,
    `  service principal  object ID ${component.servicePrincipalObjectId}`,
    `  in the tenant      ${tenantText(component.tenant)}`,
    `  roles              ${component.roles.join(", ") || "none"}`,
    ...timedRoleLines(component),
    ...exchangeLines(component),
    `  next rotation      ${component.nextRotation === undefined ? "never: it has no certificate" : timeInWords(component.nextRotation)}`,
    ...(component.federatedCredentials ?? []).map(
      ({ name, subject, issuer }) => `  federated          ${name}: ${subject} of ${issuer}`,
    ),
    ...component.generations.map((generation) => line(generation, expiring && generation.current)),
  ].join("\n");
}

function timedRoleLines({ timedRoles = [], timedRolesNotRead }: ComponentStatus): readonly string[] {
  return [
    ...timedRoles.map(timedRoleLine),
    ...(timedRolesNotRead === undefined
      ? []
      : [`                     the tenant's own ends: not read, ${timedRolesNotRead}`]),
  ];
}

function timedRoleLine({ role, until, daysLeft, held, endsAt }: TimedRoleStatus): string {
  const text = `role ${role}  until ${timeInWords(until)}`;
  if (daysLeft < 0) {
    if (held === true)
      return bad(`${text}, ended. The application still has it: run \`exo-auth grant --yes\``);
    return bad(`${text}, ended. Jobs need a later \`until\`, or nobody needs the role`);
  }
  if (held === false) return bad(`${text}. The application does not have it: run \`exo-auth grant --yes\``);
  const left = `${counted(daysLeft, "day")} left`;
  if (endsAt === null) return bad(`${text}. In the tenant, it has no end: run \`exo-auth grant --yes\``);
  const isEarlier = endsAt !== undefined && Date.parse(until) - Date.parse(endsAt) > 60_000;
  return good(`${text}, ${left}${isEarlier ? ` (in the tenant until ${timeInWords(endsAt)})` : ""}`);
}

function exchangeLines({ exchangeRoles }: ComponentStatus): readonly string[] {
  if (exchangeRoles === undefined) return [];
  const { declared, findings = [], notRead } = exchangeRoles;
  const isRead = exchangeRoles.findings !== undefined && notRead === undefined;
  return [
    `  roles in Exchange  ${declared.join(", ")}${findings.length === 0 && isRead ? " (as declared)" : ""}`,
    ...findings.map((finding) => bad(`not as declared: ${finding}. See \`exo-auth audit\``)),
    ...(notRead === undefined ? [] : [`                     not read: ${notRead}`]),
  ];
}

function tenantText(tenant: ComponentStatus["tenant"]): string {
  if ("notRead" in tenant) return `not known: ${tenant.notRead}`;
  if (tenant.servicePrincipalDisabled)
    return "exists, but its service principal is disabled: `accountEnabled` is false, so nobody gets a token. Find out who disabled it, and why";
  const texts: Readonly<Record<typeof tenant.application, string>> = {
    present: "exists, not blocked",
    blocked: "blocked: `isDisabled` is true, so nobody gets a token. Find out who blocked it, and why",
    absent: 'deleted. The recycle bin could not be read (docs/recovery.md, "The application was deleted")',
    recycleBin: 'deleted, in the recycle bin for 30 days (docs/recovery.md, "The application was deleted")',
    gone: 'deleted for good (docs/recovery.md, "The application was deleted")',
  };
  return texts[tenant.application];
}

function line(
  { generation, current, thumbprint, notAfter, daysLeft }: GenerationStatus,
  expiring: boolean,
): string {
  const left = daysLeft < 0 ? "ended" : `${counted(daysLeft, "day")} left`;
  const text = `certificate ${generation}${current ? " (current)" : ""}  ${thumbprint}  until ${timeInWords(notAfter)}, ${left}`;
  return (expiring || daysLeft < 0 ? bad : good)(text);
}
