import {
  applicationByAppId,
  first,
  servicePrincipalOfApplication,
  type DirectoryEntity,
  type TenantState,
} from "../../state.ts";
import type { Json } from "../../json.ts";
import { conflictingObject } from "../errors.ts";
import type { GraphRequest } from "../route.ts";

/** The value of another key that a path's segment names, as in `applications(uniqueName='…')`; undefined for an id. */
export function alternateKey(segment: string | undefined, name: string): string | undefined {
  const [, value] = new RegExp(`^${name}=(.*)$`).exec(segment ?? "") ?? [];
  return value;
}

/**
 * The object of a collection that goes by another key; undefined where there is none.
 *
 * @param collection the path's first segment
 */
export function objectByAlternateKey(
  tenant: TenantState,
  collection: string,
  segment: string,
): DirectoryEntity | undefined {
  const appId = alternateKey(segment, "appId");
  const uniqueName = alternateKey(segment, "uniqueName");
  if (collection === "servicePrincipals")
    return appId === undefined ? undefined : servicePrincipalOfApplication(tenant, appId);
  if (collection === "applications" && appId !== undefined) return applicationByAppId(tenant, appId);
  if (uniqueName === undefined) return undefined;
  const table = collection === "groups" ? tenant.groups : tenant.applications;
  return first<DirectoryEntity>(table.values(), (one) => one.uniqueName === uniqueName);
}

/** `uniqueName` belongs to one object of its type. @throws GraphError */
export function checkUniqueName(
  table: ReadonlyMap<string, DirectoryEntity>,
  uniqueName: Json | undefined,
): void {
  if (typeof uniqueName !== "string") return;
  if (first(table.values(), (one) => one.uniqueName === uniqueName)) throw conflictingObject();
}

/**
 * The key by which a PATCH creates what is not there, as its header `Prefer: create-if-missing` asks; undefined for one
 * that only updates.
 *
 * Source: "Upsert application", "Upsert servicePrincipal", "Upsert group" and "Upsert federatedIdentityCredential".
 */
export function keyToCreate(
  { createIfMissing, params }: GraphRequest,
  name: string,
  param = "id",
): string | undefined {
  return createIfMissing ? alternateKey(params[param], name) : undefined;
}
