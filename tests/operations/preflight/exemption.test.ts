import { expect, test } from "vitest";
import { exemptionOf } from "../../../operations/preflight/exemption.ts";

const trusted = { id: "Deployment_Trusted", operator: "equals", value: "yes" };

test.each([
  ["the attribute with the value", { Deployment: { Trusted: "yes" } }, "exempt"],
  ["another value", { Deployment: { Trusted: "no" } }, "notExempt"],
  ["the value in other letters", { Deployment: { Trusted: "YES" } }, "notExempt"],
  ["the attribute of another set", { Other: { Trusted: "yes" } }, "notExempt"],
  ["none", {}, "notExempt"],
  ["several values, whose comparison nobody documents", { Deployment: { Trusted: ["yes"] } }, "unknown"],
  ["attributes that could not be read", undefined, "unknown"],
] as const)("who has %s", (_, attributes, expected) => {
  expect(exemptionOf({ customSecurityAttributes: [trusted] }, attributes)).toBe(expected);
});

test("one attribute of several is enough, and one that cannot be compared leaves it open", () => {
  const other = { id: "Deployment_Level", operator: "equals", value: "5" };
  const conditions = { customSecurityAttributes: [other, trusted] };
  expect(exemptionOf(conditions, { Deployment: { Trusted: "yes", Level: 5 } })).toBe("exempt");
  expect(exemptionOf(conditions, { Deployment: { Trusted: "no", Level: 5 } })).toBe("unknown");
});

test("what cannot be compared leaves it open wherever it stands, and a value that is no text cannot", () => {
  const number = { id: "Deployment_Level", operator: "equals", value: 5 };
  const held = { Deployment: { Trusted: "no", Level: "5" } };
  expect(exemptionOf({ customSecurityAttributes: [number] }, held)).toBe("unknown");
  expect(exemptionOf({ customSecurityAttributes: [trusted, number] }, held)).toBe("unknown");
});

test("another comparison than equality is not guessed", () => {
  const condition = { ...trusted, operator: "unknownFutureValue" };
  expect(exemptionOf({ customSecurityAttributes: [condition] }, { Deployment: { Trusted: "yes" } })).toBe(
    "unknown",
  );
});

test.each([{}, { customSecurityAttributes: [] }, { customSecurityAttributes: null }])(
  "%j excludes nobody",
  (actors) => {
    expect(exemptionOf(actors, undefined)).toBe("notExempt");
  },
);
