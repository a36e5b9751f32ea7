import type { KeyVault } from "./keyVault/keyVault.ts";
import type { IssuerKeys } from "./signIn/federatedAssertion.ts";
import type { SeenAssertions } from "./signIn/seenAssertions.ts";
import type { SigningKey } from "./signIn/signingKey.ts";
import type { TenantStore } from "./store.ts";

/** What every part of one server shares. */
export interface ServerContext {
  readonly store: TenantStore;
  /** `https://localhost:PORT`. */
  readonly url: string;
  readonly signingKey: () => Promise<SigningKey>;
  readonly issuerKeys: IssuerKeys;
  readonly keyVault: KeyVault;
  readonly seenAssertions: SeenAssertions | undefined;
  readonly now: () => Date;
}

/** Who a request turned out to be from, for the request log. */
export interface Identified {
  tenantId?: string;
  clientId?: string;
}
