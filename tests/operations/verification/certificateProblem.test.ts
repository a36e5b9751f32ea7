import { expect, test } from "vitest";

import { certificateProblem } from "../../../operations/verification/certificateProblem.ts";

const certificate = {
  thumbprint: "AB",
  thumbprintSha256: "CD",
  derBase64: "",
  commonName: "x",
  notBefore: "2026-01-01T00:00:00Z",
  notAfter: "2026-12-31T00:00:00Z",
};

function problemAt(time: string) {
  return certificateProblem(certificate, new Date(time));
}

test("a certificate is of use from its first moment to its last", () => {
  expect(problemAt("2026-01-01T00:00:00Z")).toBeUndefined();
  expect(problemAt("2026-12-31T00:00:00Z")).toBeUndefined();
});

test("after it the certificate stays useless", () => {
  expect(problemAt("2026-12-31T00:00:01Z")).toEqual({
    cause: "certificateExpired",
    message: "The certificate AB expired at 2026-12-31 00:00 UTC.",
    remedy:
      "Add a generation, as docs/rotation.md shows, run `pulumi up`, and bring the new certificate to the host.",
    passing: false,
  });
});

test("before it a wait helps", () => {
  expect(problemAt("2025-12-31T23:59:59Z")).toEqual({
    cause: "certificateNotYetValid",
    message:
      "The certificate AB begins at 2026-01-01 00:00 UTC, but this machine's clock reads 2025-12-31 23:59 UTC.",
    remedy: "Correct this machine's clock, or wait.",
    passing: true,
  });
});
