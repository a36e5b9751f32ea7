import { expect, test } from "vitest";
import { graphRoutes } from "../../../sandbox/tenant/graph/routes.ts";
import { deployerPermissions } from "../../../microsoft/identityPermissions.ts";
import { defaultSeed, furtherIdentities } from "../../../sandbox/tenant/index.ts";
import { createApplication, startTestTenant, tokenOf, type TestTenant } from "./client.ts";

const unknownId = "99999999-9999-4999-8999-999999999999";

test("the reader reads everything that an audit reads", async () => {
  const tenant = await startTestTenant({ seeds: [{ ...defaultSeed, identities: furtherIdentities }] });
  const { id, principalId } = await createApplication(tenant);
  const token = await tokenOf(signIn(tenant, "reader"));
  const principal = `/v1.0/servicePrincipals/${principalId}`;
  const roles = "/v1.0/roleManagement/directory";
  const group = "/v1.0/identityGovernance/privilegedAccess/group";
  const of = `$filter=${encodeURIComponent(`principalId eq '${principalId}'`)}`;
  const paths = [
    `/v1.0/applications/${id}?$select=keyCredentials,passwordCredentials,isDisabled,createdByAppId`,
    `/v1.0/applications/${id}/owners`,
    `/beta/applications/${id}/federatedIdentityCredentials`,
    `/v1.0/applications/${id}/appManagementPolicies`,
    `${principal}?$select=id,customSecurityAttributes`,
    `${principal}/appRoleAssignments`,
    `${principal}/oauth2PermissionGrants`,
    `${principal}/transitiveMemberOf`,
    `${principal}/ownedObjects`,
    `${roles}/roleAssignments?${of}`,
    `${roles}/roleAssignmentSchedules?${of}`,
    `${roles}/roleEligibilitySchedules?${of}`,
    `${group}/assignmentSchedules?${of}`,
    `${group}/eligibilitySchedules?${of}`,
    "/v1.0/policies/tokenLifetimePolicies?$expand=appliesTo",
    "/v1.0/policies/claimsMappingPolicies",
    "/v1.0/policies/homeRealmDiscoveryPolicies",
    "/v1.0/policies/tokenIssuancePolicies",
    "/v1.0/policies/defaultAppManagementPolicy",
    "/beta/reports/servicePrincipalSignInActivities",
    "/v1.0/domains",
  ];
  const answers = await Promise.all(
    paths.map(async (path) => `${(await tenant.graph("GET", path, undefined, token)).status} ${path}`),
  );
  expect(answers).toEqual(paths.map((path) => `200 ${path}`));
});

test("the reader writes nothing", async () => {
  const tenant = await startTestTenant({ seeds: [{ ...defaultSeed, identities: furtherIdentities }] });
  const token = await tokenOf(signIn(tenant, "reader"));
  const writes = graphRoutes.filter(({ method, onlyReads }) => method !== "GET" && onlyReads !== true);
  const statuses = await Promise.all(
    writes.map(async (route) => {
      const version = route.versions?.[0] ?? "v1.0";
      const path = `/${version}${route.path.replaceAll(/:\w+/g, unknownId)}`;
      return (await tenant.graph(route.method, path, undefined, token)).status;
    }),
  );
  expect(new Set(statuses)).toEqual(new Set([403]));
});

test("the operator has what the deployer and the reader have", () => {
  const [operator, reader] = furtherIdentities;
  const rights = new Set(operator?.permissions);
  const wanted = [...deployerPermissions, ...(reader?.permissions ?? [])];
  expect(wanted.filter((permission) => !rights.has(permission))).toEqual([]);
});

function signIn(tenant: TestTenant, name: string): ReturnType<TestTenant["signIn"]> {
  const identity = furtherIdentities.find((one) => one.name === name);
  return tenant.signIn({
    client_id: identity?.clientId ?? "",
    client_secret: identity?.clientSecret ?? "",
    grant_type: "client_credentials",
    scope: `${tenant.server.url}/.default`,
  });
}
