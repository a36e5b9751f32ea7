import { microsoftApplication, type MicrosoftApplication } from "../catalogue/microsoftServicePrincipals.ts";
import type { DirectoryRole } from "../../../microsoft/roles.ts";
import { isJsonObject, type Json, type JsonObject } from "../json.ts";
import { presentKeyCredentials } from "./keyCredentials.ts";
import { presentPasswordCredentials } from "./passwordCredentials.ts";
import { applicationType } from "../model/application.ts";
import { administrativeUnitType } from "../model/directory.ts";
import { directoryRoleType } from "../model/directoryRoles.ts";
import type { EntityType } from "../model/entityType.ts";
import { groupType } from "../model/group.ts";
import { servicePrincipalType } from "../model/servicePrincipal.ts";
import { userType } from "../model/user.ts";
import {
  findDirectoryObject,
  type Application,
  type AppRoleAssignment,
  type FoundObject,
  type ServicePrincipal,
  type TenantState,
} from "../state.ts";
import type { TenantStore } from "../store.ts";

/** The types of objects in the directory. */
export const entityTypes = {
  application: applicationType,
  servicePrincipal: servicePrincipalType,
  user: userType,
  group: groupType,
  administrativeUnit: administrativeUnitType,
  directoryRole: directoryRoleType,
} satisfies Record<FoundObject["type"], EntityType>;

/** The type of an object; undefined where there is no such object. */
export function typeOf(tenant: TenantState, id: string): FoundObject["type"] | undefined {
  return findDirectoryObject(tenant, id)?.type;
}

/** An object of whatever type as Graph shows it. */
export function presentObject(store: TenantStore, found: FoundObject): JsonObject {
  if (found.type === "application") return presentApplication(found.object);
  if (found.type === "servicePrincipal") return presentServicePrincipal(store, found.object);
  return found.object;
}

/** An application as Graph shows it. */
export function presentApplication(application: Application, withKeys = false): JsonObject {
  return {
    ...application,
    keyCredentials: presentKeyCredentials(application.keyCredentials, withKeys),
    passwordCredentials: presentPasswordCredentials(application.passwordCredentials),
  };
}

/** A service principal as Graph shows it: what it has of its own, and what it takes from its application. */
export function presentServicePrincipal(
  store: TenantStore,
  principal: ServicePrincipal,
  withKeys = false,
): JsonObject {
  const catalogued = microsoftApplication(principal.appId);
  const application = store.applicationByAppId(principal.appOwnerOrganizationId ?? "", principal.appId);
  return {
    ...principal,
    ...(catalogued === undefined ? {} : offeredBy(catalogued)),
    ...(application === undefined ? {} : fromApplication(application, principal)),
    keyCredentials: presentKeyCredentials(principal.keyCredentials, withKeys),
    passwordCredentials: presentPasswordCredentials(principal.passwordCredentials),
  };
}

/** An app role assignment as Graph shows it, with the names of both sides. */
export function presentAppRoleAssignment(tenant: TenantState, assignment: AppRoleAssignment): JsonObject {
  const principal = findDirectoryObject(tenant, assignment.principalId);
  return {
    ...assignment,
    deletedDateTime: null,
    principalType: principal?.type === "user" ? "User" : "ServicePrincipal",
    principalDisplayName: principal?.object.displayName ?? null,
    resourceDisplayName: tenant.servicePrincipals.get(assignment.resourceId)?.displayName ?? null,
  };
}

/** A built-in role as `roleManagement/directory/roleDefinitions` shows it. */
export function presentRoleDefinition(role: DirectoryRole): JsonObject {
  return {
    id: role.templateId,
    templateId: role.templateId,
    displayName: role.displayName,
    description: role.displayName,
    isBuiltIn: true,
    isEnabled: true,
    resourceScopes: ["/"],
    rolePermissions: [],
    version: "1",
  };
}

/** Microsoft Graph offers hundreds of app roles, and is in every list: they are put together once. */
const offered = new Map<MicrosoftApplication, JsonObject>();

function offeredBy(catalogued: MicrosoftApplication): JsonObject {
  const known = offered.get(catalogued) ?? fromCatalogue(catalogued);
  offered.set(catalogued, known);
  return known;
}

function fromCatalogue(catalogued: MicrosoftApplication): JsonObject {
  return {
    appRoles: catalogued.appRoles.map((role) => ({
      allowedMemberTypes: ["Application"],
      description: role.displayName,
      displayName: role.displayName,
      id: role.id,
      isEnabled: true,
      origin: "Application",
      value: role.value,
    })),
    oauth2PermissionScopes: catalogued.scopes.map((scope) => ({
      adminConsentDescription: scope.value,
      adminConsentDisplayName: scope.value,
      id: scope.id,
      isEnabled: true,
      type: "User",
      userConsentDescription: null,
      userConsentDisplayName: null,
      value: scope.value,
    })),
  };
}

function fromApplication(application: Application, { replyUrls }: ServicePrincipal): JsonObject {
  const { api, web } = application;
  const identifierUris = Array.isArray(application.identifierUris) ? application.identifierUris : [];
  return {
    appDescription: application.description ?? null,
    appDisplayName: application.displayName,
    displayName: application.displayName,
    appRoles: application.appRoles ?? [],
    info: application.info ?? null,
    isDisabled: application.isDisabled ?? null,
    homepage: property(web, "homePageUrl"),
    logoutUrl: property(web, "logoutUrl"),
    replyUrls: [...new Set([...listOf(property(web, "redirectUris")), ...listOf(replyUrls)])],
    oauth2PermissionScopes: property(api, "oauth2PermissionScopes") ?? [],
    servicePrincipalNames: [application.appId, ...identifierUris],
    signInAudience: application.signInAudience ?? null,
  };
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

function property(value: Json | undefined, name: string): Json {
  return isJsonObject(value) ? (value[name] ?? null) : null;
}
