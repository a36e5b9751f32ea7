import type { Endpoints } from "./endpoints.ts";
import { createService } from "./service.ts";

/** What Entra says about itself and a tenant to anyone who asks. */
export interface AuthorityAnswer {
  /** How far this machine's clock is ahead of Entra's, in milliseconds, to the second; absent where Entra does not say. */
  readonly clockOffsetMs?: number;
  /** Entra's words where it does not know the tenant. */
  readonly refusal?: string;
}

/**
 * Asks Entra for a tenant's public configuration, once.
 *
 * @param tenantId the tenant's id, or one of its domains
 * @throws ApiError where Entra cannot be reached
 */
export async function askAuthority(
  endpoints: Endpoints,
  tenantId: string,
  signal?: AbortSignal,
): Promise<AuthorityAnswer> {
  const send = createService({ name: "Entra", maxRetries: 0, ...(signal ? { signal } : {}) });
  const url = `${endpoints.authorityHost}/${tenantId}/v2.0/.well-known/openid-configuration`;
  const { status, headers, bodyAsText } = await send({ url });
  const date = Date.parse(headers.get("date") ?? "");
  return {
    ...(Number.isNaN(date) ? {} : { clockOffsetMs: Date.now() - date }),
    ...(status < 400 ? {} : { refusal: bodyAsText ?? "" }),
  };
}
