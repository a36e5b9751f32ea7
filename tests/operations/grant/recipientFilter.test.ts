import { expect, test } from "vitest";
import { isSameFilter } from "../../../operations/grant/recipientFilter.ts";

const sales = "Department -eq 'Sales'";

test.each([
  [sales, '( (department  -EQ "sales") )'],
  [`${sales} -and Title -ne $null`, `{((${sales}) -and (Title -ne '$null'))}`],
  [`${sales} -and Title -eq 'A' -and Title -eq 'B'`, `((${sales} -and Title -eq 'A') -and Title -eq 'B')`],
  [`-not (${sales}) -or Title -eq 'A'`, `(!(${sales})) -or (Title -eq 'A')`],
  // Both ways to read it are known to be Exchange's until a page says which one is.
  [`Title -eq 'A' -or Title -eq 'B' -and ${sales}`, `((Title -eq 'A') -or (Title -eq 'B')) -and (${sales})`],
  [`Title -eq 'A' -or Title -eq 'B' -and ${sales}`, `(Title -eq 'A') -or ((Title -eq 'B') -and (${sales}))`],
  [`  ${sales}  `, sales],
  [`-not (-not (${sales}))`, `!(!(${sales}))`],
  [`(${sales} -or Title -eq 'A') -or Title -eq 'B'`, `${sales} -or (Title -eq 'A' -or Title -eq 'B')`],
  [`Title -eq 'it''s'`, `Title -eq "it's"`],
  ["Title -eq 'a-b'", "(Title -eq 'a-b')"],
  // What cannot be read is the same if it is written the same.
  [`Title eq 'A' -and ${sales}`, `Title  eq 'A' -and ${sales}`],
  ["Title -eq", " title  -EQ "],
  ["", "  "],
  ["Title", "title"],
])("Exchange can write %s as %s", (one, other) => {
  expect(isSameFilter(one, other)).toBe(true);
});

test.each([
  [`${sales} -and (Title -eq 'A' -or Title -eq 'B')`, `(${sales} -and Title -eq 'A') -or Title -eq 'B'`],
  [`-not (${sales} -and Title -eq 'A')`, `-not (${sales}) -and Title -eq 'A'`],
  ["Department -eq 'New York'", "Department -eq 'NewYork'"],
  ["Department -eq '(Sales)'", sales],
  ["Department -eq 'It''s'", "Department -eq 'Its'"],
  ["Department -eq 'a -or Alias -like *'", "Department -eq 'a' -or Alias -like '*'"],
  [sales, "Department -ne 'Sales'"],
  [sales, ""],
  [`(${sales}`, sales],
  [`${sales} -or`, sales],
  [`${sales} -or`, `${sales} -and`],
  [`${sales} Title`, sales],
  [`${sales} Title -eq 'A'`, `${sales} Title -eq 'B'`],
  ["-not", ""],
  ["-not -not", "-not"],
  ["Title -eq", "Alias -eq"],
  ["Title", "Alias"],
  ["Title eq 'A'", "(Title eq 'A')"],
  ["Title -eq -and", "(Title -eq -and)"],
  ["Title -eq )", "(Title -eq ))"],
  ["Title -eq 'a-b'", "Title -eq 'ab'"],
  [`Title -eq "it's"`, "Title -eq 'its'"],
  [`-not (${sales})`, sales],
  [`-not (${sales})`, "-not (Title -eq 'A')"],
  [`${sales} -and Title -eq 'A'`, `${sales} -or Title -eq 'A'`],
  [`(${sales} -and Title -eq 'A') -or Title -eq 'B'`, `${sales} -or Title -eq 'A' -or Title -eq 'B'`],
])("%s is not %s", (one, other) => {
  expect(isSameFilter(one, other)).toBe(false);
});

test.each([
  ["brackets", `${"(".repeat(50_000)}${sales}${")".repeat(50_000)}`],
  ["negations", `${"-not ".repeat(50_000)}${sales}`],
  ["alternating operators", `${`${sales} -and ${sales} -or `.repeat(50_000)}${sales}`],
])("%s that somebody nested without end are compared as they are written", (_what, text) => {
  expect(isSameFilter(text, text.toUpperCase())).toBe(true);
  expect(isSameFilter(text, sales)).toBe(false);
});

test("brackets of a chain count by how deep they are, not by how many", () => {
  const many = Array.from({ length: 150 }, (_, index) => `(Title -eq '${index}')`).join(" -or ");
  expect(isSameFilter(many, many.replaceAll(/[()]/g, ""))).toBe(true);
  const deep = `${"(".repeat(101)}${sales}${")".repeat(101)}`;
  expect(isSameFilter(deep, sales)).toBe(false);
});

test("a filter longer than any that can be declared is compared as it is written", () => {
  const long = Array.from({ length: 2000 }, () => sales).join(" -and ");
  expect(isSameFilter(long, long.toLowerCase())).toBe(true);
  expect(isSameFilter(long, `(${long})`)).toBe(false);
});

test("a filter of the greatest length that can be declared is read", () => {
  const long = Array.from({ length: 100 }, (_, index) => `Title -eq '${index}'`).join(" -or ");
  expect(isSameFilter(long, `(${long.replaceAll(/Title -eq '[0-9]+'/g, "($&)")})`)).toBe(true);
  const deep = `${"(".repeat(60)}${sales}${")".repeat(60)}`;
  expect(isSameFilter(deep, sales)).toBe(true);
});

test("a filter of as many words as are read is read, and one of a word more is not", () => {
  // Three words each, and one between two of them.
  const [quoted, plain] = ["'A'", "A"].map((value) => Array(1000).fill(`Title -eq ${value}`).join(" -and "));
  expect(isSameFilter(`-not ${quoted}`, `-not ${plain}`)).toBe(true);
  expect(isSameFilter(`-not -not ${quoted}`, `-not -not ${plain}`)).toBe(false);
});
