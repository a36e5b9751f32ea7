import { expect, test } from "vitest";
import { alignedMarkdownTable, markdownTable } from "../../common/markdownTable.ts";

const rows = [
  ["a", "long cell"],
  ["b", ""],
];

test("a table has a rule below its head", () => {
  expect(markdownTable(["x", "y"], rows)).toBe("| x | y |\n| --- | --- |\n| a | long cell |\n| b |  |");
});

test("columns of one width are at least as wide as their rule must be", () => {
  expect(alignedMarkdownTable(["x", "y"], rows)).toBe(
    ["| x   | y         |", "| --- | --------- |", "| a   | long cell |", "| b   |           |"].join("\n"),
  );
});
