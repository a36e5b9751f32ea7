import { expect, test } from "vitest";

import { keysInState } from "../../../operations/preflight/keysInState.ts";
import { parsePlan } from "../../../stack/plan.ts";

const generation = "urn:pulumi:s::p::exchange-auth:index:AppCertificate::exchange-cert-2";
const certificate = "tls:index/selfSignedCert:SelfSignedCert";
const credential = "azuread:index/applicationCertificate:ApplicationCertificate";

test.each([
  ["a new generation", "create", undefined, ["exchange-cert-2"]],
  ["a generation that an update began", "update", {}, ["exchange-cert-2"]],
  ["a generation that was up, and lost its credential", "same", { keyId: "key-2" }, []],
])("%s, with a certificate of the state", (_name, op, outputs, names) => {
  const parent = generationStep(op, outputs);
  expect(found([parent, child("same", certificate), child("create", credential)])).toEqual(names);
});

test.each([
  ["a certificate that is made now", [child("create", certificate), child("create", credential)]],
  ["a credential that stays", [child("same", certificate), child("same", credential)]],
  ["a certificate that the program gives", [child("create", credential)]],
  [
    "another generation's",
    [{ ...child("same", certificate), newState: undefined }, child("create", credential)],
  ],
])("not %s", (_name, children) => {
  expect(found([generationStep("create", undefined), ...children])).toEqual([]);
});

test("what hangs on others, or is of another type, is no certificate of the generation", () => {
  const elsewhere = (step: ReturnType<typeof child>) => ({
    ...step,
    newState: {
      ...step.newState,
      parent: "urn:pulumi:s::p::exchange-auth:index:AppCertificate::exchange-cert-3",
    },
  });
  const [known, put] = [child("same", certificate), child("create", credential)];
  const parent = generationStep("create", undefined);
  expect(found([parent, elsewhere(known), put])).toEqual([]);
  expect(found([parent, known, elsewhere(put)])).toEqual([]);
  expect(found([parent, child("same", "tls:index/privateKey:PrivateKey"), put])).toEqual([]);
  expect(found([parent, known, child("create", "tls:index/locallySignedCert:LocallySignedCert")])).toEqual(
    [],
  );
  const group = { ...parent, newState: { ...parent.newState, type: "pkg:index:Group" } };
  expect(found([group, known, put])).toEqual([]);
  const gone = {
    op: "delete",
    urn: "urn:pulumi:s::p::tls:index/privateKey:PrivateKey::x",
    oldState: known.newState,
  };
  expect(found([gone, parent, known, put])).toEqual(["exchange-cert-2"]);
});

function generationStep(op: string, outputs: Readonly<Record<string, unknown>> | undefined) {
  const state = { urn: generation, type: "exchange-auth:index:AppCertificate" };
  return { op, urn: generation, newState: state, ...(outputs && { oldState: { ...state, outputs } }) };
}

function child(op: string, type: string) {
  const state = { urn: `${generation}$${type}`, type, parent: generation };
  return { op, urn: state.urn, newState: state, ...(op !== "create" && { oldState: state }) };
}

function found(steps: readonly object[]): readonly string[] {
  return keysInState(parsePlan(JSON.stringify({ steps }))!);
}
