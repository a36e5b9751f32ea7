import { counted } from "../../common/counted.ts";
import { Failure } from "../../common/failure.ts";
import { ApiError } from "../../graph/apiError.ts";

/**
 * A refused or failed request, with what the identity or the tenant needs, and what is done so far.
 *
 * @returns anything else as it is
 */
export function timedRoleFailure(
  error: unknown,
  { tenantDomain }: { readonly tenantDomain: string },
  made = 0,
): unknown {
  if (!(error instanceof ApiError)) return error;
  const done =
    made === 0
      ? ""
      : ` ${counted(made, "change")} ${made === 1 ? "was" : "were"} made before. Run the command again. It goes on from there.`;
  const { status, code } = error.failure;
  if (status === 401 || status === 403)
    return new Failure(
      "EXO_AUTH_SERVICE",
      `The identity may not assign roles of Entra in ${tenantDomain}: ${error.message} It needs the application permission RoleAssignmentSchedule.ReadWrite.Directory of Microsoft Graph. For an identity that changes Exchange alone, add --only exchange.${done}`,
      { cause: error, reason: "authentication" },
    );
  if (code === "AadPremiumLicenseRequired")
    return new Failure(
      "EXO_AUTH_SERVICE",
      `Tenant ${tenantDomain} has no license for roles with an end: ${error.message} Assign Entra ID P2 or Entra ID Governance, or move the roles from \`timedRoles\` to \`roles\`.${done}`,
      { cause: error, reason: "resource" },
    );
  if (code === "RoleAssignmentRequestPolicyValidationFailed")
    return new Failure(
      "EXO_AUTH_SERVICE",
      `The rules of tenant ${tenantDomain} do not let an application assign the role like this: ${error.message} See the role's settings in Privileged Identity Management. An application has no second factor. To read how long a role may last, the identity needs RoleManagementPolicy.Read.Directory.${done}`,
      { cause: error, reason: "resource" },
    );
  return made === 0 ? error : new Failure("EXO_AUTH_SERVICE", `${error.message}${done}`, { cause: error });
}
