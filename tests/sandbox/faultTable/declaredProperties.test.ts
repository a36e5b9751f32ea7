import * as pulumi from "@pulumi/pulumi";
import * as v from "valibot";
import { describe, expect, test } from "vitest";

import { readCertificate } from "../../../common/certificate.ts";
import { childTypes } from "../../../common/typeTokens.ts";
import { ExchangeAppOnlyAuth } from "../../../components/index.ts";
import { type TenantObject, undeclaredProperties } from "../../../sandbox/faultTable/declaredProperties.ts";
import { StackResource } from "../../../stack/resource.ts";
import { makeKeyPair, mockPulumi, valueOf } from "../../components/mocks.ts";

const pairs = [makeKeyPair(), makeKeyPair()] as const;
const [certificate, other] = pairs.map(({ certificatePem }) => readCertificate(certificatePem));

/** What each type declares, and the tenant's object that is just so. */
const cases: Readonly<Record<string, readonly [inputs: Record<string, unknown>, object: TenantObject]>> = {
  [childTypes.application]: [
    {
      __defaults: [],
      displayName: "Jobs",
      description: "Made here.",
      signInAudience: "AzureADMyOrg",
      notes: "At 2.",
      tags: ["b", "a"],
      owners: ["2", "1"],
      requiredResourceAccesses: [
        { resourceAppId: "exchange", resourceAccesses: [{ id: "manage", type: "Role" }] },
      ],
    },
    {
      displayName: "Jobs",
      description: "Made here.",
      signInAudience: "AzureADMyOrg",
      notes: "At 2.",
      tags: ["a", "b"],
      owners: ["1", "2"],
      requiredResourceAccess: [
        { resourceAppId: "exchange", resourceAccess: [{ id: "manage", type: "Role" }] },
      ],
    },
  ],
  [childTypes.servicePrincipal]: [
    { clientId: "client", description: "Made here.", accountEnabled: true, useExisting: true },
    {
      appId: "client",
      description: "Made here.",
      accountEnabled: true,
      notes: null,
      tags: [],
      owners: [],
    },
  ],
  [childTypes.appRoleAssignment]: [
    { appRoleId: "manage", principalObjectId: "principal", resourceObjectId: "resource" },
    { appRoleId: "manage", principalId: "principal", resourceId: "resource" },
  ],
  [childTypes.directoryRoleAssignment]: [
    { principalObjectId: "principal", roleId: "role" },
    { principalId: "principal", roleDefinitionId: "role", directoryScopeId: "/" },
  ],
  [childTypes.applicationCertificate]: [
    {
      // As the bridge notes what it filled in itself.
      __defaults: ["encoding"],
      encoding: "pem",
      applicationId: "/applications/1",
      keyId: "key",
      type: "AsymmetricX509Cert",
      value: pairs[0].certificatePem,
      endDate: certificate?.notAfter,
    },
    {
      application: "/applications/1",
      keyId: "key",
      type: "AsymmetricX509Cert",
      usage: "Verify",
      key: certificate?.derBase64,
      endDateTime: certificate?.notAfter,
    },
  ],
};

describe.each(Object.entries(cases))("%s", (type, [inputs, object]) => {
  const resource = v.parse(StackResource, { urn: "urn", type, inputs });

  test("is as declared", () => {
    expect(undeclaredProperties(resource, { ...object, id: "1" })).toEqual([]);
  });

  test.each(Object.keys(object))("with another %s is not", (name) => {
    const changed = name === "key" ? other?.derBase64 : "another";
    expect(undeclaredProperties(resource, { ...object, [name]: changed })).toEqual([
      `${name} is "${changed}" instead of ${JSON.stringify(wanted(object, name))}`,
    ]);
  });
});

test("what is not declared must be empty", () => {
  const resource = v.parse(StackResource, { urn: "urn", type: childTypes.application, inputs: {} });
  expect(undeclaredProperties(resource, { notes: "x", tags: ["a"], owners: ["1"] })).toEqual([
    'notes is "x" instead of null',
    'owners is ["1"] instead of []',
    'tags is ["a"] instead of []',
  ]);
});

test("every input of the component's children is compared", async () => {
  const registered = await mockPulumi({ keyPair: pairs[0] });
  const exchange = new ExchangeAppOnlyAuth("exchange", {
    notes: "At 2.",
    tags: ["a"],
    owners: [crypto.randomUUID()],
  });
  await valueOf(exchange.thumbprint);
  await pulumi.runtime.disconnect();
  const children = registered.filter(({ type }) => type.startsWith("azuread:"));
  expect(new Set(children.map(({ type }) => type))).toEqual(new Set(Object.keys(cases)));
  const differences = children.flatMap(({ type, inputs }) => {
    const names = Object.keys(inputs).map((name) => [name, pairs[0].certificatePem]);
    const resource = { urn: "urn", type, inputs: Object.fromEntries(names) as Record<string, string> };
    return undeclaredProperties(v.parse(StackResource, resource), {});
  });
  expect(differences.filter((difference) => difference.endsWith("is not compared"))).toEqual([]);
});

test("an input that nobody compares is a difference", () => {
  const resource = v.parse(StackResource, {
    urn: "urn",
    type: childTypes.directoryRoleAssignment,
    inputs: { appScopeId: "/" },
  });
  expect(undeclaredProperties(resource, { directoryScopeId: "/" })).toEqual(["appScopeId is not compared"]);
});

function wanted(object: TenantObject, name: string): unknown {
  return name === "requiredResourceAccess" ? ["exchange Role manage"] : object[name];
}
