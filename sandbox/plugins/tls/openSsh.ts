import { createPublicKey, randomBytes, type KeyObject } from "node:crypto";

/** An RSA public key as SSH writes it (RFC 4253, section 6.6). */
export function openSshPublicKey(publicKey: KeyObject): Buffer {
  const { e, n } = publicKey.export({ format: "jwk" });
  return Buffer.concat([field("ssh-rsa"), number(e), number(n)]);
}

/** An RSA private key in OpenSSH's own format (PROTOCOL.key of openssh-portable), without encryption or comment. */
export function openSshPrivateKey(privateKey: KeyObject): string {
  const { d, dp: _dp, dq: _dq, e, n, p, q, qi } = privateKey.export({ format: "jwk" });
  const check = randomBytes(4);
  const numbers = [n, e, d, qi, p, q].map(number);
  const body = Buffer.concat([check, check, field("ssh-rsa"), ...numbers, field("")]);
  const padding = Buffer.from(Array.from({ length: (8 - (body.length % 8)) % 8 }, (_, index) => index + 1));
  const publicKey = openSshPublicKey(createPublicKey(privateKey));
  const file = Buffer.concat([
    Buffer.from("openssh-key-v1\0"),
    field("none"),
    field("none"),
    field(""),
    Buffer.from([0, 0, 0, 1]),
    field(publicKey),
    field(Buffer.concat([body, padding])),
  ]);
  const lines = file.toString("base64").match(/.{1,64}/g) ?? [];
  return ["-----BEGIN OPENSSH PRIVATE KEY-----", ...lines, "-----END OPENSSH PRIVATE KEY-----", ""].join(
    "\n",
  );
}

function field(content: string | Buffer): Buffer {
  const bytes = Buffer.from(content);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** A positive number: a leading zero keeps it from reading as negative. */
function number(base64url: string | undefined): Buffer {
  const bytes = Buffer.from(base64url ?? "", "base64url");
  return field((bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes);
}
