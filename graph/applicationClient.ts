import type { TokenCredential } from "@azure/identity";
import * as v from "valibot";
import { readJson, refused } from "./apiError.ts";
import type { ServiceEndpoint } from "./endpoints.ts";
import type { Holder } from "./removal.ts";
import type { ServiceOptions, ServiceRequest } from "./service.ts";
import { createService } from "./service.ts";

/** A key credential as Graph gives it: all that it has, above all its id and its bytes. */
export type KeyCredential = v.InferOutput<typeof KeyCredential>;

/** Reads and writes what decides who can sign in as one application. Every call asks Graph anew. */
export interface ApplicationClient {
  /** The certificates of an object, with their bytes; undefined where there is no such object. @throws ApiError, SignInError */
  keyCredentials(holder: Holder): Promise<readonly KeyCredential[] | undefined>;
  /** Replaces an object's whole list; what has `key: null` stays as it is. @throws ApiError, SignInError */
  replaceKeyCredentials(holder: Holder, credentials: readonly KeyCredential[]): Promise<void>;
  /** Sets the application's `isDisabled`: true blocks every sign-in. @throws ApiError, SignInError */
  setDisabled(applicationObjectId: string, isDisabled: boolean): Promise<void>;
}

/** A client for the tenant that the credential signs in to. */
export function createApplicationClient(
  credential: TokenCredential,
  endpoint: ServiceEndpoint,
  options: Pick<ServiceOptions, "signal" | "retryDelayMs"> = {},
): ApplicationClient {
  const send = createService({ name, credential, scope: endpoint.scope, ...options });
  const urlOf = ({ collection, id }: Holder): string => `${endpoint.url}/v1.0/${collection}/${id}`;

  async function patch(url: string, body: ServiceRequest["body"]): Promise<void> {
    const response = await send({ method: "PATCH", url, body });
    if (response.status !== 204) throw refused(name, response);
  }

  return {
    async keyCredentials(holder) {
      const response = await send({ url: `${urlOf(holder)}?$select=keyCredentials` });
      if (response.status === 404) return undefined;
      if (response.status !== 200) throw refused(name, response);
      return readJson(name, response, v.object({ keyCredentials: v.array(KeyCredential) })).keyCredentials;
    },
    replaceKeyCredentials: (holder, keyCredentials) => patch(urlOf(holder), { keyCredentials }),
    setDisabled: (id, isDisabled) => patch(urlOf({ collection: "applications", id }), { isDisabled }),
  };
}

const name = "Microsoft Graph";

const KeyCredential = v.looseObject({
  keyId: v.nullish(v.string()),
  /** Base64 of the certificate's DER; null where Graph does not give it. */
  key: v.nullish(v.string()),
});
