import type { RequestLogEntry, RequestMatcher } from "../tenant/index.ts";

/** One request of a run without faults: a row of the table. */
export interface RequestRow {
  readonly method: string;
  /** The path with its query, with `{id}` for what differs from run to run. */
  readonly template: string;
  /** Which of the requests that look like it, from 0. Of those that only read there is one row, for the first. */
  readonly occurrence: number;
}

/** The rows of a run, in its order. */
export function rowsOf(requests: readonly RequestLogEntry[]): readonly RequestRow[] {
  const counts = new Map<string, number>();
  return requests.flatMap(({ method, path }) => {
    const template = templateOf(path);
    const key = `${method} ${template}`;
    const occurrence = counts.get(key) ?? 0;
    counts.set(key, occurrence + 1);
    return method === "GET" && occurrence > 0 ? [] : [{ method, template, occurrence }];
  });
}

/** As the table names it: `PATCH /v1.0/applications/{id}, 2nd`. */
export function titleOf({ method, template, occurrence }: RequestRow): string {
  const ordinal = ["", ", 2nd", ", 3rd"][occurrence] ?? `, ${occurrence + 1}th`;
  return `${method} ${template}${ordinal}`;
}

/** Finds the requests of a row's kind. */
export function matcherOf({ method, template }: RequestRow): RequestMatcher {
  const pattern = template
    .split("{id}")
    .map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`))
    .join("[^/?']+");
  return { method, path: new RegExp(`^${pattern}$`) };
}

const exchange = "00000002-0000-0ff1-ce00-000000000000";

function templateOf(path: string): string {
  return decodeURIComponent(path.replaceAll("+", " "))
    .replaceAll(/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g, (id) => (id === exchange ? id : "{id}"))
    .replace(/(\/(?:roleAssignments|appRoleAssignedTo)\/)[^/?]+/, "$1{id}");
}
