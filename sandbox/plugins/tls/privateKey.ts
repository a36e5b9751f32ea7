import { createHash, generateKeyPair } from "node:crypto";
import { promisify } from "node:util";

import { Diagnostic, type ResourceType } from "../protocol/resource.ts";
import { among, computed, optionalComputed, required, text, whole } from "../protocol/schema.ts";
import { notImportable } from "./notImportable.ts";
import { openSshPrivateKey, openSshPublicKey } from "./openSsh.ts";

const generate = promisify(generateKeyPair);

const volatile = { volatile: true };
const secret = { volatile: true, secret: true };

/** `tls.PrivateKey`: a key that is really made, RSA only. */
export const privateKey: ResourceType<undefined> = {
  fields: {
    algorithm: required(among("RSA", "ECDSA", "ED25519"), { replaces: true }),
    ecdsaCurve: optionalComputed(among("P224", "P256", "P384", "P521"), { replaces: true, default: "P224" }),
    id: computed(text, volatile),
    privateKeyOpenssh: computed(text, secret),
    privateKeyPem: computed(text, secret),
    privateKeyPemPkcs8: computed(text, secret),
    publicKeyFingerprintMd5: computed(text, volatile),
    publicKeyFingerprintSha256: computed(text, volatile),
    publicKeyOpenssh: computed(text, volatile),
    publicKeyPem: computed(text, volatile),
    rsaBits: optionalComputed(whole, { replaces: true, default: 2048 }),
  },
  schemaVersion: 1,

  async create(operation, planned) {
    const bits = Number(planned["rsaBits"]);
    if (planned["algorithm"] !== "RSA") throw new Diagnostic("The sandbox's tls plugin makes RSA keys only.");
    if (bits < 1024) {
      throw new Diagnostic(
        "Unable to generate Key from configuration",
        `crypto/rsa: ${bits}-bit keys are insecure (see https://go.dev/pkg/crypto/rsa#hdr-Minimum_key_size)`,
      );
    }
    const pair = await generate("rsa", { modulusLength: bits });
    const publicKeyPem = pair.publicKey.export({ type: "spki", format: "pem" }).toString();
    const id = createHash("sha1")
      .update(pair.publicKey.export({ type: "spki", format: "der" }))
      .digest("hex");
    const ssh = openSshPublicKey(pair.publicKey);
    operation.setId(id);
    return {
      ...planned,
      id,
      privateKeyOpenssh: openSshPrivateKey(pair.privateKey),
      privateKeyPem: pair.privateKey.export({ type: "pkcs1", format: "pem" }).toString(),
      privateKeyPemPkcs8: pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
      publicKeyFingerprintMd5: createHash("md5")
        .update(ssh)
        .digest("hex")
        .replaceAll(/(..)(?!$)/g, "$1:"),
      publicKeyFingerprintSha256: `SHA256:${createHash("sha256").update(ssh).digest("base64").replace(/=+$/, "")}`,
      publicKeyOpenssh: `ssh-rsa ${ssh.toString("base64")}\n`,
      publicKeyPem,
    };
  },

  read(_, __, state) {
    if (Object.keys(state).length > 0) return Promise.resolve(state);
    throw notImportable();
  },
};
