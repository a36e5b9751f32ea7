import { isGuid } from "../common/guid.ts";
import { slug } from "../common/slug.ts";
import { type DeclaredPermission, wellKnownResources } from "../microsoft/permissions.ts";

/** The permission's part of its assignment's resource name. */
export function permissionSlug({ resourceAppId, permission }: DeclaredPermission): string {
  const resource = Object.keys(wellKnownResources).find((name) => wellKnownResources[name] === resourceAppId);
  return `${slug(resource ?? resourceAppId)}-${slug(isGuid(permission) ? permission.toLowerCase() : permission)}`;
}
