import { isGuid } from "../../../common/guid.ts";
import { issueAccessToken, tokenLifetime, withoutTrailingSlash } from "./accessToken.ts";
import { checkConditionalAccess } from "./conditionalAccess.ts";
import { settleSchedules } from "../directory/schedules.ts";
import { noteSignIn } from "../directory/signInActivity.ts";
import type { ServerContext } from "../context.ts";
import type { Json } from "../json.ts";
import {
  first,
  servicePrincipalOfApplication,
  type Application,
  type ServicePrincipal,
  type TenantState,
} from "../state.ts";
import type { TenantStore } from "../store.ts";
import {
  applicationDisabled,
  applicationNotFound,
  resourceNotFound,
  servicePrincipalMissing,
  tenantNotFound,
  unsupportedGrant,
} from "./tokenError.ts";
import { authenticate } from "./authenticateClient.ts";
import { audienceOf, checkParameterNames, parameter } from "./tokenForm.ts";

/** A token, and who it is for. */
export interface TokenAnswer {
  readonly tenantId: string;
  readonly clientId: string;
  readonly body: Json;
}

/** Finds a tenant by its id or by one of its domains. @throws TokenError */
export function tenantByName(store: TenantStore, name: string): TenantState {
  const tenant =
    store.tenants.get(name.toLowerCase()) ??
    first(store.tenants.values(), (candidate) => candidate.domains.has(name.toLowerCase()));
  if (tenant === undefined) throw tenantNotFound(name);
  return tenant;
}

/**
 * Answers a request for an app-only token (`grant_type=client_credentials`).
 *
 * @throws TokenError
 */
export async function answerTokenRequest(
  endpoint: ServerContext,
  tenantName: string,
  form: URLSearchParams,
  isInTokens: (grantId: string) => boolean,
): Promise<TokenAnswer> {
  const tenant = tenantByName(endpoint.store, tenantName);
  settleSchedules(tenant, endpoint.now());
  const clientId = parameter(form, "client_id");
  const grant = parameter(form, "grant_type");
  if (grant !== "client_credentials") throw unsupportedGrant(grant);
  const scope = parameter(form, "scope");
  checkParameterNames(form);
  const { application, principal } = findClient(endpoint.store, tenant, clientId);
  const appidacr = await authenticate(endpoint, tenant, application, principal, form);
  const audience = audienceOf(scope);
  const resource = findResource(tenant, audience, endpoint.url);
  checkConditionalAccess(tenant, principal, resource);
  const token = await issueAccessToken(await endpoint.signingKey(), {
    tenant,
    principal,
    resource,
    audience,
    appidacr,
    issuer: issuerOf(tenant),
    isInTokens,
    now: endpoint.now(),
  });
  noteSignIn(tenant, principal, resource, endpoint.now());
  return {
    tenantId: tenant.id,
    clientId,
    body: {
      token_type: "Bearer",
      expires_in: tokenLifetime,
      ext_expires_in: tokenLifetime,
      access_token: token,
    },
  };
}

/** `iss` of a tenant's tokens. */
function issuerOf(tenant: TenantState): string {
  return `https://sts.windows.net/${tenant.id}/`;
}

function findClient(
  store: TenantStore,
  tenant: TenantState,
  clientId: string,
): { application: Application; principal: ServicePrincipal } {
  const appId = clientId.toLowerCase();
  const principal = servicePrincipalOfApplication(tenant, appId);
  const application = store.applicationByAppId(principal?.appOwnerOrganizationId ?? tenant.id, appId);
  if (!isGuid(clientId) || application === undefined) throw applicationNotFound(clientId, tenant.displayName);
  if (principal === undefined) throw servicePrincipalMissing(clientId, tenant.id);
  if (!principal.accountEnabled || application.isDisabled === true)
    throw applicationDisabled(clientId, principal.displayName);
  return { application, principal };
}

function findResource(tenant: TenantState, audience: string, url: string): ServicePrincipal {
  const name = withoutTrailingSlash(audience);
  const graphHere = name === url ? "00000003-0000-0000-c000-000000000000" : name;
  const resource = first(tenant.servicePrincipals.values(), (candidate) => {
    return (
      candidate.servicePrincipalNames.includes(graphHere) ||
      candidate.servicePrincipalNames.includes(graphHere.toLowerCase())
    );
  });
  if (resource === undefined) throw resourceNotFound(audience, tenant.displayName);
  return resource;
}
