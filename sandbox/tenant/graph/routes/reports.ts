import { activityReaders } from "../../directory/signInActivity.ts";
import { signInActivityType } from "../../model/reports.ts";
import { first, type DirectoryEntity } from "../../state.ts";
import { premiumTenantRequired, resourceNotFound } from "../errors.ts";
import { collection, entity } from "../reply.ts";
import type { GraphRequest, GraphRoute } from "../route.ts";

const path = "/reports/servicePrincipalSignInActivities";
const reading = {
  method: "GET",
  versions: ["beta"],
  type: signInActivityType,
  permissions: ["AuditLog.Read.All", "Directory.Read.All"],
  directoryRoles: activityReaders,
} as const;

/** When applications have signed in last. */
export const reportRoutes: readonly GraphRoute[] = [
  {
    ...reading,
    path,
    title: "List when applications have signed in last",
    query: ["$filter", "$top", "$orderby"],
    differences: "A sign-in shows at once, in the cloud after hours; refused ones do not show.",
    handle: (request) => collection(request, signInActivityType, activities(request).values()),
  },
  {
    ...reading,
    path: `${path}/:id`,
    title: "Read when an application has signed in last",
    handle: (request) => {
      const { id = "" } = request.params;
      const activity = first(activities(request).values(), (one) => one.id === id);
      if (activity === undefined) throw resourceNotFound(id);
      return entity(request, signInActivityType, activity);
    },
  },
];

function activities({ tenant }: GraphRequest): ReadonlyMap<string, DirectoryEntity> {
  if (!tenant.entraIdP2) throw premiumTenantRequired();
  return tenant.signInActivities;
}
