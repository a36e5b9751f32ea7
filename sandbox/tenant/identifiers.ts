import { randomBytes } from "node:crypto";

/** A new id in the form of those of app role assignments: 32 bytes, base64url. */
export function newOpaqueId(): string {
  return randomBytes(32).toString("base64url");
}

/**
 * The id of a role assignment: role, principal and scope as GUIDs in Microsoft's byte order, base64url, and a suffix.
 *
 * For the scope `/` this is the form of the ids in Microsoft's documentation; for others the scope's own id joins.
 */
export function roleAssignmentId(
  roleDefinitionId: string,
  principalId: string,
  directoryScopeId: string,
): string {
  const scopeId = directoryScopeId.split("/").at(-1) ?? "";
  const parts = [roleDefinitionId, principalId, ...(scopeId === "" ? [] : [scopeId])];
  return `${Buffer.concat(parts.map(guidBytes)).toString("base64url")}-${scopeId === "" ? "1" : "2"}`;
}

function guidBytes(guid: string): Buffer {
  const bytes = Buffer.from(guid.replaceAll("-", ""), "hex");
  bytes.subarray(0, 4).reverse();
  bytes.subarray(4, 6).reverse();
  bytes.subarray(6, 8).reverse();
  return bytes;
}
