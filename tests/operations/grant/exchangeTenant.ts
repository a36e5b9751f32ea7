import * as v from "valibot";
import { cloudEndpoints } from "../../../graph/endpoints.ts";
import { createExchangeClient } from "../../../graph/exchange.ts";
import { createCredential } from "../../../graph/signIn.ts";
import { grant, type GrantOptions, type GrantResult } from "../../../operations/grant/grant.ts";
import type { ScriptSubject } from "../../../operations/grant/grantScript.ts";
import { type DeclaredRoles, nothingDeclared } from "../../../operations/grant/declaredRoles.ts";
import { roleAccess } from "../../../operations/grant/roleAccess.ts";
import type { ApplicationIdentity } from "../../../graph/signIn.ts";
import type { TestApplication, TestTenant } from "../../graph/testTenant.ts";
import { createApplication } from "../../graph/testTenant.ts";

/** A job without an Entra role, and an administrator of Exchange, in one tenant. */
export interface GrantTenant {
  readonly job: TestApplication;
  /** Runs a cmdlet of Exchange Online as the administrator, and returns its output. */
  readonly admin: (cmdlet: string, parameters?: object) => Promise<readonly Row[]>;
  /** As the job, with a fresh token. */
  readonly asJob: (cmdlet: string, parameters?: object) => Promise<readonly Row[]>;
  /** What the job's component declares. */
  readonly subject: (exchange: Partial<DeclaredRoles>, compliance?: Partial<DeclaredRoles>) => ScriptSubject;
  /** Runs `grant` for it as the administrator. */
  readonly run: (subject: ScriptSubject, options?: Partial<GrantOptions>) => Promise<GrantResult>;
  /** What Exchange has of its own: role groups that were made, memberships of the job, assignments and scopes. */
  readonly state: () => Promise<ExchangeOfJob>;
}

/** What Exchange holds for the job. */
export interface ExchangeOfJob {
  readonly principals: readonly unknown[];
  readonly memberships: readonly unknown[];
  readonly ownGroups: readonly Row[];
  readonly assignments: readonly unknown[];
  readonly scopes: readonly unknown[];
}

type Row = Record<string, unknown>;

const Row = v.record(v.string(), v.unknown());

/** Makes both. */
export async function prepareGrantTenant(tenant: TestTenant): Promise<GrantTenant> {
  const job = await createApplication(tenant, { roles: [], securityAndCompliance: true });
  const administrator = await createApplication(tenant, {
    roles: ["Global Administrator"],
    securityAndCompliance: true,
  });
  const { endpoints } = tenant;
  const { exchangeOnline } = cloudEndpoints("global");
  const invoke =
    (identity: ApplicationIdentity) =>
    (cmdlet: string, parameters: object = {}) =>
      createExchangeClient({
        credential: createCredential(identity, endpoints),
        endpoint: { ...endpoints.exchangeOnline, scope: exchangeOnline.scope },
        tenant: { tenantId: tenant.seed.tenantId, initialDomain: tenant.seed.initialDomain },
        retryDelayMs: 1,
      }).invoke(cmdlet, { ...parameters }, Row);
  const admin = invoke(administrator.identity);
  return {
    job,
    admin,
    asJob: invoke(job.identity),
    subject: (exchange, compliance = {}) => ({
      project: "exchange-auth",
      stack: "contoso",
      component: "exchange",
      appId: job.appId,
      servicePrincipalObjectId: job.servicePrincipalObjectId,
      cloud: "global",
      tenantId: tenant.seed.tenantId,
      tenantDomain: tenant.seed.initialDomain,
      declared: {
        exchangeOnline: { ...nothingDeclared, ...exchange },
        securityAndCompliance: { ...nothingDeclared, ...compliance },
      },
    }),
    run: (subject, options = {}) =>
      grant({
        subjects: [subject],
        remove: false,
        apply: true,
        allowRoleManagement: false,
        clientId: administrator.appId,
        access: (one, service) =>
          roleAccess(one, service, {
            identity: administrator.identity,
            endpoints,
            signal: new AbortController().signal,
            retryDelayMs: 1,
          }),
        waitMs: 0,
        pause: () => Promise.resolve(),
        progress: () => {},
        ...options,
      }),
    async state() {
      const groups = await admin("Get-RoleGroup");
      const memberships = groups.filter(({ Members }) =>
        v.parse(v.array(v.string()), Members).includes(job.servicePrincipalObjectId),
      );
      return {
        principals: (await admin("Get-ServicePrincipal"))
          .filter(({ ObjectId }) => ObjectId === job.servicePrincipalObjectId)
          .map(({ DisplayName }) => DisplayName),
        memberships: memberships.map(({ Name }) => Name),
        ownGroups: groups.filter(({ Description }) => Description !== ""),
        assignments: (await admin("Get-ManagementRoleAssignment"))
          .filter((one) => !isBuiltIn(one))
          .map(({ Name }) => Name),
        scopes: (await admin("Get-ManagementScope")).map(({ Name }) => Name),
      };
    },
  };
}

/** Those of the role groups that every tenant has are called after them. */
function isBuiltIn({ Name, Role, RoleAssigneeName }: Row): boolean {
  const name = `${v.parse(v.string(), Role)}-${v.parse(v.string(), RoleAssigneeName)}`;
  return Name === name || Name === `${name}-Delegating`;
}
