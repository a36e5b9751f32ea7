import { timeInWords } from "../../common/time.ts";
import type {
  DiscoveredApplication,
  DiscoveredCredential,
  DiscoveredDeclaration,
  DiscoveredOwner,
} from "../../operations/adoption/discover.ts";
import { over } from "../../operations/grant/roleSteps.ts";
import type { NotRead } from "../../operations/adoption/notRead.ts";

const objects = { application: "the application", servicePrincipal: "the service principal" } as const;
const kinds = { certificate: "certificate", secret: "secret", federated: "federated credential" } as const;

/** A credential in words. */
export function credentialText({ kind, on, id, sha256, ends, isExpired }: DiscoveredCredential): string {
  const bytes = sha256 === undefined ? "" : `, SHA-256 ${sha256}`;
  const end =
    ends === undefined ? "without an end" : `${isExpired ? "expired" : "until"} ${timeInWords(ends)}`;
  return `${kinds[kind]} ${id} on ${objects[on]}${bytes}, ${end}`;
}

/** An owner in words. */
export function ownerText({ of, id, displayName }: DiscoveredOwner): string {
  return `${displayName ?? "somebody"} owns ${objects[of]}, object ID ${id}`;
}

/**
 * How an application could come under Pulumi, one line each.
 *
 * @param stack which one would declare it. @default the one that is selected
 */
export function adoptionLines(
  { appId, declaration, describedAs }: DiscoveredApplication,
  stack?: string,
): readonly string[] {
  if (describedAs !== undefined) return [`its description says that a stack owns it: ${describedAs}`];
  if (declaration === undefined)
    return ["the component cannot declare it: the application is another tenant's, or could not be read"];
  const existing = declaration.losses.length > 0 ? " --existing" : "";
  const chosen = stack === undefined ? "" : ` --stack ${stack}`;
  return [
    `the component would declare it with ${settingsText(declaration)}`,
    ...declarationLines(declaration),
    `to adopt it: exo-auth adopt${chosen} --app-id ${appId}${existing}`,
  ];
}

function settingsText({ settings }: DiscoveredDeclaration): string {
  const { roles, apiPermissions = [], certificate, federatedCredentials = [], owners = [] } = settings;
  const exchange = exchangeRightTexts(settings);
  const parts = [
    ["roles", roles],
    ["permissions", apiPermissions.map(({ resource, permission }) => `${permission} of ${resource}`)],
    ["generations", certificate?.generations.map(({ name }) => name) ?? []],
    [
      "federated credentials",
      federatedCredentials.map(({ name, issuer, subject }) => `${name} for ${subject} of ${issuer}`),
    ],
    ["owners", owners],
    ...(exchange.length > 0 ? [["in Exchange itself", exchange] as const] : []),
  ] as const;
  return parts.map(([what, names]) => `${what}: ${names.join(", ") || "none"}`).join("; ");
}

/** What the settings declare of Exchange's own role groups and roles, in words. */
export function exchangeRightTexts({
  exchangeRoleGroups = [],
  exchangeRoles = [],
  complianceRoleGroups = [],
}: DiscoveredDeclaration["settings"]): readonly string[] {
  return [
    ...exchangeRoleGroups.map((name) => `role group "${name}" of Exchange Online`),
    ...exchangeRoles.map((role) => `management role "${role.role}" of Exchange Online${over(role)}`),
    ...complianceRoleGroups.map((name) => `role group "${name}" of Security & Compliance`),
  ];
}

/** What an update would remove and add, and what stays undeclared, one line each. */
export function declarationLines({
  losses,
  additions,
  undeclared,
}: Omit<DiscoveredDeclaration, "settings">): readonly string[] {
  return [
    ...losses.map(({ object, title }) => `an update would remove from ${objects[object]}: ${title}`),
    ...additions.map((what) => `an update would add: ${what}`),
    ...undeclared.map(({ title, choice }) => `not declared: ${title}. You can ${choice}`),
  ];
}

/** What could not be read, one line for each reason. */
export function notReadLines(notRead: readonly NotRead[]): readonly string[] {
  const reasons = [...new Set(notRead.map(({ reason }) => reason))];
  return reasons.map((reason) => {
    const parts = notRead.filter((one) => one.reason === reason).map(({ what }) => what);
    return `not read: ${[...new Set(parts)].join(", ")}: ${reason}`;
  });
}
