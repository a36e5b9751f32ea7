import { AsyncLocalStorage } from "node:async_hooks";
import {
  AzureCliCredential,
  ClientAssertionCredential,
  ClientCertificateCredential,
  ClientSecretCredential,
} from "@azure/identity";
import type { AccessToken, TokenCredential } from "@azure/identity";
import { Failure, usageFailure } from "../common/failure.ts";
import { clipped } from "../common/foreignText.ts";
import { ApiError } from "./apiError.ts";
import { askAuthority } from "./authority.ts";
import { boundedWait } from "./boundedWait.ts";
import type { Endpoints } from "./endpoints.ts";
import { httpClient } from "./httpClient.ts";
import { SignInError } from "./signInError.ts";
import { untimedWait } from "./untimedWait.ts";

/** Who signs in, and with what. */
export type Identity = ApplicationIdentity | AzureCliIdentity;

/** The account that is signed in to the Azure CLI. */
export interface AzureCliIdentity {
  readonly kind: "azureCli";
  readonly tenantId?: string;
  /** Why it is not the application that the environment names, where it names one: whole sentences. */
  readonly insteadOf?: string;
}

/** An application that signs in as itself. */
export type ApplicationIdentity = { readonly tenantId: string; readonly clientId: string } & (
  | { readonly kind: "certificate"; readonly certificatePem: string; readonly privateKeyPem: string }
  | { readonly kind: "secret"; readonly clientSecret: string }
  | { readonly kind: "assertion"; readonly getAssertion: () => Promise<string> }
);

/** A credential that gives a token or says why not, in a `SignInError`. */
export interface Credential extends TokenCredential {
  getToken(...request: Parameters<TokenCredential["getToken"]>): Promise<AccessToken>;
}

/**
 * A credential that asks Entra for tokens. Each has a cache of its own: only a new credential gets a fresh token.
 *
 * @throws Failure where the tenant is neither an id nor a domain, as with a line's end that a secret store has added
 */
export function createCredential(identity: Identity, endpoints: Endpoints): Credential {
  const { tenantId } = identity;
  // The library's own form, whose error is not for users.
  if (tenantId !== undefined && !/^[\dA-Za-z.-]+$/.test(tenantId)) {
    throw usageFailure(
      `The tenant to sign in to must be a GUID or a domain, got ${JSON.stringify(clipped(tenantId, 100))}. Correct it in its place: ARM_TENANT_ID, AZURE_TENANT_ID, azuread:tenantId or --organization.`,
    );
  }
  const causes = new AsyncLocalStorage<HiddenCause>();
  const note = (cause: HiddenCause): void => void Object.assign(causes.getStore() ?? {}, cause);
  const asked = identity.kind === "assertion" ? noting(identity, note) : identity;
  const credential = ofLibrary(asked, endpoints, (tooLong) => note({ tooLong }));
  return {
    async getToken(scopes, { abortSignal } = {}) {
      const cause: HiddenCause = {};
      try {
        // Anything else, such as continuous access evaluation, would lead to a second token beside the first.
        const token = await causes.run(cause, () =>
          credential.getToken(scopes, abortSignal ? { abortSignal } : {}),
        );
        if (token) return token;
      } catch (error) {
        if (abortSignal?.aborted) throw error;
        const { tooLong, withoutAssertion } = cause;
        // Whoever gives the assertion refused, and Entra was never asked.
        if (withoutAssertion instanceof ApiError || withoutAssertion instanceof Failure)
          throw withoutAssertion;
        if (tooLong) throw new SignInError(tooLong);
        if (identity.kind === "azureCli" && identity.insteadOf !== undefined) {
          throw new SignInError(new Error(identity.insteadOf, { cause: error }));
        }
        throw await explain(new SignInError(error), identity, endpoints);
      }
      throw new SignInError(new Error("the sign-in gave no token"));
    },
  };
}

/** Why one request for a token failed, where the library hides it. */
interface HiddenCause {
  readonly tooLong?: ApiError;
  /** What an assertion's source threw. */
  readonly withoutAssertion?: unknown;
}

function noting<T extends { readonly getAssertion: () => Promise<string> }>(
  identity: T,
  note: (cause: HiddenCause) => void,
): T {
  return {
    ...identity,
    async getAssertion() {
      try {
        return await identity.getAssertion();
      } catch (error) {
        note({ withoutAssertion: error });
        throw error;
      }
    },
  };
}

/** The library hides why it did not get as far as asking for a token, so Entra is asked again. */
async function explain(error: SignInError, identity: Identity, endpoints: Endpoints): Promise<SignInError> {
  if (error.aadsts !== undefined || identity.kind === "azureCli") return error;
  try {
    const { refusal } = await askAuthority(endpoints, identity.tenantId);
    return refusal === undefined ? error : new SignInError(new Error(refusal));
  } catch (unreachable) {
    return new SignInError(unreachable);
  }
}

/** The wait before Entra is asked again if it throttles and does not say for how long: the library's own after other errors. */
const firstWaitMs = 1000;

function ofLibrary(
  identity: Identity,
  endpoints: Endpoints,
  onTooLong: (error: ApiError) => void,
): TokenCredential {
  // Instance discovery asks login.microsoftonline.com about the authority, which only knows Microsoft's own.
  const options = {
    authorityHost: endpoints.authorityHost,
    disableInstanceDiscovery: endpoints.custom,
    httpClient,
    additionalPolicies: [boundedWait("Entra", onTooLong), untimedWait(firstWaitMs)].map((policy) => ({
      policy,
      position: "perRetry" as const,
    })),
  };
  switch (identity.kind) {
    case "certificate":
      return new ClientCertificateCredential(
        identity.tenantId,
        identity.clientId,
        { certificate: `${identity.privateKeyPem.trim()}\n${identity.certificatePem.trim()}\n` },
        options,
      );
    case "secret":
      return new ClientSecretCredential(identity.tenantId, identity.clientId, identity.clientSecret, options);
    case "assertion":
      return new ClientAssertionCredential(
        identity.tenantId,
        identity.clientId,
        identity.getAssertion,
        options,
      );
    default:
      // After its JSON, the Azure CLI resets the colors of a console on Windows (github.com/Azure/azure-sdk-for-python/issues/18664).
      process.env.AZURE_CORE_NO_COLOR ??= "true";
      return new AzureCliCredential(identity.tenantId === undefined ? {} : { tenantId: identity.tenantId });
  }
}
