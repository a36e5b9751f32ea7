import { expect, test } from "vitest";

import { appCertificateType, childTypes, componentType } from "../../common/typeTokens.ts";
import { componentParts } from "../../operations/ownership/componentParts.ts";
import { importFile } from "../../stack/importFile.ts";
import { parseExport } from "../../stack/exportedState.ts";
import { createdBy, parsePlan } from "../../stack/plan.ts";
import { textOf } from "../../stack/values.ts";
import { planned, urnOf } from "../operations/repair/stack.ts";

test("takes from a plan what it would create", () => {
  const [newState] = [planned(childTypes.application, "exchange", { displayName: "Jobs" })];
  const steps = [
    { op: "same", urn: "a", newState: planned(componentType, "exchange") },
    { op: "create", urn: "b", newState },
    { op: "delete", urn: "c" },
  ];
  expect(createdBy(parsePlan(JSON.stringify({ steps, changeSummary: { create: 1 } }))!)).toEqual([
    { ...newState, outputs: {} },
  ]);
});

test("a state that was never updated has no resources", () => {
  expect(
    parseExport({ version: 3, deployment: { manifest: { time: "0001-01-01T00:00:00Z" } } }).resources,
  ).toEqual([]);
});

test("what a plan does not know yet is no text", () => {
  const inputs = { clientId: "04da6b54-80e4-46f7-96ec-b56ff0331ba9", displayName: "Jobs", tags: [] };
  expect(["clientId", "displayName", "tags", "notes"].map((name) => textOf(inputs, name))).toEqual([
    undefined,
    "Jobs",
    undefined,
    undefined,
  ]);
});

test("sorts resources by component, at any depth, in state and plan", () => {
  const reports = planned(componentType, "reports");
  const certificate = planned(appCertificateType, "reports-cert-1", {}, reports.urn);
  const key = planned(childTypes.privateKey, "reports-cert-1-key", {}, certificate.urn);
  const exchange = planned(componentType, "exchange");
  const inputs = { displayName: "Jobs", description: "exchange-auth p/s/exchange" };
  const own = planned(childTypes.application, "exchange", inputs, exchange.urn);

  const parts = componentParts([reports, certificate, key], [exchange, own]);

  expect(parts).toEqual([
    {
      name: "reports",
      project: "p",
      stack: "s",
      self: [reports],
      tenantDomain: undefined,
      own: undefined,
      marker: undefined,
      displayNames: [],
      isNameSecret: false,
      known: [certificate, key],
      planned: [],
    },
    {
      name: "exchange",
      project: "p",
      stack: "s",
      self: [exchange],
      tenantDomain: undefined,
      own: "exchange-auth p/s/exchange",
      marker: undefined,
      displayNames: ["Jobs"],
      isNameSecret: false,
      known: [],
      planned: [own],
    },
  ]);
});

test("imports below what the state has, with the components and the provider that it needs", () => {
  const provider = { ...planned("pulumi:providers:azuread", "fabrikam"), custom: true };
  const customer = planned("fabrikam:index:Customer", "fabrikam");
  const exchange = planned(componentType, "exchange", {}, customer.urn);
  const own = {
    ...planned(childTypes.application, "exchange", {}, exchange.urn),
    provider: `${provider.urn}::some-id`,
  };
  const role = {
    ...planned(childTypes.directoryRoleAssignment, "exchange-role", {}, exchange.urn),
    provider: `${urnOf("pulumi:providers:azuread", "default_6_9_1")}::other-id`,
  };

  expect(
    importFile(
      [
        { id: "/applications/1", urn: own.urn },
        { id: "/roleAssignments/2", urn: role.urn, inputs: { roleId: "a" }, outputs: { roleId: "b" } },
      ],
      [customer, provider],
      [exchange, own, role],
    ),
  ).toEqual({
    nameTable: { r0: customer.urn, r2: provider.urn },
    resources: [
      { name: "r1", logicalName: "exchange", type: componentType, component: true, parent: "r0" },
      {
        name: "r3",
        logicalName: "exchange",
        type: childTypes.application,
        id: "/applications/1",
        parent: "r1",
        provider: "r2",
      },
      {
        name: "r4",
        logicalName: "exchange-role",
        type: role.type,
        id: "/roleAssignments/2",
        parent: "r1",
        inputs: { roleId: "a" },
        outputs: { roleId: "b" },
      },
    ],
  });
});
