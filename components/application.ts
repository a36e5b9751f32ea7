import * as azuread from "@pulumi/azuread";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

import { markedDescription, markerName, markerUsedName, ownDescription } from "../common/marker.ts";
import type { ResolvedArguments } from "./arguments/resolveArguments.ts";
import type { Directory, GrantablePermission } from "./directory.ts";
import { ownTenantAudience } from "../microsoft/signInAudience.ts";

/** The ids of the application and its service principal, created or found. */
export interface ApplicationIds {
  readonly clientId: pulumi.Output<string>;
  /** As azuread names the application: `/applications/OBJECT-ID`. */
  readonly applicationId: pulumi.Output<string>;
  readonly applicationObjectId: pulumi.Output<string>;
  readonly servicePrincipalObjectId: pulumi.Output<string>;
}

/**
 * Creates application and service principal, described so that a later repair recognises its own.
 *
 * The description carries a marker, which is in the state before the application is in the tenant; a resource made
 * after the application records that the marker is public from then on. Neither is protected: whoever has lost the
 * application replaces the marker. Names of children are released and never change.
 */
export function createApplication(
  name: string,
  settings: ResolvedArguments,
  directory: pulumi.Output<Directory>,
  opts: pulumi.ResourceOptions,
): ApplicationIds {
  const unprotected = { ...opts, protect: false };
  const marker = new random.RandomUuid(markerName(name), {}, unprotected);
  const own = ownDescription(pulumi.getProject(), pulumi.getStack(), name);
  const description = marker.result.apply((known) => markedDescription(own, known));
  const application = new azuread.Application(
    name,
    {
      displayName: settings.displayName,
      description,
      // Declared although azuread has the same default: a refresh takes a default's changed value for the default.
      signInAudience: ownTenantAudience,
      notes: settings.notes,
      // Declared although there are none: azuread keeps the tags that it is not told of.
      tags: [...(settings.tags ?? [])],
      owners: settings.owners && [...settings.owners],
      requiredResourceAccesses: directory.apply(({ permissions }) => requiredResourceAccesses(permissions)),
    },
    opts,
  );
  new random.RandomUuid(
    markerUsedName(name),
    { keepers: { marker: marker.result, clientId: application.clientId } },
    unprotected,
  );
  // A create that failed half-way is adopted by the next try, and so is what a refused deletion left behind.
  const servicePrincipal = new azuread.ServicePrincipal(
    name,
    { clientId: application.clientId, description, accountEnabled: true, useExisting: true },
    { ...opts, deletedWith: application },
  );
  return {
    clientId: application.clientId,
    applicationId: application.id,
    applicationObjectId: application.objectId,
    servicePrincipalObjectId: servicePrincipal.objectId,
  };
}

/** The application that exists already; nothing of it is managed. */
export function existingApplication(clientId: string, directory: pulumi.Output<Directory>): ApplicationIds {
  const existing = directory.apply((found) => found.existing!);
  return {
    clientId: existing.apply(() => clientId),
    applicationId: existing.id,
    applicationObjectId: existing.objectId,
    servicePrincipalObjectId: existing.servicePrincipalObjectId,
  };
}

/** What the application asks for, as the portal's "API permissions" shows it; the assignments are what grants it. */
function requiredResourceAccesses(
  permissions: readonly GrantablePermission[],
): azuread.types.input.ApplicationRequiredResourceAccess[] {
  const resources = [...new Set(permissions.map(({ resourceAppId }) => resourceAppId))];
  return resources.map((resourceAppId) => ({
    resourceAppId,
    resourceAccesses: permissions
      .filter((permission) => permission.resourceAppId === resourceAppId)
      .map(({ appRoleId }) => ({ id: appRoleId, type: "Role" })),
  }));
}
