import * as v from "valibot";
import { certificateSha256 } from "../../common/certificate.ts";
import { appCertificateType, childTypes } from "../../common/typeTokens.ts";
import type { StackResource } from "../../stack/resource.ts";
import { parseUrn } from "../../stack/urn.ts";
import { textOf } from "../../stack/values.ts";

/** A certificate that the state has made a key ID for, whether or not its credential got as far as the state. */
export interface OwnCertificate {
  /** The name that its resources have: `COMPONENT-cert-GENERATION`. */
  readonly name: string;
  readonly keyId: string;
  /** Of its DER, lower-case hex. */
  readonly sha256: string;
  /** Absent where it was made elsewhere. */
  readonly pem?: string;
  /** The URN of the `AppCertificate` above it; absent where the state has none. */
  readonly parent?: string;
}

const keyIdSuffix = "-key-id";

/** The certificates of a component, by what the state has below it. */
export function ownCertificates(known: readonly StackResource[]): readonly OwnCertificate[] {
  const standing = known.filter((resource) => !resource.delete);
  const named = (type: string, name: string): StackResource | undefined =>
    standing.find((resource) => resource.type === type && parseUrn(resource.urn).name === name);
  return standing.flatMap((resource): readonly OwnCertificate[] => {
    const keyIdName = parseUrn(resource.urn).name;
    const keyId = textOf(resource.outputs, "result");
    if (resource.type !== childTypes.randomUuid || !keyIdName.endsWith(keyIdSuffix) || keyId === undefined)
      return [];
    const name = keyIdName.slice(0, -keyIdSuffix.length);
    const made = named(childTypes.selfSignedCert, name);
    const pem = made && textOf(made.outputs, "certPem");
    const sha256 =
      pem === undefined
        ? v.is(Keepers, resource.inputs)
          ? resource.inputs.keepers.certificateSha256
          : undefined
        : certificateSha256(pem);
    if (sha256 === undefined) return [];
    const parent = named(appCertificateType, name)?.urn;
    return [
      {
        name,
        keyId,
        sha256: sha256.toLowerCase(),
        ...(pem !== undefined && { pem }),
        ...(parent !== undefined && { parent }),
      },
    ];
  });
}

const Keepers = v.object({ keepers: v.object({ certificateSha256: v.string() }) });
