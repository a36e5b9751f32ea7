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
])("%s is not %s", (one, other) => {
  expect(isSameFilter(one, other)).toBe(false);
});
