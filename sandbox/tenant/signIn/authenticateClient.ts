import { createHash } from "node:crypto";
import type { ServerContext } from "../context.ts";
import type { Application, PasswordCredential, ServicePrincipal, TenantState } from "../state.ts";
import { checkClientAssertion, decodeAssertion } from "./clientAssertion.ts";
import { expiredSecret, invalidSecret, missingCredential } from "./credentialErrors.ts";
import { checkFederatedAssertion } from "./federatedAssertion.ts";
import { malformedRequest } from "./tokenError.ts";
import { parameter } from "./tokenForm.ts";

/** `client_assertion_type` of a JWT. */
const jwtBearer = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/**
 * Whether a request proves that it is this application's.
 *
 * @returns `appidacr`: 1 for a secret, 2 for an assertion
 * @throws TokenError
 */
export async function authenticate(
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
