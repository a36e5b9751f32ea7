import { createSandbox } from "../sandbox/createSandbox.ts";
import { fillGrantMatrix, grantPhases } from "../sandbox/faultTable/grantMatrix.ts";
import { grantSeed } from "../sandbox/faultTable/grantStack.ts";
import { phasesOf, writeGrantFaults } from "../sandbox/faultTable/results.ts";
import { symbolOf } from "../sandbox/faultTable/symbol.ts";

// Every fault on every request of `exo-auth grant`.
const print = (text: string): unknown => process.stdout.write(`${text}\n`);
const sandbox = await createSandbox({ tenant: { seeds: [grantSeed] } });
try {
  const rows = await fillGrantMatrix(sandbox, ({ phase, request }, fault, recovery) => {
    print(`${symbolOf(recovery)} ${phase}: ${request}: ${fault}`);
    for (const problem of recovery.problems) print(`    ${problem}`);
  });
  const names = grantPhases.map(({ name }) => name);
  writeGrantFaults({ phases: phasesOf(names, rows) });
  const failed = rows
    .flatMap(({ cells }) => Object.values(cells))
    .filter(({ problems }) => problems.length > 0);
  print(failed.length === 0 ? "Every fault is survived." : `${failed.length} cells failed.`);
  process.exitCode = failed.length === 0 ? 0 : 1;
} finally {
  await sandbox.close();
}
