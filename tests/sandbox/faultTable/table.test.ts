import { expect, test } from "vitest";

import { faultNames } from "../../../sandbox/faultTable/fault.ts";
import type { MatrixRow } from "../../../sandbox/faultTable/matrix.ts";
import { phases } from "../../../sandbox/faultTable/phase.ts";
import { grantPhases } from "../../../sandbox/faultTable/grantMatrix.ts";
import { faultResults, readFaultResults, readGrantFaults } from "../../../sandbox/faultTable/results.ts";
import { symbolOf } from "../../../sandbox/faultTable/symbol.ts";
import { faultsPage } from "../../../sandbox/faultTable/table.ts";

test.each([
  [["up"], [], "✓"],
  [["up", "up"], [], "2"],
  [["up", "up", "up"], [], "3"],
  [["up", "up --refresh"], [], "F"],
  [["destroy", "destroy", "destroy --refresh"], [], "F3"],
  [["up", "repair", "up"], [], "R"],
  [["up", "repair", "up", "repair", "up"], [], "R3"],
  [["up", "repair", "up", "up --refresh"], [], "RF3"],
  [["up", "cancel", "repair", "up"], [], "C"],
  [["up", "cancel", "repair", "up", "up --refresh"], [], "CF3"],
  [["grant"], [], "✓"],
  [["grant", "grant"], [], "2"],
  [["grant", "grant"], ["the tenant does not give what it gives without the fault"], "✗"],
  [["up", "up --refresh"], ["only in the tenant: /applications/1"], "✗"],
])("%j with problems %j is %s", (steps, problems, symbol) => {
  expect(symbolOf({ steps, problems })).toBe(symbol);
});

test("a cell is shown, or cannot be", () => {
  const rows = [row("POST", "/v1.0/applications"), { ...row("POST", "/{id}/oauth2/v2.0/token"), cells: {} }];
  const page = faultsPage(faultResults(rows, "stand-in"), faultResults(rows, "official"), { phases: [] });
  expect(page.split("\n").filter((line) => line.startsWith("| `POST"))).toEqual([
    "| `POST /v1.0/applications`      | –   | ✓   | –   | –   | –           | –       | –      |",
    "| `POST /{id}/oauth2/v2.0/token` | –   | –   | –   | –   | –           | –       | –      |",
  ]);
});

test("a cell that differs between the plugins shows both, and a request that one of them sends has its row", () => {
  const twice = { "409": { steps: ["up", "up"], problems: [] } };
  const standIn = [row("POST", "/v1.0/applications")];
  const official = [{ ...row("POST", "/v1.0/applications"), cells: twice }, row("GET", "/v1.0/domains")];
  const page = faultsPage(faultResults(standIn, "stand-in"), faultResults(official, "official"), {
    phases: [],
  });
  expect(page.split("\n").filter((line) => /^\| `(POST|GET)/.test(line))).toEqual([
    "| `POST /v1.0/applications` | –   | ✓ / 2 | –   | –   | –           | –       | –      |",
    "| `GET /v1.0/domains`       | –   | – / ✓ | –   | –   | –           | –       | –      |",
  ]);
});

test.each(["stand-in", "official"] as const)(
  "what is checked in for the %s plugins tells of every fault in every operation, each survived",
  (plugins) => {
    const results = readFaultResults(plugins);
    expect(results.phases.map(({ name }) => name)).toEqual(phases.map(({ name }) => name));
    for (const { requests } of results.phases) {
      const cells = requests.flatMap((request) => Object.entries(request.cells));
      expect(new Set(cells.map(([fault]) => fault))).toEqual(new Set(faultNames));
      expect(cells.filter(([, symbol]) => !/^(?:✓|[2-7]|(?:[CR]F?|F)[3-7]?)$/.test(symbol))).toEqual([]);
    }
  },
);

test("what is checked in of `exo-auth grant` tells of every fault in every operation, each survived", () => {
  const { phases: found } = readGrantFaults();
  expect(found.map(({ name }) => name)).toEqual(grantPhases.map(({ name }) => name));
  for (const { requests } of found) {
    const cells = requests.flatMap((request) => Object.entries(request.cells));
    expect(new Set(cells.map(([fault]) => fault))).toEqual(new Set(faultNames));
    expect(cells.filter(([, symbol]) => symbol !== "✓" && symbol !== "2")).toEqual([]);
  }
  const page = faultsPage(readFaultResults("stand-in"), readFaultResults("official"), { phases: found });
  expect(page).toMatch(/^\| `POST \S+: New-RoleGroup` +\|(?: [✓2] +\|){7}$/mu);
});

function row(method: string, template: string): MatrixRow {
  return {
    phase: phases[0]!,
    request: { method, template, occurrence: 0 },
    cells: { "409": { steps: ["up"], problems: [] } },
  };
}
