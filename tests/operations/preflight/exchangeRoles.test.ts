import { expect, test } from "vitest";
import { childTypes, componentType } from "../../../common/typeTokens.ts";
import { exchangeRolesLeft } from "../../../operations/preflight/exchangeRoles.ts";
import type { Plan, PlanStep } from "../../../stack/plan.ts";

const plain = { permissions: [], roleTemplateIds: [], userRoles: [] };
const declaring = { ...plain, exchangeRoles: [{ role: "Mail Tips" }] };
const component = `urn:pulumi:s::p::${componentType}::exchange`;
const application = `urn:pulumi:s::p::${componentType}$${childTypes.application}::exchange`;

const toGrant = {
  kind: "warning",
  cause: "exchangeRolesToGrant",
  message:
    'The update changes what component "exchange" declares of Exchange\'s own roles, and does not give or take them.',
  remedy: "After the update, run `exo-auth grant --yes`.",
};

const left = {
  kind: "warning",
  cause: "exchangeRolesLeft",
  message:
    'The update deletes the application of component "exchange", and leaves its role groups and roles in Exchange.',
  remedy: "Before the update, run `exo-auth grant --remove --yes`.",
};

test.each([
  ["new roles", "create", undefined, declaring, [toGrant]],
  ["other roles", "update", { ...declaring, exchangeRoles: [{ role: "Journaling" }] }, declaring, [toGrant]],
  ["roles that are declared no more", "update", declaring, plain, [toGrant]],
  ["the same roles", "update", declaring, { ...declaring, roleTemplateIds: ["r"] }, []],
  ["no roles at all", "create", undefined, plain, []],
])("%s", (_what, op, before, after, expected) => {
  expect(exchangeRolesLeft(planOf([stepOf(component, op, before, after)]))).toEqual(expected);
});

test.each([
  ["delete", declaring, [left]],
  ["delete-replaced", declaring, [left]],
  ["update", declaring, []],
  ["delete", plain, []],
])("an application that goes by %s", (op, record, expected) => {
  const steps = [stepOf(component, "same", record, record), stepOf(application, op, {}, undefined)];
  expect(exchangeRolesLeft(planOf(steps))).toEqual(expected);
});

test("a component that goes leaves nothing to give", () => {
  expect(exchangeRolesLeft(planOf([stepOf(component, "delete", declaring, undefined)]))).toEqual([]);
});

test("only an application leaves roles behind, and only that of the component that declares some", () => {
  const other = "urn:pulumi:s::p::exchange-auth:index:ExchangeAppOnlyAuth::other";
  const steps = [
    { ...stepOf(component, "same", plain, plain), urn: other },
    stepOf(component, "same", declaring, declaring),
  ];
  const principal = {
    ...stepOf(application, "delete", {}, undefined),
    urn: application.replace(childTypes.application, childTypes.servicePrincipal),
  };
  expect(exchangeRolesLeft(planOf([...steps, principal]))).toEqual([]);
  expect(exchangeRolesLeft(planOf([...steps, stepOf(application, "delete", {}, undefined)]))).toEqual([left]);
  // An application of a program of its own, and one whose component the plan does not name.
  expect(exchangeRolesLeft(planOf([stepOf(application, "delete", {}, undefined)]))).toEqual([]);
  expect(
    exchangeRolesLeft(planOf([...steps, stepOf(application, "create-replacement", undefined, {})])),
  ).toEqual([]);
});

test("of a record that is not whole nobody knows what is declared", () => {
  const broken = { permissions: "none" };
  expect(exchangeRolesLeft(planOf([stepOf(component, "update", broken, broken)]))).toEqual([]);
});

function planOf(steps: readonly PlanStep[]): Plan {
  return { steps: [...steps], diagnostics: [], changeSummary: {} };
}

function stepOf(
  urn: string,
  op: string,
  before: Record<string, unknown> | undefined,
  after: Record<string, unknown> | undefined,
): PlanStep {
  const of = (inputs: Record<string, unknown>) => ({
    urn,
    type: urn === component ? componentType : childTypes.application,
    custom: urn !== component,
    delete: false,
    id: "",
    parent: urn === component ? "" : component,
    inputs,
    outputs: {},
    dependencies: [],
    initErrors: [],
  });
  return { op, urn, ...(before && { oldState: of(before) }), ...(after && { newState: of(after) }) };
}
