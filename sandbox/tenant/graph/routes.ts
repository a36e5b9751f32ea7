import type { GraphRoute } from "./route.ts";
import { administrativeUnitRoutes } from "./routes/administrativeUnits.ts";
import { applicationRoutes } from "./routes/applications.ts";
import { appRoleAssignmentRoutes } from "./routes/appRoleAssignments.ts";
import { credentialRoutes } from "./routes/credentials.ts";
import { deletedItemRoutes } from "./routes/deletedItems.ts";
import { directoryRoleRoutes } from "./routes/directoryRoles.ts";
import { directoryObjectRoutes } from "./routes/directoryObjects.ts";
import { domainRoutes } from "./routes/domains.ts";
import { exchangeRoleManagementRoutes } from "./routes/exchangeRoleManagement.ts";
import { extensionPropertyRoutes } from "./routes/extensionProperties.ts";
import { federatedIdentityCredentialRoutes } from "./routes/federatedIdentityCredentials.ts";
import { groupRoutes } from "./routes/groups.ts";
import { groupScheduleRoutes } from "./routes/groupSchedules.ts";
import { managerRoutes } from "./routes/managers.ts";
import { organizationRoutes } from "./routes/organization.ts";
import { permissionClassificationRoutes } from "./routes/permissionClassifications.ts";
import { permissionGrantRoutes } from "./routes/permissionGrants.ts";
import { policyRoutes } from "./routes/policies.ts";
import { reportRoutes } from "./routes/reports.ts";
import { roleAssignmentRoutes } from "./routes/roleAssignments.ts";
import { rolePolicyRoutes } from "./routes/rolePolicies.ts";
import { roleScheduleRoutes } from "./routes/roleSchedules.ts";
import { servicePrincipalRoutes } from "./routes/servicePrincipals.ts";
import { stsPolicyRoutes } from "./routes/stsPolicies.ts";
import { userRoutes } from "./routes/users.ts";

/** Every route of Microsoft Graph that this tenant answers. */
export const graphRoutes: readonly GraphRoute[] = [
  ...applicationRoutes,
  ...credentialRoutes,
  ...federatedIdentityCredentialRoutes,
  ...extensionPropertyRoutes,
  ...servicePrincipalRoutes,
  ...appRoleAssignmentRoutes,
  ...permissionClassificationRoutes,
  ...permissionGrantRoutes,
  ...roleAssignmentRoutes,
  ...roleScheduleRoutes,
  ...rolePolicyRoutes,
  ...exchangeRoleManagementRoutes,
  ...directoryRoleRoutes,
  ...administrativeUnitRoutes,
  ...groupRoutes,
  ...groupScheduleRoutes,
  ...userRoutes,
  ...managerRoutes,
  ...domainRoutes,
  ...organizationRoutes,
  ...directoryObjectRoutes,
  ...policyRoutes,
  ...stsPolicyRoutes,
  ...reportRoutes,
  ...deletedItemRoutes,
];
