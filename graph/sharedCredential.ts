import type { Endpoints } from "./endpoints.ts";
import { createCredential, type Credential, type Identity } from "./signIn.ts";

/**
 * The credential with which an identity reads a tenant: the same for everyone who has this very identity, so that Microsoft
 * Graph, Exchange and Security & Compliance each give one token, however many ask. Whoever proves that a sign-in works, or
 * no longer works, makes a credential of its own.
 *
 * @param tenantId undefined for the one that the identity names
 * @throws as `createCredential`
 */
export function sharedCredential(
  identity: Identity,
  tenantId: string | undefined,
  endpoints: Endpoints,
): Credential {
  const ofIdentity = credentials.get(identity) ?? new Map<string, Credential>();
  credentials.set(identity, ofIdentity);
  const where = `${endpoints.authorityHost}/${tenantId ?? ""}`;
  const inTenant = tenantId === undefined ? identity : { ...identity, tenantId };
  const credential = ofIdentity.get(where) ?? asOne(createCredential(inTenant, endpoints), endpoints.custom);
  ofIdentity.set(where, credential);
  return credential;
}

const credentials = new WeakMap<Identity, Map<string, Credential>>();

/**
 * The same, but those who ask for the same token while it is under way get one answer: the library would ask for each. Nor
 * does it know an authority that is not Microsoft's before a first sign-in has asked about it, so that goes alone.
 */
function asOne(credential: Credential, firstAlone: boolean): Credential {
  const underWay = new Map<string, ReturnType<Credential["getToken"]>>();
  let first: Promise<unknown> | undefined;
  return {
    async getToken(scopes, options) {
      const key = String(scopes);
      const known = underWay.get(key);
      if (known !== undefined) return known;
      const before = firstAlone ? first : undefined;
      const asked = (async () => {
        await before?.catch(() => undefined);
        return credential.getToken(scopes, options);
      })().finally(() => underWay.delete(key));
      first ??= asked;
      underWay.set(key, asked);
      return asked;
    },
  };
}
