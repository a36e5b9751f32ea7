import { expect, test } from "vitest";
import { declaredByProgram } from "../../../operations/audit/declaredByProgram.ts";
import { type Plan, parsePlan } from "../../../stack/plan.ts";
import { parseExport } from "../../../stack/exportedState.ts";
import { exportOf } from "../../stack/exportedState.ts";

const type = "azuread:index/application:Application";
const urn = (name: string): string => `urn:pulumi:production::infrastructure::${type}::${name}`;
const resource = (name: string, owners: readonly string[]) => ({
  urn: urn(name),
  type,
  inputs: { owners },
  outputs: { objectId: `id-of-${name}`, owners },
});
const state = parseExport(
  exportOf([
    resource("same", ["friend"]),
    resource("laundered", ["intruder"]),
    resource("gone", ["friend"]),
    { ...resource("planted", ["intruder"]), delete: true },
  ]),
);

test("inputs are the program's, ids the state's, and what the program dropped or only the state lets wait is not declared", () => {
  const steps = [
    { op: "same", urn: urn("same"), newState: { ...resource("same", ["[secret]"]) } },
    { op: "update", urn: urn("laundered"), newState: { ...resource("laundered", []), outputs: {} } },
    { op: "delete", urn: urn("gone"), oldState: resource("gone", ["friend"]) },
    { op: "create", urn: urn("new"), newState: { ...resource("new", ["friend"]), outputs: {} } },
  ];
  const declared = declaredByProgram(state, planOf(steps));
  expect(declared.map((one) => [one.urn, one.inputs["owners"], one.outputs["objectId"]])).toEqual([
    [urn("same"), ["friend"], "id-of-same"],
    [urn("laundered"), [], "id-of-laundered"],
    [urn("new"), ["friend"], undefined],
  ]);
});

function planOf(steps: readonly object[]): Plan {
  const plan = parsePlan(JSON.stringify({ steps }));
  if (plan === undefined) throw new Error("no plan");
  return plan;
}
