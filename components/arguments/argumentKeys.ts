import { nearest } from "../../common/nearest.ts";
import { didYouMean, type ReportProblem, show } from "../problems.ts";

/** The keys of every object among the arguments, by its path; a list's items share one. */
export const argumentKeys = {
  "": [
    "displayName",
    "notes",
    "tags",
    "owners",
    "roles",
    "allowGlobalAdministrator",
    "timedRoles",
    "exchangeRoleGroups",
    "exchangeRoles",
    "complianceRoleGroups",
    "apiPermissions",
    "securityAndCompliance",
    "userRoleAssignments",
    "certificate",
    "federatedCredentials",
    "existingClientId",
    "cloud",
    "expectedTenantId",
  ],
  "timedRoles[].": ["role", "until"],
  "exchangeRoles[].": ["role", "recipientFilter", "administrativeUnit"],
  "apiPermissions[].": ["resource", "permission"],
  "userRoleAssignments[].": ["userPrincipalName", "role"],
  "certificate.": ["generations", "validityDays", "rsaBits", "commonName", "pfxEncoding"],
  "certificate.generations[].": ["name", "publicCertificate", "acceptedSha256"],
  "federatedCredentials[].": [
    "name",
    "issuer",
    "subject",
    "github",
    "azurePipelines",
    "gitlab",
    "kubernetes",
    "audience",
    "allowWideSubject",
  ],
  "federatedCredentials[].github.": [
    "repository",
    "ownerId",
    "repositoryId",
    "immutable",
    "subjectPrefix",
    "environment",
    "branch",
    "tag",
    "pullRequest",
  ],
  "federatedCredentials[].azurePipelines.": [
    "issuer",
    "subject",
    "organization",
    "organizationId",
    "project",
    "serviceConnection",
  ],
  "federatedCredentials[].gitlab.": [
    "project",
    "projectId",
    "branch",
    "tag",
    "environment",
    "subjectClaims",
    "host",
  ],
  "federatedCredentials[].kubernetes.": ["issuer", "namespace", "serviceAccount"],
} as const;

/**
 * Reports each key of `value` that the arguments do not have there, with the one that is probably meant: near in the same
 * object, of that name elsewhere, or a nested key that `pulumi config set` took whole.
 *
 * @param path of the object, as in `certificate.generations[0].`; empty for the arguments themselves
 */
export function reportUnknownKeys(value: object, path: string, report: ReportProblem): void {
  const place = path.replaceAll(/\[\d+\]/g, "[]");
  const known = Object.entries(argumentKeys).find(([parent]) => parent === place)?.[1] ?? [];
  for (const key of Object.keys(value)) {
    if (!known.some((name) => name === key)) report(`${path}${key}`, unknownKey(key, place, known));
  }
}

function unknownKey(key: string, place: string, known: readonly string[]): string {
  const parent = /^(\w+)[.[]/.exec(key)?.[1];
  if (place === "" && parent !== undefined && known.includes(parent)) {
    return `is a part of \`${parent}\`, but was set as a key of its own. ${setNested(key, key)}`;
  }
  const isHere = known.some((name) => isBegunOrPlural(key.toLowerCase(), name.toLowerCase()));
  const meant = isHere ? [] : elsewhere(key, nearest(key, known).length === 0);
  if (meant.length === 0) return `is not an argument. ${didYouMean(key, known)}`;
  const [only, another] = meant;
  const isNested = place === "" && only !== undefined && another === undefined;
  const hint = isNested ? ` ${setNested(key, only)}` : "";
  return `is not an argument. Did you mean ${meant.map(show).join(" or ")}?${hint}`;
}

/** Whether a key is the beginning of a name, or its plural. */
function isBegunOrPlural(key: string, name: string): boolean {
  return name.startsWith(key) || key === `${name}s`;
}

/** How a key that `pulumi config set` took whole becomes one inside of another. */
function setNested(key: string, path: string): string {
  const first = path.replaceAll("[]", "[0]");
  return `Remove it with \`pulumi config rm '${key}'\`, and set it with \`pulumi config set --path '${first}' VALUE\`.`;
}

/** Paths of arguments anywhere with this name; where asked for, and the name is long, with one that is near. */
function elsewhere(key: string, isNearEnough: boolean): readonly string[] {
  const all = Object.entries(argumentKeys).flatMap(([at, names]) =>
    names.map((name) => ({ name: name.toLowerCase(), path: `${at}${name}` })),
  );
  const names = [...new Set(all.map(({ name }) => name))];
  const exact = names.filter((name) => name === key.toLowerCase());
  const meant = exact.length === 0 && isNearEnough && key.length > 5 ? nearest(key, names) : exact;
  return all.filter(({ name }) => meant.includes(name)).map(({ path }) => path);
}
