import fc from "fast-check";
import { expect, test } from "vitest";
import { isSameFilter } from "../../../operations/grant/recipientFilter.ts";
import { filterFunction, hasFilter } from "../../../operations/grant/scriptFilter.ts";

const sales = "Department -eq 'Sales Team'";

/** What the script's condition comes to where a tenant's scope has a filter, with PowerShell's operators. */
function holds(condition: string, found: string): boolean {
  const [, pattern = "", wanted = ""] =
    /^\(Format-Filter \$_\.RecipientFilter '((?:[^']|'')*)'\) -eq '(.*)'$/s.exec(condition) ?? [];
  const [, quotes = "", by = ""] =
    /-replace '((?:[^']|'')*)', '((?:[^']|'')*)' -replace \$pattern, '\$1' \}$/.exec(filterFunction) ?? [];
  const text = found
    .replaceAll(new RegExp(unquoted(quotes), "gi"), unquoted(by))
    .replaceAll(new RegExp(unquoted(pattern), "gi"), "$1");
  return text.toLowerCase() === unquoted(wanted).toLowerCase();
}

function unquoted(text: string): string {
  return text.replaceAll("''", "'");
}

test.each([
  [sales, sales],
  [sales, '( (department  -EQ "Sales Team") )'],
  [sales, "{Department -eq 'Sales Team'}"],
  [`${sales} -and Title -eq 'A'`, `((${sales}) -and (Title -eq 'A'))`],
  ["Alias -like 'it''s*'", "((Alias -like 'it''s*'))"],
  [`${sales} -and (Title -eq 'A' -or Title -eq 'B')`, `${sales}  -and (title -eq "A" -or Title -eq 'B')`],
])("%s is not set again where Exchange shows %s", (declared, found) => {
  expect(isSameFilter(found, declared)).toBe(true);
  expect(holds(hasFilter(declared), found)).toBe(true);
});

test.each([
  [sales, "Department -eq 'SalesTeam'"],
  [sales, "Department -eq '(Sales Team)'"],
  [sales, `${sales} -or Alias -like '*'`],
  [sales, `-not (${sales})`],
  [sales, ""],
  [`${sales} -and (Title -eq 'A' -or Title -eq 'B')`, `(${sales} -and Title -eq 'A') -or Title -eq 'B'`],
  [`-not (${sales} -and Title -eq 'A')`, `-not (${sales}) -and Title -eq 'A'`],
])("%s is set again where Exchange shows %s", (declared, found) => {
  expect(isSameFilter(found, declared)).toBe(false);
  expect(holds(hasFilter(declared), found)).toBe(false);
});

test("what the script takes for the declared filter is the declared filter to the command, too", () => {
  const comparison = fc.constantFrom("Title -eq 'A'", "Title -eq 'B'", sales);
  const filter = fc.letrec<{ filter: string }>((tie) => ({
    filter: fc.oneof(
      { maxDepth: 3 },
      comparison,
      fc
        .tuple(tie("filter"), fc.constantFrom("-and", "-or"), tie("filter"))
        .map(([one, operator, other]) => `(${one}) ${operator} (${other})`),
      tie("filter").map((one) => `-not (${one})`),
    ),
  })).filter;
  const flattened = filter.chain((one) => fc.constantFrom(one, one.replaceAll(/[()]/g, ""), `(${one})`));
  fc.assert(
    fc.property(flattened, flattened, (declared, found) => {
      fc.pre(holds(hasFilter(declared), found));
      expect(isSameFilter(found, declared)).toBe(true);
    }),
    { examples: [[`(${sales})`, sales]] },
  );
});
