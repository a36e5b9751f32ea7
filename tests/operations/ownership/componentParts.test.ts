import { describe, expect, test } from "vitest";
import { secretSignature, signatureKey, unknownText } from "../../../common/pulumiSignatures.ts";
import { appCertificateType, childTypes, componentType } from "../../../common/typeTokens.ts";
import {
  type ComponentParts,
  componentParts,
  knownApplicationOf,
  outputOf,
} from "../../../operations/ownership/componentParts.ts";
import type { StackResource } from "../../../stack/resource.ts";
import { known, planned, urnOf } from "../repair/stack.ts";

const stack = urnOf("pulumi:pulumi:Stack", "p-s");
const urn = urnOf(componentType, "exchange");
const component = known(componentType, "exchange", { tenantDomain: "contoso.onmicrosoft.com" }, stack);
const generation = planned(appCertificateType, "exchange-cert-1", {}, urn);
const outputs = { clientId: "client", objectId: "object" };
const application = {
  ...known(childTypes.application, "exchange", outputs, urn),
  inputs: { displayName: "Old" },
};
const plannedApplication = planned(childTypes.application, "exchange", { displayName: "New" }, urn);

describe("the parts of a component", () => {
  test("are what the state and the plan have below it, at any depth, and nothing beside it", () => {
    const onApplication = planned(childTypes.applicationCertificate, "exchange-cert-1", {}, generation.urn);
    const beside = planned(childTypes.application, "beside", { displayName: "Beside" });
    expect(
      componentParts([component, application], [plannedApplication, generation, onApplication, beside]),
    ).toEqual([
      {
        name: "exchange",
        project: "p",
        stack: "s",
        self: [component],
        tenantDomain: "contoso.onmicrosoft.com",
        own: "exchange-auth p/s/exchange",
        marker: undefined,
        displayNames: ["New", "Old"],
        isNameSecret: false,
        known: [application],
        planned: [plannedApplication, generation, onApplication],
      },
    ]);
  });

  test("are each component's own, whether the state, the plan or both have it", () => {
    const parts = componentParts(
      [component],
      [planned(componentType, "exchange"), planned(componentType, "new")],
    );
    expect(parts.map(({ name, tenantDomain }) => [name, tenantDomain])).toEqual([
      ["exchange", "contoso.onmicrosoft.com"],
      ["new", undefined],
    ]);
  });

  test("have the component itself as the state has it, then as the plan has it", () => {
    const next = planned(componentType, "exchange");
    const [own, beside] = componentParts([component], [next, planned(componentType, "new")]);
    expect(own?.self).toEqual([component, next]);
    expect(beside?.self).toEqual([planned(componentType, "new")]);
  });

  test("name no application where neither state nor plan makes one", () => {
    const [parts] = componentParts([component], [generation]);
    expect(parts).toMatchObject({ own: undefined, displayNames: [], isNameSecret: false });
  });

  test("have one name where state and plan agree, and say where it is a secret", () => {
    const same = planned(childTypes.application, "exchange", { displayName: "Old" }, urn);
    const secret = { [signatureKey]: secretSignature, ciphertext: "v1:x" };
    const hidden = planned(childTypes.application, "exchange", { displayName: secret }, urn);
    const unknown = planned(childTypes.application, "exchange", { displayName: unknownText }, urn);
    expect(partsOf([application], [same])).toMatchObject({ displayNames: ["Old"], isNameSecret: false });
    expect(partsOf([application], [hidden])).toMatchObject({ displayNames: ["Old"], isNameSecret: true });
    expect(partsOf([application], [unknown])).toMatchObject({ displayNames: ["Old"], isNameSecret: false });
  });

  test("have the marker that the state holds below the component", () => {
    const marker = known(childTypes.randomUuid, "exchange-marker", { result: "m" }, urn);
    const [parts] = componentParts([component, marker], []);
    expect(parts?.marker).toEqual({ value: "m", urn: marker.urn, isUsed: false });
    const elsewhere = { ...marker, parent: stack };
    expect(componentParts([component, elsewhere], [])[0]?.marker).toBeUndefined();
  });

  test("have a marker that is used once the component has an application", () => {
    const marker = known(childTypes.randomUuid, "exchange-marker", { result: "m" }, urn);
    const deployed = { ...component, outputs: { appId: "client" } };
    expect(componentParts([deployed, marker], [])[0]?.marker?.isUsed).toBe(true);
  });
});

function partsOf(state: readonly StackResource[], plan: readonly StackResource[] = []): ComponentParts {
  const [parts] = componentParts([component, ...state], plan);
  if (parts === undefined) throw new Error("no component");
  return parts;
}

test("an output is that of the resource of the type that stays", () => {
  const leaving = { ...application, outputs: { clientId: "leaving" }, delete: true };
  const principal = known(childTypes.servicePrincipal, "exchange", { clientId: "principal" }, urn);
  const parts = partsOf([leaving, principal, application]);
  expect(outputOf(parts, childTypes.application, "clientId")).toBe("client");
  expect(outputOf(parts, childTypes.application, "other")).toBeUndefined();
  expect(outputOf(partsOf([leaving]), childTypes.application, "clientId")).toBeUndefined();
});

describe("the application that is known", () => {
  const others = { name: "exchange", tenantDomain: "contoso.onmicrosoft.com" };

  test("is the state's own", () => {
    expect(knownApplicationOf(partsOf([application]))).toEqual({
      ...others,
      appId: "client",
      applicationObjectId: "object",
      isOwn: true,
    });
  });

  test("is the one that the credentials are on, where the component makes none", () => {
    const existing = { ...others, appId: undefined, applicationObjectId: "theirs", isOwn: false };
    const onTheirs = credential("/applications/theirs");
    expect(knownApplicationOf(partsOf([], [onTheirs]))).toEqual(existing);
    expect(knownApplicationOf(partsOf([onTheirs]))).toEqual(existing);
    const notYet = {
      ...credential(unknownText),
      urn: urnOf(childTypes.applicationCertificate, "exchange-cert-2"),
    };
    expect(knownApplicationOf(partsOf([onTheirs], [notYet]))).toEqual(existing);
  });

  test("is none where the component is to make one, whatever its credentials are on", () => {
    const onAnother = credential("/applications/another");
    expect(knownApplicationOf(partsOf([onAnother], [plannedApplication]))).toBeUndefined();
  });

  test("is none where nothing says which", () => {
    const password = planned(childTypes.randomPassword, "x", { applicationId: "/applications/x" }, urn);
    expect(knownApplicationOf(partsOf([], [generation, credential(unknownText), password]))).toBeUndefined();
  });
});

function credential(applicationId: unknown): StackResource {
  return planned(childTypes.applicationCertificate, "exchange-cert-1", { applicationId }, urn);
}
