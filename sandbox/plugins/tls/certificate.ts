import "reflect-metadata/lite";
import { createPrivateKey, createPublicKey, randomBytes, webcrypto, type KeyObject } from "node:crypto";

import * as x509 from "@peculiar/x509";

import { Diagnostic } from "../protocol/resource.ts";
import { isProperties, type Properties } from "../protocol/values.ts";
import { extendedKeyUsages, keyUsages } from "./usages.ts";

/** A certificate and its serial number in decimal. */
export interface IssuedCertificate {
  readonly serial: string;
  readonly certPem: string;
}

const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };

/** Makes a self-signed certificate, signed with SHA-256, as the inputs of `tls.SelfSignedCert` ask. */
export async function issueCertificate(
  inputs: Properties,
  notBefore: Date,
  notAfter: Date,
): Promise<IssuedCertificate> {
  const privateKey = parseKey(inputs["privateKeyPem"]);
  const keys = {
    privateKey: await imported(privateKey, "pkcs8", "sign"),
    publicKey: await imported(createPublicKey(privateKey), "spki", "verify"),
  };
  const serial = randomBytes(16);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serial.toString("hex"),
    name: new x509.Name(subjectOf(inputs)),
    notBefore,
    notAfter,
    signingAlgorithm: algorithm,
    keys,
    extensions: await extensionsOf(inputs, keys.publicKey),
  });
  const pem = certificate.toString("pem");
  return {
    serial: BigInt(`0x${serial.toString("hex")}`).toString(),
    certPem: pem.endsWith("\n") ? pem : `${pem}\n`,
  };
}

function parseKey(pem: unknown): KeyObject {
  const text = typeof pem === "string" ? pem : "";
  let key: KeyObject;
  try {
    key = createPrivateKey(text);
  } catch {
    const reason = `failed to decode PEM block: decoded bytes 0, undecoded ${text.length}`;
    throw new Diagnostic("Failed to parse private key PEM", reason);
  }
  if (key.asymmetricKeyType === "rsa") return key;
  throw new Diagnostic("The sandbox's tls plugin signs with RSA keys only.");
}

async function imported(
  key: KeyObject,
  type: "pkcs8" | "spki",
  usage: "sign" | "verify",
): Promise<webcrypto.CryptoKey> {
  const der = key.export({ type, format: "der" });
  return webcrypto.subtle.importKey(type, new Uint8Array(der), algorithm, true, [usage]);
}

/** Parts of a name in the order in which Go's x509 package writes them. */
function subjectOf(inputs: Properties): x509.JsonName {
  const subject = inputs["subject"];
  if (!isProperties(subject)) return [];
  const streets = subject["streetAddresses"];
  const parts: [string, unknown[]][] = [
    ["C", [subject["country"]]],
    ["O", [subject["organization"]]],
    ["OU", [subject["organizationalUnit"]]],
    ["L", [subject["locality"]]],
    ["ST", [subject["province"]]],
    ["2.5.4.9", Array.isArray(streets) ? streets : []],
    ["2.5.4.17", [subject["postalCode"]]],
    ["CN", [subject["commonName"]]],
    ["2.5.4.5", [subject["serialNumber"]]],
    ["E", [subject["emailAddress"]]],
  ];
  return parts.flatMap(([name, values]) => {
    const given = values.filter((value) => typeof value === "string" && value !== "").map(String);
    return given.length === 0 ? [] : [{ [name]: given }];
  });
}

async function extensionsOf(inputs: Properties, publicKey: webcrypto.CryptoKey): Promise<x509.Extension[]> {
  const uses = Array.isArray(inputs["allowedUses"]) ? inputs["allowedUses"].map(String) : [];
  const bits = uses.reduce((sum, use) => sum | (keyUsages[use] ?? 0), 0);
  const extended = uses.flatMap((use) => extendedKeyUsages[use] ?? []);
  const isCa = inputs["isCaCertificate"] === true;
  const length = Number(inputs["maxPathLength"] ?? -1);
  if (isCa && subjectOf(inputs).length === 0) {
    throw new Diagnostic(
      "Invalid Certificate Subject",
      "Must contain at least one Distinguished Name when creating Certificate Authority (CA)",
    );
  }
  const hasKeyId = isCa || inputs["setSubjectKeyId"] === true;
  if (inputs["setAuthorityKeyId"] === true && !hasKeyId) {
    throw new Diagnostic("Invalid Certificate Authority", "Could not determine Authority Key Identifier");
  }
  const names = alternativeNames(inputs);
  return [
    ...(bits === 0 ? [] : [new x509.KeyUsagesExtension(bits, true)]),
    ...(extended.length === 0 ? [] : [new x509.ExtendedKeyUsageExtension(extended)]),
    new x509.BasicConstraintsExtension(isCa, isCa && length > 0 ? length : undefined, true),
    ...(hasKeyId ? [await x509.SubjectKeyIdentifierExtension.create(publicKey)] : []),
    ...(inputs["setAuthorityKeyId"] === true
      ? [await x509.AuthorityKeyIdentifierExtension.create(publicKey)]
      : []),
    ...(names.length === 0 ? [] : [new x509.SubjectAlternativeNameExtension(names)]),
  ];
}

function alternativeNames(inputs: Properties): x509.JsonGeneralName[] {
  const given = (name: string) => (Array.isArray(inputs[name]) ? inputs[name].map(String) : []);
  return [
    ...given("dnsNames").map((value) => ({ type: "dns" as const, value })),
    ...given("ipAddresses").map((value) => ({ type: "ip" as const, value })),
    ...given("uris").map((value) => ({ type: "url" as const, value })),
  ];
}
