import type { RequestLogEntry } from "../sandbox/tenant/index.ts";

/** What the requests of an `up` in an empty tenant are for. */
type Part = "lookups" | "application" | "servicePrincipal" | "consent" | "role" | "certificate";

/**
 * How long the longest chain of requests took that must follow each other, in milliseconds and with the plugin's own
 * waits: the lookups, the application, then its certificate, or its service principal and what that is granted.
 *
 * @param requests those of one `up` of the default component in an empty tenant
 */
export function criticalPath(requests: readonly RequestLogEntry[]): number {
  const inOrder = requests.toSorted((a, b) => a.time.getTime() - b.time.getTime());
  const begun = inOrder.findIndex(({ method, path }) => method === "POST" && path.endsWith("/applications"));
  // The last that azuread asks about a new application; its certificate's requests look like its own.
  const read = inOrder.findIndex(
    ({ method, path }) => method === "GET" && /\/applications\/.*\/owners$/.test(path),
  );
  const resource = inOrder.flatMap(
    ({ path }) => /\/(\w+\/[^/]+)\/appRoleAssignedTo/.exec(path)?.[1] ?? [],
  )[0];
  const partOf = ({ path }: RequestLogEntry, index: number): Part => {
    if (index < begun) return "lookups";
    if (path.includes("/applications")) return index <= read ? "application" : "certificate";
    if (path.includes("/roleManagement/")) return "role";
    return resource !== undefined && path.includes(resource) ? "consent" : "servicePrincipal";
  };
  const span = (part: Part): number =>
    spanOf(inOrder.filter((request, index) => partOf(request, index) === part));
  return (
    span("lookups") +
    span("application") +
    Math.max(span("certificate"), span("servicePrincipal") + Math.max(span("consent"), span("role")))
  );
}

/** From the beginning of the first request to the end of the last. */
function spanOf(requests: readonly RequestLogEntry[]): number {
  if (requests.length === 0) return 0;
  const starts = requests.map(({ time }) => time.getTime());
  const ends = requests.map(({ time, ms }) => time.getTime() + ms);
  return Math.max(...ends) - Math.min(...starts);
}
