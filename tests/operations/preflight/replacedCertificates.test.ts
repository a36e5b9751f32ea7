import { expect, test } from "vitest";

import { replacedCertificates } from "../../../operations/preflight/replacedCertificates.ts";
import { type Plan, parsePlan } from "../../../stack/plan.ts";

const component = "urn:pulumi:s::p::exchange-auth:index:ExchangeAppOnlyAuth::exchange";
const generation = `${component}-cert-1`.replace(
  "::exchange-cert",
  "$exchange-auth:index:AppCertificate::exchange-cert",
);
const certificate = "tls:index/selfSignedCert:SelfSignedCert";
const credential = "azuread:index/applicationCertificate:ApplicationCertificate";
const now = new Date("2026-11-28T00:00:00Z");
const found = [{ component: "exchange", generation: "1", thumbprint: "A1", isDue: false }];
const due = [{ ...found[0], isDue: true }];

test.each([
  ["a key that was changed in the state replaces the certificate", [made("replace")], found],
  ["as the engine plans it, one after the other", [made("create-replacement"), made("replace")], found],
  [
    "a certificate that was changed in the state replaces the credential",
    [made("same"), put(["value"])],
    found,
  ],
  ["another application takes the same certificate", [made("same"), put(["applicationId"])], []],
  ["a certificate that has ended", [made("replace", "2026-11-28T00:00:00Z")], due],
  ["a certificate within its time of early renewal", [made("replace", "2026-11-28T02:00:00Z", 2)], due],
  ["a certificate before its time of early renewal", [made("replace", "2026-11-28T02:00:01Z", 2)], found],
  ["a certificate that ends in a second", [made("replace", "2026-11-28T00:00:01Z")], found],
  ["a certificate that the program gives", [put(["value"])], []],
  ["a generation that joins", [child("create", certificate, {}), put([], "create")], []],
  ["a generation that stays", [made("same"), put([], "same")], []],
])("%s", (_name, children, expected) => {
  expect(replacedCertificates(planOf([stays(), ...children]), now)).toEqual(expected);
});

test("a generation that joins or leaves is none", () => {
  const { newState, oldState, ...step } = stays();
  for (const one of [
    { ...step, op: "create", newState },
    { ...step, op: "delete", oldState },
  ])
    expect(replacedCertificates(planOf([one, made("delete-replaced")]), now)).toEqual([]);
});

test("what hangs on another generation replaces nothing of this one", () => {
  const elsewhere = (step: ReturnType<typeof made>) => {
    const state = { ...step.newState, parent: `${generation}-other` };
    return { ...step, newState: state, oldState: state };
  };
  expect(replacedCertificates(planOf([stays(), made("same"), elsewhere(made("replace"))]), now)).toEqual([]);
  expect(replacedCertificates(planOf([stays(), elsewhere(made("replace"))]), now)).toEqual([]);
  const gone = {
    op: "delete",
    urn: `${generation}$x`,
    oldState: { urn: "u", type: certificate, parent: "p" },
  };
  expect(replacedCertificates(planOf([gone, stays(), made("replace")]), now)).toEqual(found);
});

test("what the plan only deletes to replace it counts, and a certificate that is new does not", () => {
  const { newState: _gone, ...deleted } = made("delete-replaced");
  expect(replacedCertificates(planOf([stays(), deleted]), now)).toEqual(found);
  expect(
    replacedCertificates(planOf([stays(), child("create", certificate, {}), put(["value"])]), now),
  ).toEqual([]);
});

test("a step that the plan has without a state is passed over", () => {
  const empty = { op: "same", urn: `${generation}$x` };
  expect(replacedCertificates(planOf([empty, stays(), made("replace")]), now)).toEqual(found);
});

test("one of two certificates that is due is enough, and the other may be new", () => {
  const joined = child("create", certificate, { validityEndTime: "2020-01-01T00:00:00Z" });
  const ended = made("replace", "2026-11-27T00:00:00Z");
  expect(replacedCertificates(planOf([stays(), made("same"), ended]), now)).toEqual(due);
  expect(replacedCertificates(planOf([stays(), made("replace"), joined]), now)).toEqual(found);
});

test("what a state does not say of it is taken from its name, or not known", () => {
  const { oldState, newState, ...step } = stays();
  const without = { ...oldState, outputs: {} };
  expect(
    replacedCertificates(planOf([{ ...step, oldState: without, newState }, made("replace")]), now),
  ).toEqual([{ component: "exchange", generation: "1", thumbprint: "unknown", isDue: false }]);
  const planned = { ...newState, outputs: { generation: "one", thumbprint: "B2" } };
  expect(
    replacedCertificates(planOf([{ ...step, oldState: without, newState: planned }, made("replace")]), now),
  ).toEqual([{ component: "exchange", generation: "one", thumbprint: "B2", isDue: false }]);
});

test("a certificate without an end is not due, and hours that are no number are none", () => {
  const endless = child("replace", certificate, {});
  expect(replacedCertificates(planOf([stays(), endless]), now)).toEqual(found);
  const odd = child("replace", certificate, {
    validityEndTime: "2026-11-28T00:00:01Z",
    earlyRenewalHours: "24",
  });
  expect(replacedCertificates(planOf([stays(), odd]), now)).toEqual(found);
});

function stays() {
  const state = {
    urn: generation,
    type: "exchange-auth:index:AppCertificate",
    parent: component,
    outputs: { generation: "1", thumbprint: "A1" },
  };
  return { op: "same", urn: generation, oldState: state, newState: { ...state, outputs: {} } };
}

function made(op: string, validityEndTime = "2027-10-01T00:00:00Z", earlyRenewalHours = 0) {
  return child(op, certificate, { validityEndTime, earlyRenewalHours });
}

function put(changed: readonly string[], op = "replace") {
  const detailedDiff = Object.fromEntries(changed.map((name) => [name, {}]));
  return { ...child(op, credential, {}), detailedDiff };
}

function child(op: string, type: string, outputs: Readonly<Record<string, unknown>>) {
  const state = { urn: `${generation}$${type}`, type, parent: generation, outputs };
  return { op, urn: state.urn, newState: state, ...(op !== "create" && { oldState: state }) };
}

function planOf(steps: readonly object[]): Plan {
  const plan = parsePlan(JSON.stringify({ steps }));
  if (plan === undefined) throw new Error("no plan");
  return plan;
}
