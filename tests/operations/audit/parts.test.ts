import { expect, test } from "vitest";
import { rules } from "../../../operations/audit/rules.ts";

const objects = { applicationObjectId: "APP", servicePrincipalObjectId: "SP" };
const directory = "/roleManagement/directory";
const pim = "/identityGovernance/privilegedAccess/group";
const [application, roles] = ["Application.Read.All", "RoleManagement.Read.Directory"];
const ofPrincipal = "?$filter=principalId%20eq%20'SP'";
const withDefinition = "&$expand=roleDefinition";
const over = (id: string): string => `?$filter=directoryScopeId%20eq%20'%2F${id}'${withDefinition}`;

// What Microsoft Graph is asked, with which right; a check goes without those that are optional.
test("each part is at its path", () => {
  const parts = rules
    .flatMap(({ reads }) => reads)
    .map((read) => {
      const { version = "v1.0" } = read.at("/part");
      const words = [read.path(objects), read.permission, version, ...(read.isOptional ? ["optional"] : [])];
      return [read.name, words];
    });
  expect(Object.fromEntries(parts)).toEqual({
    application: ["/applications/APP", application, "v1.0"],
    applicationOwners: ["/applications/APP/owners", application, "v1.0"],
    applicationPolicies: ["/applications/APP/appManagementPolicies", application, "v1.0"],
    federatedCredentials: ["/applications/APP/federatedIdentityCredentials", application, "beta"],
    servicePrincipal: ["/servicePrincipals/SP", application, "v1.0"],
    servicePrincipalFederatedCredentials: [
      "/servicePrincipals/SP/federatedIdentityCredentials",
      application,
      "beta",
      "optional",
    ],
    servicePrincipalOwners: ["/servicePrincipals/SP/owners", application, "v1.0"],
    servicePrincipalPolicies: ["/servicePrincipals/SP/appManagementPolicies", application, "v1.0"],
    ownedObjects: ["/servicePrincipals/SP/ownedObjects", application, "v1.0"],
    permissions: ["/servicePrincipals/SP/appRoleAssignments", application, "v1.0"],
    delegatedGrants: [
      "/servicePrincipals/SP/oauth2PermissionGrants",
      "DelegatedPermissionGrant.Read.All",
      "v1.0",
    ],
    memberships: ["/servicePrincipals/SP/transitiveMemberOf", "GroupMember.Read.All", "v1.0"],
    roles: [`${directory}/roleAssignments${ofPrincipal}${withDefinition}`, roles, "v1.0"],
    rolesOverApplication: [`${directory}/roleAssignments${over("APP")}`, roles, "v1.0"],
    rolesOverServicePrincipal: [`${directory}/roleAssignments${over("SP")}`, roles, "v1.0"],
    eligibilities: [`${directory}/roleEligibilitySchedules${ofPrincipal}${withDefinition}`, roles, "v1.0"],
    eligibilitiesOverApplication: [`${directory}/roleEligibilitySchedules${over("APP")}`, roles, "v1.0"],
    eligibilitiesOverServicePrincipal: [`${directory}/roleEligibilitySchedules${over("SP")}`, roles, "v1.0"],
    roleSchedules: [`${directory}/roleAssignmentSchedules${ofPrincipal}${withDefinition}`, roles, "v1.0"],
    schedulesOverApplication: [`${directory}/roleAssignmentSchedules${over("APP")}`, roles, "v1.0"],
    schedulesOverServicePrincipal: [`${directory}/roleAssignmentSchedules${over("SP")}`, roles, "v1.0"],
    groupEligibilities: [
      `${pim}/eligibilitySchedules${ofPrincipal}`,
      "PrivilegedEligibilitySchedule.Read.AzureADGroup",
      "v1.0",
      "optional",
    ],
    groupSchedules: [
      `${pim}/assignmentSchedules${ofPrincipal}`,
      "PrivilegedAssignmentSchedule.Read.AzureADGroup",
      "v1.0",
      "optional",
    ],
    securityAttributes: [
      "/servicePrincipals/SP",
      "CustomSecAttributeAssignment.Read.All",
      "v1.0",
      "optional",
    ],
    tokenLifetimePolicies: ["/policies/tokenLifetimePolicies", "Policy.Read.All", "v1.0", "optional"],
    claimsMappingPolicies: ["/policies/claimsMappingPolicies", "Policy.Read.All", "v1.0", "optional"],
    homeRealmDiscoveryPolicies: [
      "/policies/homeRealmDiscoveryPolicies",
      "Policy.Read.All",
      "v1.0",
      "optional",
    ],
    tokenIssuancePolicies: ["/policies/tokenIssuancePolicies", "Policy.Read.All", "v1.0", "optional"],
  });
});
