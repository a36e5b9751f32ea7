import { expect, it } from "vitest";

import { median, medianTimes } from "../../benchmarks/measure.ts";
import { isMet, table } from "../../benchmarks/report.ts";

it("prints rows as a Markdown table, with three digits that count", () => {
  const rows = [
    { figure: "wall time", value: 1234.56, unit: "ms", atMost: 1500 },
    { figure: "to an empty program", value: 1.2649, unit: "times", atMost: 1.25 },
    { figure: "encoding", value: 0.012345, unit: "ms" },
    { figure: "requests", value: 0, unit: "requests", atMost: 0 },
  ] as const;
  expect(table(rows)).toBe(
    [
      "| figure              | measured   | must be            |        |",
      "| ------------------- | ---------- | ------------------ | ------ |",
      "| wall time           | 1235 ms    | at most 1500 ms    | met    |",
      "| to an empty program | 1.26 times | at most 1.25 times | missed |",
      "| encoding            | 0.0123 ms  |                    |        |",
      "| requests            | 0 requests | at most 0 requests | met    |",
    ].join("\n"),
  );
});

it("promises nothing where nothing is promised", () => {
  expect(isMet({ figure: "wall time", value: 1, unit: "ms" })).toBe(undefined);
});

it.each([
  [[3], 3],
  [[5, 1, 3], 3],
  [[4, 1, 3, 2], 2.5],
])("takes %j to have the median %d", (values, expected) => {
  expect(median(values)).toBe(expected);
});

it("has no median of no values", () => {
  expect(() => median([])).toThrow("There is no median of no values.");
});

it("lets candidates take turns, once more than is counted", async () => {
  const calls: string[] = [];
  const times = await medianTimes(2, { a: () => calls.push("a"), b: () => calls.push("b") });
  expect(calls.join("")).toBe("ababab");
  expect(Object.keys(times)).toEqual(["a", "b"]);
});
