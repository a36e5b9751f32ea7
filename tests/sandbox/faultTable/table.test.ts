import { expect, test } from "vitest";

import type { MatrixRow } from "../../../sandbox/faultTable/matrix.ts";
import { phases } from "../../../sandbox/faultTable/phase.ts";
import { faultsPage, symbolOf } from "../../../sandbox/faultTable/table.ts";

test.each([
  [["up"], [], "✓"],
  [["up", "up"], [], "2"],
  [["up", "up --refresh"], [], "F"],
  [["up", "repair", "up"], [], "R"],
  [["up", "cancel", "repair", "up"], [], "C"],
  [["up", "up --refresh"], ["only in the tenant: /applications/1"], "✗"],
])("%j with problems %j is %s", (steps, problems, symbol) => {
  expect(symbolOf({ steps, problems })).toBe(symbol);
});

test("a cell is shown, was not run, or cannot be", () => {
  const rows = [row("POST", "/v1.0/applications"), { ...row("POST", "/{id}/oauth2/v2.0/token"), cells: {} }];
  const page = faultsPage(rows, "stand-in");
  expect(page.split("\n").filter((line) => line.startsWith("| `POST"))).toEqual([
    "| `POST /v1.0/applications`      | ?   | ✓   | ?   | ?   | ?           | ?       | ?      |",
    "| `POST /{id}/oauth2/v2.0/token` | –   | –   | ?   | ?   | ?           | ?       | ?      |",
  ]);
});

function row(method: string, template: string): MatrixRow {
  return {
    phase: phases[0]!,
    request: { method, template, occurrence: 0 },
    cells: { "409": { steps: ["up"], problems: [] } },
  };
}
