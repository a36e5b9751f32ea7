import { expect, test } from "vitest";
import { appCertificateType, childTypes, componentType } from "../../../common/typeTokens.ts";
import { ownResources } from "../../../operations/audit/ownResources.ts";
import { planned } from "../repair/stack.ts";

test("a component's own resources are those below it, at any depth, and not those of a namesake or a sibling", () => {
  const component = planned(componentType, "exchange");
  const other = planned(componentType, "reports");
  const namesake = planned("mine:index:Thing", "exchange");
  const certificate = planned(appCertificateType, "exchange-cert-1", {}, component.urn);
  const credential = planned(childTypes.applicationCertificate, "exchange-cert-1", {}, certificate.urn);
  const resources = [
    component,
    other,
    namesake,
    certificate,
    credential,
    planned(childTypes.application, "reports", {}, other.urn),
    planned(childTypes.application, "mine", {}, namesake.urn),
  ];
  expect(ownResources(resources, "exchange")).toEqual(new Set([certificate.urn, credential.urn]));
});
