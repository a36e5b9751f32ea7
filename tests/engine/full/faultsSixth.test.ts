import { afterAll, beforeAll, expect, test } from "vitest";

import { createSandbox, type Sandbox } from "../../../sandbox/createSandbox.ts";
import { faultNames } from "../../../sandbox/faultTable/fault.ts";
import { fillMatrix } from "../../../sandbox/faultTable/matrix.ts";
import { titleOf } from "../../../sandbox/faultTable/requestRow.ts";
import { currentSixth, gitIn } from "../../../sandbox/faultTable/sixth.ts";
import { repository } from "../../../sandbox/workspace/sandboxFolder.ts";

// A sixth of the fault table, another one with each commit; `npm run faults` runs it all.
let sandboxes: readonly Sandbox[];

beforeAll(async () => {
  sandboxes = await Promise.all([createSandbox(), createSandbox()]);
});

afterAll(() => Promise.all(sandboxes.map((sandbox) => sandbox.close())));

test("tenant and state are as declared after every fault of this sixth", { timeout: 1_800_000 }, async () => {
  const sixth = currentSixth(process.env, gitIn(repository));
  process.stdout.write(
    `Fault table: part ${sixth.number} of 6, by ${sixth.reason}. To repeat it: FAULTS_SIXTH=${sixth.number} npm run test:all -- tests/engine/full/faultsSixth\n`,
  );
  const cells: { cell: string; problems: readonly string[] }[] = [];
  const rows = await fillMatrix({
    sandboxes,
    isWanted: sixth.contains,
    onCell: ({ phase, request }, fault, { problems }) =>
      cells.push({ cell: `${phase.name}: ${titleOf(request)}: ${fault}`, problems }),
  });

  expect(cells.filter(({ problems }) => problems.length > 0)).toEqual([]);
  // Each row's faults fall to different sixths, so there is about one a row.
  expect(cells.length).toBeGreaterThanOrEqual(rows.length - 1);
  expect(new Set(rows.flatMap((row) => Object.keys(row.cells)))).toEqual(new Set(faultNames));
});
