import { X509Certificate } from "node:crypto";
import { expect, test } from "vitest";

import { compareAccess } from "../../../../operations/audit/compareAccess.ts";
import { makeCertificate } from "../../../graph/testCertificate.ts";
import { declared, nothingElse, objects, observedFrom, untouchedBodies } from "../sampleAccess.ts";

test("a declared certificate with another one beside it, under its own keyId, is found and not taken for it", async () => {
  const { certificatePem } = await makeCertificate();
  const body = untouchedBodies().application as { keyCredentials: { key: string; keyId: string }[] };
  const [first, ...others] = body.keyCredentials;
  const both = new X509Certificate(Buffer.from(first!.key, "base64")).toString() + certificatePem;
  const key = Buffer.from(both).toString("base64");
  const application = { ...body, keyCredentials: [{ ...first, key }, ...others] };
  const { section } = compareAccess({
    name: "exchange",
    objects,
    declared: declared(),
    observed: await observedFrom({ ...untouchedBodies(), application }),
    ...nothingElse,
    graphUrl: "https://graph.microsoft.com",
    now: new Date("2026-11-23T09:00:00Z"),
  });
  expect(section.findings.map(({ id, subject }) => [id, subject.slice(0, 11)])).toEqual([
    ["EXO-AUDIT-APPLICATION-CERTIFICATE", "KEYID KEY-0"],
    ["EXO-AUDIT-CERTIFICATE-MISSING", expect.any(String)],
  ]);
  expect(section.findings[0]?.found).toMatch(/^more than a certificate, /);
});
