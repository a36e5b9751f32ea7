import { Failure } from "../../common/failure.ts";
import { ApiError } from "../../graph/apiError.ts";
import { SignInError } from "../../graph/signInError.ts";
import type { Unread } from "../findings/finding.ts";
import { type RoleService, serviceNames } from "./declaredRoles.ts";

/** Why a service's roles could not be read. */
export type UnreadRoles = Omit<Unread, "check">;

/**
 * Why a service's roles could not be read, by what was thrown.
 *
 * @throws what is no answer of a service, and no failure that its message explains
 */
export function unreadRoles(error: unknown, service: RoleService): UnreadRoles {
  if (error instanceof SignInError) return deniedRoles(error.message);
  if (error instanceof ApiError) {
    const { status } = error.failure;
    if (status !== 401 && status !== 403) return { reason: error.message, denied: false };
    return deniedRoles(
      `the identity lacks the management role View-Only Configuration in ${serviceNames[service]} (${error.message})`,
    );
  }
  if (error instanceof Failure) return { reason: error.message, denied: false };
  throw error;
}

/** A right is missing. Nobody must have it: Exchange may be closed to who reads Entra. */
export function deniedRoles(reason: string): UnreadRoles {
  return { reason, denied: true, optional: true };
}
