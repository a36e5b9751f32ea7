import { expect, test } from "vitest";
import { childTypes, componentType } from "../../../common/typeTokens.ts";
import { roleMoves } from "../../../operations/timedRoles/roleMoves.ts";
import type { PlanStep } from "../../../stack/plan.ts";
import type { StackResource } from "../../../stack/resource.ts";

const now = Date.parse("2026-11-28T12:00:00Z");
const until = "2027-01-31T00:00:00Z";
const urn = `urn:pulumi:s::p::${componentType}::exchange`;
const assignment = `urn:pulumi:s::p::${componentType}$${childTypes.directoryRoleAssignment}::exchange-role`;

const lasting = { permissions: [], roleTemplateIds: ["role"], userRoles: [] };
const timed = { ...lasting, roleTemplateIds: [], timedRoles: [{ roleTemplateId: "role", until }] };

const leaves = [componentStep(lasting, timed), assignmentStep("delete")];
const returns = [componentStep(timed, lasting), assignmentStep("create")];

test("a role that gets an end, and one that loses it", () => {
  const move = { component: "exchange", roleTemplateId: "role", urn: assignment };
  expect(movesOf(leaves)).toEqual([{ ...move, until }]);
  expect(movesOf(returns)).toEqual([move]);
});

const component = leaves[0]!;
const ended = { ...timed, timedRoles: [{ roleTemplateId: "role", until: "2026-11-28T12:00:00Z" }] };
const another = { ...timed, timedRoles: [{ roleTemplateId: "another", until }] };

test.each<[string, readonly PlanStep[]]>([
  ["a new component", [without("oldState", component), leaves[1]!]],
  ["a component that goes", [without("newState", component), leaves[1]!]],
  ["a role that nobody declares any more", [componentStep(lasting, lasting), leaves[1]!]],
  ["a role whose end is now", [componentStep(lasting, ended), leaves[1]!]],
  ["another role that gets an end", [componentStep(lasting, another), leaves[1]!]],
  ["a role that had ended", [componentStep(ended, lasting), returns[1]!]],
  ["an assignment that stays", [componentStep(timed, lasting), assignmentStep("same")]],
  ["an assignment to another principal", [component, assignmentStep("delete", { principalObjectId: "x" })]],
  ["an assignment of no role", [component, assignmentStep("delete", { principalObjectId: "principal" }, {})]],
  ["another component's assignment", [component, assignmentStep("delete", {}, undefined, { parent: "x" })]],
  ["something else of the component", [component, assignmentStep("delete", {}, undefined, { type: "x" })]],
  ["an assignment that is not there", [component, without("oldState", leaves[1]!)]],
  [
    "the record of something that is no component",
    [{ ...component, urn: assignment }, assignmentStep("delete", {}, undefined, { parent: assignment })],
  ],
])("nothing moves: %s", (_, steps) => {
  expect(movesOf(steps)).toEqual([]);
});

function movesOf(steps: readonly PlanStep[]): unknown {
  return roleMoves({ steps: [...steps], diagnostics: [], changeSummary: {} }, now);
}

function without(state: "oldState" | "newState", step: PlanStep): PlanStep {
  const rest = { ...step };
  delete rest[state];
  return rest;
}

function componentStep(before: StackResource["inputs"], after: StackResource["inputs"]): PlanStep {
  const outputs = { servicePrincipalObjectId: "principal" };
  return {
    op: "update",
    urn,
    oldState: resource({ urn, type: componentType, inputs: before, outputs }),
    newState: resource({ urn, type: componentType, inputs: after }),
  };
}

function assignmentStep(
  op: string,
  inputs: StackResource["inputs"] = {},
  role: StackResource["inputs"] = { roleId: "role" },
  rest: Partial<StackResource> = {},
): PlanStep {
  const state = resource({
    urn: assignment,
    type: childTypes.directoryRoleAssignment,
    parent: urn,
    inputs: { principalObjectId: "principal", ...role, ...inputs },
    ...rest,
  });
  return {
    op,
    urn: assignment,
    ...(op !== "create" && { oldState: state }),
    ...(op !== "delete" && { newState: state }),
  };
}

function resource(properties: Pick<StackResource, "urn" | "type"> & Partial<StackResource>): StackResource {
  return {
    custom: true,
    dependencies: [],
    inputs: {},
    outputs: {},
    delete: false,
    initErrors: [],
    ...properties,
  };
}
