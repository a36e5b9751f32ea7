import { expect, test } from "vitest";
import { readRecord } from "../../stack/record.ts";
import { sealed, secret } from "./exportedState.ts";

const whole = {
  cloud: "global",
  signInAudience: "AzureADMyOrg",
  owners: ["owner-1"],
  permissions: [{ resourceAppId: "exchange", permission: "Exchange.ManageAsApp" }],
  roleTemplateIds: ["29232cdf-9323-42fd-ade2-1d097af3e4de"],
  userRoles: [{ userPrincipalName: "reports@contoso.com", roleTemplateId: "role-1" }],
};

test("a whole record, an owner that was secret among it", () => {
  const owners = [secret("o")];
  const { cloud: _, ...record } = whole;
  expect(readRecord({ inputs: whole })).toEqual({ kind: "known", record });
  expect(readRecord({ inputs: { ...whole, owners } })).toEqual({
    kind: "known",
    record: { ...record, owners: ["o"] },
  });
});

test("a record with federated credentials", () => {
  const federatedCredentials = [{ name: "job", issuer: "i", subject: "s", audience: "a" }];
  const { cloud: _, ...record } = whole;
  expect(readRecord({ inputs: { ...whole, federatedCredentials } })).toEqual({
    kind: "known",
    record: { ...record, federatedCredentials },
  });
  expect(readRecord({ inputs: { ...whole, federatedCredentials: ["job"] } })).toEqual({
    kind: "unknown",
    missing: "federatedCredentials.0",
  });
});

test("the record of an application that exists already says nothing of owners and audience", () => {
  const { owners: _, signInAudience: __, ...record } = whole;
  expect(readRecord({ inputs: { ...record, existingClientId: "client" } })).toMatchObject({ kind: "known" });
});

test("a state of 0.1.0 has none", () => {
  expect(readRecord({ inputs: { cloud: "global" } })).toEqual({ kind: "beforeUpgrade" });
});

test.each<[string, Record<string, unknown>, string]>([
  ["what an import left", {}, "permissions, roleTemplateIds, userRoles"],
  ["half of it", { cloud: "global", owners: [] }, "permissions, roleTemplateIds, userRoles"],
  ["another type", { ...whole, permissions: "all" }, "permissions"],
  ["an owner that is not known yet", { ...whole, owners: [null] }, "owners.0"],
])("%s is not known, and never nothing declared", (_name, inputs, missing) => {
  expect(readRecord({ inputs })).toEqual({ kind: "unknown", missing });
});

test("a part that is a secret and sealed is neither known nor missing", () => {
  expect(readRecord({ inputs: { ...whole, owners: [sealed] } })).toEqual({
    kind: "sealed",
    property: "owners",
  });
});
