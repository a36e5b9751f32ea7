import { X509Certificate } from "node:crypto";
import { expect, test } from "vitest";

import { compareAccess } from "../../../../operations/audit/compareAccess.ts";
import { makeCertificate } from "../../../graph/testCertificate.ts";
import {
  applicationWith,
  auditSample,
  declared,
  nothingElse,
  objects,
  observedFrom,
  untouchedBodies,
} from "../sampleAccess.ts";

test("the acceptance of a key that is no certificate ends when its bytes change under its keyId", async () => {
  const { keyCredentials } = untouchedBodies().application;
  const subjectOf = async (bytes: string): Promise<string | undefined> => {
    const key = Buffer.from(bytes).toString("base64");
    const planted = { keyId: "key-9", type: "AsymmetricX509Cert", usage: "Verify", key };
    const { section } = await auditSample(applicationWith({ keyCredentials: [...keyCredentials, planted] }));
    return section.findings[0]?.subject;
  };
  const accepted = await subjectOf("one");
  expect(accepted).toMatch(/^KEYID KEY-9 [0-9a-f]{32}$/);
  expect(await subjectOf("one")).toBe(accepted);
  expect(await subjectOf("another")).not.toBe(accepted);
});

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
