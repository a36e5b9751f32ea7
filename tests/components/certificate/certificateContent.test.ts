import { X509Certificate } from "node:crypto";

import { beforeAll, describe, expect, test } from "vitest";

import { certificateContent } from "../../../components/certificate/certificateContent.ts";
import { makeKeyPair } from "../mocks.ts";

let pem: string;
let der: Buffer;
beforeAll(() => {
  pem = makeKeyPair("/CN=content", 300).certificatePem;
  der = new X509Certificate(pem).raw;
});

const nothing = { certificates: [], holdsPrivateKey: false, others: [] };
const strange = { ...nothing, others: ["something that is not a certificate"] };
const key = { ...nothing, holdsPrivateKey: true };

function base64(hex: string): string {
  return Buffer.from(hex, "hex").toString("base64");
}

describe("is none", () => {
  test.each(["", " ", "=", "MAA!", "!MAA", "MAA===", "MA=A", "\uFEFF"])("%j", (text) => {
    expect(certificateContent(text)).toBeUndefined();
  });

  test("what is no sequence, alone or after one", () => {
    expect(certificateContent(base64("0500"))).toBeUndefined();
    expect(certificateContent(base64("30000500"))).toBeUndefined();
  });

  test("a certificate with a mark inside of it", () => {
    expect(certificateContent(`${pem.slice(0, 60)}\uFEFF${pem.slice(60)}`)).toEqual(certificateContent(pem));
    expect(certificateContent(`MA\uFEFFA`)).toEqual(strange);
  });

  test("Base64 with a quote or a mark inside of it", () => {
    const text = der.toString("base64");
    for (const [start, end] of [
      ["", '"'],
      ['"', ""],
      ['cer:"', '"'],
    ] as const)
      expect(certificateContent(`${start}${text}${end}`)).toBeUndefined();
    const [first, second] = [text.slice(0, 400), text.slice(400)];
    for (const broken of [`${first}"${second}"`, `"${first}"${second}`, `${first}\uFFFD${second}`])
      expect(certificateContent(broken)).toBeUndefined();
  });

  test("a trusted certificate with nothing in it", () => {
    expect(
      certificateContent("-----BEGIN TRUSTED CERTIFICATE-----\n-----END TRUSTED CERTIFICATE-----"),
    ).toBeUndefined();
  });

  test("a block that is nothing, beside a certificate", () => {
    expect(certificateContent(`${pem}-----BEGIN THING-----\nBQA=\n-----END THING-----`)).toBeUndefined();
  });
});

describe("tells what a sequence is by its first elements", () => {
  test.each([
    ["an empty one", "3000", strange],
    ["a number first: a key", "3003020101", key],
    ["a sequence and octets: an encrypted key", "30053000040100", key],
    ["a sequence and something else", "300430000500", strange],
    ["a sequence alone", "30023000", strange],
    ["octets alone", "3003040100", strange],
    ["a name and octets: an extension", "300a06035504030403010203", strange],
    ["another content type", "300d06092a864886f70d010701a000", strange],
    ["signed data without anything", "300d06092a864886f70d010702a000", strange],
    ["signed data without certificates", "301306092a864886f70d010702a0063004a0000500", strange],
  ])("%s", (_, hex, content) => {
    expect(certificateContent(base64(hex))).toEqual(content);
  });
});

test("Base64 may be the one for addresses, and broken into lines", () => {
  const text = der.toString("base64url").replaceAll(/(.{60})/g, "$1\r\n");
  expect(certificateContent(text)).toEqual({ ...nothing, certificates: [der] });
});

test("Base64 in quotes, at an end without a line break, and after two marks", () => {
  const text = der.toString("base64");
  expect(certificateContent(`"${text}"`)).toEqual({ ...nothing, certificates: [der] });
  expect(certificateContent(`\uFFFD\uFFFD${text}`)).toEqual({ ...nothing, certificates: [der] });
});

test("signed data is what its content type says, and has a certificate", () => {
  const signedData = "06092a864886f70d010702";
  expect(certificateContent(signed(signedData, der))).toEqual({ ...nothing, certificates: [der] });
  expect(certificateContent(signed(signedData, Buffer.alloc(0)))).toEqual(strange);
  expect(certificateContent(signed("06092a864886f70d010703", der))).toEqual(strange);
});

/** Signed data in Base64, of a content type in hexadecimal digits. */
function signed(type: string, certificates: Buffer): string {
  const parts = [
    Buffer.from("0201013100300b06092a864886f70d010701", "hex"),
    wrapped("a0", certificates),
    Buffer.from("3100", "hex"),
  ];
  const content = wrapped("a0", wrapped("30", Buffer.concat(parts)));
  return wrapped("30", Buffer.concat([Buffer.from(type, "hex"), content])).toString("base64");
}

/** A DER element: its tag, in hexadecimal digits, its length and its content. */
function wrapped(tag: string, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from(tag, "hex"), lengthOf(content), content]);
}

function lengthOf({ length }: Buffer): Buffer {
  return length < 128 ? Buffer.from([length]) : Buffer.from([0x82, length >> 8, length & 255]);
}

test("next to a certificate, words and fingerprints are no data", () => {
  expect(certificateContent(`${"A".repeat(128)}\n${pem}`)).toEqual({ ...nothing, certificates: [der] });
  expect(certificateContent(`${"A".repeat(129)}\n${pem}`)?.others).toEqual([
    "data next to its PEM, which can be a private key",
  ]);
});

test("a key's label is enough, in a block or not", () => {
  const block = "-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n";
  expect(certificateContent(block)).toEqual(key);
  expect(certificateContent(pem + block)).toEqual({ ...key, certificates: [der] });
  expect(certificateContent(`${pem}-----BEGIN PRIVATE KEY-----`)).toEqual(key);
});
