import { createPrivateKey, X509Certificate } from "node:crypto";
import type { CertificateWithKey } from "../../../common/certificate.ts";
import { derDigest } from "../../../common/certificate.ts";
import { clouds } from "../../../microsoft/clouds.ts";
import type { Identified, ServerContext } from "../context.ts";
import { isJsonObject, textOf, type Json } from "../json.ts";
import { jsonBody } from "../requestOrigin.ts";
import { readAccessToken } from "../signIn/accessToken.ts";
import { badParameter, forbidden, notFound, unauthorized } from "./errors.ts";
import { versionOf } from "./keyVault.ts";
import { signDigest } from "./signDigest.ts";

/** Answers `GET /certificates/{name}/{version}`. @throws KeyVaultError */
export async function vaultCertificate(
  context: ServerContext,
  request: Request,
  name: string,
  version: string | undefined,
  identified: Identified,
): Promise<Json> {
  await authorize(context, request, "certificates/read", identified);
  const found = find(context, name, version);
  if (found === undefined) throw notFound("Certificate", name);
  const [path, { raw }] = [`${name}/${versionOf(found)}`, new X509Certificate(found.certificatePem)];
  return {
    id: `${context.url}/certificates/${path}`,
    kid: `${context.url}/keys/${path}`,
    sid: `${context.url}/secrets/${path}`,
    x5t: Buffer.from(derDigest("sha1", raw), "hex").toString("base64url"),
    cer: raw.toString("base64"),
    attributes: { enabled: true },
  };
}

/** Answers `POST /keys/{name}/{version}/sign`: PS256 alone, over a digest. @throws KeyVaultError */
export async function vaultSignature(
  context: ServerContext,
  request: Request,
  name: string,
  version: string,
  identified: Identified,
): Promise<Json> {
  await authorize(context, request, "keys/sign/action", identified);
  const found = find(context, name, version);
  if (found === undefined) throw notFound("Key", name);
  const body = await jsonBody(request);
  const { alg, value } = isJsonObject(body) ? body : {};
  if (alg !== "PS256") throw badParameter(`The algorithm '${textOf(alg)}' is not known here.`);
  const digest = Buffer.from(typeof value === "string" ? value : "", "base64url");
  if (digest.length !== 32) throw badParameter(`Invalid length of 'value': ${digest.length} bytes.`);
  return {
    kid: `${context.url}/keys/${name}/${version}`,
    value: signDigest(createPrivateKey(found.privateKeyPem), digest).toString("base64url"),
  };
}

function find(
  { keyVault }: ServerContext,
  name: string,
  version: string | undefined,
): CertificateWithKey | undefined {
  const found = keyVault.certificates[name];
  return found && (version === undefined || version === versionOf(found)) ? found : undefined;
}

async function authorize(
  context: ServerContext,
  request: Request,
  action: string,
  identified: Identified,
): Promise<void> {
  const [, token = ""] = /^Bearer (\S+)$/i.exec(request.headers.get("authorization") ?? "") ?? [];
  const audiences = (tenantId: string): readonly string[] => {
    const tenant = context.store.tenants.get(tenantId);
    return tenant === undefined ? [] : [clouds[tenant.cloud].keyVault];
  };
  const caller = await readAccessToken(await context.signingKey(), token, audiences, context.now());
  if (typeof caller === "string") throw unauthorized(clouds.global.keyVault);
  identified.tenantId = caller.tenantId;
  identified.clientId = caller.appId;
  const version = new URL(request.url).searchParams.get("api-version");
  if (version !== "7.4") throw badParameter(`The API version '${version ?? ""}' is not known here.`);
  if (!context.keyVault.users.includes(caller.appId)) throw forbidden(caller.appId, action);
}
