import type { Json } from "../json.ts";

/** An error that Key Vault answers: `{"error": {"code", "message"}}`. */
export class KeyVaultError extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

/** A request without a usable token. */
export function unauthorized(resource: string): KeyVaultError {
  return new KeyVaultError(401, "Unauthorized", "AKV10000: Request is missing a Bearer or PoP token.", {
    "www-authenticate": `Bearer authorization="https://login.windows.net/common", resource="${resource}"`,
  });
}

/** A caller whom no role of the vault and no access policy lets do this. */
export function forbidden(appId: string, action: string): KeyVaultError {
  return new KeyVaultError(
    403,
    "Forbidden",
    `Caller is not authorized to perform action on resource. Caller: appid=${appId}. Action: '${action}'`,
  );
}

/** A certificate or a key that is not there. */
export function notFound(kind: "Certificate" | "Key", name: string): KeyVaultError {
  return new KeyVaultError(
    404,
    `${kind}NotFound`,
    `A ${kind.toLowerCase()} with (name/id) ${name} was not found in this key vault.`,
  );
}

/** A malformed request. */
export function badParameter(message: string): KeyVaultError {
  return new KeyVaultError(400, "BadParameter", message);
}

/** The body of an error's answer. */
export function keyVaultErrorBody({ code, message }: KeyVaultError): Json {
  return { error: { code, message } };
}
