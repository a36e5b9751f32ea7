import { X509Certificate } from "node:crypto";
import { readCertificate } from "../../common/certificate.ts";
import { timeText } from "../../common/time.ts";
import type { KeyCredential } from "../../graph/objects.ts";
import type { FoundLeftover } from "./foundLeftover.ts";

/**
 * How a certificate on an application is imported: with what azuread 6.9 would have in the state, which never reads a
 * certificate's bytes back.
 *
 * @param pem the certificate as the state has it. @default that of the credential's own bytes
 */
export function credentialImport(
  applicationObjectId: string,
  { keyId, key, startDateTime }: KeyCredential,
  pem?: string,
): Required<Pick<FoundLeftover, "importId" | "properties">> {
  const value = pem ?? new X509Certificate(Buffer.from(key ?? "", "base64")).toString();
  const { notBefore, notAfter } = readCertificate(value);
  const inputs = {
    applicationId: `/applications/${applicationObjectId}`,
    encoding: "pem",
    endDate: notAfter,
    keyId,
    type: "AsymmetricX509Cert",
    value,
  };
  const startDate = startDateTime ? timeText(new Date(startDateTime)) : notBefore;
  return {
    importId: `${applicationObjectId}/certificate/${keyId}`,
    properties: { inputs, outputs: { ...inputs, startDate } },
  };
}
