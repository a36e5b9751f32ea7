import { afterAll, beforeAll, expect, test } from "vitest";

import { createSandbox, type Sandbox } from "../../sandbox/createSandbox.ts";
import { type FaultName, faultNames } from "../../sandbox/faultTable/fault.ts";
import { fillMatrix, type MatrixRow } from "../../sandbox/faultTable/matrix.ts";
import { phases } from "../../sandbox/faultTable/phase.ts";

// One cell of the fault table for each kind of fault, where it does most harm.
const cells: Readonly<Record<FaultName, readonly [method: string, template: string]>> = {
  "404": ["GET", "/v1.0/applications/{id}"],
  "409": ["DELETE", "/v1.0/applications/{id}/owners/{id}/$ref"],
  "429": ["POST", "/v1.0/servicePrincipals"],
  "503": ["POST", "/v1.0/servicePrincipals/{id}/appRoleAssignedTo"],
  "lost answer": ["POST", "/v1.0/applications"],
  dropped: ["PATCH", "/v1.0/applications/{id}"],
  killed: ["POST", "/v1.0/applications"],
};

let sandboxes: readonly Sandbox[];

beforeAll(async () => {
  sandboxes = await Promise.all([createSandbox(), createSandbox()]);
});

afterAll(() => Promise.all(sandboxes.map((sandbox) => sandbox.close())));

test("tenant and state are as declared after a fault of each kind, once the user has done what is said", async () => {
  const faults = new Map<MatrixRow, FaultName>(
    faultNames.map((fault) => {
      const [method, template] = cells[fault];
      return [{ phase: phases[0]!, request: { method, template, occurrence: 0 }, cells: {} }, fault];
    }),
  );
  const rows = await fillMatrix({
    sandboxes,
    rows: [...faults.keys()],
    choose: (row) => [faults.get(row)!],
  });
  expect(
    rows.map((row) => Object.entries(row.cells).map(([fault, { problems }]) => [fault, problems])),
  ).toEqual(faultNames.map((fault) => [[fault, []]]));
});
