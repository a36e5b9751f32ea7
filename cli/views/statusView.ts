import { timeInWords } from "../../common/time.ts";
import { counted } from "../../common/counted.ts";
import { styleText } from "node:util";
import type { ComponentStatus, GenerationStatus, StatusResult } from "../../operations/status.ts";
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
    ...exchangeLines(component),
    `  next rotation      ${component.nextRotation === undefined ? "never: it has no certificate" : timeInWords(component.nextRotation)}`,
    ...(component.federatedCredentials ?? []).map(
      ({ name, subject, issuer }) => `  federated          ${name}: ${subject} of ${issuer}`,
    ),
    ...component.generations.map((generation) => line(generation, expiring && generation.current)),
  ].join("\n");
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
