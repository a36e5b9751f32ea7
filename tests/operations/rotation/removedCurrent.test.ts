import { expect, test } from "vitest";
import { type RemovalStep, removedCurrent } from "../../../operations/rotation/removedCurrent.ts";

const component = "urn:pulumi:contoso::p::exchange-auth:index:ExchangeAppOnlyAuth::exchange";

function certificateStep(op: string, generation: string, thumbprint: string): RemovalStep {
  const type = "exchange-auth:index:AppCertificate";
  const outputs = { generation, thumbprint, certificateNotAfter: "2027-01-01T00:00:00Z" };
  const newState = op === "delete" ? undefined : { type, parent: component };
  const urn = `${component}-cert-${generation}`;
  return { op, urn, oldState: { type, parent: component, outputs }, newState };
}

test("the current generation, which the plan removes", () => {
  const steps = [certificateStep("create", "1", "A1"), certificateStep("delete", "2", "B2")];
  expect(removedCurrent(steps, ["B2"])).toEqual([
    { component: "exchange", generation: "2", thumbprint: "B2", notAfter: "2027-01-01T00:00:00Z" },
  ]);
});

test("not an older generation, and not one that stays", () => {
  const steps = [certificateStep("delete", "1", "A1"), certificateStep("same", "2", "B2")];
  expect(removedCurrent(steps, ["B2"])).toEqual([]);
});

test("not where none stays: a configuration from before a rotation lists one", () => {
  const steps = [certificateStep("delete", "1", "A1"), certificateStep("delete", "2", "B2")];
  expect(removedCurrent(steps, ["B2"])).toEqual([]);
  const other = certificateStep("same", "1", "C3");
  const elsewhere = { ...other, newState: { type: other.newState!.type, parent: `${component}2` } };
  expect(removedCurrent([...steps, elsewhere], ["B2"])).toEqual([]);
});

test("not where the component itself leaves", () => {
  const type = "exchange-auth:index:ExchangeAppOnlyAuth";
  const leaving = { op: "delete", urn: component, oldState: { type, outputs: {} } };
  expect(removedCurrent([certificateStep("delete", "2", "B2"), leaving], ["B2"])).toEqual([]);
});

test("where the component stays, and not another resource with the same outputs, or without a state", () => {
  const staying = { op: "update", urn: component };
  const removed = certificateStep("delete", "2", "B2");
  const kept = certificateStep("same", "1", "A1");
  expect(removedCurrent([staying, removed, kept], ["B2"])).toHaveLength(1);
  const other = { ...removed, oldState: { ...removed.oldState!, type: "mine:index:Certificate" } };
  expect(removedCurrent([other, kept, { op: "delete", urn: "urn" }], ["B2"])).toEqual([]);
});
