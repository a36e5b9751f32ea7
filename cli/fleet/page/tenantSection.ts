import { timeInWords } from "../../../common/time.ts";
import { adoptionLines, credentialText, ownerText } from "../../discovery/words.ts";
import type {
  FleetApplication,
  FleetFinding,
  FleetTenant,
  FleetUnread,
} from "../../../operations/fleet/fleetTenant.ts";
import { firstEnd } from "../../../operations/timedRoles/timedRoleStatus.ts";
import type { ComponentStatus } from "../../../operations/status.ts";
import { checkInWords, endInWords, stateWords } from "../../views/fleetWords.ts";
import { type Content, type Markup, markup } from "./markup.ts";

/** Everything that is known of one stack. */
export function tenantSection(tenant: FleetTenant): Markup {
  const { stack, project, state, began, updated, parts, findings, unread, components } = tenant;
  const { applications = [] } = tenant;
  const facts = list([
    ["state", markup`<span class="state">${stateWords[state]}</span>`],
    ["project", project],
    ["last check", [checkInWords(tenant), ...(parts.length === 0 ? [] : [parts.join(", ")])].join(": ")],
    ["last update", updated === undefined ? "" : timeInWords(updated)],
    ["ends first", endInWords(tenant)],
  ]);
  return markup`<section class="tenant" id="${stack}" data-state="${state}" data-began="${began}">
<h3>${stack}</h3>
${facts}${items("Findings", findings.map(findingItem))}${items("Not read", unread.map(unreadItem))}${components.map(componentFacts)}${items(
    "May act on Exchange",
    applications.map((one) => applicationItem(one, stack)),
  )}
</section>
`;
}

function findingItem(finding: FleetFinding): Markup {
  const { severity, part, section, id, title, subject, found, declared, why, source, remedy } = finding;
  const facts = list([
    ["subject", subject],
    ["found", found],
    ["declared", declared],
    ["why", why],
    ["source", source],
    ["remedy", markup`<code>${remedy}</code>`],
  ]);
  return markup`<b>${severity}: ${title}</b> (<code>${id}</code>, ${part} of ${section})${facts}`;
}

function unreadItem({ part, section, check, reason }: FleetUnread): Markup {
  return markup`${part}${section === "" ? "" : ` of ${section}`}: ${check}: ${reason}`;
}

function componentFacts(component: ComponentStatus): Markup {
  const { tenantDomain, tenantId, cloud, appId, roles, generations, nextRotation } = component;
  const { federatedCredentials = [], timedRoles = [] } = component;
  const facts = list([
    ["tenant", `${tenantDomain}, ${tenantId} (${cloud})`],
    ["application", appId],
    ["roles", roles.join(", ") || "none"],
    ...timedRoles.map((role): readonly [string, string] => [
      `role ${role.role}`,
      `until ${timeInWords(firstEnd({ timedRoles: [role] }))}`,
    ]),
    ...generations.map(({ generation, current, notBefore, notAfter }): readonly [string, string] => [
      `certificate ${generation}`,
      `${timeInWords(notBefore)} to ${timeInWords(notAfter)}${current ? ", current" : ""}`,
    ]),
    ...federatedCredentials.map(({ name, issuer, subject }): readonly [string, string] => [
      `federated credential ${name}`,
      `${subject} of ${issuer}`,
    ]),
    ["next rotation", nextRotation === undefined ? "" : timeInWords(nextRotation)],
  ]);
  return markup`<h4>${component.component}</h4>${facts}`;
}

function applicationItem(application: FleetApplication, stack: string): Markup {
  const { displayName, appId, isDeclared, access, credentials, owners, lastSignIn, findings } = application;
  const lines = [
    ...access,
    ...credentials.map(credentialText),
    ...owners.map(ownerText),
    ...(lastSignIn === undefined ? [] : [`last sign-in ${timeInWords(lastSignIn)}`]),
    ...findings.map(({ severity, title, found }) => `${severity}: ${title}: ${found}`),
    ...adoptionLines(application, stack),
  ];
  const declared = isDeclared ? "declared by this stack" : markup`<b>not declared by this stack</b>`;
  return markup`${displayName} (<code>${appId}</code>), ${declared}<ul>${lines.map((line) => markup`<li>${line}</li>`)}</ul>`;
}

/** Names with what they are; what is empty is left out. */
function list(facts: readonly (readonly [string, Content])[]): Markup {
  const known = facts.filter(([, fact]) => fact !== "");
  return markup`<dl>${known.map(([name, fact]) => markup`<dt>${name}</dt><dd>${fact}</dd>`)}</dl>`;
}

function items(title: string, contents: readonly Markup[]): Markup | undefined {
  if (contents.length === 0) return undefined;
  return markup`<h4>${title}</h4><ul>${contents.map((content) => markup`<li>${content}</li>`)}</ul>`;
}
