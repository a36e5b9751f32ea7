import type { Identity } from "../../../graph/signIn.ts";
import { auditRoles, type RoleAudit } from "../../../operations/grant/auditRoles.ts";
import type { DeclaredRoles } from "../../../operations/grant/declaredRoles.ts";
import { furtherIdentities } from "../../../sandbox/tenant/index.ts";
import type { TestTenant } from "../../graph/testTenant.ts";
import type { GrantTenant } from "./exchangeTenant.ts";

/** What an audit finds of the job's roles, if its component declares these. */
export function auditGranted(
  tenant: TestTenant,
  { subject }: GrantTenant,
  {
    exchange = {},
    compliance = {},
    as = "reader",
  }: {
    readonly exchange?: Partial<DeclaredRoles>;
    readonly compliance?: Partial<DeclaredRoles>;
    /** The name of one of the sandbox's identities, or another one. */
    readonly as?: Identity | string;
  },
): Promise<RoleAudit> {
  const { project, stack, component, appId, servicePrincipalObjectId, tenantId, tenantDomain } = subject({});
  const record = {
    permissions: [],
    roleTemplateIds: [],
    userRoles: [],
    exchangeRoleGroups: [...(exchange.groups ?? [])],
    exchangeRoles: [...(exchange.roles ?? [])],
    complianceRoleGroups: [...(compliance.groups ?? [])],
  };
  const named = furtherIdentities.find(({ name }) => name === as);
  return auditRoles(
    {
      project,
      stack,
      component: {
        name: component,
        appId,
        servicePrincipalObjectId,
        tenantId,
        tenantDomain,
        record: { kind: "known", record },
      },
    },
    {
      identity: typeof as === "string" ? { kind: "secret", tenantId, ...named! } : as,
      endpoints: tenant.endpoints,
      signal: new AbortController().signal,
    },
  );
}
