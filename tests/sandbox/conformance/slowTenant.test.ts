import { expect, test, vi } from "vitest";
import { cleanUp } from "../../../sandbox/conformance/cleanUp.ts";
import { examineAt, startTarget, workplaceAt } from "./runs.ts";

// A run of every case takes seconds, and many where the machine has other work.
vi.setConfig({ testTimeout: 120_000 });

test("a tenant that takes its time differs in nothing, and a run says how long it took", async () => {
  const { target, server } = await startTarget();
  const pause = async (ms: number): Promise<void> => server.clock.advance(ms);
  server.faults.lag({ path: /^\/v1\.0\/(?:applications|servicePrincipals|groups|directory)/ }, 5000);
  server.faults.lagClaims({ path: /token$/ }, 5000);
  const workplace = workplaceAt(target, { pause, now: () => server.clock.now() });
  const { results } = await examineAt(workplace);
  expect(results.filter(({ outcome }) => outcome !== "same" && outcome !== "notFitting")).toEqual([]);
  expect(results.find(({ id }) => id === "roleClaimsWithRole")?.seconds).toBe(7);
  expect(await cleanUp({ target, ledger: workplace.options.ledger, pause })).toEqual([]);
});

test("a tenant that throttles and drops connections differs in nothing", async () => {
  const { target, server } = await startTarget();
  const path = /^\/(?:v1\.0|beta)\//;
  for (let skip = 7; skip < 300; skip += 23) {
    server.faults.add({ path }, { kind: "refuse", refusal: { status: 429, retryAfter: 0 } }, 1, skip);
    server.faults.add({ path, method: "GET" }, { kind: "loseAnswer" }, 1, skip);
  }
  const workplace = workplaceAt(target);
  const { results } = await examineAt(workplace);
  expect(results.filter(({ outcome }) => outcome !== "same" && outcome !== "notFitting")).toEqual([]);
  expect(server.requests.filter(({ status }) => status === 429).length).toBeGreaterThan(8);
  expect(await cleanUp({ target, ledger: workplace.options.ledger, pause: async () => undefined })).toEqual(
    [],
  );
});

const halfMinute = 30_000;

test.each([
  { title: "requests", limits: { requests: 50, ms: Infinity, settleMs: 0 }, requests: 50 },
  // The clock of this run moves with every look at it, the first of which is at its beginning.
  { title: "time", limits: { requests: 2000, ms: 50 * halfMinute, settleMs: 0 }, requests: 49 },
])("a run ends at its limit of $title, and says what it did not reach", async ({ limits, requests }) => {
  const { target } = await startTarget();
  let looks = 0;
  const now = (): Date => new Date(Date.UTC(2026, 10, 28) + (looks += 1) * halfMinute);
  const workplace = workplaceAt(target, { limits, now });
  const { results } = await examineAt(workplace);
  expect(workplace.requests).toBe(requests);
  expect(results.at(-1)?.outcome).toBe("notReached");
  expect(results.filter(({ outcome }) => outcome === "same").length).toBeGreaterThan(20);
  const { ledger } = workplace.options;
  expect(await cleanUp({ target, ledger, pause: async () => undefined })).toEqual([]);
});
