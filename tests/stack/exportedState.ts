import { secretSignature, signatureKey } from "../../common/pulumiSignatures.ts";
import { appCertificateType, childTypes, componentType } from "../../common/typeTokens.ts";

/** A resource as `pulumi stack export` prints it. */
export interface ExportedResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly parent?: string;
  readonly delete?: boolean;
  readonly external?: boolean;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** What `pulumi stack export --show-secrets` prints. */
export function exportOf(resources: readonly Partial<ExportedResource>[]): unknown {
  return { version: 3, deployment: { manifest: { time: "2026-11-23T08:00:00Z" }, resources } };
}

/** A component with two generations, the second of which is current, as it stands in a state. */
export function exportedComponent(stack: string, project: string, name: string): ExportedResource[] {
  const urn = `urn:pulumi:${stack}::${project}::${componentType}::${name}`;
  const child = (type: string, childName: string, outputs: Record<string, unknown>): ExportedResource => ({
    urn: `urn:pulumi:${stack}::${project}::${componentType}$${type}::${childName}`,
    type,
    parent: urn,
    outputs,
  });
  return [
    {
      urn,
      type: componentType,
      outputs: {
        appId: `app-of-${name}`,
        thumbprint: "B2",
        tenantDomain: "contoso.onmicrosoft.com",
        tenantId: "11111111-1111-4111-8111-111111111111",
        applicationObjectId: `application-of-${name}`,
        servicePrincipalObjectId: `principal-of-${name}`,
        connectExchangeOnline: "Connect-ExchangeOnline …",
      },
    },
    child(childTypes.directoryRoleAssignment, `${name}-exchange-administrator`, {
      roleId: "29232cdf-9323-42fd-ade2-1d097af3e4de",
    }),
    child(childTypes.appRoleAssignment, `${name}-manage-as-app`, {
      appRoleId: "dc50a0fb-09a3-484d-be87-e023b12c6440",
    }),
    child(appCertificateType, `${name}-cert-1`, {
      generation: "1",
      keyId: "key-1",
      certificatePem: "certificate 1",
      certificateDerBase64: "ZGVy",
      thumbprint: "A1",
      certificateThumbprintSha256: "sha256 1",
      certificateNotBefore: "2025-12-01T00:00:00Z",
      certificateNotAfter: "2026-12-01T00:00:00Z",
      privateKeyPem: secret("key 1"),
      pfxBase64: secret("cGZ4IGJ5dGVz"),
      pfxPassword: secret("password 1"),
    }),
    child(appCertificateType, `${name}-cert-2`, {
      generation: "2",
      keyId: "key-2",
      certificatePem: "certificate 2",
      certificateDerBase64: "ZGVy",
      thumbprint: "B2",
      certificateThumbprintSha256: "sha256 2",
      certificateNotBefore: "2026-10-01T00:00:00Z",
      certificateNotAfter: "2027-10-01T00:00:00Z",
      privateKeyPem: secret("key 2"),
      pfxBase64: secret("cGZ4IGJ5dGVz"),
      pfxPassword: secret("password 2"),
    }),
  ];
}

/** A secret as `pulumi stack export --show-secrets` prints it. */
export function secret(value: string): Record<string, string> {
  return { [signatureKey]: secretSignature, plaintext: JSON.stringify(value) };
}

/** A secret as `pulumi stack export` prints it without `--show-secrets`. */
export const sealed = { [signatureKey]: secretSignature, ciphertext: "v1:sealed" } as const;
