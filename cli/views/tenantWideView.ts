import { styleText } from "node:util";
import type { TenantWide } from "../../operations/audit/tenantWide.ts";
import { holderLine, notReadLines } from "../../operations/tenant/rightHolders.ts";
import { skipped } from "./marks.ts";

/** What a person reads of who can add credentials to any application, after the findings: a part for each tenant. */
export function tenantWideView(tenants: readonly TenantWide[]): string {
  return tenants.map((tenant) => `\n${part(tenant)}\n`).join("");
}

function part(tenant: TenantWide): string {
  return [
    styleText("bold", tenantWideTitle(tenant), { validateStream: false }),
    ...tenantWideLines(tenant).map(skipped),
  ].join("\n");
}

/** The heading of a tenant's part. */
export function tenantWideTitle({ tenantDomain }: TenantWide): string {
  return `For information: who can add credentials to any application of ${tenantDomain}`;
}

/** One line for each holder, then one for each reason why something was not read. */
export function tenantWideLines({ holders, notRead }: TenantWide): readonly string[] {
  return [
    ...(holders.length === 0 ? ["nobody found"] : holders.map(holderLine)),
    ...notReadLines(notRead).map((line) => `not read: ${line}`),
  ];
}
