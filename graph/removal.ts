import type { TokenCredential } from "@azure/identity";
import * as v from "valibot";
import { readJson, refused } from "./apiError.ts";
import type { ServiceEndpoint } from "./endpoints.ts";
import { noId } from "./objects.ts";
import type { ServiceOptions, ServiceRequest } from "./service.ts";
import { createService } from "./service.ts";

/** The two objects that stand for an application in its tenant. */
export interface ApplicationObjects {
  readonly applicationObjectId: string;
  readonly servicePrincipalObjectId: string;
}

/** How something undeclared is taken out of a tenant. */
export type Removal =
  | { readonly kind: "delete"; readonly path: string }
  | { readonly kind: "password"; readonly holder: Holder; readonly keyId: string }
  /** The whole list of certificates is written without this one. */
  | { readonly kind: "certificate"; readonly holder: Holder; readonly keyId: string }
  /** Takes the way away in which credentials get onto the service principal: App Instance Lock. */
  | { readonly kind: "lock"; readonly applicationObjectId: string };

/** The object that a credential is on. */
export interface Holder {
  readonly collection: "applications" | "servicePrincipals";
  readonly id: string;
}

/** The application as the holder of credentials. */
export function application({ applicationObjectId: id }: ApplicationObjects): Holder {
  return { collection: "applications", id };
}

/** The service principal as the holder of credentials. */
export function servicePrincipal({ servicePrincipalObjectId: id }: ApplicationObjects): Holder {
  return { collection: "servicePrincipals", id };
}

/** What a removal came to. */
export interface RemovalOutcome {
  /** Key ids of certificates that vanished with it although somebody else's, and were put back. */
  readonly restored: readonly string[];
}

/** Takes something out of a tenant; what is gone already is no failure. @throws ApiError, SignInError */
export type Remove = (removal: Removal) => Promise<RemovalOutcome>;

/** Removes from the tenant that the credential signs in to. */
export function createRemover(
  credential: TokenCredential,
  endpoint: ServiceEndpoint,
  options: Pick<ServiceOptions, "signal" | "retryDelayMs">,
): Remove {
  const send = createService({ name, credential, scope: endpoint.scope, ...options });
  const base = `${endpoint.url}/v1.0`;

  async function write(request: ServiceRequest): Promise<void> {
    const response = await send(request);
    if (response.status !== 204 && response.status !== 404) throw refused(name, response);
  }

  async function certificates(url: string): Promise<readonly KeyCredential[]> {
    const response = await send({ url: `${url}?$select=keyCredentials` });
    if (response.status !== 200) throw refused(name, response);
    return readJson(name, response, KeyCredentials).keyCredentials;
  }

  /**
   * Graph replaces the whole list, and has no way to write it only if nobody else has: those that stay go back as azuread
   * sends them, without their bytes, and what is not there afterwards is put back with them.
   */
  async function removeCertificate({ collection, id }: Holder, keyId: string): Promise<readonly string[]> {
    const url = `${base}/${collection}/${id}`;
    const before = await certificates(url);
    if (!before.some((one) => one.keyId === keyId)) return [];
    const staying = before.filter((one) => one.keyId !== keyId);
    await write({
      method: "PATCH",
      url,
      body: { keyCredentials: staying.map((one) => ({ ...one, key: null })) },
    });
    const after = await certificates(url);
    const vanished = staying.filter((one) => !after.some((other) => other.keyId === one.keyId));
    if (vanished.length === 0) return [];
    const others = after.filter((one) => one.keyId !== keyId).map((one) => ({ ...one, key: null }));
    await write({ method: "PATCH", url, body: { keyCredentials: [...others, ...vanished] } });
    return vanished.map((one) => one.keyId ?? noId);
  }

  return async (removal) => {
    if (removal.kind === "certificate")
      return { restored: await removeCertificate(removal.holder, removal.keyId) };
    if (removal.kind === "delete") await write({ method: "DELETE", url: base + removal.path });
    else if (removal.kind === "lock") {
      const url = `${base}/applications/${removal.applicationObjectId}`;
      await write({ method: "PATCH", url, body: lockedPrincipal });
    } else {
      const { holder, keyId } = removal;
      const url = `${base}/${holder.collection}/${holder.id}/removePassword`;
      await write({ method: "POST", url, body: { keyId } });
    }
    return { restored: [] };
  };
}

const name = "Microsoft Graph";

const KeyCredentials = v.object({ keyCredentials: v.array(v.looseObject({ keyId: v.nullish(v.string()) })) });
type KeyCredential = v.InferOutput<typeof KeyCredentials>["keyCredentials"][number];

/** Locks every property that can let somebody sign in as the service principal. */
const lockedPrincipal = { servicePrincipalLockConfiguration: { isEnabled: true, allProperties: true } };

/**
 * The Azure CLI's command for a removal; works in bash and PowerShell.
 *
 * @param graphUrl the cloud's Microsoft Graph, without a trailing slash.
 */
export function removalCommand(removal: Removal, graphUrl: string): string {
  if (removal.kind === "delete") return `az rest --method delete --url '${graphUrl}/v1.0${removal.path}'`;
  if (removal.kind === "lock") {
    const url = `${graphUrl}/v1.0/applications/${removal.applicationObjectId}`;
    return `az rest --method patch --url '${url}' --body '${JSON.stringify(lockedPrincipal)}'`;
  }
  const { holder, keyId } = removal;
  const group = holder.collection === "applications" ? "app" : "sp";
  const certificate = removal.kind === "certificate" ? " --cert" : "";
  return `az ad ${group} credential delete --id ${holder.id} --key-id ${keyId}${certificate}`;
}
