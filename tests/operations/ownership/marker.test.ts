import { describe, expect, test } from "vitest";

import { unknownText } from "../../../common/pulumiSignatures.ts";
import { childTypes, componentType } from "../../../common/typeTokens.ts";
import { markerOf, replaceMarkerCommand } from "../../../operations/ownership/marker.ts";
import { provenance } from "../../../operations/ownership/provenance.ts";
import type { StackResource } from "../../../stack/resource.ts";
import { known, planned, urnOf } from "../repair/stack.ts";

const value = "00000000-0000-4000-8000-00000000000a";
const older = "00000000-0000-4000-8000-00000000000b";
const own = "exchange-auth p/s/exchange";
const component = planned(componentType, "exchange");
const marker = known(childTypes.randomUuid, "exchange-marker", { result: value }, component.urn);
const urn = urnOf(childTypes.randomUuid, "exchange-marker");

function record(of: string, clientId: string): StackResource {
  const inputs = { keepers: { marker: of, clientId } };
  return { ...known(childTypes.randomUuid, "exchange-marker-used", {}, component.urn), inputs };
}

function application(description: string): StackResource {
  return known(childTypes.application, "exchange", { description }, component.urn);
}

const deployed = { ...component, outputs: { appId: "c1" } };

test.each<[string, readonly StackResource[]]>([
  ["before the first update", []],
  ["of release 0.1.0", [deployed, application(own)]],
  [
    "whose marker is that of another component",
    [{ ...marker, urn: urnOf(childTypes.randomUuid, "b-marker") }],
  ],
  ["whose marker waits for its deletion", [{ ...marker, delete: true }]],
  ["whose marker is not known", [{ ...marker, outputs: { result: unknownText } }]],
  ["that has something else of the marker's name", [{ ...marker, type: childTypes.randomPassword }]],
])("a state %s has no marker", (_, resources) => {
  expect(markerOf("exchange", resources)).toBeUndefined();
});

test.each<[string, readonly StackResource[]]>([
  ["after an update that was killed right after it", [component, marker]],
  [
    "after the same, where the old marker waits for its deletion",
    [
      component,
      { ...known(childTypes.randomUuid, "exchange-marker", { result: older }, component.urn), delete: true },
      marker,
    ],
  ],
  ["after a replacement, before another application is known", [deployed, marker, record(older, "c1")]],
  [
    "while the application that had it waits for its deletion",
    [marker, { ...application(`${own} ${value}`), delete: true }],
  ],
  [
    "while a service principal alone has its description",
    [
      marker,
      known(childTypes.servicePrincipal, "exchange", { description: `${own} ${value}` }, component.urn),
    ],
  ],
  [
    "beside the record of another component",
    [marker, { ...record(value, "c1"), urn: urnOf(childTypes.randomUuid, "other-marker-used") }],
  ],
  [
    "beside another component that is deployed",
    [{ ...planned(componentType, "other"), outputs: { appId: "c2" } }, marker],
  ],
  [
    "beside something else of the component's name with a client ID",
    [known(childTypes.servicePrincipal, "exchange", { appId: "c3" }, component.urn), marker],
  ],
  ["where the component waits for its deletion", [{ ...deployed, delete: true }, marker]],
  ["beside an application with another description", [component, marker, application(`${own} ${older}`)]],
  [
    "beside an application without one",
    [component, marker, known(childTypes.application, "exchange", {}, component.urn)],
  ],
])("a marker proves something %s", (_, resources) => {
  expect(markerOf("exchange", resources)).toEqual({ value, urn, isUsed: false });
});

test.each<[string, readonly StackResource[]]>([
  ["once an application was recorded with it", [component, marker, record(value, "c1")]],
  ["after that application has left the state", [deployed, marker, record(value, "c1")]],
  [
    "where the update failed between the application and its record",
    [component, marker, application(`${own} ${value}`)],
  ],
  ["after a `destroy` that failed has removed the record", [deployed, marker]],
  ["where the record is of an application before the last", [deployed, marker, record(older, "c0")]],
])("a marker proves nothing %s", (_, resources) => {
  expect(markerOf("exchange", resources)).toEqual({ value, urn, isUsed: true });
});

test("is replaced by a command that no shell takes apart", () => {
  const under = "urn:pulumi:s::p::a:index:A$random:index/randomUuid:RandomUuid::exchange-marker";
  expect(replaceMarkerCommand({ value, urn: under, isUsed: true })).toBe(`pulumi up --replace '${under}'`);
});

describe("a description", () => {
  test.each([
    [`${own} ${value}`, "marked"],
    [`exchange-auth p/renamed/exchange ${value}`, "marked"],
    [own, "unmarked"],
    [`${own} ${older}`, "markedOtherwise"],
    [`${own}2`, "other"],
    [`${own}2 ${older}`, "other"],
    [`jobs ${value}`, "other"],
    [value, "other"],
    [null, "other"],
    [undefined, "other"],
  ])("%j is %s", (description, expected) => {
    expect(provenance(description, own, { value, urn, isUsed: false })).toBe(expected);
  });

  test("with a marker is another's where the state has none", () => {
    expect(provenance(`${own} ${value}`, own, undefined)).toBe("markedOtherwise");
  });
});
