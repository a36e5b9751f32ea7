import { derDigest, keySha256, publicKeySha256Of } from "../../common/certificate.ts";
import type { ApplicationClient, KeyCredential } from "../../graph/applicationClient.ts";
import { noId } from "../../graph/objects.ts";
import { application, type ApplicationObjects, type Holder, servicePrincipal } from "../../graph/removal.ts";

/** A certificate as a state knows it. */
export interface KnownCertificate {
  readonly keyId: string;
  /** SHA-256 of the certificate's DER, upper-case hex. */
  readonly certificateThumbprintSha256: string;
  /**
   * The SHA-256 of its public key, where other certificates of the same key count as copies: whoever has the key can make
   * them. @default they do not
   */
  readonly publicKeySha256?: string | undefined;
}

/** A key credential and the object that it is on. */
export interface CertificateCopy {
  readonly holder: "application" | "servicePrincipal";
  readonly keyId: string;
}

/** Where a certificate stands in the tenant. */
export interface CertificateCopies {
  readonly copies: readonly CertificateCopy[];
  /** Key credentials whose bytes Graph did not give, so that they may be copies. */
  readonly hidden: readonly CertificateCopy[];
}

/** What a removal did. */
export interface CopiesRemoval {
  readonly removed: readonly CertificateCopy[];
  /** Credentials of others that were gone after the write, and were put back from what was read before it. */
  readonly putBack: readonly CertificateCopy[];
}

/**
 * Finds a certificate on application and service principal, under whatever key id: by its bytes or its key, since whoever
 * adds a credential chooses its key ID, name and `customKeyIdentifier`.
 *
 * @throws ApiError, SignInError
 */
export async function findCopies(
  client: Pick<ApplicationClient, "keyCredentials">,
  objects: ApplicationObjects,
  certificate: KnownCertificate,
): Promise<CertificateCopies> {
  const lists = await Promise.all(
    holdersOf(objects).map(async ([what, holder]) => ({
      what,
      credentials: (await client.keyCredentials(holder)) ?? [],
    })),
  );
  const pick = (wanted: (credential: KeyCredential) => boolean): readonly CertificateCopy[] =>
    lists.flatMap(({ what, credentials }) =>
      credentials.filter(wanted).map(({ keyId }) => ({ holder: what, keyId: keyId ?? noId })),
    );
  return {
    copies: pick((credential) => isCopy(credential, certificate)),
    hidden: pick((credential) => !credential.key && !isCopy(credential, certificate)),
  };
}

/**
 * Takes every copy of a certificate off application and service principal.
 *
 * Graph replaces the whole list and has no conditional write. So the list is read right before it is written and again
 * afterwards: what others had there and is missing then is put back. What others add between that read and the write is
 * lost unseen.
 *
 * @throws ApiError, SignInError
 */
export async function removeCopies(
  client: Pick<ApplicationClient, "keyCredentials" | "replaceKeyCredentials">,
  objects: ApplicationObjects,
  certificate: KnownCertificate,
): Promise<CopiesRemoval> {
  const removed: CertificateCopy[] = [];
  const putBack: CertificateCopy[] = [];
  for (const [what, holder] of holdersOf(objects)) {
    // oxlint-disable-next-line no-await-in-loop -- one object after the other, so that a failure leaves a clear state.
    const before = (await client.keyCredentials(holder)) ?? [];
    const copies = before.filter((credential) => isCopy(credential, certificate));
    if (copies.length === 0) continue;
    const staying = before.filter((credential) => !copies.includes(credential));
    // oxlint-disable-next-line no-await-in-loop
    await client.replaceKeyCredentials(holder, staying.map(unchanged));
    removed.push(...copies.map(({ keyId }) => ({ holder: what, keyId: keyId ?? noId })));
    // oxlint-disable-next-line no-await-in-loop
    const lost = await restoreLost(client, holder, staying);
    putBack.push(...lost.map(({ keyId }) => ({ holder: what, keyId: keyId ?? noId })));
  }
  return { removed, putBack };
}

async function restoreLost(
  client: Pick<ApplicationClient, "keyCredentials" | "replaceKeyCredentials">,
  holder: Holder,
  expected: readonly KeyCredential[],
): Promise<readonly KeyCredential[]> {
  const after = (await client.keyCredentials(holder)) ?? [];
  const lost = expected.filter(({ keyId, key }) => key && !after.some((one) => one.keyId === keyId));
  if (lost.length > 0) await client.replaceKeyCredentials(holder, [...after.map(unchanged), ...lost]);
  return lost;
}

/** Without its bytes, a credential that is there stays as it is, as azuread writes it. */
function unchanged(credential: KeyCredential): KeyCredential {
  return { ...credential, key: null };
}

/** The state's own key ID counts where Graph gives no bytes. */
function isCopy({ keyId, key }: KeyCredential, certificate: KnownCertificate): boolean {
  if (!key) return keyId === certificate.keyId;
  if (sha256(key) === certificate.certificateThumbprintSha256) return true;
  const { publicKeySha256 } = certificate;
  return publicKeySha256 !== undefined && keyOfCredential(key) === publicKeySha256;
}

function keyOfCredential(base64: string): string | undefined {
  try {
    return publicKeySha256Of(Buffer.from(base64, "base64"));
  } catch {
    return undefined;
  }
}

/** Some tools upload the Base64 of the PEM. */
function sha256(base64: string): string {
  return (keySha256(base64) ?? derDigest("sha256", Buffer.from(base64, "base64"))).toUpperCase();
}

function holdersOf(objects: ApplicationObjects): readonly (readonly [CertificateCopy["holder"], Holder])[] {
  return [
    ["application", application(objects)],
    ["servicePrincipal", servicePrincipal(objects)],
  ];
}
