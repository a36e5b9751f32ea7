import type { TokenCredential } from "@azure/identity";
import * as v from "valibot";
import { ApiError, checked, readJson, refused, refusedWith } from "./apiError.ts";
import type { ServiceEndpoint } from "./endpoints.ts";
import { NextLink, nextPages } from "./nextPage.ts";
import type { ServiceOptions } from "./service.ts";
import { createService } from "./service.ts";

/** A version of Microsoft Graph. */
export type GraphVersion = "v1.0" | "beta";

/** Something to read from Microsoft Graph: made by `one` or `all`. */
export interface GraphRead<T> {
  /** Below the version, with its query, as in `/domains?$select=id`. */
  readonly path: string;
  /** @default "v1.0" */
  readonly version?: GraphVersion;
  /** Makes the result of the first answer's body; `follow` gets the body behind a link to a further page. */
  readonly finish: (body: unknown, follow: (url: string) => Promise<unknown>) => Promise<T>;
}

/** One read's result in a batch: a refusal of one does not fail the others. */
export type GraphOutcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: ApiError };

/** Reads from Microsoft Graph. */
export interface GraphClient {
  /** @throws ApiError, SignInError */
  read<T>(read: GraphRead<T>): Promise<T>;
  /** Reads many things at once, 20 in a request. @throws ApiError where the batch itself fails; SignInError */
  batch<T extends Readonly<Record<string, unknown>>>(reads: {
    readonly [K in keyof T]: GraphRead<T[K]>;
  }): Promise<{ readonly [K in keyof T]: GraphOutcome<T[K]> }>;
}

/** Reads one object. */
export function one<T>(path: string, schema: v.GenericSchema<unknown, T>): GraphRead<T> {
  return { path, finish: async (body) => checked(serviceName, path, body, schema) };
}

/** Reads a collection, with all its pages. */
export function all<T>(path: string, item: v.GenericSchema<unknown, T>): GraphRead<readonly T[]> {
  const page = v.object({ value: v.array(item), "@odata.nextLink": NextLink });
  return {
    path,
    async finish(body, follow) {
      const items: T[] = [];
      for (let next: unknown = body; ;) {
        const { value, "@odata.nextLink": link } = checked(serviceName, path, next, page);
        items.push(...value);
        if (!link) return items;
        next = await follow(link);
      }
    },
  };
}

/**
 * Reads a collection, and something more of its items, one after the other: `$expand` gives no more than twenty of what
 * hangs on an object of the directory, and no link to the rest. Fails where one of the reads does.
 *
 * Source: "Some limitations apply to query parameters", https://developer.microsoft.com/graph/known-issues/?search=13635.
 *
 * @param further undefined for an item of which nothing more is wanted, which is left out then
 */
export function withEach<T, U>(
  items: GraphRead<readonly T[]>,
  further: (item: T) => GraphRead<U> | undefined,
): GraphRead<readonly (readonly [T, U])[]> {
  return {
    ...items,
    async finish(body, follow) {
      const pairs: (readonly [T, U])[] = [];
      for (const item of await items.finish(body, follow)) {
        const read = further(item);
        if (read === undefined) continue;
        // oxlint-disable-next-line no-await-in-loop -- there are few, and the next pages follow one another anyway.
        pairs.push([item, await read.finish(await follow(addressOf(read)), follow)]);
      }
      return pairs;
    },
  };
}

/** The same read in Graph's beta version, for what 1.0 does not show. */
export function inBeta<T>(read: GraphRead<T>): GraphRead<T> {
  return { ...read, version: "beta" };
}

/** The same read with another result. */
export function mapped<T, U>(read: GraphRead<T>, make: (value: T) => U): GraphRead<U> {
  return { ...read, finish: async (body, follow) => make(await read.finish(body, follow)) };
}

/** A string as OData writes it in a filter. */
export function quoted(value: string): string {
  return encodeURIComponent(`'${value.replaceAll("'", "''")}'`);
}

/** Reads from Graph as whoever the credential stands for. */
export function createGraphClient(
  credential: TokenCredential,
  endpoint: ServiceEndpoint,
  options: Pick<ServiceOptions, "signal" | "retryDelayMs" | "limit"> = {},
): GraphClient {
  const send = createService({ name: serviceName, credential, scope: endpoint.scope, ...options });

  async function get(url: string): Promise<unknown> {
    const response = await send({ url });
    if (response.status !== 200) throw refused(serviceName, response);
    return readJson(serviceName, response, v.unknown());
  }

  async function read<T>(wanted: GraphRead<T>, getPage: Get = get): Promise<T> {
    return finish(wanted, await get(endpoint.url + addressOf(wanted)), getPage);
  }

  function finish<T>(wanted: GraphRead<T>, body: unknown, getPage: Get): Promise<T> {
    const pageOf = nextPages(serviceName, endpoint.url + addressOf(wanted));
    return wanted.finish(body, async (link) => getPage(pageOf(link)));
  }

  /** A batch is of one version. */
  async function sendBatch(
    version: GraphVersion,
    paths: readonly string[],
  ): Promise<Map<string, BatchAnswer>> {
    const requests = paths.map((path, index) => ({ id: String(index), method: "GET", url: path }));
    const url = `${endpoint.url}/${version}/$batch`;
    const response = await send({ method: "POST", url, body: { requests } });
    if (response.status !== 200) throw refused(serviceName, response);
    const { responses } = readJson(serviceName, response, BatchAnswers);
    return new Map(responses.map((answer) => [`/${version}${paths[Number(answer.id)] ?? ""}`, answer]));
  }

  async function outcome<T>(
    wanted: GraphRead<T>,
    answer: BatchAnswer | undefined,
    getPage: Get,
  ): Promise<GraphOutcome<T>> {
    try {
      // A throttled part is asked for again by itself, where the pipeline waits as long as it is told to.
      if (answer === undefined || answer.status === 429 || answer.status >= 500) {
        return { ok: true, value: await read(wanted, getPage) };
      }
      if (answer.status !== 200) {
        throw refusedWith(serviceName, `GET ${endpoint.url}${addressOf(wanted)}`, answer.status, answer.body);
      }
      return { ok: true, value: await finish(wanted, answer.body, getPage) };
    } catch (error) {
      if (error instanceof ApiError) return { ok: false, error };
      throw error;
    }
  }

  return {
    read: async (wanted) => read(wanted),
    async batch<T extends Readonly<Record<string, unknown>>>(reads: {
      readonly [K in keyof T]: GraphRead<T[K]>;
    }) {
      const wanted = Object.values<GraphRead<unknown>>(reads);
      const batches = versions.flatMap((version) => {
        const ofVersion = wanted.filter((each) => (each.version ?? "v1.0") === version);
        const paths = [...new Set(ofVersion.map(({ path }) => path))];
        return chunks(paths, 20).map((part) => [version, part] as const);
      });
      const parts = await Promise.all(batches.map(([version, part]) => sendBatch(version, part)));
      const answers = new Map(parts.flatMap((part) => [...part]));
      const getPage = once(get);
      const outcomes = await Promise.all(
        Object.entries<GraphRead<unknown>>(reads).map(
          async ([key, each]) => [key, await outcome(each, answers.get(addressOf(each)), getPage)] as const,
        ),
      );
      // The keys are those of `reads`, each with the outcome of its own read.
      return Object.fromEntries(outcomes) as { readonly [K in keyof T]: GraphOutcome<T[K]> };
    },
  };
}

type Get = (url: string) => Promise<unknown>;

/** The same, but for an address that was asked for before: several reads of a batch can look at one collection. */
function once(get: Get): Get {
  const answers = new Map<string, Promise<unknown>>();
  return (url) => {
    const answer = answers.get(url) ?? get(url);
    answers.set(url, answer);
    return answer;
  };
}

const serviceName = "Microsoft Graph";

const versions: readonly GraphVersion[] = ["v1.0", "beta"];

function addressOf({ version = "v1.0", path }: GraphRead<unknown>): string {
  return `/${version}${path}`;
}

/** Graph writes ids as text and statuses as numbers; what answers in its place may not. */
const BatchAnswers = v.object({
  responses: v.array(
    v.object({
      id: v.union([v.string(), v.number()]),
      status: v.pipe(v.union([v.number(), v.string()]), v.transform(Number), v.integer()),
      body: v.optional(v.unknown()),
    }),
  ),
});
type BatchAnswer = v.InferOutput<typeof BatchAnswers>["responses"][number];

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
