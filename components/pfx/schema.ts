import { EncryptedContentInfo } from "@peculiar/asn1-cms";
import { AsnProp, AsnPropTypes, OctetString } from "@peculiar/asn1-schema";
import { AlgorithmIdentifier } from "@peculiar/asn1-x509";

/**
 * Parameters of a derived key: PKCS#12's own (RFC 7292, appendix C) without `pseudorandomFunction`, PBKDF2's (RFC 8018,
 * appendix A.2) with it.
 */
export class KeyDerivationParameters {
  salt = new OctetString();
  iterations = 0;
  pseudorandomFunction?: AlgorithmIdentifier;

  constructor(values: Partial<KeyDerivationParameters> = {}) {
    Object.assign(this, values);
  }
}

/** Parameters of PBES2 (RFC 8018, appendix A.4). */
export class Pbes2Parameters {
  keyDerivation = new AlgorithmIdentifier();
  encryption = new AlgorithmIdentifier();

  constructor(values: Partial<Pbes2Parameters> = {}) {
    Object.assign(this, values);
  }
}

/** EncryptedData of CMS (RFC 5652, section 8). */
export class EncryptedData {
  version = 0;
  encryptedContentInfo = new EncryptedContentInfo();

  constructor(values: Partial<EncryptedData> = {}) {
    Object.assign(this, values);
  }
}

describeSequence(KeyDerivationParameters, {
  salt: { type: OctetString },
  iterations: { type: AsnPropTypes.Integer },
  pseudorandomFunction: { type: AlgorithmIdentifier, optional: true },
});
describeSequence(Pbes2Parameters, {
  keyDerivation: { type: AlgorithmIdentifier },
  encryption: { type: AlgorithmIdentifier },
});
describeSequence(EncryptedData, {
  version: { type: AsnPropTypes.Integer },
  encryptedContentInfo: { type: EncryptedContentInfo },
});

/** The library's decorators, called as functions: Node strips types, it does not compile decorators. */
function describeSequence<T extends object>(
  schema: new () => T,
  fields: Readonly<Record<keyof T & string, Parameters<typeof AsnProp>[0]>>,
): void {
  for (const [name, options] of Object.entries<Parameters<typeof AsnProp>[0]>(fields)) {
    AsnProp(options)(schema.prototype, name);
  }
}
