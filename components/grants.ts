import * as azuread from "@pulumi/azuread";
import type * as pulumi from "@pulumi/pulumi";

import type { ResolvedArguments } from "./arguments/resolveArguments.ts";
import { childNames } from "./childNames.ts";
import type { Directory } from "./directory.ts";
import { permissionSlug } from "./permissionSlug.ts";
import { slug } from "../common/slug.ts";

/** Creates everything that grants access: the consent to each permission, the application's roles, and the users'. */
export function createGrants(
  name: string,
  settings: ResolvedArguments,
  directory: pulumi.Output<Directory>,
  servicePrincipalObjectId: pulumi.Output<string>,
  opts: pulumi.ResourceOptions,
): void {
  const permissionNames = childNames(
    settings.permissions.map((declared) => ({
      name: `${name}-${permissionSlug(declared)}`,
      identity: declared.permission,
    })),
  );
  for (const [index, permissionName] of permissionNames.entries()) {
    const granted = directory.apply(({ permissions }) => permissions[index]!);
    new azuread.AppRoleAssignment(
      permissionName,
      {
        appRoleId: granted.appRoleId,
        principalObjectId: servicePrincipalObjectId,
        resourceObjectId: granted.resourceObjectId,
      },
      opts,
    );
  }
  for (const role of settings.roles) {
    new azuread.DirectoryRoleAssignment(
      `${name}-${slug(role.displayName)}`,
      { principalObjectId: servicePrincipalObjectId, roleId: role.templateId },
      opts,
    );
  }
  const userNames = childNames(
    settings.userRoleAssignments.map(({ userPrincipalName, role }) => ({
      name: `${name}-${slug(userPrincipalName)}-${slug(role.displayName)}`,
      identity: userPrincipalName,
    })),
  );
  for (const [index, { role }] of settings.userRoleAssignments.entries()) {
    new azuread.DirectoryRoleAssignment(
      userNames[index]!,
      {
        principalObjectId: directory.apply(({ userObjectIds }) => userObjectIds[index]!),
        roleId: role.templateId,
      },
      opts,
    );
  }
}
