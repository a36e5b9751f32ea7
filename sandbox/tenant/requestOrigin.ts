import { clouds } from "../../microsoft/clouds.ts";
import { GraphError } from "./graph/errors.ts";

const loopback = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** The hosts of Microsoft's that a tenant stands in for, in every cloud. */
const microsoftHosts = new Set(
  Object.values(clouds)
    .flatMap((cloud) => [
      cloud.authorityHost,
      cloud.graph,
      cloud.exchangeOnline,
      cloud.exchangeOnlineAudience,
      cloud.securityAndCompliance,
      cloud.securityAndComplianceAudience,
    ])
    .map((address) => new URL(address).hostname),
);

/**
 * Refuses what a web page may have a browser ask: a request from another origin, or to a name that is not the server's.
 *
 * A browser says where a page comes from that writes, and which name it has looked up: a page of another site shows in
 * `Origin`, and one whose own name has been made to lead to this machine in `Host`. Clients that are no browsers send no
 * `Origin`.
 *
 * @param servesMicrosoftHosts whether a request may name a host of Microsoft's, as one through a proxy does
 * @throws GraphError
 */
export function checkOrigin(request: Request, ownUrl: string, servesMicrosoftHosts: boolean): void {
  const origin = request.headers.get("origin");
  if (origin !== null && origin !== ownUrl) {
    throw new GraphError(403, "Forbidden", `Requests of the origin '${origin}' are refused.`);
  }
  const host = request.headers.get("host") ?? "";
  const name = host.replace(/:\d+$/, "").toLowerCase();
  const isServed = loopback.has(name) || (servesMicrosoftHosts && microsoftHosts.has(name));
  if (!isServed) throw new GraphError(421, "MisdirectedRequest", `This server is not '${host}'.`);
}

/** Whether a request says that its body is JSON. */
export function saysJson(request: Request): boolean {
  return /^application\/json\s*(?:;|$)/i.test(request.headers.get("content-type") ?? "");
}

/** The JSON of a request's body; undefined where it is none, or where its type does not say that it is. */
export async function jsonBody(request: Request): Promise<unknown> {
  if (!saysJson(request)) return undefined;
  return request.json().catch(() => undefined);
}
