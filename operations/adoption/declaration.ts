import type { Cloud } from "../../microsoft/clouds.ts";
import { clouds } from "../../microsoft/clouds.ts";
import {
  exchangeOnlineProtection,
  isManageAsApp,
  manageAsApp,
  requiredPermissions,
  wellKnownResources,
} from "../../microsoft/permissions.ts";
import {
  type AppOnlyRole,
  appOnlyRoles,
  globalAdministratorTemplateId,
  roleName,
} from "../../microsoft/roles.ts";
import {
  type AdoptedFederatedCredential,
  adoptedFederatedCredentials,
} from "./adoptedFederatedCredentials.ts";
import { type AdoptedGeneration, adoptedGenerations } from "./adoptedGenerations.ts";
import { type DeclaredRights, declaredRights } from "./declaredRights.ts";
import type { ExchangeRight } from "./exchangeRights.ts";
import type { FoundApplication, GrantedPermission } from "./readFound.ts";
import type { Undeclared } from "./undeclared.ts";

/** The component's arguments for an application that is there, as they stand in a stack's settings. */
export interface AdoptedSettings extends DeclaredRights {
  readonly displayName?: string;
  readonly notes?: string;
  readonly tags?: readonly string[];
  /** Object IDs. */
  readonly owners?: readonly string[];
  /** Names of roles. */
  readonly roles: readonly string[];
  readonly allowGlobalAdministrator?: true;
  readonly apiPermissions?: readonly { readonly resource: string; readonly permission: string }[];
  /** Absent where the default says the same. */
  readonly securityAndCompliance?: false;
  /** Absent where no certificate can be declared; without generations where jobs sign in with federated tokens alone. */
  readonly certificate?: {
    readonly generations: readonly Pick<AdoptedGeneration, "name" | "publicCertificate" | "acceptedSha256">[];
  };
  /** Absent where none can be declared. */
  readonly federatedCredentials?: readonly AdoptedFederatedCredential[];
  readonly existingClientId?: string;
  readonly cloud?: Cloud;
  readonly expectedTenantId: string;
}

/** How the component would declare an application. */
export interface Declaration {
  readonly settings: AdoptedSettings;
  /** What an update would add to the tenant, in words. */
  readonly additions: readonly string[];
  /** What stays in the tenant without being declared. */
  readonly undeclared: readonly Undeclared[];
}

/** Where an application is, and how it is to be adopted. */
export interface DeclarationOptions {
  readonly cloud: Cloud;
  readonly tenantId: string;
  /** Whether the component leaves the objects alone, and adds to them (`existingClientId`). */
  readonly isExisting: boolean;
  readonly now: Date;
}

/** The same, with what the application has in Exchange itself. */
export function withRights<Declared extends Declaration>(
  declaration: Declared,
  rights: readonly ExchangeRight[],
): Declared {
  const { settings, undeclared } = declaredRights(rights);
  return {
    ...declaration,
    settings: { ...declaration.settings, ...settings },
    undeclared: [...declaration.undeclared, ...undeclared],
  };
}

/** Writes down an application as the component would declare it. */
export function declarationOf(found: FoundApplication, options: DeclarationOptions): Declaration {
  const { cloud, tenantId, isExisting, now } = options;
  const { application, servicePrincipal } = found;
  const roles = heldRoles(found);
  const permissions = declaredPermissions(found, roles, cloud);
  const { generations, undeclared: credentials } = adoptedGenerations(found, now);
  const federated = adoptedFederatedCredentials(found, cloud);
  const isFederated = federated.declared.length > 0;
  const [first] = generations;
  const owners = found.applicationOwners.map(({ id }) => id);
  const [notes, tags] = [application?.["notes"], application?.["tags"]];
  const described = {
    displayName: application?.displayName ?? servicePrincipal.displayName,
    ...(typeof notes === "string" && notes !== "" && { notes }),
    ...(Array.isArray(tags) && tags.length > 0 && { tags: tags.map(String) }),
    ...(owners.length > 0 && { owners }),
  };
  return {
    settings: {
      ...(isExisting ? { existingClientId: servicePrincipal.appId } : described),
      roles: roles.map(({ displayName }) => displayName),
      ...(roles.some(({ templateId }) => templateId === globalAdministratorTemplateId) && {
        allowGlobalAdministrator: true,
      }),
      ...permissions.settings,
      ...((first !== undefined || isFederated) && {
        certificate: { generations: generations.map(settingsOf) },
      }),
      ...(isFederated && { federatedCredentials: federated.declared }),
      ...(cloud !== "global" && { cloud }),
      expectedTenantId: tenantId,
    },
    additions: [
      ...permissions.additions,
      ...(first === undefined && !isFederated ? ["a new certificate, whose key Pulumi creates"] : []),
      ...(first !== undefined && first.publicCertificate === undefined
        ? ["a new certificate, because no other one is valid now"]
        : []),
    ],
    undeclared: [
      ...credentials,
      ...federated.undeclared,
      ...permissions.undeclared,
      ...undeclaredRoles(found),
    ],
  };
}

function settingsOf({ name, publicCertificate, acceptedSha256 }: AdoptedGeneration) {
  return {
    name,
    ...(publicCertificate !== undefined && { publicCertificate }),
    ...(acceptedSha256 !== undefined && { acceptedSha256 }),
  };
}

/** The roles that the component can declare: those that Exchange accepts, over the whole tenant. */
function heldRoles({ roles }: FoundApplication): readonly AppOnlyRole[] {
  const held = new Set(
    roles
      .filter(({ directoryScopeId }) => directoryScopeId === "/")
      .map(({ roleDefinitionId }) => roleDefinitionId.toLowerCase()),
  );
  return appOnlyRoles.filter(({ templateId }) => held.has(templateId));
}

function undeclaredRoles({ roles }: FoundApplication): readonly Undeclared[] {
  return roles
    .filter(
      ({ roleDefinitionId, directoryScopeId }) =>
        directoryScopeId !== "/" ||
        !appOnlyRoles.some(({ templateId }) => templateId === roleDefinitionId.toLowerCase()),
    )
    .map(({ roleDefinitionId, directoryScopeId }) => ({
      title: `role ${roleName(roleDefinitionId) ?? roleDefinitionId} over ${directoryScopeId === "/" ? "the whole tenant" : (directoryScopeId ?? "an unknown scope")}`,
      choice:
        "declare it with an azuread.DirectoryRoleAssignment next to the component, accept it in .exo-auth, or remove it",
    }));
}

function declaredPermissions(found: FoundApplication, roles: readonly AppOnlyRole[], cloud: Cloud) {
  const opens = roles.some(({ securityAndCompliance }) => securityAndCompliance);
  const isDefault = opens || clouds[cloud].needsExchangeOnlineProtection;
  const hasProtection = found.permissions.some(
    (one) => one.resourceAppId === exchangeOnlineProtection && isGrantedManageAsApp(one),
  );
  const required = requiredPermissions(isDefault && hasProtection);
  const others = found.permissions.filter(
    (one) =>
      !(isGrantedManageAsApp(one) && required.some((each) => each.resourceAppId === one.resourceAppId)),
  );
  const apiPermissions = others.flatMap(({ resourceAppId, value, appRoleId, isOffered }) =>
    resourceAppId === undefined || !isOffered
      ? []
      : [{ resource: resourceNameOf(resourceAppId), permission: value ?? appRoleId }],
  );
  const isMissing = !found.permissions.some(
    (one) => one.resourceAppId !== exchangeOnlineProtection && isGrantedManageAsApp(one),
  );
  return {
    settings: {
      ...(apiPermissions.length > 0 && { apiPermissions }),
      ...(isDefault && !hasProtection && { securityAndCompliance: false as const }),
    },
    additions: isMissing ? [`the permission ${manageAsApp} of Office 365 Exchange Online`] : [],
    undeclared: others
      .filter(({ resourceAppId, isOffered }) => resourceAppId === undefined || !isOffered)
      .map(({ value, appRoleId, resourceName }) => ({
        title: `permission ${value ?? appRoleId} of ${resourceName}, which that service does not offer to applications now`,
        choice: "accept it in .exo-auth, or remove it",
      })),
  };
}

/** Whether an assignment is Exchange.ManageAsApp of one of the two services. */
export function isGrantedManageAsApp({ resourceAppId = "", value, appRoleId }: GrantedPermission): boolean {
  return [value, appRoleId].some(
    (permission) => permission !== undefined && isManageAsApp({ resourceAppId, permission }),
  );
}

/** Under the name that the arguments know, where there is one. */
export function resourceNameOf(resourceAppId: string): string {
  const known = Object.entries(wellKnownResources).find(([, id]) => id === resourceAppId);
  return known?.[0] ?? resourceAppId;
}
