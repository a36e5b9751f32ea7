import { ApiError } from "../../graph/apiError.ts";
import { type Explanation, grantFailure } from "../grant/grantFailure.ts";

/**
 * A refused or failed request to Entra, with what the identity or the tenant needs, and what is done so far.
 *
 * @returns anything else as it is
 */
export function timedRoleFailure(
  error: unknown,
  { tenantDomain }: { readonly tenantDomain: string },
  made = 0,
): unknown {
  return error instanceof ApiError ? grantFailure(error, explained(error, tenantDomain), made) : error;
}

function explained(
  { message, failure: { status, code } }: ApiError,
  tenantDomain: string,
): Explanation | undefined {
  if (status === 401 || status === 403)
    return {
      text: `The identity may not assign roles of Entra in ${tenantDomain}: ${message} It needs the application permission RoleAssignmentSchedule.ReadWrite.Directory of Microsoft Graph. For an identity that changes Exchange alone, add --only exchange.`,
      reason: "authentication",
    };
  if (code === "AadPremiumLicenseRequired")
    return {
      text: `Tenant ${tenantDomain} has no license for roles with an end: ${message} Assign Entra ID P2 or Entra ID Governance, or move the roles from \`timedRoles\` to \`roles\`.`,
      reason: "resource",
    };
  if (code !== "RoleAssignmentRequestPolicyValidationFailed") return undefined;
  return {
    text: `The rules of tenant ${tenantDomain} do not let an application assign the role like this: ${message} See the role's settings in Privileged Identity Management. An application has no second factor. To read how long a role may last, the identity needs RoleManagementPolicy.Read.Directory.`,
    reason: "resource",
  };
}
