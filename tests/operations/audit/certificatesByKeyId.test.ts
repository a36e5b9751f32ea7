import { beforeAll, expect, test } from "vitest";
import { certificateSha256 } from "../../../common/certificate.ts";
import { unknownText } from "../../../common/pulumiSignatures.ts";
import { childTypes } from "../../../common/typeTokens.ts";
import { certificatesByKeyId } from "../../../operations/audit/certificatesByKeyId.ts";
import type { StackResource } from "../../../stack/resource.ts";
import { makeCertificate } from "../../graph/testCertificate.ts";
import { planned } from "../repair/stack.ts";

let certPem: string;
beforeAll(async () => {
  certPem = (await makeCertificate()).certificatePem;
});

function certificate(changes: Partial<StackResource> = {}): StackResource {
  return { ...planned(childTypes.selfSignedCert, "cert"), id: "serial", outputs: { certPem }, ...changes };
}

function keyId(keepers: unknown, changes: Partial<StackResource> = {}): StackResource {
  const resource = planned(childTypes.randomUuid, "cert-key-id", { keepers });
  return { ...resource, outputs: { result: "key" }, ...changes };
}

test("a key ID is that of the certificate that it was made for, here or elsewhere", () => {
  expect(certificatesByKeyId([certificate(), keyId({ certificateId: "serial" })])).toEqual(
    new Map([["key", certificateSha256(certPem)]]),
  );
  expect(certificatesByKeyId([keyId({ certificateSha256: "AB" })])).toEqual(new Map([["key", "ab"]]));
});

test.each<[string, () => readonly StackResource[]]>([
  ["of another certificate", () => [certificate(), keyId({ certificateId: "other" })]],
  ["of nothing", () => [certificate({ id: "" }), keyId({})].slice(1)],
  ["without keepers", () => [certificate(), keyId(undefined)]],
  ["that is not known yet", () => [keyId({ certificateSha256: "ab" }, { outputs: { result: unknownText } })]],
  [
    "of a certificate that is not known yet",
    () => [certificate({ outputs: { certPem: unknownText } }), keyId({ certificateId: "serial" })],
  ],
  ["of nothing, next to a certificate without an id", () => [withoutId(certificate()), keyId({})]],
  ["of a certificate without an id", () => [withoutId(certificate()), keyId({ certificateId: "undefined" })]],
  [
    "of something else with such outputs",
    () => [certificate({ type: childTypes.privateKey }), keyId({ certificateId: "serial" })],
  ],
  ["that is something else", () => [keyId({ certificateSha256: "ab" }, { type: childTypes.randomPassword })]],
])("a key ID %s tells nothing", (_, resources) => {
  expect(certificatesByKeyId(resources())).toEqual(new Map());
});

function withoutId(resource: StackResource): StackResource {
  const { id: _, ...others } = resource;
  return others;
}
