import { expect, test } from "vitest";
import { declaredByProgram } from "../../../operations/audit/declaredByProgram.ts";
import { type Plan, parsePlan } from "../../../stack/plan.ts";
import { parseExport } from "../../../stack/exportedState.ts";
import type { ExportedResource } from "../../stack/exportedState.ts";
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
    { ...resource("same", ["intruder"]), delete: true },
  ]),
);

test("inputs are the program's, ids the state's, and what the program dropped or only the state lets wait is not declared", () => {
  const steps = [
    { op: "same", urn: urn("same"), newState: { ...resource("same", ["[secret]"]) } },
    { op: "update", urn: urn("laundered"), newState: { ...resource("laundered", []), outputs: {} } },
    { op: "delete", urn: urn("gone"), oldState: resource("gone", ["friend"]) },
    { op: "create", urn: urn("new"), newState: { ...resource("new", ["friend"]), outputs: {} } },
  ];
  const { resources, hidden } = declaredByProgram(state, planOf(steps));
  expect([...hidden]).toEqual([urn("same")]);
  expect(resources.map((one) => [one.urn, one.inputs["owners"], one.outputs["objectId"]])).toEqual([
    [urn("same"), ["friend"], "id-of-same"],
    [urn("laundered"), [], "id-of-laundered"],
    [urn("new"), ["friend"], undefined],
  ]);
});

test("inputs that a state's writer changed, so that the preview shows no change, are the program's all the same", () => {
  const steps = [
    { op: "same", urn: urn("laundered"), newState: { ...resource("laundered", ["friend"]), outputs: {} } },
  ];
  const { resources, hidden } = declaredByProgram(state, planOf(steps));
  expect(resources.map(({ inputs, outputs }) => [inputs["owners"], outputs["objectId"]])).toEqual([
    [["friend"], "id-of-laundered"],
  ]);
  expect([...hidden]).toEqual([]);
});

test("a certificate that the program gives counts by what its key ID was made for; one that it does not, by the state", () => {
  const generations = ["given", "made"].map((name) => generation(name));
  const steps = [
    ...generations.map(([component]) => ({
      op: "same",
      urn: component?.urn,
      newState: { ...component, outputs: {} },
    })),
    { op: "same", urn: generations[0]?.[1]?.urn, newState: keyId("given", { certificateSha256: "OURS" }) },
    { op: "same", urn: generations[1]?.[1]?.urn, newState: keyId("made", { certificateId: "serial" }) },
  ];
  const { resources, hidden } = declaredByProgram(parseExport(exportOf(generations.flat())), planOf(steps));
  expect(resources.map(({ outputs }) => outputs["certificateThumbprintSha256"]).filter(Boolean)).toEqual([
    "OURS",
    "THEIRS",
  ]);
  expect([...hidden]).toEqual([generations[1]?.[0]?.urn]);
});

const generationType = "exchange-auth:index:AppCertificate";

/** A generation of a state whose writer put another certificate into its record. */
function generation(name: string): readonly ExportedResource[] {
  const outputs = { keyId: "key-1", certificateThumbprintSha256: "THEIRS" };
  const component = {
    urn: `urn:pulumi:production::infrastructure::${generationType}::${name}`,
    type: generationType,
  };
  return [
    { ...component, inputs: { generation: name }, outputs },
    keyId(name, { certificateSha256: "THEIRS" }),
  ];
}

function keyId(name: string, keepers: object): ExportedResource {
  const own = "random:index/randomUuid:RandomUuid";
  const parent = `urn:pulumi:production::infrastructure::${generationType}::${name}`;
  const inputs = { keepers };
  return { urn: `${parent}$${own}::${name}-key-id`, type: own, parent, inputs, outputs: { result: "key-1" } };
}

function planOf(steps: readonly object[]): Plan {
  const plan = parsePlan(JSON.stringify({ steps }));
  if (plan === undefined) throw new Error("no plan");
  return plan;
}
