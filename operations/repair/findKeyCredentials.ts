import { timeInWords } from "../../common/time.ts";
import { childTypes } from "../../common/typeTokens.ts";
import { parseUrn } from "../../stack/urn.ts";
import { textOf } from "../../stack/values.ts";
import type { ComponentParts } from "../ownership/componentParts.ts";
import { credentialImport } from "./credentialImport.ts";
import type { FoundLeftover } from "./foundLeftover.ts";
import { keyOf, sha256OfKey } from "./inspect.ts";
import { type OwnCertificate, ownCertificates } from "../ownership/ownCertificates.ts";
import type { KeyCredential } from "../../graph/objects.ts";

/**
 * Credentials that carry a certificate or a key ID of the state, and that the state does not know: an answer was lost.
 *
 * Imported is what has both, since who adds a credential chooses its key ID, and may choose bytes that are public.
 */
export function findKeyCredentials(
  parts: ComponentParts,
  applicationObjectId: string,
  credentials: readonly KeyCredential[],
): readonly FoundLeftover[] {
  const own = ownCertificates(parts.known);
  const inState = new Set(
    parts.known
      .filter(({ type }) => type === childTypes.applicationCertificate)
      .map(({ outputs }) => textOf(outputs, "keyId")),
  );
  return credentials
    .filter(({ keyId }) => !inState.has(keyId))
    .flatMap((credential): readonly FoundLeftover[] => {
      const sha256 = sha256OfKey(credential);
      const exact = own.find((one) => keyOf(one.keyId, one.sha256) === keyOf(credential.keyId, sha256 ?? ""));
      if (exact !== undefined) return [imported(parts, applicationObjectId, credential, exact)];
      const similar = own.find((one) => one.keyId === credential.keyId || one.sha256 === sha256);
      return similar === undefined ? [] : [kept(parts, applicationObjectId, credential, similar)];
    });
}

function imported(
  { name, planned }: ComponentParts,
  applicationObjectId: string,
  credential: KeyCredential,
  certificate: OwnCertificate,
): FoundLeftover {
  const declared = planned.find(
    ({ type, urn }) => type === childTypes.applicationCertificate && parseUrn(urn).name === certificate.name,
  );
  const urn = declared?.urn ?? urnBelow(certificate);
  const leftover = described(name, applicationObjectId, credential);
  if (urn === undefined)
    return {
      leftover: {
        ...leftover,
        action: "keep",
        reasons: ["the state lacks the resources that it belongs to"],
      },
    };
  return {
    leftover: {
      ...leftover,
      action: "import",
      urn,
      ...(declared === undefined && {
        note: "the settings do not declare it, so the next `pulumi up` removes it. To keep it, declare its generation first",
      }),
    },
    ...credentialImport(applicationObjectId, credential, certificate.pem),
    ...(declared === undefined && {
      resource: {
        urn,
        type: childTypes.applicationCertificate,
        custom: true,
        parent: certificate.parent,
        dependencies: [],
        inputs: {},
        outputs: {},
        delete: false,
        initErrors: [],
      },
    }),
  };
}

function kept(
  { name }: ComponentParts,
  applicationObjectId: string,
  credential: KeyCredential,
  similar: OwnCertificate,
): FoundLeftover {
  const reason =
    similar.keyId === credential.keyId
      ? `it has the key ID of ${similar.name} and the bytes of another certificate`
      : `it has the bytes of ${similar.name} and another key ID`;
  return {
    leftover: { ...described(name, applicationObjectId, credential), action: "keep", reasons: [reason] },
  };
}

function described(component: string, objectId: string, { keyId, endDateTime }: KeyCredential) {
  return {
    component,
    kind: "keyCredential",
    id: `${objectId}/${keyId}`,
    title: `certificate ${keyId} on the application, until ${timeInWords(endDateTime ?? "an unknown time")}`,
  } as const;
}

/** The URN of the credential of a certificate that no program declares. */
function urnBelow({ name, parent }: OwnCertificate): string | undefined {
  return parent?.replace(`::${name}`, `$${childTypes.applicationCertificate}::${name}`);
}
