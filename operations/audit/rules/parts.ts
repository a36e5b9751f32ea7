import { quoted } from "../../../graph/graphClient.ts";
import type { ApplicationObjects } from "../../../graph/removal.ts";
import type { Part } from "../rule.ts";

/** The paths of the two objects. */
export function applicationPath({ applicationObjectId }: ApplicationObjects): string {
  return `/applications/${applicationObjectId}`;
}

/** As `applicationPath`. */
export function principalPath({ servicePrincipalObjectId }: ApplicationObjects): string {
  return `/servicePrincipals/${servicePrincipalObjectId}`;
}

/** How it comes that something declared is not there. */
export const takenAway = "Somebody removed it outside of Pulumi, or the last update did not finish.";

/** Where an object's own app management policies are. */
export function ownPoliciesPath(holder: "application" | "servicePrincipal") {
  return (objects: ApplicationObjects): string =>
    `${holder === "application" ? applicationPath(objects) : principalPath(objects)}/appManagementPolicies`;
}

/** Where Graph has the directory's roles. */
const rolesPath = "/roleManagement/directory";

/** The application, which several rules look at. The bytes of certificates come only with `$select`, for one object. */
export const applicationPart: Part = {
  name: "application",
  path: applicationPath,
  permission: "Application.Read.All",
};

/** The service principal, which several rules look at. */
export const principalPart: Part = {
  name: "servicePrincipal",
  path: principalPath,
  permission: "Application.Read.All",
};

/** What the held role allows comes along: of a custom role it can change under the role's ID. */
const withDefinition = "&$expand=roleDefinition";

/** The application permission with which Graph shows groups and who is in them. */
export const groupPermission = "GroupMember.Read.All";

/** The groups and roles that the service principal is in, at any depth. */
export const membershipsPart: Part = {
  name: "memberships",
  path: (objects) => `${principalPath(objects)}/transitiveMemberOf`,
  permission: groupPermission,
};

/** What somebody holds. */
export function heldBy(collection: string, principalId: string): string {
  return `${rolesPath}/${collection}?$filter=principalId%20eq%20${quoted(principalId)}${withDefinition}`;
}

/** What the service principal holds. */
export function ofPrincipal(collection: string) {
  return ({ servicePrincipalObjectId }: ApplicationObjects): string =>
    heldBy(collection, servicePrincipalObjectId);
}

/** A filter for what is held over one of the two objects. */
export function overObject(collection: string, object: keyof ApplicationObjects) {
  return (objects: ApplicationObjects): string => rolesOverPath(collection, objects[object]);
}

/** What is held over one object. */
export function rolesOverPath(collection: string, objectId: string): string {
  return `${rolesPath}/${collection}?$filter=directoryScopeId%20eq%20${quoted(`/${objectId}`)}${withDefinition}`;
}
