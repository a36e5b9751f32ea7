import { expect, test } from "vitest";
import { generationsOfKey, stolenGeneration } from "../../../operations/rotation/stolenKey.ts";
import type { Generation } from "../../../stack/components.ts";
import { makeCertificate } from "../../graph/testCertificate.ts";

function generation(name: string, certificatePem: string): Generation {
  return {
    generation: name,
    keyId: `key-${name}`,
    certificatePem,
    thumbprint: name,
    certificateThumbprintSha256: name,
    certificateNotBefore: "2026-11-02T00:00:00Z",
    certificateNotAfter: "2027-11-01T00:00:00Z",
    certificateDerBase64: "",
  };
}

test("a certificate that was renewed with its key goes with the one before, and no other does", async () => {
  const first = await makeCertificate();
  const later = new Date(Date.now() + 60 * 86_400_000);
  const [renewed, other] = await Promise.all([makeCertificate(new Date(), later, first), makeCertificate()]);
  const generations = [
    generation("a", first.certificatePem),
    generation("b", renewed.certificatePem),
    generation("c", other.certificatePem),
  ] as const;
  expect(generationsOfKey(stolenGeneration(generations[0]), generations)).toEqual(["a", "b"]);
  expect(generationsOfKey(stolenGeneration(generations[1]), generations)).toEqual(["b", "a"]);
  expect(generationsOfKey(stolenGeneration(generations[2]), generations)).toEqual(["c"]);
});

test("of a certificate that cannot be read, no other is known to have the key", () => {
  const generations = [generation("a", "unreadable"), generation("b", "unreadable")] as const;
  expect(generationsOfKey(stolenGeneration(generations[0]), generations)).toEqual(["a"]);
});
