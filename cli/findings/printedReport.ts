import type { TenantWide } from "../../operations/audit/tenantWide.ts";
import type { Report, Section } from "../../operations/findings/finding.ts";

/** A section, with the command that it is from where a report joins those of several. */
export interface PrintedSection extends Section {
  /** As in `drift`. @default the report's own */
  readonly command?: string;
}

/** A report with what `audit --tenant-wide` adds for information, which is no finding in any format. */
export interface PrintedReport extends Omit<Report, "sections"> {
  readonly sections: readonly PrintedSection[];
  readonly tenantWide?: readonly TenantWide[];
}

/** The heading of a section. */
export function sectionTitle({ name, command }: PrintedSection): string {
  return command === undefined ? name : `${name}: ${command}`;
}
