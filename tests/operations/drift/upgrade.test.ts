import { expect, test } from "vitest";
import { upgradeNotes } from "../../../operations/drift/upgrade.ts";
import { type PlanStep, parsePlan } from "../../../stack/plan.ts";

test("a component of 0.1.0 is told to be before its upgrade", () => {
  expect(upgradeNotes(steps({ cloud: "global" }), "exchange")).toEqual([
    'Upgrade: the next `pulumi preview` shows an update of the component "exchange", which records what it declares. That is not drift, and changes nothing in the tenant.',
  ]);
});

test("is told beside other resources, and resources without an old state", () => {
  const [component] = steps({ cloud: "global" });
  const others = [
    { op: "create", urn: "urn:pulumi:s::p::a:b:C::exchange" },
    { ...component!, oldState: { ...component!.oldState!, type: "other:index:Other" } },
  ];
  expect(upgradeNotes(others, "exchange")).toEqual([]);
  expect(upgradeNotes([...others, component!], "exchange")).toHaveLength(1);
});

test("one with a record is not, nor is another component", () => {
  expect(upgradeNotes(steps({ cloud: "global", permissions: [] }), "exchange")).toEqual([]);
  expect(upgradeNotes(steps({ cloud: "global" }), "other")).toEqual([]);
});

function steps(inputs: Readonly<Record<string, unknown>>): readonly PlanStep[] {
  const type = "exchange-auth:index:ExchangeAppOnlyAuth";
  const urn = `urn:pulumi:production::infrastructure::${type}::exchange`;
  const plan = parsePlan(
    JSON.stringify({ steps: [{ op: "refresh", urn, oldState: { urn, type, inputs } }] }),
  );
  return plan?.steps ?? [];
}
