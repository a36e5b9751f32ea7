import type { ApiError } from "../../graph/apiError.ts";
import type { Finding, Section, Unread } from "../findings/finding.ts";
import type { DeclaredAccess } from "./declaredAccess.ts";
import type { ObservedAccess } from "./observedAccess.ts";
import { readName } from "./observedAccess.ts";
import type { Removal } from "../../graph/removal.ts";
import { removalCommand } from "../../graph/removal.ts";
import type { AuditRule, RuleContext, Observation, ObservedItem, RuleRead } from "./rule.ts";
import { lacks } from "./rule.ts";
import { findingRules, rules } from "./rules.ts";

/** What is compared, and with what. */
export interface Comparison extends RuleContext {
  readonly name: string;
  readonly declared: DeclaredAccess;
  readonly observed: ObservedAccess;
  readonly now: Date;
}

/** A section, and what would remove its findings, by finding. */
export interface ComparedAccess {
  readonly section: Section;
  readonly removals: ReadonlyMap<Finding, Removal>;
  /** The findings of what is declared and not there. */
  readonly missing: ReadonlySet<Finding>;
}

/** Compares everything that grants access through an application with what its stack declares. */
export function compareAccess(comparison: Comparison): ComparedAccess {
  const { declared } = comparison;
  const outcomes = rules.map((rule) => compareRule(rule, comparison));
  const compared = outcomes.flatMap((one) => one.compared);
  const missing = outcomes.flatMap((one) => one.missing);
  const removals = new Map<Finding, Removal>();
  for (const { finding, removal } of compared) if (removal) removals.set(finding, removal);
  const section = {
    name: comparison.name,
    checks: findingRules.map(({ title }) => title),
    findings: unique([...compared.map(({ finding }) => finding), ...missing]),
    accepted: [],
    unread: outcomes.flatMap((one) => one.unread),
    notes: [...declared.notes, ...outcomes.flatMap((one) => one.notes)],
  };
  return { section, removals, missing: new Set(missing) };
}

/** What comparing by one rule came to. */
interface RuleOutcome {
  readonly compared: readonly Compared[];
  readonly missing: readonly Finding[];
  readonly unread: readonly Unread[];
  readonly notes: readonly string[];
}

function compareRule(rule: AuditRule, comparison: Comparison): RuleOutcome {
  const { declared, now } = comparison;
  const seen = rule.reads.map((read, index) => look(rule, index, read, comparison));
  const notes = seen.flatMap(({ observation }) => observation.notes ?? []);
  const unread = seen.flatMap((one) => one.unread);
  if (rule.recorded && declared.unknown !== undefined) {
    const reason = declared.unknown;
    return { compared: [], missing: [], unread: [{ check: rule.title, reason, denied: false }], notes };
  }
  const items = seen.flatMap(({ observation }) => observation.items);
  const stated = rule.states?.(declared, now) ?? [];
  return {
    compared: [
      ...compareItems(rule, items, comparison),
      ...stated.map((item) => ({
        finding: findingOf(rule, item, undefined, comparison),
        removal: undefined,
      })),
    ],
    missing: unread.length === 0 ? missingOf(rule, items, comparison) : [],
    unread,
    notes,
  };
}

function missingOf(
  { id, missing }: AuditRule,
  items: readonly ObservedItem[],
  { declared, objects }: Comparison,
): readonly Finding[] {
  if (missing === undefined) return [];
  const { isRead, ...rule } = missing;
  const found = new Set(items.flatMap(keysOf));
  return [...(declared.expected.get(id) ?? [])]
    .filter((key) => !found.has(key.toLowerCase()) && (isRead?.(key.toLowerCase(), objects) ?? true))
    .map((key) => ({
      ...rule,
      check: rule.title,
      subject: key,
      found: "none",
      declared: key,
      remedy: "pulumi up --refresh",
    }));
}

function keysOf({ key, aliases = [] }: ObservedItem): readonly string[] {
  return [key, ...aliases].map((one) => one.toLowerCase());
}

/** What one read says; nothing where it failed. */
function look(
  rule: AuditRule,
  index: number,
  { permission, isInformative, isOptional = false }: RuleRead,
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
  const optional = isOptional && denied ? { optional: true } : {};
  return { observation: nothing, unread: [{ check, reason, denied, ...optional }] };
}

/** A tenant without Entra ID P2 has no eligibilities, and no way to ask for them. */
export function isUnlicensed({ failure }: ApiError): boolean {
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
    .filter((item) => !keysOf(item).some((key) => declared.has(key)))
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
  const bySubject = new Map<string, Finding>();
  for (const finding of findings) {
    const name = `${finding.id} ${finding.subject}`;
    if (!bySubject.has(name)) bySubject.set(name, finding);
  }
  return [...bySubject.keys()].toSorted().flatMap((key) => bySubject.get(key) ?? []);
}
