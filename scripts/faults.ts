import { readArguments } from "../sandbox/commands/arguments.ts";
import { createSandbox } from "../sandbox/createSandbox.ts";
import { fillMatrix } from "../sandbox/faultTable/matrix.ts";
import { faultResults, writeFaultResults } from "../sandbox/faultTable/results.ts";
import { symbolOf } from "../sandbox/faultTable/symbol.ts";
import { titleOf } from "../sandbox/faultTable/requestRow.ts";

// Every fault on every request, on the stand-ins or, with SANDBOX_PLUGINS=official, on the official plugins.
const { plugins } = readArguments([], process.env);
const print = (text: string): unknown => process.stdout.write(`${text}\n`);
// The official plugins wait more than they work.
const atOnce = plugins === "official" ? 6 : 2;
const sandboxes = await Promise.all(Array.from({ length: atOnce }, () => createSandbox({ plugins })));
try {
  const rows = await fillMatrix({
    sandboxes,
    onCell(row, fault, recovery) {
      const { steps, problems } = recovery;
      print(
        `${symbolOf(recovery)} ${row.phase.name}: ${titleOf(row.request)}: ${fault}: ${steps.join(", ")}`,
      );
      for (const problem of problems) print(`    ${problem}`);
    },
  });
  const failed = rows
    .flatMap(({ cells }) => Object.values(cells))
    .filter(({ problems }) => problems.length > 0);
  writeFaultResults(faultResults(rows, plugins));
  print(failed.length === 0 ? "Every fault is survived." : `${failed.length} cells failed.`);
  process.exitCode = failed.length === 0 ? 0 : 1;
} finally {
  await Promise.all(sandboxes.map((sandbox) => sandbox.close()));
}
