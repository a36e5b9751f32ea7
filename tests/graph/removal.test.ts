import { afterAll, beforeAll, expect, test } from "vitest";
import { createRemover, type Remove } from "../../graph/removal.ts";
import { type ScriptedServer, startScriptedServer } from "./scriptedServer.ts";

let server: ScriptedServer;
let remove: Remove;

beforeAll(async () => {
  server = await startScriptedServer();
  const credential = { getToken: async () => ({ token: "t", expiresOnTimestamp: Date.now() + 3_600_000 }) };
  remove = createRemover(credential, { url: server.url, scope: "scope" }, { retryDelayMs: 1 });
});

afterAll(() => server.close());

const certificate = {
  kind: "certificate",
  holder: { collection: "applications", id: "a" },
  keyId: "k2",
} as const;
const [first, second] = ["k1", "k2"].map((keyId) => ({ keyId, key: `bytes of ${keyId}` }));

test("a certificate is removed, and those that stay are sent without their bytes", async () => {
  expect(await removing([first, second], [first])).toEqual({
    outcome: { restored: [] },
    written: [[{ keyId: "k1", key: null }]],
  });
});

test("one that vanished meanwhile is put back with its bytes, and reported", async () => {
  const other = { keyId: "k3", key: "bytes of k3" };
  expect(await removing([first, second], [other])).toEqual({
    outcome: { restored: ["k1"] },
    written: [[{ keyId: "k1", key: null }], [{ keyId: "k3", key: null }, first]],
  });
});

test("one that is gone already is not removed, and nothing is written", async () => {
  expect(await removing([first], [first])).toEqual({ outcome: { restored: [] }, written: [] });
});

async function removing(before: readonly unknown[], after: readonly unknown[]): Promise<unknown> {
  server.seen.length = 0;
  server.answer(
    { status: 200, body: { keyCredentials: before } },
    { status: 204 },
    { status: 200, body: { keyCredentials: after } },
    { status: 204 },
  );
  const outcome = await remove(certificate);
  const written = server.seen
    .filter(({ method }) => method === "PATCH")
    .map(({ body }) => (body as { keyCredentials: unknown }).keyCredentials);
  return { outcome, written };
}
