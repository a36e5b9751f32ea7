import { Failure } from "../../common/failure.ts";
import { ApiError } from "../../graph/apiError.ts";
import { SignInError } from "../../graph/signInError.ts";
import { counted } from "../../common/counted.ts";
import { type RoleService, serviceNames } from "./declaredRoles.ts";

/** Why a service cannot be read where the identity lacks a right there; undefined for any other error. */
export function deniedReason(error: unknown): string | undefined {
  if (error instanceof SignInError) return error.message;
  return error instanceof ApiError && isDeniedRequest(error) ? error.message : undefined;
}

/**
 * A refused or failed request, with what the identity needs, and what is done so far.
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
  const done =
    made === 0
      ? []
      : [
          `${counted(made, "change")} ${made === 1 ? "was" : "were"} made before. Run the command again. It goes on from there.`,
        ];
  if (!isDeniedRequest(error)) {
    if (made === 0) return error;
    return new Failure("EXO_AUTH_SERVICE", [error.message, ...done].join(" "), { cause: error });
  }
  const needs = `The identity lacks rights in ${serviceNames[service]} of ${tenantDomain}: ${error.message} It needs Exchange.ManageAsApp, and the management role \`Role Management\` in that service. Or run \`exo-auth grant --print\`, and let an administrator run what it prints.`;
  return new Failure("EXO_AUTH_SERVICE", [needs, ...done].join(" "), {
    cause: error,
    reason: "authentication",
  });
}

function isDeniedRequest({ failure: { status } }: ApiError): boolean {
  return status === 401 || status === 403;
}
