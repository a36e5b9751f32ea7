import { ApiError } from "../../graph/apiError.ts";
import { SignInError } from "../../graph/signInError.ts";
import { type RoleService, serviceNames } from "./declaredRoles.ts";
import { grantFailure } from "./grantFailure.ts";

/** Why a service cannot be read where the identity lacks a right there; undefined for any other error. */
export function deniedReason(error: unknown): string | undefined {
  if (error instanceof SignInError) return error.message;
  return error instanceof ApiError && isDeniedRequest(error) ? error.message : undefined;
}

/**
 * A refused or failed request to Exchange, with what the identity needs, and what is done so far.
 *
 * @returns anything else as it is
 */
export function roleFailure(
  error: unknown,
  service: RoleService,
  { tenantDomain }: { readonly tenantDomain: string },
  made = 0,
): unknown {
  if (!(error instanceof ApiError)) return error;
  if (!isDeniedRequest(error)) return grantFailure(error, undefined, made);
  const text = `The identity lacks rights in ${serviceNames[service]} of ${tenantDomain}: ${error.message} It needs Exchange.ManageAsApp, and the management role \`Role Management\` in that service. Or run \`exo-auth grant --print\`, and let an administrator run what it prints.`;
  return grantFailure(error, { text, reason: "authentication" }, made);
}

function isDeniedRequest({ failure: { status } }: ApiError): boolean {
  return status === 401 || status === 403;
}
