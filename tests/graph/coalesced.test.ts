import { expect, test } from "vitest";
import * as v from "valibot";
import { ApiError } from "../../graph/apiError.ts";
import { coalesced } from "../../graph/coalesced.ts";
import { type GraphClient, type GraphRead, one } from "../../graph/graphClient.ts";

/** A client that answers each path with itself, and refuses what ends in /no. */
function answering(): { readonly graph: GraphClient; readonly batches: string[][] } {
  const batches: string[][] = [];
  const graph: GraphClient = {
    read: () => Promise.reject(new Error("not alone")),
    async batch<T extends Readonly<Record<string, unknown>>>(reads: {
      readonly [K in keyof T]: GraphRead<T[K]>;
    }) {
      const entries = Object.entries<GraphRead<unknown>>(reads);
      batches.push(entries.map(([, { path }]) => path));
      const outcomes = entries.map(async ([key, { path, finish }]) =>
        path.endsWith("/no")
          ? [key, { ok: false, error: refusal }]
          : [key, { ok: true, value: await finish(path, () => Promise.reject(new Error("no pages"))) }],
      );
      return Object.fromEntries(await Promise.all(outcomes));
    },
  };
  return { graph, batches };
}

const refusal = new ApiError({ service: "Microsoft Graph", request: "GET /no", status: 403, reason: "No." });
const path = (name: string): GraphRead<string> => one(`/${name}`, v.string());

test("what is read at one moment is asked for together, and each gets its own", async () => {
  const { graph, batches } = answering();
  const together = coalesced(graph);
  const [a, { b, c }] = await Promise.all([
    together.read(path("a")),
    together.batch<{ b: string; c: string }>({ b: path("b"), c: path("c/no") }),
  ]);
  expect([a, b, c]).toEqual(["/a", { ok: true, value: "/b" }, { ok: false, error: refusal }]);
  await together.read(path("d"));
  expect(batches).toEqual([["/a", "/b", "/c/no"], ["/d"]]);
});

test("a refusal is that of its own read alone, and a failed batch that of all", async () => {
  const { graph } = answering();
  const reads = await Promise.allSettled(["a", "b/no"].map((name) => coalesced(graph).read(path(name))));
  expect(reads).toEqual([
    { status: "fulfilled", value: "/a" },
    { status: "rejected", reason: refusal },
  ]);
  const broken = coalesced({ ...graph, batch: () => Promise.reject(refusal) });
  const all = await Promise.allSettled(["a", "b"].map((name) => broken.read(path(name))));
  expect(all.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
});
