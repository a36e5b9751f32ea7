import type { ApiError } from "../../graph/apiError.ts";
import type { Finding, Section, Unread } from "../findings/finding.ts";
import type { DeclaredAccess } from "./declaredAccess.ts";
import type { ObservedAccess } from "./observedAccess.ts";
import { readName } from "./observedAccess.ts";
import type { Removal } from "../../graph/removal.ts";
import { removalCommand } from "../../graph/removal.ts";
import type { AuditRule, Context, Observation, ObservedItem, RuleRead } from "./rule.ts";
import { lacks } from "./rule.ts";
import { rules } from "./rules.ts";

/** What is compared, and with what. */
export interface Comparison extends Context {
  readonly name: string;
  readonly declared: DeclaredAccess;
  readonly observed: ObservedAccess;
  readonly now: Date;
}

/** A section, and what would remove its findings, by finding. */
export interface ComparedAccess {
  readonly section: Section;
  readonly removals: ReadonlyMap<Finding, Removal>;
}

/** Compares everything that grants access through an application with what its stack declares. */
export function compareAccess(comparison: Comparison): ComparedAccess {
  const removals = new Map<Finding, Removal>();
  const findings: Finding[] = [];
  const unread: Unread[] = [];
  const notes: string[] = [];
  for (const rule of rules) {
    for (const [index, read] of rule.reads.entries()) {
      const seen = look(rule, index, read, comparison);
      unread.push(...seen.unread);
      notes.push(...(seen.observation.notes ?? []));
      for (const { finding, removal } of compareItems(rule, seen.observation.items, comparison)) {
        findings.push(finding);
        if (removal) removals.set(finding, removal);
      }
    }
    const stated = rule.states?.(comparison.declared, comparison.now) ?? [];
    findings.push(...stated.map((item) => findingOf(rule, item, undefined, comparison)));
  }
  const section = {
    name: comparison.name,
    checks: rules.map(({ title }) => title),
    findings: unique(findings),
    accepted: [],
    unread,
    notes,
  };
  return { section, removals };
}

/** What one read says; nothing where it failed. */
function look(
  rule: AuditRule,
  index: number,
  { permission, isInformative }: RuleRead,
  comparison: Comparison,
): { readonly observation: Observation; readonly unread: readonly Unread[] } {
  const nothing: Observation = { items: [] };
  const check = rule.title;
  const outcome = comparison.observed[readName(rule, index)];
  if (outcome === undefined) return { observation: nothing, unread: [] };
  if (outcome.ok) {
    const observation = outcome.value(comparison);
    return { observation, unread: observation.hidden ? [{ check, ...observation.hidden }] : [] };
  }
  const { error } = outcome;
  if (isInformative || isUnlicensed(error)) return { observation: nothing, unread: [] };
  const denied = error.failure.status === 401 || error.failure.status === 403;
  const reason = denied ? `${lacks(permission)} (${error.message})` : error.message;
  return { observation: nothing, unread: [{ check, reason, denied }] };
}

/** A tenant without Entra ID P2 has no eligibilities, and no way to ask for them. */
function isUnlicensed({ failure }: ApiError): boolean {
  return failure.code === "AadPremiumLicenseRequired";
}

interface Compared {
  readonly finding: Finding;
  readonly removal: Removal | undefined;
}

function compareItems(
  rule: AuditRule,
  items: readonly ObservedItem[],
  comparison: Comparison,
): readonly Compared[] {
  const keys = [...(comparison.declared.keys.get(rule.id) ?? [])];
  const declared = new Set(keys.map((key) => key.toLowerCase()));
  if (rule.isProperty === true && declared.size === 0) return [];
  return items
    .filter(({ key }) => !declared.has(key.toLowerCase()))
    .map((item) => {
      const removal = rule.isShared?.(item.key, declared) === true ? undefined : item.removal;
      return { finding: findingOf(rule, item, removal, comparison), removal };
    });
}

function findingOf(
  rule: AuditRule,
  item: ObservedItem,
  removal: Removal | undefined,
  { declared, graphUrl }: Comparison,
): Finding {
  const { id, title, why, source, otherRemedy = "pulumi up --refresh" } = rule;
  return {
    id,
    title,
    severity: item.severity ?? rule.severity,
    why,
    source,
    check: title,
    subject: item.subject ?? item.key,
    found: item.found,
    declared: item.declared ?? declaredInWords(rule, [...(declared.keys.get(id) ?? [])]),
    remedy: item.remedy ?? (removal ? removalCommand(removal, graphUrl) : otherRemedy),
  };
}

function declaredInWords({ isProperty }: AuditRule, others: readonly string[]): string {
  if (isProperty === true) return others.join(", ");
  if (others.length === 0) return "none";
  return `not this one; ${others.length} other${others.length === 1 ? "" : "s"}`;
}

/** A role over both objects, and a permission in two grants, are each one finding. */
function unique(findings: readonly Finding[]): readonly Finding[] {
  const bySubject = new Map(findings.map((finding) => [`${finding.id} ${finding.subject}`, finding]));
  return [...bySubject.keys()].toSorted().flatMap((key) => bySubject.get(key) ?? []);
}
