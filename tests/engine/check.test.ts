import { afterAll, beforeAll, expect, test } from "vitest";

import type { Section } from "../../operations/findings/finding.ts";
import type { Sandbox } from "../../sandbox/createSandbox.ts";
import type { StackWorkspace } from "../../sandbox/workspace/workspace.ts";
import { deployedSandbox } from "./savedStacks.ts";
import { outputs } from "./support.ts";
import { type TenantGraph, tenantGraph } from "./tenantGraph.ts";

// A stack that somebody renamed and gave themselves a secret of.
let sandbox: Sandbox;
let stack: StackWorkspace;
let graph: TenantGraph;

beforeAll(async () => {
  ({ sandbox, stack } = await deployedSandbox("open"));
  graph = tenantGraph(sandbox.tenant);
});

afterAll(() => sandbox.close());

test("an untouched stack has neither drift nor findings", async () => {
  const { exitCode, stdout, stderr } = await stack.run("exo-auth", ["check", "--wait", "0s"]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  expect(stdout).toMatch(/^drift: exchange\n✓ 11 checks, no drift\n\naudit: exchange\n/m);
  expect(stdout).toMatch(/^✓ nothing found in 42 checks, 4 not read\n$/m);
});

test("check finds what drift and audit find, in the same words", async () => {
  const application = `/applications/${String((await outputs(stack))["applicationObjectId"])}`;
  await graph.send("PATCH", application, { displayName: "Renamed" });
  await graph.send("POST", `${application}/addPassword`, { passwordCredential: {} });

  const checked = await json("check");
  expect(checked.exitCode).toBe(7);
  const { drift, audit } = checked.document as { drift: readonly Section[]; audit: readonly Section[] };
  expect(drift.flatMap(({ findings }) => findings.map(({ id }) => id))).toEqual(["EXO-DRIFT-CHANGED"]);
  expect(audit.flatMap(({ findings }) => findings.map(({ id }) => id))).toEqual([
    "EXO-AUDIT-APPLICATION-PASSWORD",
  ]);
  expect((await json("drift")).document).toMatchObject({ sections: drift });
  expect((await json("audit")).document).toMatchObject({ sections: audit });
});

/** Another one for each request that Graph refuses. */
const requestId = /request ID [-0-9a-f]+/g;

async function json(command: string): Promise<{ readonly exitCode: number; readonly document: unknown }> {
  const { exitCode, stdout } = await stack.run("exo-auth", [command, "--wait", "0s", "--json"]);
  return { exitCode, document: JSON.parse(stdout.replaceAll(requestId, "")) as unknown };
}
