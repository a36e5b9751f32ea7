import { counted } from "../../common/counted.ts";
import { isUnlicensed, isUnserved } from "../../graph/apiError.ts";
import type { Finding, Section, Unread } from "../findings/finding.ts";
import type { DeclaredAccess } from "./declaredAccess.ts";
import type { ObservedAccess } from "./observedAccess.ts";
import { readName } from "./observedAccess.ts";
import type { Removal } from "../../graph/removal.ts";
import { removalCommand } from "../../graph/removal.ts";
import type { AuditRule, RuleContext, Observation, ObservedItem, RuleRead } from "./rule.ts";
import { failedRead } from "./rule.ts";
import { findingRules, rules } from "./rules.ts";
import type { UserRoles } from "./userRoles.ts";

/** What is compared, and with what. */
export interface Comparison extends RuleContext {
  readonly name: string;
  readonly declared: DeclaredAccess;
  readonly observed: ObservedAccess;
  readonly userRoles: UserRoles;
  readonly now: Date;
}

/** A section, and what would remove its findings, by finding. */
export interface ComparedAccess {
  readonly section: Section;
  readonly removals: ReadonlyMap<Finding, Removal>;
  /** The findings of what is declared and not there. */
  readonly missing: ReadonlySet<Finding>;
  /** What locks the service principal; undefined where it is locked, or the stack declares credentials on it. */
  readonly lock: Removal | undefined;
}

/** Compares everything that grants access through an application with what its stack declares. */
export function compareAccess(comparison: Comparison): ComparedAccess {
  const { declared, userRoles } = comparison;
  const outcomes = rules.map((rule) => compareRule(rule, comparison));
  const compared = outcomes.flatMap((one) => one.compared);
  const missing = [...outcomes.flatMap((one) => one.missing), ...userRoles.missing];
  const removals = new Map<Finding, Removal>();
  for (const { finding, removal } of compared) if (removal) removals.set(finding, removal);
  const section = {
    name: comparison.name,
    checks: findingRules.map(({ title }) => title),
    findings: unique([...compared.map(({ finding }) => finding), ...missing]),
    accepted: [],
    unread: withoutRepeats([...outcomes.flatMap((one) => one.unread), ...userRoles.unread]),
    notes: [...declared.notes, ...outcomes.flatMap((one) => one.notes)],
  };
  const hasOwnCredentials = principalCredentials.some((id) => (declared.keys.get(id)?.size ?? 0) > 0);
  const lock = hasOwnCredentials ? undefined : outcomes.find((one) => one.lock)?.lock;
  return { section, removals, missing: new Set(missing), lock };
}

/** The findings of what a lock keeps off the service principal. */
const principalCredentials = [
  "EXO-AUDIT-SERVICE-PRINCIPAL-CERTIFICATE",
  "EXO-AUDIT-SERVICE-PRINCIPAL-PASSWORD",
];

/** What comparing by one rule came to. */
interface RuleOutcome {
  readonly compared: readonly Compared[];
  readonly missing: readonly Finding[];
  readonly unread: readonly Unread[];
  readonly notes: readonly string[];
  readonly lock?: Removal | undefined;
}

function compareRule(rule: AuditRule, comparison: Comparison): RuleOutcome {
  const { declared, now } = comparison;
  const { notBefore, notAfter } = declared;
  const seen = rule.reads.map((read, index) => look(rule, index, read, comparison));
  const notes = seen.flatMap(({ observation }) => observation.notes ?? []);
  const unread = withMissing(
    rule,
    seen.flatMap((one) => one.unread),
  );
  if (rule.recorded && declared.unknown !== undefined) {
    const one = { check: rule.title, reason: declared.unknown, denied: false };
    return { compared: [], missing: [], unread: withMissing(rule, [one]), notes };
  }
  const items = withoutCopies(seen.flatMap(({ observation }) => observation.items));
  const undeclared = undeclaredOf(rule, items, declared);
  const waiting = lowerCase(declared.waiting.get(rule.id));
  const isWaiting = (item: ObservedItem): boolean => keysOf(item).some((key) => waiting.has(key));
  const stated =
    notBefore === undefined || notAfter === undefined
      ? []
      : (rule.states?.({ notBefore, notAfter }, now) ?? []);
  return {
    compared: [
      ...compareItems(
        rule,
        undeclared.filter((item) => !isWaiting(item)),
        comparison,
      ),
      ...stated.map((item) => ({
        finding: findingOf(rule, item, undefined, comparison),
        removal: undefined,
      })),
    ],
    missing: unread.length === 0 ? missingOf(rule, items, comparison) : [],
    unread,
    notes: [
      ...notes,
      ...undeclared
        .filter(isWaiting)
        .map(
          ({ found }) =>
            `${rule.title}: ${found}. It belongs to the stack, but the last update did not finish it. Run \`exo-auth repair\`, and then \`pulumi up\`.`,
        ),
    ],
    lock: seen.find(({ observation }) => observation.lock)?.observation.lock,
  };
}

/** Who cannot see what is there cannot see either that something is not. */
function withMissing({ missing }: AuditRule, unread: readonly Unread[]): readonly Unread[] {
  if (missing === undefined) return unread;
  return [...unread, ...unread.map((one) => ({ ...one, check: missing.title }))];
}

/** What is there and not declared; of a property that the stack does not manage, what it must not be. */
function undeclaredOf(
  { id, isProperty, unmanaged }: AuditRule,
  items: readonly ObservedItem[],
  { keys }: DeclaredAccess,
): readonly ObservedItem[] {
  const declared = lowerCase(keys.get(id));
  if (isProperty === true && declared.size === 0)
    return unmanaged === undefined ? [] : items.filter(({ key }) => key !== unmanaged.key);
  return items.filter((item) => ![...keysOf(item), ...originsOf(item)].some((key) => declared.has(key)));
}

function withoutCopies(items: readonly ObservedItem[]): readonly ObservedItem[] {
  const keys = new Set(items.map(({ key }) => key.toLowerCase()));
  return items.filter((item) => !originsOf(item).some((key) => keys.has(key)));
}

function originsOf({ copyOf = [] }: ObservedItem): readonly string[] {
  return copyOf.map((key) => key.toLowerCase());
}

function lowerCase(keys: ReadonlySet<string> | undefined): ReadonlySet<string> {
  return new Set([...(keys ?? [])].map((key) => key.toLowerCase()));
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
    .filter(([key]) => !found.has(key.toLowerCase()) && (isRead?.(key.toLowerCase(), objects) ?? true))
    .map(([key, by]) => ({
      ...rule,
      check: rule.title,
      subject: key,
      found: "none",
      declared: `${key}, by ${by}`,
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
  { permission, isOptional, mayBeUnserved }: RuleRead,
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
  if (isUnlicensed(error) || (mayBeUnserved === true && isUnserved(error)))
    return { observation: nothing, unread: [] };
  return { observation: nothing, unread: [{ check, ...failedRead(error, permission, isOptional) }] };
}

interface Compared {
  readonly finding: Finding;
  readonly removal: Removal | undefined;
}

function compareItems(
  rule: AuditRule,
  undeclared: readonly ObservedItem[],
  comparison: Comparison,
): readonly Compared[] {
  const declared = lowerCase(comparison.declared.keys.get(rule.id));
  return undeclared.map((item) => {
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
  const { id, title, why, source, unmanaged, otherRemedy = "pulumi up --refresh" } = rule;
  const by = [...(declared.keys.get(id) ?? [])];
  const remedy = by.length === 0 && unmanaged !== undefined ? unmanaged.remedy : otherRemedy;
  return {
    id,
    title,
    severity: item.severity ?? rule.severity,
    why,
    source,
    check: title,
    subject: item.subject ?? item.key,
    found: item.found,
    declared: item.declared ?? declaredInWords(rule, by),
    remedy: item.remedy ?? (removal ? removalCommand(removal, graphUrl) : remedy),
  };
}

function declaredInWords({ isProperty }: AuditRule, others: readonly string[]): string {
  if (others.length === 0) return "none";
  if (isProperty === true) return others.join(", ");
  return `not this one; ${counted(others.length, "other")}`;
}

/** Both objects may be unread for one reason. */
function withoutRepeats(unread: readonly Unread[]): readonly Unread[] {
  return [...new Map(unread.map((one) => [`${one.check} ${one.reason}`, one])).values()];
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
