import { afterAll, beforeAll, expect, test } from "vitest";

import { createSandbox, type Sandbox } from "../../sandbox/createSandbox.ts";
import { runCell, rowsOfOperation, subjectOf } from "../../sandbox/faults/cell.ts";
import { nameGeneration, phases } from "../../sandbox/faults/phase.ts";
import { type RequestRow, titleOf } from "../../sandbox/faults/requestRow.ts";
import { trustInThisProcess } from "../../sandbox/trust.ts";

// What azuread tries again by itself strikes every request of an operation at once; `npm run faults` runs each cell alone.
const [create, , , , destroy] = phases;

let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await createSandbox();
  trustInThisProcess(sandbox.tenant.certificateAuthorityPem);
});

afterAll(() => sandbox.close());

const isGraph = ({ template }: RequestRow): boolean => /^\/(?:v1\.0|beta)\//.test(template);

test("every request of `up` and `destroy` is throttled once, or meets a server that is down", async () => {
  const { tenant } = sandbox;
  const stack = await sandbox.stack("contoso");
  const subject = await subjectOf(tenant, tenant.seeds[0]!, stack);
  await nameGeneration(stack);
  const up = (await rowsOfOperation(subject, create!.operation)).filter(isGraph);
  const down = (await rowsOfOperation(subject, destroy!.operation)).filter(isGraph);

  expect(up.map(titleOf)).toContain("PATCH /v1.0/applications/{id}, 3rd");
  expect(await runCell(subject, create!.operation, up, "429")).toEqual({ steps: ["up"], problems: [] });
  expect(await runCell(subject, destroy!.operation, down, "503")).toEqual({
    steps: ["destroy"],
    problems: [],
  });
});
