import { expect, test } from "vitest";

import { equivalents, isListed } from "../../scripts/mutants/equivalents.ts";
import { readResults, shareOf, sumsOf } from "../../scripts/mutants/results.ts";
import { read } from "../docs/pages.ts";

test("CONTRIBUTING gives the figures of the last run", () => {
  const killed = sumsOf(readResults()).map((one) => [one.name, Math.floor(shareOf(one))]);
  const { components, operations } = Object.fromEntries(killed) as Record<string, number>;
  expect(read("CONTRIBUTING.md")).toContain(
    `The last runs killed ${components} % of the changes in \`components/\` and ${operations} % in \`operations/\``,
  );
});

// Rows of runs before survivors were noted have none.
const noted = readResults().filter(({ survivors }) => survivors !== undefined);
const survivors = noted.flatMap(({ name, survivors: own = [] }) =>
  own.map((one) => ({ file: name, ...one })),
);

test("every change that no test noticed has a reason", () => {
  expect(noted).not.toEqual([]);
  for (const { name, mutants, killed, survivors: own } of noted)
    expect([name, own?.length]).toEqual([name, mutants - killed]);
  expect(survivors.filter((one) => !equivalents.some((known) => isListed(one, known)))).toEqual([]);
});

test("no reason is left of a change that a test notices", () => {
  const files = new Set(noted.map(({ name }) => name));
  const idle = equivalents.filter(
    (known) => files.has(known.file) && !survivors.some((one) => isListed(one, known)),
  );
  expect(idle).toEqual([]);
});
