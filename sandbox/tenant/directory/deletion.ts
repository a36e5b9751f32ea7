import { toGraphTime } from "../time.ts";
import {
  servicePrincipalOfApplication,
  type Application,
  type DirectoryEntity,
  type FoundObject,
  type ServicePrincipal,
  type TenantState,
} from "../state.ts";
import { forgetReferences } from "../graph/routes/references.ts";

/** How long a deleted object can be restored, in days. */
export const recycleDays = 30;

/** Deletes an application softly, and its service principal in this tenant with it. */
export function deleteApplication(tenant: TenantState, application: Application, now: Date): void {
  const principal = servicePrincipalOfApplication(tenant, application.appId);
  if (principal !== undefined) deleteServicePrincipal(tenant, principal, now);
  tenant.applications.delete(application.id);
  recycle(tenant, { type: "application", object: application }, now);
}

/** Deletes a service principal softly. Its app role assignments and role assignments go for good. */
export function deleteServicePrincipal(tenant: TenantState, principal: ServicePrincipal, now: Date): void {
  tenant.servicePrincipals.delete(principal.id);
  for (const [id, assignment] of tenant.appRoleAssignments) {
    if (assignment.principalId === principal.id || assignment.resourceId === principal.id)
      tenant.appRoleAssignments.delete(id);
  }
  for (const [id, grant] of tenant.permissionGrants) {
    if (grant.clientId === principal.id || grant.resourceId === principal.id)
      tenant.permissionGrants.delete(id);
  }
  removeRoleAssignmentsOf(tenant, principal.id);
  recycle(tenant, { type: "servicePrincipal", object: principal }, now);
}

/** Deletes a security group, for good. */
export function deleteGroup(tenant: TenantState, group: DirectoryEntity): void {
  tenant.groups.delete(group.id);
  removeRoleAssignmentsOf(tenant, group.id);
  forgetReferences(tenant, group.id);
}

/** Removes the directory roles of a principal that is deleted. */
export function removeRoleAssignmentsOf(tenant: TenantState, principalId: string): void {
  for (const [id, assignment] of tenant.roleAssignments) {
    if (assignment.principalId === principalId) tenant.roleAssignments.delete(id);
  }
  const { assignment, eligibility } = tenant.groupSchedules;
  for (const schedules of [
    tenant.eligibilitySchedules,
    tenant.assignmentSchedules,
    assignment,
    eligibility,
  ]) {
    for (const [id, schedule] of schedules) {
      if (schedule.principalId === principalId || schedule.groupId === principalId) schedules.delete(id);
    }
  }
}

/** Moves an object into `/directory/deletedItems`. */
export function recycle(tenant: TenantState, found: FoundObject, now: Date): void {
  const { id } = found.object;
  const owners = tenant.owners.filter((reference) => reference.from === id).map((reference) => reference.to);
  forgetReferences(tenant, id);
  found.object.deletedDateTime = toGraphTime(now);
  tenant.deletedItems.set(id, { ...found, owners });
}
