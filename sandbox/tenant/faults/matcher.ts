import { decodeJwt } from "jose";

/** Which requests a fault is for: those that fit everything that is given. */
export interface RequestMatcher {
  /** @default every method */
  readonly method?: string;
  /** A regular expression over the path with its query, decoded. @default every path */
  readonly path?: RegExp;
  /** The tenant that the request's access token, or its path, is for. @default every tenant */
  readonly tenantId?: string;
}

/** Whether a request fits. */
export function matches(matcher: RequestMatcher, request: Request): boolean {
  if (matcher.method !== undefined && matcher.method !== request.method) return false;
  if (matcher.path !== undefined && !matcher.path.test(pathOf(request))) return false;
  return matcher.tenantId === undefined || isForTenant(request, matcher.tenantId);
}

/** A request's path with its query, as people write it. */
function pathOf(request: Request): string {
  const { pathname, search } = new URL(request.url);
  try {
    return decodeURIComponent(pathname + search.replaceAll("+", " "));
  } catch {
    return pathname + search;
  }
}

function isForTenant(request: Request, tenantId: string): boolean {
  if (new URL(request.url).pathname.includes(tenantId)) return true;
  const [, token] = /^Bearer (\S+)$/i.exec(request.headers.get("authorization") ?? "") ?? [];
  try {
    return token !== undefined && decodeJwt(token).tid === tenantId;
  } catch {
    return false;
  }
}
