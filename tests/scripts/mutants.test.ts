import { expect, test } from "vitest";

import { readResults, shareOf, sumsOf } from "../../scripts/mutants/results.ts";
import { read } from "../docs/pages.ts";

test("CONTRIBUTING gives the figures of the last run", () => {
  const killed = sumsOf(readResults()).map((one) => [one.name, Math.floor(shareOf(one))]);
  const { components, operations } = Object.fromEntries(killed) as Record<string, number>;
  expect(read("CONTRIBUTING.md")).toContain(
    `The last run killed ${components} % of the changes in \`components/\` and ${operations} % in \`operations/\``,
  );
});
