import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { createSandbox } from "../sandbox/createSandbox.ts";
import { fillMatrix } from "../sandbox/faults/matrix.ts";
import { faultsPage, symbolOf } from "../sandbox/faults/table.ts";
import { titleOf } from "../sandbox/faults/requestRow.ts";

// Every fault on every request, on the stand-ins or, with SANDBOX_PLUGINS=official, on the official plugins.
const plugins = process.env["SANDBOX_PLUGINS"] === "official" ? "official" : "stand-in";
const print = (text: string): unknown => process.stdout.write(`${text}\n`);
const sandboxes = await Promise.all([1, 2].map(() => createSandbox({ plugins })));
try {
  const rows = await fillMatrix(sandboxes, (row, fault, recovery) => {
    const { steps, problems } = recovery;
    print(`${symbolOf(recovery)} ${row.phase.name}: ${titleOf(row.request)}: ${fault}: ${steps.join(", ")}`);
    for (const problem of problems) print(`    ${problem}`);
  });
  const failed = rows
    .flatMap(({ cells }) => Object.values(cells))
    .filter(({ problems }) => problems.length > 0);
  if (plugins === "stand-in") {
    writeFileSync(join(import.meta.dirname, "../docs/faults.md"), faultsPage(rows, "the stand-in plugins"));
  }
  print(failed.length === 0 ? "Every fault is survived." : `${failed.length} cells failed.`);
  process.exitCode = failed.length === 0 ? 0 : 1;
} finally {
  await Promise.all(sandboxes.map((sandbox) => sandbox.close()));
}
