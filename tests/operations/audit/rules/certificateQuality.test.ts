import { X509Certificate } from "node:crypto";

import { expect, test } from "vitest";

import { nothingElse, observedFrom, declared, objects, untouchedBodies } from "../sampleAccess.ts";
import { compareAccess } from "../../../../operations/audit/compareAccess.ts";
import { makeCertificate } from "../../../graph/testCertificate.ts";

const now = new Date("2026-11-23T09:00:00Z");
const days = (count: number): Date => new Date(now.getTime() + count * 86_400_000);

/** What the rules find of certificates that are on the application, or on the service principal. */
async function qualityOf(
  holder: "application" | "servicePrincipal",
  ...certificates: readonly { readonly certificatePem: string | Buffer }[]
): Promise<{ readonly found: readonly string[]; readonly ids: readonly string[] }> {
  const bodies = untouchedBodies();
  const body = bodies[holder] as { keyCredentials: unknown[] };
  const added = certificates.map(({ certificatePem }, index) => ({
    keyId: `added-${index}`,
    type: "AsymmetricX509Cert",
    usage: "Verify",
    key: new X509Certificate(certificatePem).raw.toString("base64"),
  }));
  const observed = await observedFrom({
    ...bodies,
    [holder]: { ...body, keyCredentials: [...body.keyCredentials, ...added] },
  });
  const { section, removals } = compareAccess({
    name: "exchange",
    objects,
    declared: declared(),
    observed,
    ...nothingElse,
    graphUrl: "https://graph.microsoft.com",
    now,
  });
  const findings = section.findings.filter(({ id }) => /-CERTIFICATE-(WEAK|LONG|EXPIRED)$/.test(id));
  expect(findings.filter((finding) => removals.has(finding))).toEqual([]);
  return {
    ids: findings.map(({ id, severity }) => `${severity} ${id}`),
    found: findings.map(({ subject, found }) => found.replace(subject, "…")),
  };
}

test.each(["application", "servicePrincipal"] as const)("a weak certificate on the %s", async (holder) => {
  const sha1 = await makeCertificate(days(-1), days(300), { hash: "SHA-1" });
  expect(await qualityOf(holder, sha1)).toEqual({
    ids: ["medium EXO-AUDIT-CERTIFICATE-WEAK"],
    found: ["SHA-256 … is signed with SHA-1, which can be forged"],
  });
});

test("a short key", async () => {
  expect(
    await qualityOf("application", await makeCertificate(days(-1), days(300), { modulusLength: 1024 })),
  ).toEqual({
    ids: ["medium EXO-AUDIT-CERTIFICATE-WEAK"],
    found: ["SHA-256 … has an RSA key of 1024 bits, but Entra refuses a sign-in with fewer than 2048"],
  });
});

test("a lifetime: 365 days pass, 366 do not", async () => {
  const allowed = await makeCertificate(days(-1), days(364));
  const long = await makeCertificate(days(-1), days(365));
  expect(await qualityOf("application", allowed, long)).toEqual({
    ids: ["low EXO-AUDIT-CERTIFICATE-LONG"],
    found: [
      "SHA-256 … is valid for 366 days. CISA's policy MS.AAD.5.7 asks for less than 365 days, and a tenant's policy can refuse more",
    ],
  });
});

test.each([
  ["one that ends just now", now, "2026-11-23 09:00 UTC"],
  ["one that has ended", days(-1), "2026-11-22 09:00 UTC"],
])("%s signs in no more: only that is found", async (_name, end, time) => {
  const ended = await makeCertificate(days(-800), end, { hash: "SHA-1" });
  for (const holder of ["application", "servicePrincipal"] as const)
    expect(await qualityOf(holder, ended)).toEqual({
      ids: ["low EXO-AUDIT-CERTIFICATE-EXPIRED"],
      found: [`SHA-256 … ended on ${time}`],
    });
});

test("a key that nobody can read does not end the audit", async () => {
  const { certificatePem } = await makeCertificate(days(-1), days(300));
  const der = Buffer.from(new X509Certificate(certificatePem).raw);
  // The key's algorithm, rsaEncryption, becomes one that does not exist.
  const algorithm = Buffer.from("2a864886f70d010101", "hex");
  der[der.indexOf(algorithm) + algorithm.length - 1] = 0x63;
  expect(await qualityOf("application", { certificatePem: der })).toEqual({
    ids: ["medium EXO-AUDIT-CERTIFICATE-WEAK"],
    found: ["SHA-256 … has a public key that cannot be read"],
  });
});
