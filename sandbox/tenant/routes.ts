import type { GraphRoute } from "./route.ts";
import { applicationRoutes } from "./routes/applications.ts";
import { appRoleAssignmentRoutes } from "./routes/appRoleAssignments.ts";
import { credentialRoutes } from "./routes/credentials.ts";
import { deletedItemRoutes } from "./routes/deletedItems.ts";
import { domainRoutes } from "./routes/domains.ts";
import { roleAssignmentRoutes } from "./routes/roleAssignments.ts";
import { servicePrincipalRoutes } from "./routes/servicePrincipals.ts";

/** Every route of Microsoft Graph that this tenant answers. */
export const graphRoutes: readonly GraphRoute[] = [
  ...applicationRoutes,
  ...servicePrincipalRoutes,
  ...credentialRoutes,
  ...appRoleAssignmentRoutes,
  ...roleAssignmentRoutes,
  ...domainRoutes,
  ...deletedItemRoutes,
];
