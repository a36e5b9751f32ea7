import { expect, test, vi } from "vitest";
import { beliefsWithoutCase, conformanceCases } from "../../../sandbox/conformance/cases.ts";
import { cleanUp } from "../../../sandbox/conformance/cleanUp.ts";
import { unverified } from "../../../sandbox/tenant/documentation/unverified.ts";
import { examineAt, startTarget, wholeKind, workplaceAt } from "./runs.ts";

// A run of every case takes seconds, and many where the machine has other work.
vi.setConfig({ testTimeout: 120_000 });

const pause = async (): Promise<void> => undefined;

test("cases and reasons name beliefs that there are, each once", () => {
  const covered = new Set(conformanceCases.flatMap(({ beliefs = [] }) => beliefs));
  const known = new Set(unverified.map(({ id }) => id));
  expect([...covered].filter((id) => !known.has(id))).toEqual([]);
  expect(Object.keys(beliefsWithoutCase).filter((id) => !known.has(id) || covered.has(id))).toEqual([]);
  expect(covered.size).toBeGreaterThan(40);
});

test("no two cases have one name", () => {
  const ids = conformanceCases.map(({ id }) => id);
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
});

test.each([
  { title: "with everything", kind: wholeKind },
  {
    title: "without licenses and with locks",
    kind: {
      ...wholeKind,
      exchange: false,
      exchangeOnlineProtection: false,
      entraIdP2: false,
      appInstanceLock: true,
    },
  },
])("a tenant $title that is a sandbox differs in nothing, and nothing is left of a run", async ({ kind }) => {
  const { target } = await startTarget(kind);
  const workplace = workplaceAt(target);
  const examined = await examineAt(workplace);
  expect(examined.kind).toEqual(kind);
  expect(examined.results.filter(({ outcome }) => outcome !== "same" && outcome !== "notFitting")).toEqual(
    [],
  );
  expect(examined.results.filter(({ outcome }) => outcome === "same").length).toBeGreaterThan(80);
  const { ledger } = workplace.options;
  expect(ledger.entries.length).toBeGreaterThan(30);
  expect(await cleanUp({ target, ledger, pause })).toEqual([]);
  expect(await cleanUp({ target, ledger, pause })).toEqual([]);
  expect(workplace.requests).toBeLessThan(600);
});

test("a tenant that has much else differs in nothing", async () => {
  const { target } = await startTarget();
  await examineAt(workplaceAt(target));
  const { results } = await examineAt(workplaceAt(target));
  expect(results.filter(({ outcome }) => outcome !== "same" && outcome !== "notFitting")).toEqual([]);
});
