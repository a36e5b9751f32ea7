import { expect, test } from "vitest";
import type { ConformanceCase, TenantKind } from "../../../sandbox/conformance/conformanceCase.ts";
import { conformanceCases } from "../../../sandbox/conformance/cases.ts";
import type { Examined } from "../../../sandbox/conformance/examine.ts";
import { type Answer, answerOf, type Send } from "../../../sandbox/conformance/target.ts";
import { isJsonObject, type Json, type JsonObject } from "../../../sandbox/tenant/json.ts";
import { examineAt, startTarget, wholeKind, workplaceAt } from "./runs.ts";

/** Changes the last answer of a case; undefined where it has nothing of the kind. */
type Plant = (answer: Answer, one: ConformanceCase) => Answer | undefined;

/** The cases of beliefs. */
const cases = conformanceCases.filter(({ beliefs }) => beliefs !== undefined);

const nextStatus: Plant = ({ status, headers, text }) => answerOf(status + 1, headers, text);

const plants: readonly {
  readonly title: string;
  readonly what: RegExp;
  readonly kind?: TenantKind;
  readonly plant: Plant;
}[] = [
  {
    title: "status",
    what: /^status$/,
    plant: nextStatus,
  },
  {
    title: "status, in a tenant without licenses,",
    what: /^status$/,
    kind: { ...wholeKind, exchange: false, entraIdP2: false, appInstanceLock: true },
    plant: nextStatus,
  },
  {
    title: "error code",
    what: /^code$/,
    plant: ({ status, headers, body }) => {
      if (!isJsonObject(body) || status < 400) return undefined;
      const error = isJsonObject(body.error) ? { ...body.error, code: "Planted" } : "planted";
      return answerOf(status, headers, JSON.stringify({ ...body, error }));
    },
  },
  {
    title: "error's words",
    what: /^words$/,
    plant: ({ status, headers, body }) => {
      if (!isJsonObject(body) || status < 400) return undefined;
      const error = isJsonObject(body.error) ? { ...body.error, message: "Planted." } : (body.error ?? null);
      return answerOf(status, headers, JSON.stringify({ ...body, error, error_description: "Planted." }));
    },
  },
  {
    title: "property",
    what: /^(?:value\[\]\.|)(?:planted|Name)$|^value(?:\[\])?$/,
    plant: ({ status, headers, body }, { allowsMore = false }) => {
      if (!isJsonObject(body) || status >= 400) return undefined;
      const change = ({ Name, ...object }: JsonObject): JsonObject =>
        allowsMore ? object : { ...object, ...(Name === undefined ? {} : { Name }), planted: true };
      return answerOf(status, headers, JSON.stringify(withItems(body, change)));
    },
  },
  {
    title: "header",
    what: /^header content-type$/,
    plant: ({ status, headers, text }) =>
      headers["content-type"] === undefined
        ? undefined
        : answerOf(status, { ...headers, "content-type": "text/html" }, text),
  },
];

test.each(plants)(
  "a planted $title in the last answer of each case is found, named, and nothing else",
  async ({ what, plant, kind = wholeKind }) => {
    const reference = await follow((await startTarget(kind)).target, undefined);
    expect(reference.examined.results.filter(({ outcome }) => outcome === "different")).toEqual([]);
    const planted = cases
      .filter((one) => {
        const last = reference.last.get(one.id);
        return last !== undefined && plant(last.answer, one) !== undefined;
      })
      .map(({ id }) => id);
    const { examined } = await follow((await startTarget(kind)).target, { plant, ends: reference.last });
    const found = examined.results.filter(({ outcome }) => outcome === "different");
    expect(found.map(({ id }) => id)).toEqual(planted);
    for (const { id, differences } of found) {
      const [first] = differences;
      expect({ id, what: first?.what }).toEqual({ id, what: expect.stringMatching(what) });
      expect(new Set(differences.map(({ request }) => request)).size).toBe(1);
    }
    // Every answer has a status, so every belief that fits is found by it.
    const fitting = beliefsOf(cases.filter(({ fits }) => fits === undefined || fits(kind)));
    const named = beliefsOf(cases.filter(({ id }) => planted.includes(id)));
    expect(plant === nextStatus ? named : fitting).toEqual(fitting);
  },
  60_000,
);

/** The last request of each case: how many requests it took, and what was answered. */
type Ends = ReadonlyMap<string, { readonly requests: number; readonly answer: Answer }>;

/** Runs every case, with something planted in the last answer of each, if that is given. */
async function follow(
  target: Parameters<typeof workplaceAt>[0],
  planting: { readonly plant: Plant; readonly ends: Ends } | undefined,
): Promise<{ examined: Examined; last: Ends }> {
  const last = new Map<string, { requests: number; answer: Answer }>();
  let [at, requests] = [-1, 0];
  let answered = answerOf(0, {}, "");
  const send: Send = async (request) => {
    if (at < 0) at = 0;
    requests += 1;
    answered = await target.send(request);
    const one = cases[at];
    const end = one === undefined ? undefined : planting?.ends.get(one.id);
    if (one === undefined || end === undefined || requests < end.requests) return answered;
    return planting?.plant(answered, one) ?? answered;
  };
  const workplace = workplaceAt({ ...target, send });
  const examined = await examineAt(workplace, {
    cases,
    onResult({ id, outcome }) {
      if (outcome !== "notFitting") last.set(id, { requests, answer: answered });
      [at, requests] = [at + 1, 0];
    },
  });
  return { examined, last };
}

function withItems(body: JsonObject, change: (object: JsonObject) => JsonObject): Json {
  if (!Array.isArray(body.value)) return change(body);
  const value = (body.value as readonly Json[]).filter(isJsonObject);
  return { ...body, value: value.length === 0 ? [change({})] : value.map(change) };
}

function beliefsOf(some: readonly ConformanceCase[]): ReadonlySet<string> {
  return new Set(some.flatMap(({ beliefs = [] }) => beliefs));
}
