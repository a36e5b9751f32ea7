import { childTypes } from "./typeTokens.ts";

/** What there is to know of a kind of child that lives in the tenant. */
export interface ChildResource {
  /** As messages name one. */
  readonly title: string;
  /** The least application permission of Microsoft Graph that writes it (azuread's pages, section "API Permissions"). */
  readonly permission: string;
}

/**
 * The component's children in the tenant, by type. A new child begins here; `tests/common/childResources.test.ts` then
 * names each place that does not know it yet.
 */
export const childResources: Readonly<Record<string, ChildResource>> = {
  [childTypes.application]: { title: "the application", permission: "Application.ReadWrite.All" },
  [childTypes.servicePrincipal]: {
    title: "the service principal",
    permission: "Application.ReadWrite.All",
  },
  [childTypes.applicationCertificate]: {
    title: "the application's certificate",
    permission: "Application.ReadWrite.All",
  },
  [childTypes.federatedCredential]: {
    title: "the federated credential",
    permission: "Application.ReadWrite.All",
  },
  [childTypes.appRoleAssignment]: {
    title: "the consent to a permission",
    permission: "AppRoleAssignment.ReadWrite.All",
  },
  [childTypes.directoryRoleAssignment]: {
    title: "the role assignment",
    permission: "RoleManagement.ReadWrite.Directory",
  },
};

/** The types of children that a permission writes. */
export function typesWrittenWith(permission: string): readonly string[] {
  return Object.entries(childResources).flatMap(([type, child]) =>
    child.permission === permission ? [type] : [],
  );
}
