import type { TokenCredential } from "@azure/identity";
import * as v from "valibot";
import { Failure, usageFailure } from "../common/failure.ts";
import { clipped } from "../common/foreignText.ts";
import { readJson, refused } from "./apiError.ts";
import type { ServiceEndpoint } from "./endpoints.ts";
import { createService } from "./service.ts";

const name = "Azure Key Vault";

/** The newest version that every cloud has. */
const version = "api-version=7.4";

/** A certificate of a key vault. Its private key stays there. */
export interface VaultCertificate {
  readonly certificatePem: string;
  /** Signs a SHA-256 digest, as PS256 does. @returns base64url @throws Failure, ApiError, SignInError */
  sign(digest: Uint8Array): Promise<string>;
}

/**
 * Reads a certificate of a key vault.
 *
 * The vault is asked over our own client: these are two requests, and `@azure/keyvault-keys` with
 * `@azure/keyvault-certificates` would add 4 MB to every installation.
 *
 * Sources: "Get Certificate" and "Sign" in the REST reference of Azure Key Vault.
 *
 * @param address the certificate's identifier, with a version or without, which is the newest
 * @param endpoint says which hosts may get a token for Key Vault
 * @throws Failure where the address is none of a vault's certificate, or a right is missing; ApiError, SignInError
 */
export async function openVaultCertificate(
  address: string,
  {
    credential,
    endpoint,
    signal,
  }: {
    readonly credential: TokenCredential;
    readonly endpoint: ServiceEndpoint;
    readonly signal: AbortSignal;
  },
): Promise<VaultCertificate> {
  const certificate = certificateAddress(address, endpoint);
  const send = createService({ name, credential, scope: endpoint.scope, signal });

  const response = await send({ url: `${certificate.href}?${version}` });
  if (response.status !== 200) throw refusal(response, "certificates/get");
  const { cer, kid } = readJson(name, response, Bundle);
  const key = keyAddress(kid, certificate);
  return {
    certificatePem: `-----BEGIN CERTIFICATE-----\n${cer.replace(/(.{64})(?=.)/g, "$1\n")}\n-----END CERTIFICATE-----\n`,
    async sign(digest) {
      const answer = await send({
        method: "POST",
        url: `${key.href}/sign?${version}`,
        body: { alg: "PS256", value: Buffer.from(digest).toString("base64url") },
      });
      if (answer.status !== 200) throw refusal(answer, "keys/sign");
      return readJson(name, answer, Signature).value;
    },
  };
}

const Bundle = v.object({ cer: v.pipe(v.string(), v.base64()), kid: v.string() });
const Signature = v.object({ value: v.pipe(v.string(), v.regex(/^[\w-]+$/)) });

/** The token goes to no other host than a vault of the cloud. @throws Failure */
function certificateAddress(address: string, endpoint: ServiceEndpoint): URL {
  const url = URL.parse(address);
  const { host } = new URL(endpoint.url);
  const isVault = url?.protocol === "https:" && (url.host === host || url.host.endsWith(`.${host}`));
  if (url && isVault && /^\/certificates\/[\dA-Za-z-]+(\/[\da-f]{32})?$/.test(url.pathname)) {
    return new URL(url.pathname, url.origin);
  }
  throw usageFailure(
    `--key-vault-certificate must be the identifier of a certificate in a vault of this cloud, got ${JSON.stringify(clipped(address, 200))}. Give an address such as https://NAME.${host}/certificates/exchange.`,
  );
}

/** The key is in the same vault. @throws Failure */
function keyAddress(kid: string, certificate: URL): URL {
  const url = URL.parse(kid);
  if (url?.origin === certificate.origin && /^\/keys\/[\dA-Za-z-]+\/[\da-f]{32}$/.test(url.pathname)) {
    return new URL(url.pathname, url.origin);
  }
  throw new Failure(
    "EXO_AUTH_SERVICE",
    `${name} must name a key of the same vault, got ${JSON.stringify(clipped(kid, 200))}. Check the address of the vault.`,
  );
}

function refusal(response: Parameters<typeof refused>[1], right: string): Error {
  const error = refused(name, response);
  if (response.status !== 401 && response.status !== 403) return error;
  return new Failure(
    "EXO_AUTH_SIGN_IN",
    `${error.message.replace(/\.?$/, ".")} The identity of the environment needs the right ${right} in the vault, for which the roles "Key Vault Reader" and "Key Vault Crypto User" are enough.`,
    { cause: error },
  );
}
