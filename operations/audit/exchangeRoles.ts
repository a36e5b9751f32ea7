import { ApiError } from "../../graph/apiError.ts";
import { accept, type Baseline } from "../findings/baseline.ts";
import type { Section } from "../findings/finding.ts";
import type { RoleAudit } from "../grant/auditRoles.ts";

/** One removal. */
export interface Removed {
  readonly component: string;
  readonly id: string;
  readonly subject: string;
  /** Why it did not succeed; absent where it did. */
  readonly failure?: string;
  /** Key ids of certificates that vanished meanwhile, and were put back. */
  readonly restored?: readonly string[];
}

/** A component whose roles of Exchange itself are taken away. */
interface RoleTarget {
  readonly component: { readonly name: string };
  readonly exchangeRoles?: (declaredNow?: boolean) => Promise<RoleAudit | undefined>;
}

/** What is left alone, and who hears of the rest. */
interface RemovalOptions {
  readonly baseline: Baseline;
  readonly now: () => Date;
  readonly progress: (text: string) => void;
}

/** A section with what was found in Exchange itself. */
export function withRoles(section: Section, roles: RoleAudit | undefined): Section {
  if (roles === undefined) return section;
  const { checks, findings, unread } = roles;
  return {
    ...section,
    checks: [...section.checks, ...checks],
    findings: [...section.findings, ...findings],
    unread: [...section.unread, ...unread],
  };
}

/** Takes away roles of Exchange itself that nobody declares or accepts, as state and Exchange say right before it. */
export async function removeRoles(
  { component, exchangeRoles }: RoleTarget,
  options: RemovalOptions,
): Promise<readonly Removed[]> {
  const roles = await exchangeRoles?.(true);
  if (roles === undefined) return [];
  const { findings } = accept(withRoles(noFindings(component.name), roles), options.baseline, options.now());
  const removed: Removed[] = [];
  for (const finding of findings) {
    const remove = roles.removalOf(finding);
    if (remove === undefined) continue;
    const { id, subject, title } = finding;
    options.progress(`Removing: ${title} ${subject} …`);
    try {
      // oxlint-disable-next-line no-await-in-loop
      await remove();
      removed.push({ component: component.name, id, subject });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      removed.push({ component: component.name, id, subject, failure: error.message });
    }
  }
  return removed;
}

function noFindings(name: string): Section {
  return { name, checks: [], findings: [], accepted: [], unread: [], notes: [] };
}
