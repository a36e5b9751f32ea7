import { X509Certificate } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import type { KeyCredential } from "../../../graph/objects.ts";
import { adoptedGenerations } from "../../../operations/adoption/adoptedGenerations.ts";
import { makeKeyPair } from "../../components/mocks.ts";
import { makeCertificate } from "../../graph/testCertificate.ts";
import { foundApplication } from "./foundApplication.ts";

const now = new Date("2026-11-23T09:00:00Z");
const day = 86_400_000;
const inDays = (count: number): Date => new Date(now.getTime() + count * day);
const choice = "accept it in .exo-auth, or remove it when nothing uses it";

/** The Base64 of the DER of certificates, by when they are valid. */
const certificates = new Map<string, string>();
beforeAll(async () => {
  const validities = {
    short: [-1, 10],
    long: [-1, 300],
    ended: [-300, -1],
    "ends now": [-300, 0],
    "starts now": [0, 20],
    later: [1, 400],
  } as const;
  for (const [name, [from, to]] of Object.entries(validities))
    certificates.set(name, base64(await makeCertificate(inDays(from), inDays(to))));
  certificates.set("weak", base64(await makeCertificate(inDays(-1), inDays(30), { modulusLength: 1024 })));
});

function base64({ certificatePem }: { readonly certificatePem: string }): string {
  return new X509Certificate(certificatePem).raw.toString("base64");
}

/** A key credential with one of the certificates, whose key ID begins with its name. */
function credential(name: string, changes: Partial<KeyCredential> = {}): KeyCredential {
  const keyId = `${name.replace(" ", "").toUpperCase().padEnd(8, "0")}-0000-4000-8000-000000000000`;
  return { keyId, type: "AsymmetricX509Cert", usage: "Verify", key: certificates.get(name), ...changes };
}

function adopt(...keyCredentials: readonly KeyCredential[]) {
  return adoptedGenerations(foundApplication({ keyCredentials }), now);
}

test("valid certificates come first, and of these the one that lasts longest", () => {
  const order = ["ended", "short", "later", "starts now", "ends now", "long"];
  const { generations, undeclared } = adopt(...order.map((name) => credential(name)));
  expect(generations.map(({ name }) => name)).toEqual([
    "adopted-long0000",
    "adopted-startsno",
    "adopted-short000",
    "adopted-later000",
    "adopted-endsnow0",
    "adopted-ended000",
  ]);
  expect(generations[0]).toStrictEqual({
    name: "adopted-long0000",
    publicCertificate: certificates.get("long"),
  });
  expect(undeclared).toEqual([]);
});

test("where none is valid, a new certificate comes first; where there is none at all, nothing is declared", () => {
  expect(adopt(credential("ended")).generations.map(({ name }) => name)).toEqual(["1", "adopted-ended000"]);
  expect(adopt()).toEqual({ generations: [], undeclared: [] });
});

test("a weak certificate is accepted by its digest", () => {
  const key = certificates.get("weak") ?? "";
  const sha256 = new X509Certificate(Buffer.from(key, "base64")).fingerprint256.replaceAll(":", "");
  expect(adopt(credential("weak")).generations).toEqual([
    { name: "adopted-weak0000", publicCertificate: key, acceptedSha256: sha256 },
  ]);
});

test("bytes that are the Base64 of a PEM are taken for the certificate that they are", async () => {
  const made = await makeCertificate(inDays(-1), inDays(30));
  const key = Buffer.from(made.certificatePem).toString("base64");
  expect(adopt(credential("long", { key })).generations[0]?.publicCertificate).toBe(base64(made));
});

test.each<[string, Partial<KeyCredential>, string]>([
  ["type", { type: "Symmetric" }, "which does not sign in (Symmetric, Verify)"],
  ["usage", { usage: "Sign" }, "which does not sign in (AsymmetricX509Cert, Sign)"],
  ["both", { type: null, usage: null }, "which does not sign in (no type, no usage)"],
  ["no bytes", { key: null }, "whose bytes Microsoft Graph did not give"],
  ["no certificate", { key: "MAA=" }, "whose bytes Microsoft Graph did not give"],
])("a certificate that cannot be declared, by its %s, is shown", (_, changes, reason) => {
  const one = credential("long", changes);
  expect(adopt(one)).toEqual({
    generations: [],
    undeclared: [{ title: `certificate ${one.keyId} on the application, ${reason}`, choice }],
  });
});

test("a certificate whose key Exchange does not accept cannot be declared", () => {
  const { certificatePem } = makeKeyPair("/CN=ec", 300, ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"]);
  const one = credential("long", { key: base64({ certificatePem }) });
  expect(adopt(one)).toEqual({
    generations: [],
    undeclared: [
      {
        title: expect.stringMatching(
          /^certificate LONG0000-.* on the application, which must have an RSA key, /,
        ),
        choice,
      },
    ],
  });
});

test("a certificate without a key ID cannot be declared", () => {
  expect(adopt(credential("long", { keyId: "none" })).generations).toEqual([]);
});

test("Entra's end must be the certificate's, to the second", () => {
  const end = inDays(300).toISOString();
  expect(adopt(credential("long", { endDateTime: end })).undeclared).toEqual([]);
  expect(adopt(credential("long", { endDateTime: end.replace(".000Z", ".9Z") })).undeclared).toEqual([]);
  const earlier = credential("long", { endDateTime: inDays(100).toISOString() });
  expect(adopt(earlier)).toEqual({
    generations: [],
    undeclared: [
      {
        title: `certificate ${earlier.keyId} on the application, whose end in Entra (2027-03-03 09:00 UTC) is not that of the certificate (2027-09-19 09:00 UTC)`,
        choice,
      },
    ],
  });
});

test("secrets and the service principal's certificates are shown, each with what to do", () => {
  const secret = { keyId: "s", displayName: null, endDateTime: null };
  const passwordCredentials = [
    secret,
    { keyId: "t", displayName: "Job", endDateTime: "2027-01-01T00:00:00Z" },
  ];
  const found = foundApplication(
    {},
    {
      application: { passwordCredentials },
      servicePrincipal: { passwordCredentials: [secret], keyCredentials: [{ keyId: "k" }] },
    },
  );
  const { undeclared } = adoptedGenerations(found, now);
  expect(undeclared.map(({ title }) => title)).toEqual([
    'secret "unnamed" (s) on the application, without an end',
    'secret "Job" (t) on the application, until 2027-01-01 00:00 UTC',
    'secret "unnamed" (s) on the service principal, without an end',
    "certificate k on the service principal",
  ]);
  expect(undeclared.map((one) => one.choice)).toEqual(Array.from({ length: 4 }, () => choice));
});

test("an application of another tenant has no secrets of its own here", () => {
  const { application: _, ...elsewhere } = foundApplication();
  expect(adoptedGenerations(elsewhere, now).undeclared).toEqual([]);
});
