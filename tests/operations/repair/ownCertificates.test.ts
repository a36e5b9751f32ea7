import { createHash, X509Certificate } from "node:crypto";

import { beforeAll, describe, expect, test } from "vitest";

import { appCertificateType, childTypes, componentType } from "../../../common/typeTokens.ts";
import { unknownText } from "../../../common/pulumiSignatures.ts";
import type { KeyCredential } from "../../../graph/objects.ts";
import type { ComponentParts } from "../../../operations/ownership/componentParts.ts";
import { expectedOf } from "../../../operations/repair/expected.ts";
import { findKeyCredentials } from "../../../operations/repair/findKeyCredentials.ts";
import { ownCertificates } from "../../../operations/ownership/ownCertificates.ts";
import type { StackResource } from "../../../stack/resource.ts";
import { makeKeyPair } from "../../components/mocks.ts";
import { known, planned, urnOf } from "./stack.ts";

const component = planned(componentType, "exchange").urn;
const certificate = known(appCertificateType, "exchange-cert-1", {}, component);
const keyId = known(childTypes.randomUuid, "exchange-cert-1-key-id", { result: "Key-1" }, certificate.urn);

let pem: string;
let der: Buffer;
let sha256: string;
let made: StackResource;
beforeAll(() => {
  pem = makeKeyPair("/CN=own", 300).certificatePem;
  der = new X509Certificate(pem).raw;
  sha256 = createHash("sha256").update(der).digest("hex");
  made = known(childTypes.selfSignedCert, "exchange-cert-1", { certPem: pem }, certificate.urn);
});

function withKeepers(keepers: unknown): StackResource {
  return { ...keyId, inputs: { keepers } };
}

describe("the state's own certificates", () => {
  test("are those with a key ID, made here or elsewhere", () => {
    const own = { name: "exchange-cert-1", keyId: "Key-1", sha256, parent: certificate.urn };
    expect(ownCertificates([certificate, keyId, made])).toStrictEqual([{ ...own, pem }]);
    expect(
      ownCertificates([certificate, withKeepers({ certificateSha256: sha256.toUpperCase() })]),
    ).toStrictEqual([own]);
  });

  test("need not have an AppCertificate above them", () => {
    expect(ownCertificates([keyId, made])).toStrictEqual([
      { name: "exchange-cert-1", keyId: "Key-1", sha256, pem },
    ]);
  });

  test.each<[string, () => readonly StackResource[]]>([
    ["a certificate without a key ID", () => [certificate, made]],
    ["a key ID that is not known", () => [{ ...keyId, outputs: { result: unknownText } }, made]],
    [
      "a random id of another name",
      () => [{ ...keyId, urn: urnOf(childTypes.randomUuid, "exchange-marker") }, made],
    ],
    ["another type of that name", () => [{ ...keyId, type: childTypes.randomPassword }, made]],
    [
      "a key ID without a certificate",
      () => [certificate, keyId, { ...made, urn: urnOf(childTypes.selfSignedCert, "exchange-cert-2") }],
    ],
    [
      "a key ID whose certificate was made elsewhere and is unknown",
      () => [withKeepers({ certificateId: "x" })],
    ],
    ["what waits for its deletion", () => [{ ...keyId, delete: true }, made]],
    ["a certificate that waits for its deletion", () => [keyId, { ...made, delete: true }]],
  ])("%s is none", (_, resources) => {
    expect(ownCertificates(resources())).toEqual([]);
  });
});

function parts(resources: readonly StackResource[], plan: readonly StackResource[] = []): ComponentParts {
  return {
    name: "exchange",
    project: "p",
    stack: "s",
    self: [],
    tenantDomain: undefined,
    own: undefined,
    marker: undefined,
    displayNames: [],
    isNameSecret: false,
    known: resources,
    planned: plan,
  };
}

function credential(id: string, bytes: Buffer = der, dates: Partial<KeyCredential> = {}): KeyCredential {
  return { keyId: id, key: bytes.toString("base64"), ...dates };
}

describe("a key credential that the state does not know", () => {
  test("of another certificate and key ID is not the stack's", () => {
    expect(
      findKeyCredentials(parts([certificate, keyId, made]), "object", [
        credential("other", Buffer.from("x")),
      ]),
    ).toEqual([]);
    expect(findKeyCredentials(parts([]), "object", [{ keyId: "other", key: null }])).toEqual([]);
  });

  test("is left alone where the state has no AppCertificate and the settings do not declare it", () => {
    expect(findKeyCredentials(parts([keyId, made]), "object", [credential("key-1")])).toEqual([
      {
        leftover: {
          component: "exchange",
          kind: "keyCredential",
          id: "object/key-1",
          title: "certificate key-1 on the application, until an unknown time",
          action: "keep",
          reasons: ["the state lacks the resources that it belongs to"],
        },
      },
    ]);
  });

  test("is the state's own where its bytes are not shown and its key ID is, but only so much is said", () => {
    const [found] = findKeyCredentials(parts([certificate, keyId, made]), "object", [{ keyId: "Key-1" }]);
    expect(found?.leftover).toMatchObject({
      action: "keep",
      reasons: ["it has the key ID of exchange-cert-1 and the bytes of another certificate"],
    });
  });

  test("is the state's own where its bytes are and its key ID is not, but only so much is said", () => {
    const [found] = findKeyCredentials(parts([certificate, keyId, made]), "object", [credential("other")]);
    expect(found?.leftover).toMatchObject({
      action: "keep",
      reasons: ["it has the bytes of exchange-cert-1 and another key ID"],
    });
  });

  test("takes its dates and bytes from Graph where it was made elsewhere", () => {
    const elsewhere = [certificate, withKeepers({ certificateSha256: sha256 })];
    const declared = planned(childTypes.applicationCertificate, "exchange-cert-1", {}, certificate.urn);
    const madeOfIt = planned(childTypes.selfSignedCert, "exchange-cert-1", {}, certificate.urn);
    const other = planned(childTypes.applicationCertificate, "exchange-cert-2", {}, certificate.urn);
    const startDateTime = "2026-01-02T03:04:05.678Z";
    const endDateTime = "2027-01-01T00:00:00Z";
    const [found] = findKeyCredentials(parts(elsewhere, [other, madeOfIt, declared]), "object", [
      credential("Key-1", der, { startDateTime, endDateTime }),
    ]);
    const { validToDate } = new X509Certificate(pem);
    const inputs = {
      applicationId: "/applications/object",
      encoding: "pem",
      endDate: `${validToDate.toISOString().slice(0, 19)}Z`,
      keyId: "Key-1",
      type: "AsymmetricX509Cert",
      value: pem,
    };
    expect(found).toStrictEqual({
      leftover: {
        component: "exchange",
        kind: "keyCredential",
        id: "object/Key-1",
        title: "certificate Key-1 on the application, until 2027-01-01 00:00 UTC",
        action: "import",
        urn: declared.urn,
      },
      importId: "object/certificate/Key-1",
      properties: { inputs, outputs: { ...inputs, startDate: "2026-01-02T03:04:05Z" } },
    });
  });

  test("begins with its certificate where Graph does not say when", () => {
    const [found] = findKeyCredentials(parts([certificate, keyId, made]), "object", [credential("Key-1")]);
    const { validFromDate } = new X509Certificate(pem);
    expect(found?.leftover.note).toBe(
      "the settings do not declare it, so the next `pulumi up` removes it. To keep it, declare its generation first",
    );
    expect(found?.properties?.outputs["startDate"]).toBe(`${validFromDate.toISOString().slice(0, 19)}Z`);
    expect(found?.resource).toMatchObject({
      type: childTypes.applicationCertificate,
      custom: true,
      parent: certificate.urn,
      delete: false,
    });
  });

  test("is one that only the AppCertificate above it has", () => {
    const above = { ...certificate, outputs: { keyId: "Key-1" } };
    const found = findKeyCredentials(parts([above, keyId, made]), "object", [credential("Key-1")]);
    expect(found.map(({ leftover }) => leftover.action)).toEqual(["import"]);
  });

  test("is not one that the state has", () => {
    const inState = known(
      childTypes.applicationCertificate,
      "exchange-cert-1",
      { keyId: "Key-1" },
      component,
    );
    expect(
      findKeyCredentials(parts([certificate, keyId, made, inState]), "object", [credential("Key-1")]),
    ).toEqual([]);
  });
});

test("what is expected of an application is what its component has, and wants", () => {
  const principal = known(childTypes.servicePrincipal, "exchange", { objectId: "principal" }, component);
  const plan = [
    planned(childTypes.application, "exchange", { owners: ["owner"] }),
    planned(childTypes.application, "other", { owners: "unknown" }),
    consent("Resource", "Role"),
    consent(unknownText, "Later"),
    role("principal", "Role-1"),
    role(unknownText, "Role-2"),
    role("user", "Role-3"),
  ];
  expect(
    expectedOf(parts([certificate, keyId, made, principal], plan), { clientId: "c", objectId: "o" }),
  ).toEqual({
    deployerClientId: "c",
    deployerObjectId: "o",
    owners: ["owner"],
    keys: new Set([`key-1 ${sha256}`]),
    permissions: new Set(["resource role", " later"]),
    federated: new Set(),
    roles: new Set(["role-1", "role-2"]),
  });
});

function consent(resourceObjectId: unknown, appRoleId: string): StackResource {
  return planned(childTypes.appRoleAssignment, appRoleId, { resourceObjectId, appRoleId });
}

function role(principalObjectId: unknown, roleId: string): StackResource {
  return planned(childTypes.directoryRoleAssignment, roleId, { principalObjectId, roleId });
}
