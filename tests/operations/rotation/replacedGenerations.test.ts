import { expect, test } from "vitest";

import { type CertificateOf, requireKept } from "../../../operations/rotation/replacedGenerations.ts";

const now = new Date("2026-11-28T00:00:00Z");

test("a certificate that an update replaced, although its generation stays", () => {
  expect(() =>
    requireKept([generation("1", "A1"), generation("2", "B2")], [generation("2", "C3")], now),
  ).toThrow(
    expect.objectContaining({
      code: "EXO_AUTH_CERTIFICATE",
      message:
        "The update replaced the certificate of generation \"2\", B2, by C3. A generation keeps its certificate, so somebody changed the state, and may have put their own key into it. Run `exo-auth revoke --generation '2' --yes`, compare the state with an older version, and find out who can write it.",
    }),
  );
});

test.each([
  ["one that stays", generation("1", "A1"), [generation("1", "A1")]],
  ["one that leaves", generation("1", "A1"), []],
  ["one that joins", generation("1", "A1"), [generation("1", "A1"), generation("2", "B2")]],
  [
    "one that the program gives",
    generation("1", "A1"),
    [{ ...generation("1", "B2"), privateKeyPem: undefined }],
  ],
  ["one that had ended", generation("1", "A1", "2026-11-28T00:00:00Z"), [generation("1", "B2")]],
])("%s is none", (_name, before, after) => {
  expect(() => requireKept([before], after, now)).not.toThrow();
});

function generation(
  name: string,
  thumbprint: string,
  certificateNotAfter = "2027-10-01T00:00:00Z",
): CertificateOf {
  return { generation: name, thumbprint, certificateNotAfter, privateKeyPem: "made here" };
}
