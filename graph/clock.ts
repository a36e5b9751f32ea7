import type { Endpoints } from "./endpoints.ts";
import { createService } from "./service.ts";

/**
 * How far this machine's clock is ahead of Entra's, in milliseconds, to the second; undefined where Entra does not say.
 *
 * @param tenantId the tenant's id, or one of its domains
 */
export async function clockOffset(
  endpoints: Endpoints,
  tenantId: string,
  signal: AbortSignal,
): Promise<number | undefined> {
  const send = createService({ name: "Entra", signal });
  const url = `${endpoints.authorityHost}/${tenantId}/v2.0/.well-known/openid-configuration`;
  const { headers } = await send({ url });
  const date = Date.parse(headers.get("date") ?? "");
  return Number.isNaN(date) ? undefined : Date.now() - date;
}
