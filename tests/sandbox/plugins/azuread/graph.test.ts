import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";

import {
  Graph,
  GraphError,
  isNotFound,
  type RequestOptions,
} from "../../../../sandbox/plugins/azuread/graph.ts";

/** One answer of the server. */
interface Reply {
  readonly status: number | "reset" | "closed";
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

describe("what passes by itself", () => {
  it.each([408, 424, 429, 500, 502, 503, 504])("is tried again after %i", async (status) => {
    const { send, pauses, requests } = await serve([
      { status },
      { status },
      { status: 200, body: { id: "x" } },
    ]);
    expect(await send("GET")).toEqual({ id: "x" });
    expect(pauses).toEqual([1, 2]);
    expect(requests).toHaveLength(3);
  });

  it.each([400, 401, 403, 404, 409, 412, 501])("is not %i", async (status) => {
    const { send, pauses } = await serve([{ status, body: { error: { code: "Code", message: "Why." } } }]);
    await expect(send("POST", { body: {} })).rejects.toThrow(
      /^unexpected status \d+ \(\d+ .+\) with error: Code: Why\.$/,
    );
    expect(pauses).toEqual([]);
  });

  it("waits as long as the answer asks for", async () => {
    const { send, pauses } = await serve([
      { status: 429, headers: { "retry-after": "17" } },
      { status: 204 },
    ]);
    expect(await send("DELETE")).toBeUndefined();
    expect(pauses).toEqual([17]);
  });

  it("doubles its pauses up to a minute, and gives up when the time is up", async () => {
    const { send, pauses } = await serve(Array.from({ length: 20 }, () => ({ status: 503 })));
    await expect(send("GET", { timeout: 300 })).rejects.toThrow("503");
    expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 61, 61, 61]);
  });

  it("gives up after 16 tries however much time is left", async () => {
    const { send, requests } = await serve(Array.from({ length: 20 }, () => ({ status: 503 })));
    await expect(send("GET", { timeout: 100_000 })).rejects.toBeInstanceOf(GraphError);
    expect(requests).toHaveLength(17);
  });

  it("is what the call says is worth another try", async () => {
    const refusal = {
      status: 400,
      body: { error: { code: "A", message: "m", innerError: { code: "Within" } } },
    };
    const { send, pauses } = await serve([refusal, { status: 200, body: {} }]);
    expect(await send("POST", { retryIf: (_, reason) => reason.includes("Within") })).toEqual({});
    expect(pauses).toEqual([1]);
  });
});

describe("a broken connection", () => {
  it("that was reset is tried again where nothing can have changed", async () => {
    const { send } = await serve([{ status: "reset" }, { status: 200, body: { id: "x" } }]);
    expect(await send("GET")).toEqual({ id: "x" });
  });

  it("is an error where it was closed in good order", async () => {
    const { send, requests } = await serve([{ status: "closed" }]);
    await expect(send("GET")).rejects.toThrow(/^Get "http:\/\/127\.0\.0\.1:\d+\/v1\.0\/things": EOF$/);
    expect(requests).toHaveLength(1);
  });

  it("is an error where something may have changed", async () => {
    const { send, requests } = await serve([{ status: "reset" }]);
    const error = /^Post "http:.*": HTTP response was nil; connection may have been reset$/;
    await expect(send("POST", { body: {} })).rejects.toThrow(error);
    expect(requests).toHaveLength(1);
  });
});

it("reads all pages of a list", async () => {
  const { graph, requests } = await serve((url) => [
    { status: 200, body: { value: [{ id: "a" }], "@odata.nextLink": `${url}/v1.0/things?$skiptoken=2` } },
    { status: 200, body: { value: [{ id: "b" }] } },
  ]);
  const found = await graph.list("/things", { query: { $filter: "a eq 'b'" }, timeout: 10 });
  expect(found).toEqual([{ id: "a" }, { id: "b" }]);
  expect(requests).toEqual(["GET /v1.0/things?%24filter=a+eq+%27b%27", "GET /v1.0/things?$skiptoken=2"]);
});

it("knows what does not exist", async () => {
  const { send } = await serve([{ status: 404 }]);
  const error = await send("GET").catch((reason: unknown) => reason);
  expect(isNotFound(error)).toBe(true);
  expect(isNotFound(new Error("404"))).toBe(false);
});

it("quotes an answer that is no error of Graph's", async () => {
  const { send } = await serve([{ status: 403, body: "<html>no</html>" }]);
  await expect(send("GET")).rejects.toThrow("<html>no</html>");
});

async function serve(replies: readonly Reply[] | ((base: string) => readonly Reply[])) {
  const requests: string[] = [];
  let url = "";
  const server = createServer((request, response) => {
    const all = typeof replies === "function" ? replies(url) : replies;
    const { status, body, headers } = all[requests.length] ?? { status: 500 };
    requests.push(`${request.method} ${request.url}`);
    request.resume();
    if (status === "reset") {
      request.socket.resetAndDestroy();
      return;
    }
    if (status === "closed") {
      request.socket.end();
      return;
    }
    const text = typeof body === "string" ? body : JSON.stringify(body);
    response.writeHead(status, headers).end(body === undefined ? "" : text);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const pauses: number[] = [];
  const wait = (seconds: number) => {
    pauses.push(seconds);
    return Promise.resolve();
  };
  const graph = new Graph(url, () => Promise.resolve("token"), { repeat: wait, retry: wait });
  const send = async (method: string, options: Partial<RequestOptions> = {}) =>
    graph.send(method, "/things", { timeout: 600, ...options });
  return { graph, pauses, requests, send };
}
