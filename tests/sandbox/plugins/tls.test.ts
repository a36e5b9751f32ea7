import { createHash, createPrivateKey, createPublicKey, X509Certificate } from "node:crypto";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import { tls } from "../../../sandbox/plugins/tls/plugin.ts";
import { Hand, textIn, type Kept } from "./hand.ts";
import { startPlugin, type PluginClient } from "./pluginClient.ts";
import type { JsonObject } from "./recordings.ts";

const keyType = "tls:index/privateKey:PrivateKey";
const certificateType = "tls:index/selfSignedCert:SelfSignedCert";
const nanoseconds = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/;
const hourMs = 3_600_000;

let client: PluginClient;
let hand: Hand;
let key: Kept;
beforeAll(async () => {
  client = await startPlugin(tls, {});
  hand = new Hand(client);
  key = await hand.create(keyType, { algorithm: "RSA" });
});
afterEach(() => {
  delete process.env["SANDBOX_TIME"];
});
afterAll(() => client.close());

describe("a private key", () => {
  it("is an RSA key of 2048 bits by default, in several notations", () => {
    const pem = textIn(key.state, "privateKeyPem");
    const publicKey = createPublicKey(pem);
    expect(publicKey.asymmetricKeyDetails).toEqual({ modulusLength: 2048, publicExponent: 65_537n });
    expect(pem).toMatch(/^-----BEGIN RSA PRIVATE KEY-----\n/);
    expect(textIn(key.state, "privateKeyPemPkcs8")).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
    expect(textIn(key.state, "privateKeyOpenssh")).toMatch(/^-----BEGIN OPENSSH PRIVATE KEY-----\n/);
    expect(key.state["publicKeyPem"]).toBe(publicKey.export({ type: "spki", format: "pem" }));
    const der = publicKey.export({ type: "spki", format: "der" });
    expect(key.id).toBe(createHash("sha1").update(der).digest("hex"));
  });

  it("has the fingerprints of its OpenSSH form", () => {
    const [kind, base64 = ""] = textIn(key.state, "publicKeyOpenssh").trim().split(" ");
    const bytes = Buffer.from(base64, "base64");
    expect(kind).toBe("ssh-rsa");
    const sha256 = createHash("sha256").update(bytes).digest("base64").replace("=", "");
    expect(key.state["publicKeyFingerprintSha256"]).toBe(`SHA256:${sha256}`);
    const md5 = createHash("md5").update(bytes).digest("hex");
    expect(textIn(key.state, "publicKeyFingerprintMd5").replaceAll(":", "")).toBe(md5);
    expect(key.state["publicKeyFingerprintMd5"]).toMatch(/^([0-9a-f]{2}:){15}[0-9a-f]{2}$/);
  });

  it("is of the size asked for, and replaced for another one", async () => {
    const small = await hand.create(keyType, { algorithm: "RSA", rsaBits: 1024 });
    const { asymmetricKeyDetails } = createPublicKey(textIn(small.state, "publicKeyPem"));
    expect(asymmetricKeyDetails?.modulusLength).toBe(1024);
    const verdict = await hand.diff(small, { algorithm: "RSA", rsaBits: 2048 });
    expect(verdict.replaces).toEqual(["rsaBits"]);
  });

  it("is no weak one", async () => {
    await expect(hand.create(keyType, { algorithm: "RSA", rsaBits: 512 })).rejects.toThrow(
      "512-bit keys are insecure",
    );
  });

  it("cannot be imported", async () => {
    await expect(hand.import(keyType, "x")).rejects.toThrow(/import/i);
  });
});

describe("a certificate", () => {
  it("is one that anybody can check", async () => {
    process.env["SANDBOX_TIME"] = "2027-01-02T03:04:05.678Z";
    const { id, state } = await hand.create(certificateType, inputs());
    const certificate = new X509Certificate(textIn(state, "certPem"));
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.checkPrivateKey(createPrivateKey(textIn(key.state, "privateKeyPem")))).toBe(true);
    expect(certificate.subject).toBe("O=Contoso\nCN=Jobs");
    expect(certificate.issuer).toBe(certificate.subject);
    expect(certificate.ca).toBe(false);
    expect(certificate.validFrom).toBe("Jan  2 03:04:05 2027 GMT");
    expect(certificate.validTo).toBe("Jan  3 03:04:05 2027 GMT");
    expect(BigInt(`0x${certificate.serialNumber}`)).toBe(BigInt(id));
    expect(state["readyForRenewal"]).toBe(false);
    expect(state["keyAlgorithm"]).toBe("RSA");
  });

  it("has times to the nanosecond beside it, which it does not hold itself", async () => {
    process.env["SANDBOX_TIME"] = "2027-01-02T03:04:05.678Z";
    const { state } = await hand.create(certificateType, inputs());
    expect(state["validityStartTime"]).toMatch(nanoseconds);
    expect(state["validityStartTime"]).toMatch(/^2027-01-02T03:04:05\.678/);
    expect(state["validityEndTime"]).toMatch(nanoseconds);
    expect(state["validityEndTime"]).toMatch(/^2027-01-03T03:04:05\.678/);
  });

  it("may name hosts", async () => {
    const names = { dnsNames: ["a.example"], ipAddresses: ["10.1.2.3"], uris: ["https://a.example/b"] };
    const { state } = await hand.create(certificateType, { ...inputs(), ...names });
    const { subjectAltName } = new X509Certificate(textIn(state, "certPem"));
    expect(subjectAltName).toBe("DNS:a.example, IP Address:10.1.2.3, URI:https://a.example/b");
  });

  it("may be an authority's", async () => {
    const { state } = await hand.create(certificateType, {
      ...inputs(),
      allowedUses: ["cert_signing"],
      isCaCertificate: true,
      setSubjectKeyId: true,
      setAuthorityKeyId: true,
    });
    expect(new X509Certificate(textIn(state, "certPem")).ca).toBe(true);
  });

  it("tells that it is due, and is replaced then", async () => {
    const made = await hand.create(certificateType, inputs({ earlyRenewalHours: 6 }));
    at(made, 17);
    expect((await hand.refresh(made))?.state["readyForRenewal"]).toBe(false);
    expect((await hand.diff(made, made.inputs)).changes).toBe("DIFF_NONE");
    at(made, 18.5);
    const refreshed = await hand.refresh(made);
    expect(refreshed?.state["readyForRenewal"]).toBe(true);
    expect((await hand.diff(made, made.inputs)).replaces).toEqual(["readyForRenewal"]);
    expect((await hand.diff(refreshed as Kept, made.inputs)).replaces).toEqual(["readyForRenewal"]);
  });

  it("is replaced once it is due though the user ignores every change", async () => {
    const made = await hand.create(certificateType, inputs());
    at(made, 25);
    const ignored = ["*", ...Object.keys(made.state)];
    const verdict = await hand.diff(made, inputs({ validityPeriodHours: 48 }), ignored);
    expect(verdict.replaces).toEqual(["readyForRenewal"]);
  });

  it("is replaced for other contents, and updated for another time of renewal", async () => {
    const made = await hand.create(certificateType, inputs());
    const longer = await hand.diff(made, inputs({ validityPeriodHours: 48 }));
    expect(longer.replaces).toEqual(["validityPeriodHours"]);
    const earlier = inputs({ earlyRenewalHours: 2 });
    const verdict = await hand.diff(made, earlier);
    expect(verdict).toMatchObject({ changes: "DIFF_SOME", diffs: ["earlyRenewalHours"] });
    expect(verdict.replaces).toBeUndefined();
    const updated = await hand.update(made, earlier);
    expect(updated.state["certPem"]).toBe(made.state["certPem"]);
    expect(updated.state["earlyRenewalHours"]).toBe(2);
  });

  it("is not made with a key that is none", async () => {
    await expect(hand.create(certificateType, { ...inputs(), privateKeyPem: "no key" })).rejects.toThrow(
      /key/i,
    );
  });

  it("is valid as long as asked for, whatever the time", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.date({ min: new Date("1990-01-01"), max: new Date("2100-01-01"), noInvalidDate: true }),
        fc.integer({ min: 1, max: 100_000 }),
        async (now, validityPeriodHours) => {
          process.env["SANDBOX_TIME"] = now.toISOString();
          const { state } = await hand.create(certificateType, inputs({ validityPeriodHours }));
          const { validFromDate, validToDate } = new X509Certificate(textIn(state, "certPem"));
          expect(validToDate.getTime() - validFromDate.getTime()).toBe(validityPeriodHours * hourMs);
          expect(validFromDate.getTime()).toBe(Math.floor(now.getTime() / 1000) * 1000);
        },
      ),
      { numRuns: 25, seed: 20_261_123 },
    );
  });

  it("refuses a clock that shows no time", async () => {
    process.env["SANDBOX_TIME"] = "tomorrow";
    await expect(hand.create(certificateType, inputs())).rejects.toThrow("SANDBOX_TIME is no ISO 8601 time");
  });
});

function inputs(others: JsonObject = {}): JsonObject {
  return {
    allowedUses: ["digital_signature", "client_auth"],
    privateKeyPem: textIn(key.state, "privateKeyPem"),
    subject: { commonName: "Jobs", organization: "Contoso" },
    validityPeriodHours: 24,
    ...others,
  };
}

/** Sets the clock to so many hours after the certificate was made. */
function at({ state }: Kept, hours: number): void {
  const start = Date.parse(textIn(state, "validityStartTime"));
  process.env["SANDBOX_TIME"] = new Date(start + hours * hourMs).toISOString();
}
