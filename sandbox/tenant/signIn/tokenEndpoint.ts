import { createHash } from "node:crypto";
import { isGuid } from "../../../common/guid.ts";
import { issueAccessToken, tokenLifetime, withoutTrailingSlash } from "./accessToken.ts";
import { checkClientAssertion, decodeAssertion } from "./clientAssertion.ts";
import { checkConditionalAccess } from "./conditionalAccess.ts";
import { checkFederatedAssertion } from "./federatedAssertion.ts";
import { settleSchedules } from "../directory/schedules.ts";
import { noteSignIn } from "../directory/signInActivity.ts";
import type { ServerContext } from "../context.ts";
import type { Json } from "../json.ts";
import {
  first,
  servicePrincipalOfApplication,
  type Application,
  type PasswordCredential,
  type ServicePrincipal,
  type TenantState,
} from "../state.ts";
import type { TenantStore } from "../store.ts";
import {
  applicationDisabled,
  applicationNotFound,
  expiredSecret,
  invalidSecret,
  malformedRequest,
  missingCredential,
  missingParameter,
  resourceNotFound,
  scopeWithoutDefault,
  servicePrincipalMissing,
  severalResources,
  tenantNotFound,
  unsupportedGrant,
} from "./tokenError.ts";

/** `client_assertion_type` of a JWT. */
const jwtBearer = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

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

const knownParameters = new Set([
  "client_id",
  "client_secret",
  "client_assertion",
  "client_assertion_type",
  "grant_type",
  "scope",
  "client_info",
  "claims",
  "client-request-id",
  "x-client-SKU",
  "x-client-VER",
  "x-client-OS",
  "x-client-CPU",
  "x-ms-lib-capability",
  "x-client-current-telemetry",
  "x-client-last-telemetry",
  "x-app-name",
  "x-app-ver",
]);

/** MSAL sends parameters of its own beside OAuth's; whatever else is there is somebody's mistake. */
function checkParameterNames(form: URLSearchParams): void {
  for (const name of form.keys()) {
    if (!knownParameters.has(name)) throw malformedRequest(`The parameter '${name}' is not known.`);
    if (form.getAll(name).length > 1) throw malformedRequest(`The parameter '${name}' is duplicated.`);
  }
}

function parameter(form: URLSearchParams, name: string): string {
  const value = form.get(name);
  if (value === null || value === "") throw missingParameter(name);
  return value;
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

async function authenticate(
  endpoint: ServerContext,
  tenant: TenantState,
  application: Application,
  principal: ServicePrincipal,
  form: URLSearchParams,
): Promise<"1" | "2"> {
  const secret = form.get("client_secret");
  const assertion = form.get("client_assertion");
  if (secret !== null && assertion !== null) {
    throw malformedRequest("Only one of 'client_secret' and 'client_assertion' can be provided.");
  }
  if (secret !== null) {
    checkSecret(
      secret,
      [...application.passwordCredentials, ...principal.passwordCredentials],
      application.appId,
      endpoint.now(),
    );
    return "1";
  }
  if (assertion === null) throw missingCredential();
  const type = parameter(form, "client_assertion_type");
  if (type !== jwtBearer)
    throw malformedRequest(`The value '${type}' of 'client_assertion_type' is not supported.`);
  await checkAssertion(endpoint, tenant, application, principal, assertion);
  return "2";
}

/** An assertion is the client's own, by certificate, or somebody else's about it, by federation. */
async function checkAssertion(
  endpoint: ServerContext,
  tenant: TenantState,
  application: Application,
  principal: ServicePrincipal,
  assertion: string,
): Promise<void> {
  const { payload } = decodeAssertion(assertion);
  const [clientId, now] = [application.appId, endpoint.now()];
  if (payload.iss?.startsWith("https://")) {
    const credentials = endpoint.store.federatedIdentityCredentialsOf(application.id, principal.id);
    return checkFederatedAssertion({
      assertion,
      payload,
      credentials,
      issuerKeys: endpoint.issuerKeys,
      clientId,
      now,
    });
  }
  await checkClientAssertion({
    assertion,
    clientId,
    keyCredentials: [...application.keyCredentials, ...principal.keyCredentials],
    audiences: assertionAudiences(endpoint.url, tenant),
    now,
  });
  endpoint.seenAssertions?.use(clientId, payload, now);
}

function checkSecret(
  secret: string,
  credentials: readonly PasswordCredential[],
  clientId: string,
  now: Date,
): void {
  const hash = createHash("sha256").update(secret).digest("hex");
  const matching = credentials.filter(
    (credential) => credential.secretSha256 === hash && Date.parse(credential.startDateTime) <= now.getTime(),
  );
  if (matching.length === 0) throw invalidSecret(clientId);
  if (matching.every((credential) => Date.parse(credential.endDateTime) <= now.getTime()))
    throw expiredSecret(clientId);
}

/** The token endpoint and the issuer, by each name that the tenant has. */
function assertionAudiences(url: string, tenant: TenantState): readonly string[] {
  return [tenant.id, ...tenant.domains.keys()].flatMap((name) => [
    `${url}/${name}/oauth2/v2.0/token`,
    `${url}/${name}/v2.0`,
    `${url}/${name}/`,
    `${url}/${name}`,
  ]);
}

function audienceOf(scope: string): string {
  const suffix = "/.default";
  const scopes = scope
    .split(" ")
    .filter((item) => item !== "" && !["openid", "profile", "offline_access"].includes(item));
  const [only = scope] = scopes;
  if (scopes.length > 1) throw severalResources(scope);
  if (!only.endsWith(suffix) || only.length === suffix.length) throw scopeWithoutDefault(scope);
  return only.slice(0, -suffix.length);
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
