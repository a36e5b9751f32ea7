import { findDirectoryObject, type TenantState } from "../../state.ts";
import { badRequest, referenceExists, resourceNotFound } from "../errors.ts";
import { type GraphRequest, noContent, type Reply } from "../route.ts";
import { boundIds, idOf, referencedId, referenceUrl } from "./references.ts";

/** The ids that `owners@odata.bind` names. @throws GraphError */
export function boundOwners(tenant: TenantState, urls: readonly string[]): readonly string[] {
  return boundIds(tenant, urls, ownerId);
}

/** Adds an owner by `$ref`. @throws GraphError */
export function addOwner(request: GraphRequest, ownedId: string): Reply {
  const owner = ownerId(request.tenant, referenceUrl(request.body));
  if (isOwner(request.tenant, ownedId, owner)) throw referenceExists("owners");
  request.tenant.owners.push({ from: ownedId, to: owner });
  return noContent;
}

/** Removes an owner by `$ref`. @throws GraphError */
export function removeOwner(request: GraphRequest, ownedId: string): Reply {
  const owner = idOf(request, "ownerId");
  if (!isOwner(request.tenant, ownedId, owner)) throw resourceNotFound(owner);
  request.tenant.owners = request.tenant.owners.filter(
    (reference) => !(reference.from === ownedId && reference.to === owner),
  );
  return noContent;
}

/** The ids of an object's owners. */
export function ownersOf(tenant: TenantState, ownedId: string): readonly string[] {
  return tenant.owners.filter(({ from }) => from === ownedId).map(({ to }) => to);
}

/** Whether one object is an owner of another. */
export function isOwner(tenant: TenantState, ownedId: string, ownerObjectId: string): boolean {
  return tenant.owners.some((reference) => reference.from === ownedId && reference.to === ownerObjectId);
}

function ownerId(tenant: TenantState, url: string): string {
  const id = referencedId(tenant, url);
  const type = findDirectoryObject(tenant, id)?.type;
  if (type !== "user" && type !== "servicePrincipal") {
    throw badRequest(
      `The reference target '${type}' of type '${type}' is invalid for the 'owners' reference.`,
    );
  }
  return id;
}
