import type { ApiError } from "../../graph/apiError.ts";
import type { GraphOutcome } from "../../graph/graphClient.ts";
import type { Finding, Section, Unread } from "../findings/finding.ts";
import type { DeclaredAccess } from "./declaredAccess.ts";
import type { Credentials, ObservedAccess } from "./observedAccess.ts";
import type { ObservedItem } from "./observedItems.ts";
import { isHidden, itemsOf } from "./observedItems.ts";
import type { ApplicationObjects, Removal } from "../../graph/removal.ts";
import { removalCommand } from "../../graph/removal.ts";
import type { RuleName } from "./rules.ts";
import { rules } from "./rules.ts";

/** What is compared, and with what. */
export interface Comparison {
  readonly name: string;
  readonly objects: ApplicationObjects;
  readonly declared: DeclaredAccess;
  readonly observed: ObservedAccess;
  /** The cloud's Microsoft Graph, for the commands. */
  readonly graphUrl: string;
  readonly now: Date;
}

/** A section, and what would remove its findings, by finding. */
export interface ComparedAccess {
  readonly section: Section;
  readonly removals: ReadonlyMap<Finding, Removal>;
}

/** Compares everything that grants access through an application with what its stack declares. */
export function compareAccess(comparison: Comparison): ComparedAccess {
  const { name, objects, declared, observed } = comparison;
  const removals = new Map<Finding, Removal>();
  const findings: Finding[] = [];
  for (const item of observedItems(observed, objects)) {
    if (declared.keys.get(item.rule)?.has(item.key.toLowerCase())) continue;
    const removal = isShared(item, declared) ? undefined : item.removal;
    const finding = undeclared(item, removal, comparison);
    findings.push(finding);
    if (removal) removals.set(finding, removal);
  }
  const section = {
    name,
    checks: Object.values(rules).map(({ title }) => title),
    findings: unique([...findings, ...audienceFindings(comparison), ...expiryFindings(comparison)]),
    accepted: [],
    unread: unreadParts(observed),
    notes: lockNotes(comparison),
  };
  return { section, removals };
}

/** The kinds of finding that each part of the answers decides, and the right that it takes to read it. */
const parts: {
  readonly [K in keyof ObservedAccess]: { readonly checks: readonly RuleName[]; readonly permission: string };
} = {
  application: {
    checks: ["applicationCertificate", "applicationPassword", "signInAudience"],
    permission: "Application.Read.All",
  },
  applicationOwners: { checks: ["applicationOwner"], permission: "Application.Read.All" },
  federatedCredentials: { checks: ["federatedCredential"], permission: "Application.Read.All" },
  applicationPolicies: { checks: ["managementPolicy"], permission: "Application.Read.All" },
  servicePrincipalPolicies: { checks: ["managementPolicy"], permission: "Application.Read.All" },
  servicePrincipal: {
    checks: ["servicePrincipalCertificate", "servicePrincipalPassword"],
    permission: "Application.Read.All",
  },
  servicePrincipalOwners: { checks: ["servicePrincipalOwner"], permission: "Application.Read.All" },
  permissions: { checks: ["permission"], permission: "Application.Read.All" },
  delegatedGrants: { checks: ["delegatedGrant"], permission: "DelegatedPermissionGrant.Read.All" },
  memberships: { checks: ["roleGroup"], permission: "GroupMember.Read.All" },
  roles: { checks: ["role"], permission: "RoleManagement.Read.Directory" },
  eligibilities: { checks: ["roleEligibility"], permission: "RoleManagement.Read.Directory" },
  rolesOverApplication: { checks: ["scopedRole"], permission: "RoleManagement.Read.Directory" },
  rolesOverServicePrincipal: { checks: ["scopedRole"], permission: "RoleManagement.Read.Directory" },
};

/** The application permissions of Microsoft Graph that an audit needs. */
export const auditPermissions: readonly string[] = [
  ...new Set(Object.values(parts).map(({ permission }) => permission)),
].toSorted();

function observedItems(observed: ObservedAccess, objects: ApplicationObjects): readonly ObservedItem[] {
  return partNames(observed).flatMap((part) => itemsOfPart(part, observed, objects));
}

function itemsOfPart<K extends keyof ObservedAccess>(
  part: K,
  observed: Pick<ObservedAccess, K>,
  objects: ApplicationObjects,
): readonly ObservedItem[] {
  const outcome: GraphOutcome<Parameters<(typeof itemsOf)[K]>[0]> = observed[part];
  return outcome.ok ? itemsOf[part](outcome.value, objects) : [];
}

/** A delegated grant is one object for all its permissions: what is declared of it must not go with the rest. */
function isShared({ rule, key }: ObservedItem, { keys }: DeclaredAccess): boolean {
  const grant = key.slice(0, key.lastIndexOf(" ") + 1).toLowerCase();
  return (
    rule === "delegatedGrant" && [...(keys.get(rule) ?? [])].some((declared) => declared.startsWith(grant))
  );
}

function undeclared(
  { rule, key, found, critical }: ObservedItem,
  removal: Removal | undefined,
  { declared, graphUrl }: Comparison,
): Finding {
  const others = [...(declared.keys.get(rule) ?? [])];
  const certificates = rule.endsWith("Certificate");
  return {
    ...rules[rule],
    ...(critical === true ? { severity: "critical" as const } : {}),
    check: rules[rule].title,
    subject: certificates ? key.toUpperCase() : key,
    found,
    declared:
      others.length === 0 ? "none" : `not this one; ${others.length} other${others.length === 1 ? "" : "s"}`,
    remedy: removal ? removalCommand(removal, graphUrl) : otherRemedy(rule),
  };
}

function otherRemedy(rule: RuleName): string {
  return rule === "delegatedGrant"
    ? "pulumi up --refresh"
    : "remove it in Privileged Identity Management, under Eligible assignments";
}

function audienceFindings({ declared, observed: { application } }: Comparison): readonly Finding[] {
  if (!application.ok || declared.signInAudience === undefined) return [];
  const found = application.value.signInAudience ?? "none";
  if (found === declared.signInAudience) return [];
  return [
    {
      ...rules.signInAudience,
      check: rules.signInAudience.title,
      subject: found,
      found,
      declared: declared.signInAudience,
      remedy: "pulumi up --refresh",
    },
  ];
}

/** Rotation comes after two thirds of the lifetime; when half of the rest has gone, it has not come. */
function expiryFindings({ declared: { notBefore, notAfter }, now }: Comparison): readonly Finding[] {
  const lifetime = Date.parse(notAfter) - Date.parse(notBefore);
  const left = Date.parse(notAfter) - now.getTime();
  if (left > lifetime / 6) return [];
  return [
    {
      ...rules.certificateEnds,
      ...(left <= 0 ? { severity: "critical" as const } : {}),
      check: rules.certificateEnds.title,
      subject: notAfter,
      found: left <= 0 ? `it ended at ${notAfter}` : `it ends at ${notAfter}`,
      declared: `valid from ${notBefore} until ${notAfter}`,
      remedy: "add a generation to `certificate.generations`, then pulumi up",
    },
  ];
}

function unreadParts(observed: ObservedAccess): readonly Unread[] {
  const unreadable = partNames(observed).flatMap((part) => {
    const outcome = observed[part];
    const { checks, permission } = parts[part];
    if (outcome.ok || isUnlicensed(outcome.error)) return [];
    const { message, failure } = outcome.error;
    const denied = failure.status === 401 || failure.status === 403;
    return unread(checks, denied ? `${lacks(permission)} (${message})` : message, denied);
  });
  return [...unreadable, ...hiddenGroups(observed), ...hiddenCertificates(observed)];
}

/** Graph shows what the caller may not read by its type and id alone. */
function hiddenGroups({ memberships }: ObservedAccess): readonly Unread[] {
  const hidden =
    memberships.ok &&
    memberships.value.some(
      ({ "@odata.type": type, displayName }) =>
        type === "#microsoft.graph.group" && typeof displayName !== "string",
    );
  const { checks, permission } = parts.memberships;
  return hidden ? unread(checks, `groups come without their properties: ${lacks(permission)}`, true) : [];
}

/** Without its bytes nobody knows which certificate it is. */
function hiddenCertificates({ application, servicePrincipal }: ObservedAccess): readonly Unread[] {
  const reason = "Microsoft Graph gave a certificate without its bytes.";
  return [
    ...(hasHiddenKey(application) ? unread(["applicationCertificate"], reason, false) : []),
    ...(hasHiddenKey(servicePrincipal) ? unread(["servicePrincipalCertificate"], reason, false) : []),
  ];
}

function hasHiddenKey(holder: GraphOutcome<Credentials>): boolean {
  return holder.ok && holder.value.keyCredentials.some(isHidden);
}

function unread(checks: readonly RuleName[], reason: string, denied: boolean): readonly Unread[] {
  return checks.map((rule) => ({ check: rules[rule].title, reason, denied }));
}

function lacks(permission: string): string {
  return `the identity lacks the application permission ${permission} of Microsoft Graph`;
}

/** A tenant without Entra ID P2 has no eligibilities, and no way to ask for them. */
function isUnlicensed({ failure }: ApiError): boolean {
  return failure.code === "AadPremiumLicenseRequired";
}

function lockNotes({ observed: { application }, objects, graphUrl }: Comparison): readonly string[] {
  if (!application.ok || application.value.servicePrincipalLockConfiguration?.isEnabled === true) return [];
  const body = '{"servicePrincipalLockConfiguration":{"isEnabled":true,"allProperties":true}}';
  return [
    `Nothing keeps credentials off the service principal. To lock it: az rest --method patch --url '${graphUrl}/v1.0/applications/${objects.applicationObjectId}' --body '${body}'`,
  ];
}

/** A role over both objects, and a permission in two grants, are each one finding. */
function unique(findings: readonly Finding[]): readonly Finding[] {
  const bySubject = new Map(findings.map((finding) => [`${finding.id} ${finding.subject}`, finding]));
  return [...bySubject.keys()].toSorted().flatMap((key) => bySubject.get(key) ?? []);
}

function partNames(observed: ObservedAccess): readonly (keyof ObservedAccess)[] {
  // The parts are those that `accessReads` names.
  return Object.keys(observed) as (keyof ObservedAccess)[];
}
