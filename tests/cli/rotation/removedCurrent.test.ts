import { expect, test } from "vitest";
import { type PlanStep, removedCurrent } from "../../../cli/rotation/removedCurrent.ts";

const component = "urn:pulumi:contoso::p::exchange-auth:index:ExchangeAppOnlyAuth::exchange";

function componentStep(op: string): PlanStep {
  const type = "exchange-auth:index:ExchangeAppOnlyAuth";
  return { op, urn: component, oldState: { type, outputs: { thumbprint: "B2" } } };
}

function certificateStep(op: string, generation: string, thumbprint: string): PlanStep {
  const type = "exchange-auth:index:AppCertificate";
  const outputs = { generation, thumbprint, certificateNotAfter: "2027-01-01T00:00:00Z" };
  return { op, urn: `${component}-cert-${generation}`, oldState: { type, parent: component, outputs } };
}

test("the current generation, which the plan removes", () => {
  const steps = [
    componentStep("same"),
    { op: "create", urn: `${component}-cert-1` },
    certificateStep("delete", "2", "B2"),
  ];
  expect(removedCurrent(steps)).toEqual([
    { component: "exchange", generation: "2", thumbprint: "B2", notAfter: "2027-01-01T00:00:00Z" },
  ]);
});

test("not an older generation, and not one that stays", () => {
  expect(
    removedCurrent([
      componentStep("same"),
      certificateStep("delete", "1", "A1"),
      certificateStep("same", "2", "B2"),
    ]),
  ).toEqual([]);
});

test("not where the component itself leaves", () => {
  expect(removedCurrent([componentStep("delete"), certificateStep("delete", "2", "B2")])).toEqual([]);
});
