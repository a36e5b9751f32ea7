import * as v from "valibot";
import { isGuid } from "../common/guid.ts";
import { refused } from "./apiError.ts";
import type { Endpoints } from "./endpoints.ts";
import { createService } from "./service.ts";

const name = "Entra";

/** What Entra says about itself and a tenant to anyone who asks. */
export interface AuthorityAnswer {
  /** How far this machine's clock is ahead of Entra's, in milliseconds, to the second; absent where Entra does not say. */
  readonly clockOffsetMs?: number;
  /** The tenant's ID; absent where Entra does not know it. */
  readonly tenantId?: string;
  /** Entra's words where it does not know the tenant. */
  readonly refusal?: string;
}

/**
 * Asks Entra for a tenant's public configuration, once.
 *
 * @param tenantId the tenant's id, or one of its domains
 * @throws ApiError where Entra cannot be reached, or cannot answer
 */
export async function askAuthority(
  endpoints: Endpoints,
  tenantId: string,
  signal?: AbortSignal,
): Promise<AuthorityAnswer> {
  const send = createService({ name, maxRetries: 0, ...(signal ? { signal } : {}) });
  const url = `${endpoints.authorityHost}/${tenantId}/v2.0/.well-known/openid-configuration`;
  const response = await send({ url });
  const { status, headers, bodyAsText } = response;
  if (status === 429 || status >= 500) throw refused(name, response);
  const date = Date.parse(headers.get("date") ?? "");
  return {
    ...(Number.isNaN(date) ? {} : { clockOffsetMs: Date.now() - date }),
    ...(status < 400 ? tenantOf(bodyAsText ?? "") : { refusal: bodyAsText ?? "" }),
  };
}

const Configuration = v.object({ issuer: v.string() });

/** The issuer of a tenant's tokens names it: https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc. */
function tenantOf(document: string): { readonly tenantId?: string } {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), Configuration), document);
  const found = parsed.success ? parsed.output.issuer.split("/").find(isGuid) : undefined;
  return found === undefined ? {} : { tenantId: found.toLowerCase() };
}
