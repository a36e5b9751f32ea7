import type { TokenCredential } from "@azure/identity";
import * as v from "valibot";
import { readJson, refused } from "../../graph/apiError.ts";
import type { ServiceEndpoint } from "../../graph/endpoints.ts";
import { createGraphClient } from "../../graph/graphClient.ts";
import type { ServiceOptions, ServiceRequest } from "../../graph/service.ts";
import { createService } from "../../graph/service.ts";
import type { AuditedObjects, ObservedAccess } from "./observedAccess.ts";
import { accessReads } from "./observedAccess.ts";
import type { Holder, Removal } from "./removal.ts";

/** Reads what grants access through an application, and takes things away. */
export interface AccessClient {
  /** In one round trip, and one more for each further page. @throws ApiError where nothing could be read; SignInError */
  read(objects: AuditedObjects): Promise<ObservedAccess>;
  /** What is gone already is no failure. @throws ApiError, SignInError */
  remove(removal: Removal): Promise<void>;
}

/** Works in the tenant that the credential signs in to. */
export function createAccessClient(
  credential: TokenCredential,
  endpoint: ServiceEndpoint,
  options: Pick<ServiceOptions, "signal" | "retryDelayMs">,
): AccessClient {
  const graph = createGraphClient(credential, endpoint, options);
  const send = createService({ name, credential, scope: endpoint.scope, ...options });
  const base = `${endpoint.url}/v1.0`;

  async function write(request: ServiceRequest): Promise<void> {
    const response = await send(request);
    if (response.status !== 204 && response.status !== 404) throw refused(name, response);
  }

  /** Graph replaces the whole list; those that stay go back as azuread sends them, without their bytes. */
  async function removeCertificate({ collection, id }: Holder, keyId: string): Promise<void> {
    const url = `${base}/${collection}/${id}`;
    const response = await send({ url: `${url}?$select=keyCredentials` });
    if (response.status !== 200) throw refused(name, response);
    const { keyCredentials } = readJson(name, response, KeyCredentials);
    const staying = keyCredentials.filter((one) => one["keyId"] !== keyId);
    await write({
      method: "PATCH",
      url,
      body: { keyCredentials: staying.map((one) => ({ ...one, key: null })) },
    });
  }

  return {
    read: async (objects) => graph.batch(accessReads(objects)),
    async remove(removal) {
      if (removal.kind === "delete") return write({ method: "DELETE", url: base + removal.path });
      const { holder, keyId } = removal;
      if (removal.kind === "certificate") return removeCertificate(holder, keyId);
      return write({
        method: "POST",
        url: `${base}/${holder.collection}/${holder.id}/removePassword`,
        body: { keyId },
      });
    },
  };
}

const name = "Microsoft Graph";

const KeyCredentials = v.object({ keyCredentials: v.array(v.record(v.string(), v.unknown())) });
