import type { ServerContext } from "../context.ts";
import type { Json } from "../json.ts";
import type { TenantState } from "../state.ts";

/**
 * Where the metadata is. Only the sandbox makes azuread ask for it, once and without another try: it has the addresses of
 * Microsoft's clouds in itself.
 */
export const metadataPath = "/metadata/endpoints";

/**
 * The cloud's metadata, which the azuread provider reads once and finds sign-in and Graph by.
 *
 * One object, not the list that Azure's own endpoint answers; the last three entries are this tenant's own.
 */
export function cloudMetadata(url: string): Json {
  return {
    name: "Sandbox",
    portal: url,
    authentication: { loginEndpoint: url, audiences: [url], tenant: "common", identityProvider: "AAD" },
    graph: url,
    graphAudience: url,
    microsoftGraphResourceId: url,
    resourceManager: url,
    suffixes: {},
    exchangeOnline: url,
    securityAndCompliance: url,
    keyVault: url,
  };
}

/** A tenant's OpenID configuration, version 2.0. */
export function openIdConfiguration(context: ServerContext, tenant: TenantState): Json {
  const authority = `${context.url}/${tenant.id}`;
  return {
    token_endpoint: `${authority}/oauth2/v2.0/token`,
    token_endpoint_auth_methods_supported: ["client_secret_post", "private_key_jwt"],
    jwks_uri: `${authority}/discovery/v2.0/keys`,
    response_modes_supported: ["query", "fragment", "form_post"],
    subject_types_supported: ["pairwise"],
    id_token_signing_alg_values_supported: ["RS256"],
    response_types_supported: ["code", "id_token", "code id_token", "id_token token"],
    scopes_supported: ["openid", "profile", "email", "offline_access"],
    issuer: `${authority}/v2.0`,
    authorization_endpoint: `${authority}/oauth2/v2.0/authorize`,
    claims_supported: ["sub", "iss", "aud", "exp", "iat", "tid", "ver", "oid", "appid", "roles", "wids"],
    cloud_instance_name: "sandbox",
    msgraph_host: new URL(context.url).host,
    tenant_region_scope: "EU",
  };
}
