import type { TenantWide } from "../../operations/audit/tenantWide.ts";
import type { Report } from "../../operations/findings/finding.ts";

/** A report with what `audit --tenant-wide` adds for information, which is no finding in any format. */
export interface PrintedReport extends Report {
  readonly tenantWide?: readonly TenantWide[];
}
