import * as v from "valibot";
import { clipped } from "../common/foreignText.ts";
import { ApiError } from "./apiError.ts";

/** The link to a collection's next page; absent, null and "" all end it. */
export const NextLink = v.nullish(v.string());

/**
 * Follows the links of one collection, none twice and none to another host, since a token goes with each request.
 *
 * @param service in words, for errors
 * @param first the first page's address
 * @returns what gives a link's address. @throws ApiError for a link that must not be followed
 */
export function nextPages(service: string, first: string): (link: string) => string {
  const seen = new Set([first]);
  let current = first;
  return (link) => {
    const next = URL.parse(link, current);
    if (next?.origin !== new URL(first).origin) {
      throw odd("leads to another host, which must not get a token");
    }
    if (seen.has(next.href)) throw odd("leads to a page that was read before, so reading would never end");
    seen.add(next.href);
    current = next.href;
    return next.href;

    function odd(problem: string): ApiError {
      const reason = `its link to the next page ${problem}: "${clipped(link, 300)}"`;
      return new ApiError({ service, request: current, status: 200, reason });
    }
  };
}
