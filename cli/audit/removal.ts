import type { AuditedObjects } from "./observedAccess.ts";

/** How something undeclared is taken out of a tenant. */
export type Removal =
  | { readonly kind: "delete"; readonly path: string }
  | { readonly kind: "password"; readonly holder: Holder; readonly keyId: string }
  /** The whole list of certificates is written without this one. */
  | { readonly kind: "certificate"; readonly holder: Holder; readonly keyId: string };

/** The object that a credential is on. */
export interface Holder {
  readonly collection: "applications" | "servicePrincipals";
  readonly id: string;
}

/** The application as the holder of credentials. */
export function application({ applicationObjectId: id }: AuditedObjects): Holder {
  return { collection: "applications", id };
}

/** The service principal as the holder of credentials. */
export function servicePrincipal({ servicePrincipalObjectId: id }: AuditedObjects): Holder {
  return { collection: "servicePrincipals", id };
}

/**
 * The Azure CLI's command for a removal; works in bash and PowerShell.
 *
 * @param graphUrl the cloud's Microsoft Graph, without a trailing slash.
 */
export function removalCommand(removal: Removal, graphUrl: string): string {
  if (removal.kind === "delete") return `az rest --method delete --url '${graphUrl}/v1.0${removal.path}'`;
  const { holder, keyId } = removal;
  const group = holder.collection === "applications" ? "app" : "sp";
  const certificate = removal.kind === "certificate" ? " --cert" : "";
  return `az ad ${group} credential delete --id ${holder.id} --key-id ${keyId}${certificate}`;
}
