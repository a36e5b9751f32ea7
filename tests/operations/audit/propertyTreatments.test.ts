import { readFileSync } from "node:fs";
import * as v from "valibot";
import { expect, test } from "vitest";
import { propertyTreatments } from "../../../operations/audit/propertyTreatments.ts";
import { rules } from "../../../operations/audit/rules.ts";

/** The names of Graph's published metadata, with their date. */
const { types } = v.parse(
  v.object({ date: v.pipe(v.string(), v.isoDate()), types: v.record(v.string(), v.array(v.string())) }),
  JSON.parse(readFileSync("tests/fixtures/graph/propertyNames.json", "utf8")),
);

test("every property of Graph's metadata is read, or named as not read with a reason", () => {
  const treated = Object.entries(propertyTreatments).map(([type, all]) => [
    type,
    Object.keys(all).toSorted(),
  ]);
  const published = Object.entries(types).map(([type, names]) => [type, names.toSorted()]);
  expect(treated).toEqual(published);
});

test("a property that is read names a rule that there is, and reads it where it has a list", () => {
  const selected = new Map(
    rules.flatMap(({ id, reads }) => reads.map((read) => [id, read] as const)).map(([id]) => [id, true]),
  );
  const named = Object.values(propertyTreatments).flatMap((all) =>
    Object.values(all).flatMap((treatment) => ("rule" in treatment ? [treatment.rule] : [])),
  );
  expect(named.filter((id) => !selected.has(id))).toEqual([]);
  const ofApplication = rules.flatMap(({ reads }) =>
    reads.filter(({ name }) => name === "application").flatMap(({ select }) => select),
  );
  const unread = ofApplication.filter(
    (name) => !("rule" in (propertyTreatments["application"]?.[name] ?? {})),
  );
  expect(unread).toEqual([]);
});
